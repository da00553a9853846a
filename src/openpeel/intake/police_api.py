"""Stops as the data.police.uk API gives them (JSON) into rows like those of the CSV files of that site.

What the columns mean is not known here; finding and unpacking the files is in `sources.py`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import IO, Any

from openpeel.errors import DataError
from openpeel.intake.rows import (
    DEFAULT_CHUNK_ROWS,
    DEFAULT_MAX_FIELD_CHARS,
    Chunk,
    RejectedRow,
    counted,
    refuse_other_formats,
)

DEFAULT_MAX_BYTES = 256 * 1024 * 1024
"""Largest file that is read, in bytes: JSON is held in memory whole. The largest force has 25 MB a month."""

HEADER = (
    "Type",
    "Date",
    "Part of a policing operation",
    "Policing operation",
    "Latitude",
    "Longitude",
    "Gender",
    "Age range",
    "Self-defined ethnicity",
    "Officer-defined ethnicity",
    "Legislation",
    "Object of search",
    "Outcome",
    "Outcome linked to object of search",
    "Removal of more than just outer clothing",
)

_TEXT_KEYS = {
    "type": "Type",
    "datetime": "Date",
    "operation_name": "Policing operation",
    "gender": "Gender",
    "age_range": "Age range",
    "self_defined_ethnicity": "Self-defined ethnicity",
    "officer_defined_ethnicity": "Officer-defined ethnicity",
    "legislation": "Legislation",
    "object_of_search": "Object of search",
}
_YES_NO_KEYS = {
    "operation": "Part of a policing operation",
    "outcome_linked_to_object_of_search": "Outcome linked to object of search",
    "removal_of_more_than_outer_clothing": "Removal of more than just outer clothing",
}
KEYS_NEEDED = frozenset({*_TEXT_KEYS, *_YES_NO_KEYS, "location", "outcome"})
"""The keys without which an object is no stop."""

# Known, but the CSV files have no column for them; outcome_object repeats the outcome since 2017.
_KEYS_WITHOUT_COLUMN = frozenset({"involved_person", "outcome_object"})
# Until 2017 the API gave `false` where the CSV files of the same months have these words.
_NOTHING_FOUND = "Nothing found - no further action"

_ASK = "Ask the API for stops again (stops-force) and keep its answer as it comes."
_NOT_TEXT = re.compile("[\0\ud800-\udfff]")  # a NUL, or half of a surrogate pair: no text that can be kept
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|NaN|-?Infinity|[{}\[\]:,]', re.DOTALL)
_DEEPEST = 50  # a list of stops is 4 deep; Python gives up at about 1,000


def read_police_api(
    stream: IO[bytes],
    *,
    name: str,
    max_bytes: int = DEFAULT_MAX_BYTES,
    max_field_chars: int = DEFAULT_MAX_FIELD_CHARS,
    chunk_rows: int = DEFAULT_CHUNK_ROWS,
) -> PoliceApiFile:
    """Read a list of stops as https://data.police.uk/docs/method/stops-force/ gives it.

    `stream` gives the uncompressed bytes and stays the caller's to close. Raises DataError, with line and
    column, for what is not JSON (RFC 8259: also NaN, or the same key twice in an object), is not a list of
    stops, or is larger than `max_bytes`. A stop that lacks a key or has a value of another type is rejected.

    >>> import io
    >>> file = read_police_api(io.BytesIO(b"[]"), name="a.json")
    >>> list(file.chunks()), file.records
    ([], 0)
    """
    data = stream.read(max_bytes + 1)
    if len(data) > max_bytes:
        raise DataError(
            f"expected at most {counted(max_bytes, 'byte')} of JSON, got more.",
            where=name,
            advice="Ask the API for one force and one month at a time.",
        )
    refuse_other_formats(data[:4096], name=name, wanted="JSON", save_as=_ASK)
    stops = _parse(data, name)
    _check_stops(stops, name)
    return PoliceApiFile(stops, name=name, max_field_chars=max_field_chars, chunk_rows=chunk_rows)


class PoliceApiFile:
    """The stops of one answer of the API: a `rows.RowFile`.

    Rows are numbered by their place in the list, from 1.
    `null` becomes an empty cell, `true` and `false` become 'True' and 'False', times stay as printed. An
    outcome of `false` becomes 'Nothing found - no further action', as the CSV files of the same months
    print it; one that is `null` or empty is taken from `outcome_object`, and is blank when that is too.
    """

    header = HEADER
    blank_lines = 0
    passed_over: tuple[str, ...] = ()

    def __init__(self, stops: list[Any], *, name: str, max_field_chars: int, chunk_rows: int) -> None:
        self.name = name
        self.rejected: list[RejectedRow] = []
        self.records = 0
        self._stops = iter(stops)
        self._max_field_chars = max_field_chars
        self._chunk_rows = chunk_rows
        known = KEYS_NEEDED | _KEYS_WITHOUT_COLUMN
        keys = {key for stop in stops if isinstance(stop, dict) for key in stop}
        self.unknown_keys = tuple(sorted(keys - known))

    def chunks(self) -> Iterator[Chunk]:
        """The rows, at most `chunk_rows` at a time; fills `rejected`. Can be gone through once."""
        rows: list[list[str]] = []
        numbers: list[int] = []
        for stop in self._stops:
            self.records += 1
            try:
                rows.append(self._row(stop))
                numbers.append(self.records)
            except _Unfit as unfit:
                self.rejected.append(RejectedRow(self.records, unfit.column, unfit.expected, unfit.got))
            if len(rows) == self._chunk_rows:
                yield Chunk(numbers[0], rows, numbers)
                rows, numbers = [], []
        if rows:
            yield Chunk(numbers[0], rows, numbers)

    def _row(self, stop: Any) -> list[str]:
        if not isinstance(stop, dict):
            raise _Unfit("", "an object", _kind(stop))
        missing = sorted(KEYS_NEEDED - stop.keys())
        if missing:
            raise _Unfit("", "every key of a stop", f"none called {', '.join(missing)}")
        cells = {column: _text(stop[key], column) for key, column in _TEXT_KEYS.items()}
        cells |= {column: _yes_no(stop[key], column) for key, column in _YES_NO_KEYS.items()}
        cells["Latitude"], cells["Longitude"] = _place(stop["location"])
        cells["Outcome"] = _outcome(stop["outcome"], stop.get("outcome_object"))
        for column, cell in cells.items():
            if len(cell) > self._max_field_chars:
                at_most = f"at most {counted(self._max_field_chars, 'character')}"
                raise _Unfit(column, at_most, f"a cell of {counted(len(cell), 'character')}")
            if _NOT_TEXT.search(cell):
                raise _Unfit(column, "text", "a NUL character or half a character")
        return [cells[column] for column in HEADER]


class _Unfit(Exception):  # noqa: N818 - no error: how the search for a row's first fault ends
    def __init__(self, column: str, expected: str, got: str) -> None:
        super().__init__(column, expected, got)
        self.column, self.expected, self.got = column, expected, got


def _text(value: Any, column: str) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _Unfit(column, "text or null", _kind(value))
    return value


def _yes_no(value: Any, column: str) -> str:
    if value is None:
        return ""
    if not isinstance(value, bool):
        raise _Unfit(column, "true, false or null", _kind(value))
    return str(value)


def _place(location: Any) -> tuple[str, str]:
    """Latitude and longitude as printed, '' and '' where the stop could not be placed."""
    if location is None:
        return "", ""
    if not isinstance(location, dict):
        raise _Unfit("Latitude", "a location or null", _kind(location))
    for key, column in (("latitude", "Latitude"), ("longitude", "Longitude")):
        if key not in location:
            raise _Unfit(column, "a location with latitude and longitude", f"none called {key}")
    return _text(location["latitude"], "Latitude"), _text(location["longitude"], "Longitude")


def _outcome(outcome: Any, outcome_object: Any) -> str:
    if outcome_object is not None and not isinstance(outcome_object, dict):
        raise _Unfit("Outcome", "an outcome_object that is an object or null", _kind(outcome_object))
    named = _text((outcome_object or {}).get("name"), "Outcome")
    if outcome is False:
        return named or _NOTHING_FOUND
    if outcome is not None and not isinstance(outcome, str):
        raise _Unfit("Outcome", "text, false or null", _kind(outcome))
    return outcome or named


def _kind(value: Any) -> str:
    """What a JSON value is, without saying what it says."""
    if value is None:
        return "null"
    for kind, word in ((bool, "true or false"), (str, "text"), (list, "a list"), (dict, "an object")):
        if isinstance(value, kind):
            return word
    return "a number"


def _check_stops(stops: Any, name: str) -> None:
    """A list of which at least one member has half of the keys of a stop; an empty list is no stops."""
    expected = "expected a list of stops from the data.police.uk API"
    if not isinstance(stops, list):
        raise DataError(f"{expected}, got {_kind(stops)}.", where=f"{name}, line 1, column 1", advice=_ASK)
    objects = [stop for stop in stops if isinstance(stop, dict)]
    if any(2 * len(KEYS_NEEDED & stop.keys()) >= len(KEYS_NEEDED) for stop in objects) or not stops:
        return
    got = "a list without any object"
    if objects:
        keys = ", ".join(_shown(key) for key in sorted(objects[0])[:5])
        got = f"objects with the keys {keys}" if keys else "objects without keys"
    raise DataError(
        f"{expected} (objects with the keys datetime, type, gender and so on), got {got}.",
        where=name,
        advice=_ASK,
    )


def _shown(key: str) -> str:
    return json.dumps(key[:40])


def _parse(data: bytes, name: str) -> Any:
    """The JSON value, or a DataError that says where it breaks."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig")
        raise _broken("bytes that are not UTF-8", before, len(before), name) from None
    try:
        return json.loads(
            text,
            parse_constant=_refuse_constant,
            object_pairs_hook=_object,
            parse_int=float,  # only the type is looked at, and Python refuses an int of 5,000 digits
        )
    except json.JSONDecodeError as error:
        # Python's sentences name what it expected and no value of the file.
        got = "the end of the file" if error.pos >= len(text.rstrip()) else f"a fault: {error.msg}"
        raise _broken(got, text, error.pos, name) from None
    except _NotJson:
        got, at = _not_in_json(text)
        raise _broken(got, text, at, name) from None
    except RecursionError:
        raise _broken("lists and objects nested too deeply", text, _too_deep(text), name) from None


