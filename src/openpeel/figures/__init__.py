"""Figures: computed values that may be printed, with their provenance, rounding and wording."""

from openpeel.figures.compute import Settings, compute_figures
from openpeel.figures.figure import Comparison, Coverage, Figure

__all__ = ["Comparison", "Coverage", "Figure", "Settings", "compute_figures"]
