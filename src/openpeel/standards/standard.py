"""The description of one kind of record, read from `data/<id>.toml` and `data/codes/<list>.toml`.

How a publisher lays its files out is not described here but in `intake/layouts.py`: a standard is what a
record is, a layout is how somebody writes it down.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from dataclasses import asdict, dataclass, fields
from functools import cache, cached_property
from importlib import resources
from typing import Any, Literal, get_args

from openpeel.errors import UseError
from openpeel.reference.ethnicity import code_name, ethnicity_labels, superseded_ethnicity_labels
from openpeel.reference.ethnicity import codes as ethnicity_codes

ColumnType = Literal["text", "code", "boolean", "timestamp", "date", "month", "number", "whole"]
COLUMN_TYPES: tuple[ColumnType, ...] = get_args(ColumnType)
NUMBERS: tuple[ColumnType, ...] = ("number", "whole")
TIMES: tuple[ColumnType, ...] = ("timestamp", "date", "month")

#: Stored in place of a label that is in no code list. It is a value of its own: counted, never guessed.
UNRECOGNISED = "unrecognised"

#: Columns that intake adds to every record, and no standard may use.
RESERVED = ("force", "record_month", "tally", "duplicate", "source", "row")


def plain(label: str) -> str:
    """What is left of a label or title when upper case and spacing make no difference.

    >>> plain(" Local  resolution"), plain("Local Resolution")
    ('local resolution', 'local resolution')
    """
    return " ".join(label.split()).casefold()


@dataclass(frozen=True)
class Code:
    """One value of a code list: how it is stored, what it is called, and every label it is printed with.

    `superseded` labels are no longer printed, but stand in older files; they mean the same.
    """

    code: str
    title: str
    labels: tuple[str, ...]
    superseded: tuple[str, ...] = ()


@dataclass(frozen=True)
class CodeList:
    """The values that a column may take."""

    id: str
    title: str
    codes: tuple[Code, ...]

    def by_label(self) -> dict[str, str]:
        """Printed label → stored code. A code is a label of itself."""
        return {label: c.code for c in self.codes for label in (c.code, *c.labels, *c.superseded)}

    def superseded_labels(self) -> frozenset[str]:
        """The labels that are printed no longer."""
        return frozenset(label for c in self.codes for label in c.superseded)

    def title_of(self, code: str) -> str:
        """What a reader calls this code."""
        return next(c.title for c in self.codes if c.code == code)


@dataclass(frozen=True)
class Column:
    """One column of a standard. `personal` values never reach a figure, a log or an error message.

    `about` says what to write where the title does not; `unit` is that of a number ('seconds', 'GBP'), and `least`
    and `most` the smallest and largest that can be.
    """

    name: str
    title: str
    type: ColumnType
    required: bool = False
    personal: bool = False
    codes: CodeList | None = None
    about: str = ""
    unit: str = ""
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True)
class Standard:
    """The description of one kind of record.

    `date` names the column that says when; `key` the columns that identify a record (none where the
    publisher prints none); `checks` the names of the checks in `intake/checks` that apply, each with its
    settings. `area` is the area of policing, `about` what one record is and is not.
    """

    id: str
    title: str
    version: int
    date: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    checks: tuple[tuple[str, tuple[tuple[str, Any], ...]], ...]
    area: str = ""
    about: str = ""

    @cached_property
    def hash(self) -> str:
        """12 hex digits that change whenever anything in the standard or its code lists does."""
        canonical = json.dumps(asdict(self), sort_keys=True, ensure_ascii=True)
        return hashlib.sha256(canonical.encode()).hexdigest()[:12]

    def column(self, name: str) -> Column:
        """The column of that name; KeyError where there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


def standard_ids() -> tuple[str, ...]:
    """The ids of all standards, sorted."""
    return tuple(sorted(f.name.removesuffix(".toml") for f in _data().iterdir() if f.name.endswith(".toml")))


@cache
def load_standard(standard_id: str) -> Standard:
    """Read one standard. Raises UseError for an unknown id, ValueError for a file that is wrong."""
    if standard_id not in standard_ids():
        raise UseError(
            f"there is no standard '{standard_id}'", advice=f"The standards are {', '.join(standard_ids())}."
        )
    text = (_data() / f"{standard_id}.toml").read_text(encoding="utf-8")
    return parse_standard(standard_id, tomllib.loads(text))


