"""Whatever is wrong in a coding sheet is said by row, case and column, all of it at once, and nobody is named."""

import io
import zipfile
from hashlib import sha256

import pytest

from coding_sample import (
    SECRET,
    all_searches,
    begin,
    crime,
    on_the_web,
    report,
    search,
)
from openpeel.audits import load_instrument
from openpeel.audits.codings import WrongCodingsError
from openpeel.audits.drawing import sheet_header, sheet_rows
from openpeel.audits.files import sheet_bytes
from openpeel.errors import DataError, UseError


def test_a_sheet_that_is_right_is_read_in_the_order_of_the_draw(searches):
    path = searches.sheet(reversed(all_searches(searches, item_found="yes", linked_to_reason="yes")))
    found = searches.read(path)
    assert [c.case for c in found.cases] == searches.cases
    first = found.cases[0]
    assert (first.stratum, first.twice, first.coding.unusable, first.coding.items) == ("", None, "", ())
    assert first.coding.answers["linked_to_reason"] == "yes"
    assert "linked_to_reason" not in found.cases[1].coding.answers
    assert not found.invented
    (file,) = found.files
    assert (file.name, file.rows, file.sha256) == ("sheet.csv", 6, sha256(path.read_bytes()).hexdigest())


def test_what_is_listed_in_a_case_is_read_by_its_number(reports):
    first = reports.cases[0]
    rows = [
        crime(first, "2", **{"class": "fraud"}),
        crime(first, "1", crime_due="yes", recorded="yes", recorded_when="later", right_class="yes"),
        *map(report, reports.cases[1:]),
    ]
    coding = reports.read(reports.sheet(rows)).cases[0].coding
    assert coding.answers == {"crime_due": "yes"}
    assert coding.items == (
        {"class": "burglary", "recorded": "yes", "recorded_when": "later", "right_class": "yes"},
        {"class": "fraud", "recorded": "no"},
    )


def test_the_case_may_have_a_row_of_its_own_beside_those_of_what_is_listed(reports):
    first = reports.cases[0]
    rows = [report(first, crime_due="yes"), crime(first, "1"), *map(report, reports.cases[1:])]
    assert len(reports.read(reports.sheet(rows)).cases[0].coding.items) == 1


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("asian", "asian"),
        ("Asian or Asian British", "asian"),
        ("  ASIAN OR  asian british ", "asian"),
        ("Not_Stated", "not_stated"),
        ("the person did not wish to say", "not_stated"),
    ],
)
def test_an_answer_may_be_written_by_its_code_or_in_words_in_any_case_and_spacing(searches, written, code):
    found = searches.read(searches.sheet(all_searches(searches, self_defined_ethnicity=written)))
    assert found.cases[0].coding.answers["self_defined_ethnicity"] == code


def test_columns_may_stand_in_any_order_and_what_nobody_fills_in_may_be_left_out(searches):
    questions = [q.id for q in searches.instrument.questions]
    path = searches.sheet(all_searches(searches), header=[*reversed(questions), "case"])
    assert len(searches.read(path).cases) == 6


def refused(audit, path, *says):
    with pytest.raises(DataError) as found:
        audit.read(path)
    assert not isinstance(found.value, WrongCodingsError)
    assert found.value.where == path.name
    for words in says:
        assert words in str(found.value)


@pytest.mark.parametrize("column", ["case", "crime", "crime_due", "right_class"])
def test_a_column_that_is_missing_is_named(reports, column):
    header = [name for name in sheet_header(reports.instrument, reports.frame) if name != column]
    rows = [{k: v for k, v in report(case).items() if k != column} for case in reports.cases]
    refused(reports, reports.sheet(rows, header=header), f"got none called '{column}'", "audit draw")


@pytest.mark.parametrize("column", ["weight", "crime_duo", "Case", "x" * 200])
def test_a_column_that_is_no_question_is_named(searches, column):
    header = [*sheet_header(searches.instrument, searches.frame), column]
    path = searches.sheet([row | {column: "0"} for row in all_searches(searches)], header=header)
    refused(searches, path, f"no question of 'stop_search': '{column[:30]}'", "'notes'")


