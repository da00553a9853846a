"""Audits: what reviewers are asked of sampled cases, which cases are drawn, and what their answers add up to."""

from openpeel.audits.instrument import Instrument
from openpeel.audits.instrument_file import find_instrument, instrument_ids, load_instrument

__all__ = ["Instrument", "find_instrument", "instrument_ids", "load_instrument"]