def parse_standard(standard_id: str, raw: dict[str, Any]) -> Standard:
    """Build a standard from its parsed TOML and hold it to the rules that every standard obeys.

    Raises ValueError, naming the column, where it breaks one.
    """
    for needed in ("title", "version", "date", "columns"):
        if not raw.get(needed):
            raise ValueError(f"standard {standard_id}: there is no '{needed}'")
    columns = tuple(_column(standard_id, i, c) for i, c in enumerate(raw["columns"], start=1))
    names = [c.name for c in columns]
    titles = [plain(c.title) for c in columns]
    checked = [n for c in raw.get("checks", []) for n in (*c.get("columns", []), c.get("column")) if n]
    checks = tuple(
        (c["name"], tuple(sorted((k, _frozen(v)) for k, v in c.items() if k != "name")))
        for c in raw.get("checks", [])
    )
    standard = Standard(
        id=standard_id,
        title=raw["title"],
        version=raw["version"],
        date=raw["date"],
        key=tuple(raw.get("key", [])),
        columns=columns,
        checks=checks,
        area=raw.get("area", ""),
        about=" ".join(raw.get("about", "").split()),
    )
    for wrong, said in (
        ([n for n in names if names.count(n) > 1], "is named twice"),
        ([c.name for c in columns if titles.count(plain(c.title)) > 1], "has the title of another"),
        ([n for n in names if n in RESERVED], "is a name that intake uses itself"),
        ([n for n in (standard.date, *standard.key, *checked) if n not in names], "is not among the columns"),
    ):
        if wrong:
            raise ValueError(f"standard {standard_id}: column '{wrong[0]}' {said}")
    when = standard.column(standard.date)
    if when.type not in TIMES or not when.required:
        raise ValueError(
            f"standard {standard_id}: column '{when.name}' is the date, "
            "expected a timestamp, date or month that is required"
        )
    return standard


def _column(standard_id: str, position: int, raw: dict[str, Any]) -> Column:
    column = f"standard {standard_id}: column {repr(raw['name']) if 'name' in raw else position}"
    missing = [key for key in ("name", "title", "type") if not raw.get(key)]
    if missing:
        raise ValueError(f"{column} has no '{missing[0]}'")
    unknown = raw.keys() - {f.name for f in fields(Column)}
    if unknown:
        raise ValueError(f"{column} has '{min(unknown)}', which means nothing here")
    if raw["type"] not in COLUMN_TYPES:
        raise ValueError(f"{column} has type '{raw['type']}', expected one of {', '.join(COLUMN_TYPES)}")
    for key in ("required", "personal"):
        if not isinstance(raw.get(key, False), bool):
            raise ValueError(f"{column} has {key} = {raw[key]!r}, expected true or false")
    for key in ("unit", "least", "most"):
        if key in raw and raw["type"] not in NUMBERS:
            raise ValueError(f"{column} has {key} and is no number")
    for key in ("least", "most"):
        if isinstance(raw.get(key, 0), bool) or not isinstance(raw.get(key, 0), int | float):
            raise ValueError(f"{column} has {key} = {raw[key]!r}, expected a number")
    if (raw["type"] == "code") != ("codes" in raw):
        raise ValueError(f"{column} needs a code list if, and only if, it is a code")
    try:
        codes = load_code_list(raw["codes"]) if "codes" in raw else None
    except FileNotFoundError:
        raise ValueError(f"{column} wants the code list '{raw['codes']}', which does not exist") from None
    return Column(**{**raw, "codes": codes})


@cache
def load_code_list(list_id: str) -> CodeList:
    """Read one code list. The list `ethnicity` is made from the reference table of ethnicity codes."""
    if list_id == "ethnicity":
        return _ethnicity()
    raw = tomllib.loads((_data() / "codes" / f"{list_id}.toml").read_text(encoding="utf-8"))
    codes = tuple(
        Code(c["code"], c["title"], tuple(c.get("labels", [])), tuple(c.get("superseded", [])))
        for c in raw["codes"]
    )
    return _unambiguous(CodeList(list_id, raw["title"], codes))


def _ethnicity() -> CodeList:
    older = superseded_ethnicity_labels()

    def labels(code: str, *, superseded: bool) -> tuple[str, ...]:
        return tuple(
            text for text, of in ethnicity_labels().items() if of == code and (text in older) is superseded
        )

    codes = tuple(
        Code(c, code_name(c), labels(c, superseded=False), labels(c, superseded=True))
        for c in ethnicity_codes("18+1")
    )
    return _unambiguous(CodeList("ethnicity", "Self-defined ethnicity, 18+1 codes", codes))


def _unambiguous(codes: CodeList) -> CodeList:
    """The list itself, if each label stands for one code however it is spaced and capitalised."""
    labels = [label for c in codes.codes for label in {plain(x) for x in (c.code, *c.labels, *c.superseded)}]
    for label in labels:
        if labels.count(label) > 1:
            raise ValueError(f"code list {codes.id}: the label '{label}' stands for two codes")
        if label in ("", UNRECOGNISED):
            raise ValueError(f"code list {codes.id}: '{label}' cannot be a label")
    return codes


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _data() -> Any:
    return resources.files("openpeel.standards") / "data"
