"""Arrests for notifiable offences, for the people who live there and by offence and ethnic group."""

from __future__ import annotations

from openpeel.measures.breakdown import code_groups, returned
from openpeel.measures.conditions import EVERY
from openpeel.measures.measure import Count, Measure, Rate, Share
from openpeel.reference.populations import MID_YEAR_ESTIMATES

_STANDARD = "arrest"

MEASURES: tuple[Measure, ...] = (
    Rate(
        id="arrests_per_1000",
        title="Arrests per 1,000 population",
        standard=_STANDARD,
        noun="arrests",
        about="Arrests for notifiable offences, for every 1,000 people who live in the force area.",
        sentence="{force} made {value} arrests per 1,000 population",
        sources=(returned(_STANDARD), MID_YEAR_ESTIMATES),
    ),
    Count(
        id="arrests_by_offence",
        title="Arrests by offence group",
        standard=_STANDARD,
        noun="arrests",
        unit="arrests",
        about="Arrests by the group of the most serious offence. The groups changed in 2015/16: those before and after "
        "it are not to be compared.",
        sentence="{force} made {value} arrests in the group '{group}'",
        groups=code_groups(_STANDARD, "offence_group"),
        sources=(returned(_STANDARD),),
    ),
    Share(
        id="arrests_ethnicity",
        title="Arrests by ethnic group",
        standard=_STANDARD,
        noun="arrests",
        about="The share of arrests by the self-defined ethnic group of the arrested. It is not compared with who "
        "lives in the area.",
        sentence="the self-defined ethnic group was '{group}' in {value} of {force} arrests",
        base=EVERY,
        groups=code_groups(_STANDARD, "ethnic_group"),
        sources=(returned(_STANDARD),),
    ),
)