def test_of_many_columns_that_are_missing_five_are_named(searches):
    header = ["case", "grounds_recorded", "reasonable_grounds", "self_defined_ethnicity"]
    rows = [{name: row[name] for name in header} for row in all_searches(searches)]
    five = "'item_found', 'linked_to_reason', 'further_action', 'outcome_linked', 'clip'"
    refused(searches, searches.sheet(rows, header=header), f"got none called {five} and 2 more.")
    more = [*header, "clip_professional", "clip_grounds_explained"]
    refused(searches, searches.sheet(rows, header=more), f"got none called {five}.")


def test_a_column_without_a_name_is_refused(searches):
    header = [*sheet_header(searches.instrument, searches.frame), ""]
    refused(searches, searches.sheet(all_searches(searches), header=header), "one without a name")


def test_a_column_that_comes_twice_is_refused_by_its_place(searches):
    header = sheet_header(searches.instrument, searches.frame)
    path = searches.sheet(all_searches(searches), header=[*header, "clip"])
    refused(searches, path, f"the same name in columns {header.index('clip') + 1} and {len(header) + 1}")


def as_bytes(audit, rows=None):
    return audit.sheet(rows or all_searches(audit)).read_bytes()


@pytest.mark.parametrize(
    "change",
    [
        lambda data: b"\xef\xbb\xbf" + data,
        lambda data: data.replace(b"\r\n", b"\n"),
        lambda data: data.replace(b"\r\n", b"\r"),
        lambda data: data.replace(b"\r\n", b"\r\n\r\n"),
        lambda data: data.removesuffix(b"\r\n"),
        lambda data: b"\r\n" + data + b"\r\n\r\n",
        lambda data: data + b"," * data.split(b"\r\n")[0].count(b",") + b"\r\n",
    ],
    ids=["a mark", "LF", "CR", "blank lines", "no last line end", "blank around", "blank cells"],
)
def test_how_a_spreadsheet_saves_makes_no_difference(searches, change):
    before = searches.read(searches.sheet(all_searches(searches)))
    assert searches.read(searches.write(change(as_bytes(searches)), "other.csv")).cases == before.cases


def test_rows_are_numbered_as_a_spreadsheet_shows_them(searches):
    data = as_bytes(searches, all_searches(searches, clip="perhaps")).replace(b"\r\n", b"\r\n\r\n", 1)
    with pytest.raises(WrongCodingsError) as found:
        searches.read(searches.write(data))
    assert found.value.problems[0].startswith(f"sheet.csv, row 3, case {searches.cases[0]}, column 'clip'")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda data: data.replace(b",", b";"), "got semicolons"),
        (lambda data: data.replace(b",", b"\t"), "got tabs"),
        (lambda data: data.decode().encode("utf-16"), "UTF-16"),
        (lambda data: b"", "an empty file"),
        (lambda data: b"\r\n\r\n", "nothing but blank lines"),
        (lambda data: b"%PDF-1.7\n" + data, "a PDF"),
        (lambda data: b"\xff" + data, "a header in utf-8"),
        (lambda data: b'"' + data, "a quotation mark"),
    ],
    ids=["semicolons", "tabs", "UTF-16", "empty", "blank lines", "PDF", "bytes", "quotation mark"],
)
def test_a_file_that_is_no_sheet_is_said_to_be_something_else(searches, change, says):
    refused(searches, searches.write(change(as_bytes(searches)), "x.csv"), says)


def test_a_spreadsheet_under_the_name_of_a_csv_file_is_said_to_be_one(searches):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("xl/worksheets/sheet1.xml", "<worksheet/>")
    refused(searches, searches.write(content.getvalue()), "an Excel", "Save it as CSV UTF-8")


def test_bytes_of_another_encoding_are_said_by_row_and_column_with_what_to_do(searches):
    data = as_bytes(searches, all_searches(searches, notes="Café")).decode().encode("cp1252")
    with pytest.raises(WrongCodingsError) as found:
        searches.read(searches.write(data))
    rejected, without = found.value.problems
    assert rejected == (
        "sheet.csv, row 2, column 'notes': expected text in utf-8, got bytes that are not in it "
        "(save the sheet as CSV UTF-8)"
    )
    assert without.startswith(f"case {searches.cases[0]}: it was drawn and has no coding")


