"""Numbers to numbers: intervals, rates, samples, comparison, disclosure. Nothing here knows of records or files.

What figures are made with is at hand here; designs, estimates from samples, draws and agreement are imported
from their modules.
"""

from openpeel.statistics.comparison import Band, sd_band, verdicts
from openpeel.statistics.disclosure import movable, round_to, suppress, suppress_table
from openpeel.statistics.interval import Interval
from openpeel.statistics.proportion import wald, wilson
from openpeel.statistics.rate import byar, exact_poisson, rate, rate_ratio

__all__ = [
    "Band",
    "Interval",
    "byar",
    "exact_poisson",
    "movable",
    "rate",
    "rate_ratio",
    "round_to",
    "sd_band",
    "suppress",
    "suppress_table",
    "verdicts",
    "wald",
    "wilson",
]
