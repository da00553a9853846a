"""The codes of self-defined ethnicity, their broad groups and the labels written for them. No population.

The police have used two code sets. Chinese is O1, in the broad group Other, in 16+1, and A4, in the broad
group Asian, in 18+1: more searches of Asian people in a file of 2017 than in one of 2016 can be this move and
nothing else. So everything in openpeel is in 18+1, and what is written in 16+1 is taken there first by
`to_18_plus_1`. What cannot be mended: 16+1 has no code for Gypsy or Irish Traveller (W3) and Arab (O2), so
people who would choose one of them are under other codes there.

The 2021 Census adds 'White: Roma', for which the police have no code: Roma people are in the census count of
White, and in police records wherever they placed themselves. Officer-defined ethnicity is another question
and never stands in for the self-defined one. An empty self-definition is missing, which is not 'Not
stated'; neither is filled.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from openpeel.errors import UseError
from openpeel.reference.tables import read_table

CANONICAL_CODE_SET = "18+1"
"""The code set in which openpeel keeps and counts self-defined ethnicity."""

GROUPS = ("white", "mixed", "asian", "black", "other", "not_stated")
"""The broad groups; all but 'not_stated' are groups of the census too."""

_GROUP_NAMES = {
    "white": "White",
    "mixed": "Mixed",
    "asian": "Asian",
    "black": "Black",
    "other": "Other",
    "not_stated": "Not stated",
}


@dataclass(frozen=True)
class EthnicityCode:
    """One code of a code set: its name, its broad group in that set, and its code in 18+1."""

    code: str
    name: str
    group: str
    code_18_plus_1: str


def codes(code_set: str = CANONICAL_CODE_SET) -> tuple[str, ...]:
    """The codes of '16+1' or '18+1', not stated last; UseError for another code set.

    >>> len(codes("16+1")), len(codes("18+1"))
    (17, 19)
    """
    return tuple(_code_set(code_set))


def code_name(code: str, code_set: str = CANONICAL_CODE_SET) -> str:
    """The name of a code within its broad group; UseError when the code set has no such code.

    >>> code_name("A4")
    'Chinese'
    """
    return _find(code, code_set).name


def broad_group(code: str, code_set: str = CANONICAL_CODE_SET) -> str:
    """The broad group, one of `GROUPS`, that the code set itself puts the code in.

    Groups of different code sets must not be compared: take the code to 18+1 first. UseError when the
    code set has no such code, as for O1 in 18+1.

    >>> broad_group("O1", "16+1"), broad_group(to_18_plus_1("O1"))
    ('other', 'asian')
    """
    return _find(code, code_set).group


def codes_in_group(group: str, code_set: str = CANONICAL_CODE_SET) -> tuple[str, ...]:
    """The codes of a broad group; UseError when there is no such group or code set.

    >>> codes_in_group("asian")
    ('A1', 'A2', 'A3', 'A4', 'A9')
    """
    _require_group(group)
    return tuple(entry.code for entry in _code_set(code_set).values() if entry.group == group)


def group_name(group: str) -> str:
    """The name of a broad group as it is printed; UseError when there is no such group.

    >>> group_name("not_stated")
    'Not stated'
    """
    _require_group(group)
    return _GROUP_NAMES[group]


def to_18_plus_1(code16: str) -> str:
    """The 18+1 code of somebody recorded under a 16+1 code: O1 becomes A4, every other code stays.

    UseError when 16+1 has no such code, as for A4: that code is in 18+1 already.

    >>> to_18_plus_1("O1")
    'A4'
    """
    return _find(code16, "16+1").code_18_plus_1


@cache
def ethnicity_labels() -> Mapping[str, str]:
    """Every label that data.police.uk has been seen to write, letter by letter, with its 18+1 code.

    A label that is not here is unknown and is to be reported, not guessed. The empty cell is not here.

    >>> ethnicity_labels()["Chinese or other ethnic group - Chinese (O1)"]
    'A4'
    """
    return MappingProxyType(
        {
            row["label"]: _find(row["code"], row["code_set"]).code_18_plus_1
            for row in read_table("ethnicity_labels.csv").rows
        }
    )


@cache
def superseded_ethnicity_labels() -> frozenset[str]:
    """The labels of `ethnicity_labels` that are written in 16+1, and so only in older files."""
    return frozenset(
        row["label"] for row in read_table("ethnicity_labels.csv").rows if row["code_set"] == "16+1"
    )


@cache
def _code_sets() -> Mapping[str, Mapping[str, EthnicityCode]]:
    code_sets: dict[str, dict[str, EthnicityCode]] = {}
    for row in read_table("ethnicity.csv").rows:
        entry = EthnicityCode(row["code"], row["name"], row["group"], row["code_18_plus_1"])
        code_sets.setdefault(row["code_set"], {})[entry.code] = entry
    return MappingProxyType(code_sets)


def _code_set(code_set: str) -> Mapping[str, EthnicityCode]:
    if code_set not in _code_sets():
        raise UseError(f"expected the code set {' or '.join(_code_sets())}, got {code_set!r}")
    return _code_sets()[code_set]


def _find(code: str, code_set: str) -> EthnicityCode:
    entries = _code_set(code_set)
    if code not in entries:
        raise UseError(f"expected a code of {code_set} ({', '.join(entries)}), got {code!r}")
    return entries[code]


def _require_group(group: str) -> None:
    if group not in GROUPS:
        raise UseError(f"expected a broad group ({', '.join(GROUPS)}), got {group!r}")