def test_a_row_of_other_length_or_with_a_nul_is_said_by_its_number(searches):
    lines = as_bytes(searches).split(b"\r\n")
    lines[2] += b",x"
    lines[4] = lines[4].replace(b"not_chosen", b"not\0chosen")
    lines[5] = lines[0]
    with pytest.raises(WrongCodingsError) as found:
        searches.read(searches.write(b"\r\n".join(lines)))
    assert found.value.problems[:3] == (
        "sheet.csv, row 3: expected 16 cells, got 17 cells",
        "sheet.csv, row 5, column 'clip': expected text, got a NUL character",
        "sheet.csv, row 6: expected a record, got the header row again",
    )
    assert len(found.value.problems) == 6


@pytest.mark.parametrize("name", ["gone.csv", "."])
def test_a_sheet_that_cannot_be_read_is_a_slip_of_the_person(searches, name):
    with pytest.raises(UseError, match="the codings cannot be read") as found:
        searches.read(searches.folder / name)
    assert (found.value.exit_code, found.value.where) == (2, str(searches.folder / name))


def test_ids_that_a_spreadsheet_takes_for_a_formula_come_back_as_they_were(tmp_path):
    ids = ["=1+1", "+R1", "-R2", "@R3", "'R4", "'=R5", '"R6"', "R,7", "0008", "-9", "Łódź 10", "R 11"]
    audit = begin(tmp_path, load_instrument("stop_search"), {(): ids}, 12, reserve=0)
    header, rows = (
        sheet_header(audit.instrument, audit.frame),
        sheet_rows(audit.instrument, audit.frame, audit.draw),
    )
    answered = [{**dict(zip(header, row, strict=True)), **search(row[header.index("case")])} for row in rows]
    content = sheet_bytes([header, *([row.get(name, "") for name in header] for row in answered)])
    assert b"'=1+1" in content
    assert [c.case for c in audit.read(audit.write(content)).cases] == audit.cases


def test_the_sheet_that_a_draw_writes_lacks_a_coding_for_every_case(reports):
    header = sheet_header(reports.instrument, reports.frame)
    content = sheet_bytes([header, *sheet_rows(reports.instrument, reports.frame, reports.draw)])
    with pytest.raises(WrongCodingsError) as found:
        reports.read(reports.write(content))
    assert list(found.value.problems) == [
        f"sheet.csv, row {row}, case {case}: it was drawn and has no coding "
        "(if it cannot be audited, say why in 'unusable')"
        for row, case in enumerate(reports.cases, start=2)
    ]


def test_a_coding_of_a_case_that_was_not_drawn_is_named(searches):
    other = next(f"S{n:02}" for n in range(1, 21) if f"S{n:02}" not in [*searches.cases, *searches.reserve()])
    assert searches.wrong([*all_searches(searches), search(other), search("S99")]) == [
        f"sheet.csv, row 8, case {other}, column 'case': this case was not drawn",
        "sheet.csv, row 9, case S99, column 'case': this case is not in the frame",
    ]


def test_a_case_that_was_not_drawn_is_named_although_nothing_is_coded_of_it(searches):
    assert searches.wrong([*all_searches(searches), {"case": "S99"}]) == [
        "sheet.csv, row 8, case S99, column 'case': this case is not in the frame"
    ]


def test_a_row_without_a_case_is_named(searches):
    assert searches.wrong([*all_searches(searches), search(""), {"notes": SECRET}]) == [
        "sheet.csv, row 8, column 'case': expected the id of a case, got a blank",
        "sheet.csv, row 9, column 'case': expected the id of a case, got a blank",
    ]


def test_a_case_that_was_drawn_and_has_no_row_is_named(searches):
    (said,) = searches.wrong(all_searches(searches)[1:])
    assert said.startswith(f"case {searches.cases[0]}: it was drawn and has no coding")


def test_a_coder_and_a_note_are_no_coding(searches):
    first, *others = searches.cases
    (said,) = searches.wrong([{"case": first, "coder": SECRET, "notes": SECRET}, *map(search, others)])
    assert said.startswith(f"sheet.csv, row 2, case {first}: it was drawn and has no coding")


