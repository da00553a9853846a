"""Numbers to numbers: intervals, rates, comparison, disclosure. Nothing here knows of records or files."""

from openpeel.statistics.comparison import Band, sd_band, verdicts
from openpeel.statistics.disclosure import suppress
from openpeel.statistics.interval import Interval
from openpeel.statistics.proportion import wald, wilson
from openpeel.statistics.rate import byar, exact_poisson, rate, rate_ratio

__all__ = [
    "Band",
    "Interval",
    "byar",
    "exact_poisson",
    "rate",
    "rate_ratio",
    "sd_band",
    "suppress",
    "verdicts",
    "wald",
    "wilson",
]
