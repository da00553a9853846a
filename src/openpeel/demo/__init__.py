"""An invented nation to try openpeel on, made from a seed. No real record is in it, and nothing reads it but intake."""

from openpeel.demo.nation import make_nation
from openpeel.demo.published import generate

__all__ = ["generate", "make_nation"]