ANSWERS = "yes, no"


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        ("reasonable_grounds", "perhaps", f"expected one of {ANSWERS}; got text of 7 characters"),
        ("reasonable_grounds", "0", f"expected one of {ANSWERS}; got text of 1 character"),
        ("reasonable_grounds", SECRET, f"expected one of {ANSWERS}; got text of 31 characters"),
        ("reasonable_grounds", "not_chosen", f"expected one of {ANSWERS}; got 'not_chosen'"),
        ("reasonable_grounds", "Not among  the ten", f"expected one of {ANSWERS}; got 'Not among  the ten'"),
        ("reasonable_grounds", "out_of_scope", f"expected one of {ANSWERS}; got 'out_of_scope'"),
        ("reasonable_grounds", "Black", f"expected one of {ANSWERS}; got text of 5 characters"),
        ("reasonable_grounds", "missing", f"expected one of {ANSWERS}; got text of 7 characters"),
        (
            "self_defined_ethnicity",
            SECRET,
            "expected one of asian, black, mixed, white, other, not_stated, missing; got something else",
        ),
        ("unusable", "ill", "expected one of out_of_scope, cannot_be_audited; got text of 3 characters"),
        ("unusable", "yes", "expected one of out_of_scope, cannot_be_audited; got 'yes'"),
    ],
)
def test_an_answer_that_is_none_is_said_and_not_repeated_unless_it_is_one_elsewhere(
    searches, column, cell, said
):
    assert searches.wrong(all_searches(searches, **{column: cell})) == [
        f"sheet.csv, row 2, case {searches.cases[0]}, column '{column}': {said}"
    ]


def test_an_answer_that_cannot_be_read_is_no_reason_to_find_fault_with_what_hangs_on_it(searches):
    asked = {"linked_to_reason": "yes"}
    assert len(searches.wrong(all_searches(searches, item_found="yess", **asked))) == 1
    assert len(searches.wrong(all_searches(searches, item_found="yess"))) == 1


def test_a_question_that_was_to_be_asked_is_not_left_blank(searches):
    assert searches.wrong(all_searches(searches, item_found="yes", grounds_recorded="")) == [
        f"sheet.csv, row 2, case {searches.cases[0]}, column '{column}': expected an answer, got a blank"
        for column in ("grounds_recorded", "linked_to_reason")
    ]


def test_a_question_that_was_not_to_be_asked_is_left_blank(searches):
    assert searches.wrong(all_searches(searches, linked_to_reason="no", clip_professional="yes")) == [
        f"sheet.csv, row 2, case {searches.cases[0]}, column '{column}': "
        f"expected a blank, because {because}; got an answer"
        for column, because in (
            ("linked_to_reason", "'item_found' is not yes"),
            ("clip_professional", "'clip' is not viewed"),
        )
    ]


def test_what_is_asked_may_hang_on_what_the_frame_says_of_the_case(calls):
    phone, web = ["P1", "P2"], ["W1", "W2"]
    no = {"answered": "no"}
    assert calls.wrong([{"case": c, **no} for c in [*phone, *web]]) == [
        f"sheet.csv, row {row}, case {case}, column 'answered': "
        "expected a blank, because 'route' is not phone; got an answer"
        for row, case in enumerate(web, start=4)
    ]


@pytest.mark.parametrize("answered", ["", "ja"])
def test_what_hangs_on_an_answer_that_hangs_on_a_wrong_one_is_not_found_fault_with(calls, answered):
    others = [{"case": "P2", "answered": "no"}, *on_the_web("W1", "W2")]
    of_first = {"case": "P1", "answered": answered, "promised": "", "promise": "1", "kept": "yes"}
    (said,) = calls.wrong([of_first, *others])
    assert "column 'answered'" in said
    (said,) = calls.wrong([{**of_first, "promised": "yes"}, *others])
    assert "column 'answered'" in said


def test_what_hangs_on_an_answer_that_cannot_be_read_is_left_alone_though_it_was_not_asked(calls):
    others = [{"case": c, "answered": "no"} for c in ("P1", "P2")]
    of_web = {"case": "W1", "answered": "ja", "promise": "1", "kept": "yes"}
    (said,) = calls.wrong([of_web, *others, *on_the_web("W2")])
    assert "column 'answered': expected one of yes, no" in said


def test_what_is_wrong_about_the_case_is_said_once_however_much_is_listed_in_it(calls):
    web = {"case": "W1", "answered": "yes", "promised": "yes", "promise": "1", "kept": "yes"}
    second = {"case": "W1", "promise": "2", "kept": "no"}
    others = [{"case": c, "answered": "no"} for c in ("P1", "P2")]
    assert calls.wrong([web, second, *others, *on_the_web("W2")]) == [
        "sheet.csv, row 2, case W1, column 'answered': "
        "expected a blank, because 'route' is not phone; got an answer"
    ]
