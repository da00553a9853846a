"""Figures: computed values that may be printed, with their provenance, rounding and wording."""

from openpeel.figures.compute import Settings, compute_figures
from openpeel.figures.figure import Comparison, Coverage, Figure
from openpeel.figures.withholding import SmallNumbers

__all__ = ["Comparison", "Coverage", "Figure", "Settings", "SmallNumbers", "compute_figures"]