class _NotJson(Exception):  # noqa: N818 - no error: turned into a DataError once its place is found
    """Python's parser would have let something pass that JSON forbids."""


def _refuse_constant(_constant: str) -> None:
    raise _NotJson


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) != len(pairs):
        raise _NotJson
    return record


def _not_in_json(text: str) -> tuple[str, int]:
    """What the parser met that JSON does not have, and where; all before it is sound.

    The parser does not say where it met NaN or the same key twice; this looks again, on this path only.
    """
    keys: list[set[str]] = []  # of each bracket that is open
    last, last_at = "", 0
    for token in _TOKEN.finditer(text):
        word, at = token.group(), token.start()
        if word in "{[":
            keys.append(set())
        elif word in "}]":
            keys.pop()
        elif word in ("NaN", "Infinity", "-Infinity"):
            return word, at
        elif word == ":":
            key = json.loads(last)
            if key in keys[-1]:
                return "the same key twice in one object", last_at
            keys[-1].add(key)
        last, last_at = word, at
    raise AssertionError("the parser refused what is sound JSON")


def _too_deep(text: str) -> int:
    """Where the brackets are deeper than a list of stops could ever be."""
    depth = 0
    for token in _TOKEN.finditer(text):
        depth += (token.group() in "{[") - (token.group() in "}]")
        if depth > _DEEPEST:
            return token.start()
    return 0


def _broken(got: str, text: str, at: int, name: str) -> DataError:
    line = text.count("\n", 0, at) + 1
    column = at - text.rfind("\n", 0, at)
    where = f"{name}, line {line:,}, column {column:,}"
    return DataError(f"expected JSON, got {got}.", where=where, advice=_ASK)
