"""Where the cases of a frame come from: the records of a release, or a force's own list of its cases.

Of a record only its place is taken, and what says which stratum it is in; of a list only its cases and strata.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePath
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from openpeel.audits.frame import About, AuditFrame, make_frame
from openpeel.audits.instrument import STRATUM_JOIN, FrameColumn, Instrument
from openpeel.errors import DataError, UseError
from openpeel.intake.delimited import read_delimited
from openpeel.intake.rows import counted
from openpeel.lake import Engine, Release, Return
from openpeel.lake.engines import collect
from openpeel.lake.store import file_sha256
from openpeel.measures.count import hold_to_standard
from openpeel.reference.forces import find_force
from openpeel.standards import UNRECOGNISED, plain

_SHA_DIGITS = 12
_LONGEST_CASE = 100
_LONGEST_VALUE = 80
#: More different values than this in one column are no kinds of case, but something else by mistake.
_MOST_VALUES = 100
_SHOWN = 20


def frame_of_release(
    release: Release, about: About, instrument: Instrument, engine: Engine, incomplete: Iterable[str] = ()
) -> AuditFrame:
    """All cases of a force and period that a release holds, in the scope of the instrument.

    A case is named by where its record stands: the first digits of its file's SHA-256, a dash and the row.
    Raises UseError where the instrument's cases are in no release, DataError where this one holds none.
    """
    rule = instrument.frame
    if not rule.standard:
        raise UseError(
            f"no standard holds the cases of the audit '{instrument.id}'",
            where="--release",
            advice="Give a list of them with --list: a CSV file with the column 'case' and "
            f"{', '.join(c.name for c in rule.columns) or 'no other'}.",
        )
    returns = release.of(rule.standard, about.force)
    hold_to_standard(release, rule.standard)
    columns = dict.fromkeys([name for name, _ in rule.where] + [c.source for c in rule.columns])
    columns |= {rule.each: None} if rule.each else {}
    left_out = {"outside_scope": 0, "scope_not_known": 0, "earlier_records_of_a_case": 0}
    tables = [_in_period(release, r, about, list(columns), engine) for r in returns]
    records = sum(t.num_rows for t in tables)
    table = pa.concat_tables(tables) if tables else None
    if table is not None:
        for name, codes in rule.where:
            known = pc.and_(
                pc.is_valid(table[name]), pc.not_equal(pc.fill_null(table[name], ""), UNRECOGNISED)
            )
            inside = pc.fill_null(pc.is_in(table[name], pa.array(codes)), False)
            left_out["scope_not_known"] += table.num_rows - pc.sum(known).as_py() if table.num_rows else 0
            left_out["outside_scope"] += pc.sum(pc.and_not(known, inside)).as_py() or 0
            table = table.filter(inside)
        if rule.each:
            before = table.num_rows
            table = _last_of_each(table, rule.each)
            left_out["earlier_records_of_a_case"] = before - table.num_rows
    if table is None or not table.num_rows:
        raise DataError(
            f"the release '{release.name}' holds no {instrument.case} of {find_force(about.force).name} in scope, "
            f"{about.period} ({_left_out_words(records, left_out)})",
        )
    behind = set(pc.unique(pc.utf8_slice_codeunits(table["case"], 0, _SHA_DIGITS)).to_pylist())
    held = {month for r in returns for month in r.key.months}
    source = {
        "release": release.name,
        "release_id": release.id,
        "records": records,
        "left_out": left_out,
        "months_missing": [str(m) for m in about.period.months() if str(m) not in held],
        "files": [
            {"name": PurePath(s.name).name, "sha256": s.sha256, "begins": s.sha256[:_SHA_DIGITS]}
            for r in returns
            for s in r.sources
            if s.sha256[:_SHA_DIGITS] in behind
        ],
    }
    return make_frame(about, instrument, source, _by_values(table, rule.columns), incomplete)


def _in_period(release: Release, found: Return, about: About, columns: list[str], engine: Engine) -> pa.Table:
    """The records of a return that are of the period, each named as a case."""
    wanted = ["source", "row", "record_month", "duplicate", *columns]
    table = collect(engine.scan(release.files([found])).select(*wanted))
    first, last = (pa.scalar(day, pa.date32()) for day in (about.period.start, about.period.end))
    month = table["record_month"]
    inside = pc.and_(pc.greater_equal(month, first), pc.less_equal(month, last))
    if release.leave_out_duplicates:
        inside = pc.and_not(inside, table["duplicate"])
    table = table.filter(inside)
    begins = pa.array([s.sha256[:_SHA_DIGITS] for s in found.sources]).take(table["source"].combine_chunks())
    case = pc.binary_join_element_wise(begins, table["row"].cast(pa.string()).combine_chunks(), "-")
    # The engines differ in how they hold text; from here on it is plain text.
    kept = {name: table[name].cast(pa.string()) for name in columns}
    return pa.table({"case": case, "month": table["record_month"], "row": table["row"], **kept})


def _last_of_each(table: pa.Table, column: str) -> pa.Table:
    """The last record of each value, by month, then file and row; records in which it is blank are kept."""
    # The row by its number: in the case's name, row 10 would stand before row 9.
    table = table.append_column("file", pc.utf8_slice_codeunits(table["case"], 0, _SHA_DIGITS))
    table = table.sort_by([("month", "ascending"), ("file", "ascending"), ("row", "ascending")])
    seen: dict[Any, int] = {}
    kept = []
    for place, value in enumerate(table[column].to_pylist()):
        if value is None:
            kept.append(place)
        else:
            seen[value] = place
    return table.take(pa.array(sorted([*kept, *seen.values()]), pa.int64()))


def _by_values(table: pa.Table, columns: Sequence[FrameColumn]) -> dict[tuple[str, ...], list[str]]:
    values = [[_value(column, code) for code in table[column.source].to_pylist()] for column in columns]
    cases: dict[tuple[str, ...], list[str]] = defaultdict(list)
    rows = zip(*values, strict=True) if values else iter([()] * table.num_rows)
    for case, of in zip(table["case"].to_pylist(), rows, strict=True):
        cases[of].append(case)
    return cases


def _value(column: FrameColumn, code: str | None) -> str:
    for value, codes in column.codes:
        if code in codes:
            return value
    if column.otherwise:
        return column.otherwise
    raise DataError(
        f"expected a code that is one of {', '.join(v for v, _ in column.codes)}, got another or a blank",
        where=f"the column '{column.source}'",
    )


def _left_out_words(records: int, left_out: dict[str, int]) -> str:
    said = [f"{counted(records, 'record')} of the period"]
    said += [f"{number:,} {what.replace('_', ' ')}" for what, number in left_out.items() if number]
    return ", ".join(said)


def frame_of_list(
    path: Path, about: About, instrument: Instrument, incomplete: Iterable[str] = ()
) -> AuditFrame:
    """The cases on a list: a CSV file with the column `case` and those of the instrument's frame.

    Other columns are not read. Raises UseError where the file cannot be read, DataError, naming rows and
    columns, where it is not such a list.
    """
    columns = instrument.frame.columns
    try:
        with path.open("rb") as stream:
            file = read_delimited(stream, name=path.name)
            missing = [name for name in ("case", *(c.name for c in columns)) if name not in file.header]
            if missing:
                raise DataError(
                    f"expected a column '{missing[0]}', got {', '.join(file.header)}", where=path.name
                )
            rows = [
                (n, row) for chunk in file.chunks() for n, row in _numbered(chunk.rows, chunk.row_numbers)
            ]
    except OSError as error:
        raise UseError(f"the list cannot be read ({error.strerror})", where=str(path)) from None
    wrong = [f"row {r.row}: expected {r.expected}, got {r.got}" for r in file.rejected]
    place = {name: file.header.index(name) for name in ("case", *(c.name for c in columns))}
    first_at: dict[str, int] = {}
    cases: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for number, row in rows:
        case = row[place["case"]].strip()
        said = _wrong_case(case, first_at)
        values = []
        for column in columns:
            value = _listed(column, row[place[column.name]])
            if value is None:
                allowed = (
                    f"one of {', '.join(c for c, _ in column.answers)}" if column.answers else "a short name"
                )
                said = said or f"column '{column.name}': expected {allowed}, got something else or a blank"
            values.append(value or "")
        if said:
            wrong.append(f"row {number}, {said}")
            continue
        first_at[case] = number
        cases[tuple(values)].append(case)
    for i, column in enumerate(columns):
        if not column.answers and len({values[i] for values in cases}) > _MOST_VALUES:
            wrong.append(
                f"column '{column.name}': expected at most {_MOST_VALUES} different values, got more"
            )
    if wrong:
        more = [f"and {len(wrong) - _SHOWN:,} more"] if len(wrong) > _SHOWN else []
        raise DataError(
            "\n  ".join([f"{counted(len(wrong), 'thing')} wrong in the list:", *wrong[:_SHOWN], *more]),
            where=path.name,
        )
    source = {"list": path.name, "sha256": file_sha256(path), "records": len(first_at)}
    return make_frame(about, instrument, source, cases, incomplete)


def _numbered(rows: list[list[str]], numbers: Sequence[int]) -> Iterator[tuple[int, list[str]]]:
    return zip(numbers, rows, strict=True)


def _wrong_case(case: str, first_at: dict[str, int]) -> str:
    if not case or len(case) > _LONGEST_CASE or not case.isprintable():
        return f"column 'case': expected an id of 1 to {_LONGEST_CASE} characters, got another or a blank"
    if case in first_at:
        return f"column 'case': expected each case once, got one that stands in row {first_at[case]} already"
    return ""


def _listed(column: FrameColumn, text: str) -> str | None:
    """The value that a list gives a case; None where it is not one that the column can have."""
    if not column.answers:
        value = " ".join(text.split())
        fits = 0 < len(value) <= _LONGEST_VALUE and value.isprintable() and STRATUM_JOIN not in value
        return value if fits else None
    return next((code for code, title in column.answers if plain(text) in (plain(code), plain(title))), None)
