"""Police powers: stop and search, as forces publish it.

What is found on a search and what comes of it are two things; published records only have the outcome and
whether it was linked to the object of the search.
"""

from __future__ import annotations

from openpeel.measures.conditions import EVERY, Blank, Condition, Filled, In
from openpeel.measures.measure import Count, Group, Measure, Rate, RateRatio, Share
from openpeel.reference.ethnicity import codes_in_group, group_name
from openpeel.reference.populations import MID_YEAR_ESTIMATES, census_ethnicity
from openpeel.standards import UNRECOGNISED, load_standard

_STANDARD = "stop_search"
_RECORDS = "stop and search records published by the forces on data.police.uk"
_CENSUS = census_ethnicity().source


def _groups(column: str) -> tuple[Group, ...]:
    """A group for each code of the column, then unrecognised and blank: together they are all records."""
    codes = load_standard(_STANDARD).column(column).codes
    if codes is None:
        raise TypeError(f"{column} has no code list")
    known = tuple(Group(c.code, c.title, In(column, (c.code,))) for c in codes.codes)
    return (
        *known,
        Group(UNRECOGNISED, "Not recognised", In(column, (UNRECOGNISED,))),
        Group("blank", "Not recorded", Blank(column)),
    )


def _ethnic(group: str) -> Group:
    return Group(group, group_name(group), In("self_defined_ethnicity", codes_in_group(group)))


_LINK_KNOWN: Condition = Filled("outcome_linked")

MEASURES: tuple[Measure, ...] = (
    Count(
        id="searches",
        title="Stop and searches",
        standard=_STANDARD,
        noun="searches",
        about="Every stop and search of a person or vehicle that the force recorded, under any power.",
        sentence="{force} recorded {value} stop and searches",
        unit="searches",
        sources=(_RECORDS,),
    ),
    Rate(
        id="searches_per_1000",
        title="Stop and searches per 1,000 population",
        standard=_STANDARD,
        noun="searches",
        about="Stop and searches of people and vehicles, for every 1,000 people who live in the force area.",
        sentence="{force} recorded {value} stop and searches per 1,000 population",
        sources=(_RECORDS, MID_YEAR_ESTIMATES),
    ),
    Share(
        id="linked_outcome",
        title="Searches whose outcome was linked to the object of the search",
        standard=_STANDARD,
        noun="searches",
        about="Of the searches for which the force recorded whether the outcome was linked to what was searched "
        "for, the share in which it was. Searches for which this is blank are left out.",
        sentence="the outcome was linked to the object of the search in {value} of the {force} searches for "
        "which this was recorded",
        better="higher",
        base=_LINK_KNOWN,
        of=In("outcome_linked", (True,)),
        sources=(_RECORDS,),
    ),
    Share(
        id="linked_outcome_unknown",
        title="Searches for which it is not known whether the outcome was linked",
        standard=_STANDARD,
        noun="searches",
        about="The share of all searches in which the field that links the outcome to the object of the search "
        "is blank.",
        sentence="{force} did not record whether the outcome was linked to the object of the search in {value} "
        "of its searches",
        people=False,
        better="lower",
        base=EVERY,
        of=Blank("outcome_linked"),
        sources=(_RECORDS,),
    ),
    Share(
        id="self_defined_ethnicity_missing",
        title="Searches with no self-defined ethnicity recorded",
        standard=_STANDARD,
        noun="searches",
        about="The share of all searches in which self-defined ethnicity is blank. A person who was asked and "
        "would not say is not missing, but 'not stated'.",
        sentence="{force} recorded no self-defined ethnicity in {value} of its searches",
        people=False,
        better="lower",
        base=EVERY,
        of=Blank("self_defined_ethnicity"),
        sources=(_RECORDS,),
    ),
    Share(
        id="self_defined_ethnicity_not_stated",
        title="Searches in which ethnicity was not stated",
        standard=_STANDARD,
        noun="searches",
        about="The share of all searches in which self-defined ethnicity is recorded as 'not stated'.",
        sentence="self-defined ethnicity was recorded as not stated in {value} of {force} searches",
        base=EVERY,
        of=In("self_defined_ethnicity", codes_in_group("not_stated")),
        sources=(_RECORDS,),
    ),
    Share(
        id="outcome",
        title="What came of the searches",
        standard=_STANDARD,
        noun="searches",
        about="The share of all searches by their first recorded outcome.",
        sentence="the outcome was '{group}' in {value} of {force} searches",
        base=EVERY,
        groups=_groups("outcome"),
        sources=(_RECORDS,),
    ),
    Share(
        id="object_of_search",
        title="What the searches were for",
        standard=_STANDARD,
        noun="searches",
        about="The share of all searches by what the officer was looking for.",
        sentence="the object was '{group}' in {value} of {force} searches",
        base=EVERY,
        groups=_groups("object_of_search"),
        sources=(_RECORDS,),
    ),
    RateRatio(
        id="disproportionality",
        title="How often people of ethnic minorities are searched, compared with White people",
        standard=_STANDARD,
        noun="searches",
        about="Searches of people of each self-defined ethnic group for every one of them who lives in the force "
        "area, divided by the same for White people. People whose ethnicity is blank or not stated are in no group. "
        "It compares with who lives in an area, not with who is on its streets.",
        sentence="people of the group {group} were searched {value} as often as White people by {force}, for the "
        "number who live there",
        better="neither",
        groups=tuple(_ethnic(g) for g in ("asian", "black", "mixed", "other")),
        reference=_ethnic("white"),
        sources=(_RECORDS, _CENSUS),
    ),
    Share(
        id="audit_scope",
        title="Searches under the powers that the inspectorate audits",
        standard=_STANDARD,
        noun="searches",
        about="Of the searches whose power is recorded, the share under section 1 of the Police and Criminal Evidence "
        "Act 1984 or section 23 of the Misuse of Drugs Act 1971.",
        sentence="{value} of {force} searches whose power was recorded were under section 1 of the Police and Criminal "
        "Evidence Act or section 23 of the Misuse of Drugs Act",
        base=Filled("legislation"),
        of=In("legislation", ("pace_1", "mda_23")),
        sources=(_RECORDS,),
    ),
)
