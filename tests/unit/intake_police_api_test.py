"""Stops as the data.police.uk API gives them, row by row like the published CSV files."""

import io
import json
from pathlib import Path

import pytest

from openpeel.errors import DataError
from openpeel.intake.police_api import HEADER, read_police_api

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "police_uk" / "api_json"
real_files = pytest.mark.skipif(not DATA.is_dir(), reason="the published files are not beside the checkout")

STOP = {
    "type": "Person search",
    "datetime": "2023-01-15T10:39:17+00:00",
    "operation": False,
    "operation_name": None,
    "location": {
        "latitude": "51.50",
        "street": {"id": 1, "name": "On or near High Street"},
        "longitude": "-0.08",
    },
    "gender": "Female",
    "age_range": "18-24",
    "self_defined_ethnicity": "White - Any other White background",
    "officer_defined_ethnicity": "White",
    "legislation": "Misuse of Drugs Act 1971 (section 23)",
    "object_of_search": "Controlled drugs",
    "outcome": "Arrest",
    "outcome_object": {"id": "bu-arrest", "name": "Arrest"},
    "outcome_linked_to_object_of_search": True,
    "removal_of_more_than_outer_clothing": None,
    "involved_person": True,
}


def without(key):
    return {k: v for k, v in STOP.items() if k != key}


def read(stops, **settings):
    data = stops if isinstance(stops, bytes) else json.dumps(stops).encode()
    file = read_police_api(io.BytesIO(data), name="stops.json", **settings)
    rows = [pair for c in file.chunks() for pair in zip(c.row_numbers, c.rows, strict=True)]
    assert file.records == len(rows) + len(file.rejected)
    return file, rows


def cell(column, **changes):
    ((_, row),) = read([STOP | changes])[1]
    return row[HEADER.index(column)]


def refused(data, **settings):
    with pytest.raises(DataError) as caught:
        read(data, **settings)
    assert caught.value.advice
    return caught.value


def test_a_stop_becomes_a_row_as_the_csv_files_print_it():
    assert read([STOP])[1] == [
        (
            1,
            [
                "Person search",
                "2023-01-15T10:39:17+00:00",
                "False",
                "",
                "51.50",
                "-0.08",
                "Female",
                "18-24",
                "White - Any other White background",
                "White",
                "Misuse of Drugs Act 1971 (section 23)",
                "Controlled drugs",
                "Arrest",
                "True",
                "",
            ],
        )
    ]


def test_a_stop_without_a_place_has_blank_coordinates():
    assert cell("Latitude", location=None) == cell("Longitude", location=None) == ""


def test_an_unknown_coordinate_is_blank():
    assert cell("Latitude", location={"latitude": None, "longitude": None}) == ""


@pytest.mark.parametrize(
    ("outcome", "outcome_object", "printed"),
    [
        ("Arrest", {"name": "Arrest"}, "Arrest"),
        ("Arrest", None, "Arrest"),
        ("", {"id": "", "name": ""}, ""),
        (None, None, ""),
        (None, {"name": "Arrest"}, "Arrest"),
        ("", {"name": "Arrest"}, "Arrest"),
        (False, {"name": "A no further action disposal"}, "A no further action disposal"),
        (False, None, "Nothing found - no further action"),
    ],
)
def test_an_outcome_is_taken_from_wherever_the_api_of_that_year_put_it(outcome, outcome_object, printed):
    assert cell("Outcome", outcome=outcome, outcome_object=outcome_object) == printed


def test_stops_of_the_years_before_outcome_object_are_taken():
    assert len(read([without("outcome_object")])[1]) == 1


def test_a_key_that_has_no_column_is_noted_and_harms_nothing():
    file, rows = read([STOP, STOP | {"force_id": "kent", "zone": 1}])
    assert file.unknown_keys == ("force_id", "zone")
    assert len(rows) == 2


@pytest.mark.parametrize(
    ("stop", "column", "expected", "got"),
    [
        (without("gender"), "", "every key of a stop", "none called gender"),
        (STOP | {"gender": 1}, "Gender", "text or null", "a number"),
        (STOP | {"gender": ["Male"]}, "Gender", "text or null", "a list"),
        (STOP | {"operation": "no"}, "Part of a policing operation", "true, false or null", "text"),
        (STOP | {"operation": 0}, "Part of a policing operation", "true, false or null", "a number"),
        (STOP | {"location": "London"}, "Latitude", "a location or null", "text"),
        (
            STOP | {"location": {"latitude": "1"}},
            "Longitude",
            "a location with latitude and longitude",
            "none",
        ),
        (STOP | {"location": {"latitude": 51.5, "longitude": "0"}}, "Latitude", "text or null", "a number"),
        (STOP | {"outcome": True}, "Outcome", "text, false or null", "true or false"),
        (STOP | {"outcome_object": "Arrest"}, "Outcome", "an outcome_object that is an object", "text"),
        (STOP | {"outcome_object": {"name": 5}}, "Outcome", "text or null", "a number"),
        (STOP | {"gender": "Ma\0le"}, "Gender", "text", "a NUL character or half a character"),
        (STOP | {"gender": "\ud800"}, "Gender", "text", "a NUL character or half a character"),
        (STOP | {"gender": "x" * 131_073}, "Gender", "at most 131,072 char", "a cell of 131,073 characters"),
        (None, "", "an object", "null"),
        ([STOP], "", "an object", "a list"),
    ],
)
def test_what_is_no_stop_is_rejected_and_its_neighbours_are_not(stop, column, expected, got):
    file, rows = read([STOP, stop, STOP])
    assert [number for number, _ in rows] == [1, 3]
    (row,) = file.rejected
    assert (row.row, row.column) == (2, column)
    assert row.expected.startswith(expected)
    assert row.got.startswith(got)


