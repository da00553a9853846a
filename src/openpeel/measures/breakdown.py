"""The parts that records are broken down into: one for each code of a column, and those of ethnicity."""

from __future__ import annotations

from openpeel.measures.conditions import Blank, Condition, In
from openpeel.measures.measure import Group
from openpeel.reference.ethnicity import GROUPS, codes_in_group, group_name
from openpeel.standards import UNRECOGNISED, load_standard


def code_groups(standard: str, column: str) -> tuple[Group, ...]:
    """A group for each code of the column, then unrecognised and blank: together they are all records."""
    known = tuple(Group(code, title, In(column, (code,))) for code, title in _codes(standard, column))
    return (
        *known,
        Group(UNRECOGNISED, "Not recognised", In(column, (UNRECOGNISED,))),
        Group("blank", "Not recorded", Blank(column)),
    )


def known(standard: str, column: str, *, besides: tuple[str, ...] = ()) -> Condition:
    """The column holds one of its codes, and none of `besides`."""
    return In(column, tuple(code for code, _ in _codes(standard, column) if code not in besides))


def ethnic_groups(column: str) -> tuple[Group, ...]:
    """The broad groups of self-defined ethnicity, then unrecognised and blank: together all records."""
    return (
        *(Group(g, group_name(g), In(column, codes_in_group(g))) for g in GROUPS),
        Group(UNRECOGNISED, "Not recognised", In(column, (UNRECOGNISED,))),
        Group("blank", "Not recorded", Blank(column)),
    )


def returned(standard: str) -> str:
    """The source of what is counted from the returns of a standard."""
    return f"records returned by the force in the standard '{load_standard(standard).title}'"


def _codes(standard: str, column: str) -> list[tuple[str, str]]:
    codes = load_standard(standard).column(column).codes
    if codes is None:
        raise TypeError(f"{column} has no code list")
    return [(c.code, c.title) for c in codes.codes]
