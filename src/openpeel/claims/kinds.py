"""The kinds of claims, as they are named in results and in docs/explanation/claims.md."""

from __future__ import annotations

from enum import StrEnum


class ClaimKind(StrEnum):
    """What a claim says with its numbers."""

    share = "share of a count"  # 16.3 percent (86 of 529)
    count_of = "count of a whole"  # 86 of 529
    of_count = "percentage of a count"  # 16.3 percent of 529
    money = "share of money"  # £102.6 million, 40.7 percent of its total funding
    rate = "rate per population"  # 5.7 per 1,000
    change = "change"  # fell from 40 to 30, by 25 percent
    comparison = "comparison"  # 26.7 percent, above the average of 24.6
    times = "so many times"  # 24, three times the 8
    range = "range"  # ranged from 30 to 40
    interval = "interval"  # 94.2 percent ± 3.0
    significance = "significance"  # a statistically significant improvement
    parts = "parts of a whole"  # of 85, 48 did, 30 did not and 7 did not say
    absolute = "always, all or none"  # always, where a count elsewhere says 90 of 93
    percentage = "percentage"  # 81.5 percent, with nothing to set it beside
    amount = "amount"  # 157 special constables, £24.3 million