def test_rows_come_in_chunks():
    file = read_police_api(io.BytesIO(json.dumps([STOP] * 5).encode()), name="stops.json", chunk_rows=2)
    assert [(c.first_row, len(c.rows)) for c in file.chunks()] == [(1, 2), (3, 2), (5, 1)]


def test_an_empty_list_is_no_stops_and_no_mistake():
    assert read([])[1] == []


def test_a_byte_order_mark_is_no_harm():
    assert len(read(b"\xef\xbb\xbf" + json.dumps([STOP]).encode())[1]) == 1


@pytest.mark.parametrize(
    ("data", "where", "got"),
    [
        (b"", "line 1, column 1", "the end of the file"),
        (b'[\n{"type": "Person', "line 2, column 10", "Unterminated string"),
        (b'[\n{"type": null}\n', "line 3, column 1", "the end of the file"),
        (b'[\n  {"type" 1}]', "line 2, column 11", "delimiter"),
        (b"[]\n[]", "line 2, column 1", "Extra data"),
        (b'[{"type": "NaN",\n "gender": NaN}]', "line 2, column 12", "got NaN"),
        (b"[1,\n-Infinity]", "line 2, column 1", "got -Infinity"),
        (
            b'[{"type": 1, "a": {"type": 2}},\n {"a": 1, "\\u0061": 2}]',
            "line 2, column 11",
            "the same key twice",
        ),
        (b"\n" + b"[" * 100_000, "line 2, column 51", "nested too deeply"),
        (b'{"a":' * 100_000, "line 1, column 251", "nested too deeply"),
        (b'["a",\n"b\xff"]', "line 2, column 3", "bytes that are not UTF-8"),
        (b'{"error": "429"}', "line 1, column 1", "got an object"),
        (b'"stops"', "line 1, column 1", "got text"),
    ],
)
def test_what_is_no_json_is_refused_with_line_and_column(data, where, got):
    error = refused(data)
    assert error.where == f"stops.json, {where}"
    assert got in error.message


def test_a_number_of_ten_thousand_digits_is_no_harm():
    file, _ = read(b"[" + json.dumps(STOP).encode() + b', {"type": ' + b"9" * 10_000 + b"}]")
    assert len(file.rejected) == 1


@pytest.mark.parametrize("data", ["[]".encode("utf-16"), b"PK\x03\x04", b"\x1f\x8b\x08"])
def test_other_kinds_of_file_are_refused_by_what_they_look_like(data):
    assert "expected JSON, got" in refused(data).message


def test_a_file_larger_than_the_limit_is_refused():
    assert "at most 100 bytes" in refused([STOP], max_bytes=100).message


def test_crimes_and_lists_of_nothing_are_no_stops():
    assert 'keys "category"' in refused([{"category": "burglary", "month": "2024-01"}]).message
    assert "without any object" in refused([1, 2]).message
    assert "without keys" in refused([{}]).message


@real_files
@pytest.mark.parametrize("name", ["forces.json", "available_dates.json"])
def test_the_apis_other_answers_are_no_stops(name):
    assert "expected a list of stops" in refused((DATA / name).read_bytes()).message


@real_files
@pytest.mark.parametrize(
    ("name", "stops", "unknown"),
    [
        ("metropolitan_stops_2025-03.json", 3824, ()),
        ("stop_and_searches_2024-01.json", 170, ("force_id",)),
        ("stop_and_searches_with_location.json", 531, ()),
        ("stop_and_searches_without_location.json", 53, ()),
        ("stops-Jan2023.json", 165, ()),
    ],
)
def test_every_stop_of_the_apis_real_answers_is_taken(name, stops, unknown):
    data = (DATA / name).read_bytes()
    file, rows = read(data)
    assert (len(rows), file.rejected, file.unknown_keys) == (stops, [], unknown)
    assert [row[1] for _, row in rows] == [stop["datetime"] for stop in json.loads(data)]
