"""What a person who fills in a return is told, in words: what a record is, and what to write in each column.

Templates, the reference and the command line lay these words out; what is read is decided in `intake/coding.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from openpeel.standards.standard import Code, Column, ColumnType, Standard

#: The column that a return of tallies has beside those of its standard.
NUMBER_OF_RECORDS = "Number of records"

#: The years in which a record can be; others are slips of a keyboard, such as 0201 or 2201.
FIRST_YEAR, LAST_YEAR = 1990, 2099

TRUE_OR_FALSE = ("True", "False")

_FORMS: dict[ColumnType, str] = {
    "text": "Text",
    "boolean": "True or False",
    "timestamp": "A date and time, such as 2021-03-31 14:05",
    "date": "A day, such as 2021-03-31",
    "month": "A month, such as 2021-03",
    "number": "A number",
    "whole": "A whole number",
}
_YEARS = f"from {FIRST_YEAR} to {LAST_YEAR}"
_ANY: dict[ColumnType, str] = {
    "text": "any text",
    "timestamp": _YEARS,
    "date": _YEARS,
    "month": _YEARS,
    "number": "any number",
    "whole": "any whole number",
}


@dataclass(frozen=True)
class Instruction:
    """What is told about one column: `write` says in a sentence or two what to write.

    `values` are those to choose from, in the order of the list; none where anything of its kind may be written.
    `allowed` says the same in words: the values, or the limits.
    """

    title: str
    write: str
    values: tuple[str, ...]
    allowed: str
    unit: str
    needed: bool
    personal: bool


def instructions(standard: Standard) -> tuple[Instruction, ...]:
    """The columns of a standard, in order, as they are told."""
    return tuple(
        Instruction(
            title=column.title,
            write=" ".join(part for part in (form(column), sentence(column.about)) if part),
            values=values_to_write(column),
            allowed="; ".join(values_to_write(column)) or limits(column) or _ANY[column.type],
            unit=column.unit,
            needed=column.required,
            personal=column.personal,
        )
        for column in standard.columns
    )


def form(column: Column) -> str:
    """How a value of this column is written: 'A whole number, from 0 to 10, in seconds.'"""
    if column.codes is not None:
        return f"A value of the list '{column.codes.title}'."
    said = ", ".join(part for part in (_FORMS[column.type], limits(column)) if part)
    return f"{said}, in {column.unit}." if column.unit else f"{said}."


def limits(column: Column) -> str:
    """The smallest and largest that a number can be: 'from 0 to 10', '0 or more', or nothing."""
    if column.least is not None and column.most is not None:
        return f"from {exact(column.least)} to {exact(column.most)}"
    if column.least is not None:
        return f"{exact(column.least)} or more"
    return f"{exact(column.most)} or less" if column.most is not None else ""


def values_to_write(column: Column) -> tuple[str, ...]:
    """The values to choose from in this column, one for each code."""
    if column.type == "boolean":
        return TRUE_OR_FALSE
    return tuple(label_to_write(code) for code in column.codes.codes) if column.codes else ()


def label_to_write(code: Code) -> str:
    """Of the labels that are read as this code, the one to write: its title if that is one, else the first.

    >>> label_to_write(Code("male", "Male", ("M", "Male"))), label_to_write(Code("under_10", "Below 10", ("0-9",)))
    ('Male', '0-9')
    """
    if code.title in code.labels or not code.labels:
        return code.title if code.labels else code.code
    return code.labels[0]


def record_is(standard: Standard) -> tuple[tuple[str, str], ...]:
    """What a standard is, by heading: only what its file says, and which columns say when and which record."""
    key = titles(standard.column(name) for name in standard.key)
    says = "says" if len(standard.key) == 1 else "together say"
    said = (
        ("Standard", f"{standard.id}, version {standard.version} ({standard.hash})"),
        ("Area", standard.area),
        ("One record", sentence(standard.about)),
        ("When", f"A record counts in the month of '{standard.column(standard.date).title}'."),
        ("Which", f"{key} {says} which record it is." if key else ""),
    )
    return tuple((heading, text) for heading, text in said if text)


def titles(columns: Iterable[Column]) -> str:
    """The titles of columns as they stand in a sentence: 'Reference', 'Course' and 'As at', each in quotes."""
    quoted = [f"'{column.title}'" for column in columns]
    return " and ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)


def blank_in_a_tally(standard: Standard) -> tuple[Column, ...]:
    """The references that tell one record from another, and so are blank in a row that stands for many."""
    key = (standard.column(name) for name in standard.key)
    return tuple(column for column in key if column.type == "text" and not column.required)


def sentence(text: str) -> str:
    """The text with the stop that it may lack."""
    return text if not text or text.endswith((".", "?", "!")) else f"{text}."


def exact(value: float) -> str:
    """A bound with all its digits: 1000000.0 is '1,000,000'."""
    return f"{int(value):,}" if value == int(value) else f"{value:,}"
