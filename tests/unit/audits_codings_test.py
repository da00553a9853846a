"""Whatever is wrong in a coding sheet is said by row, case and column, all of it at once, and nobody is named."""

import csv
import io
import zipfile
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

import pytest

from openpeel.audits import load_instrument
from openpeel.audits.codings import INVENTED, WrongCodingsError, read_codings
from openpeel.audits.drawing import AuditDraw, Plan, draw_cases, sheet_header, sheet_rows
from openpeel.audits.files import sheet_bytes
from openpeel.audits.frame import About, AuditFrame, make_frame
from openpeel.audits.instrument import Instrument
from openpeel.audits.instrument_file import read_instrument
from openpeel.errors import DataError, UseError
from openpeel.reference.periods import Period

YEAR = Period(date(2023, 2, 1), date(2024, 1, 31))
SECRET = "Zebedee Quickfoot, 7 Acacia Row"


@dataclass
class Audit:
    """An invented audit, with sheets written and read in a folder of the test."""

    instrument: Instrument
    frame: AuditFrame
    draw: AuditDraw
    folder: object

    def sample(self, stratum=0):
        return list(self.draw.drawn.strata[stratum].sample)

    def reserve(self, stratum=0):
        return list(self.draw.drawn.strata[stratum].reserve)

    @property
    def cases(self):
        return [case for stratum in self.draw.drawn.strata for case in stratum.sample]

    def sheet(self, rows, name="sheet.csv", header=None):
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, header or sheet_header(self.instrument, self.frame), restval="")
        writer.writeheader()
        writer.writerows(rows)
        return self.write(text.getvalue().encode(), name)

    def write(self, content, name="sheet.csv"):
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        return path

    def read(self, *paths):
        return read_codings(paths, self.instrument, self.frame, self.draw)

    def wrong(self, rows, *more):
        """Everything that is said to be wrong with a sheet of these rows, the first of which is row 2."""
        with pytest.raises(WrongCodingsError) as found:
            self.read(self.sheet(rows), *more)
        assert found.value.exit_code == 1
        return list(found.value.problems)


def begin(folder, instrument, strata, size, reserve=2):
    about = About.of(instrument, "E23000027", YEAR)
    frame = make_frame(about, instrument, {"list": "cases.csv"}, strata)
    return Audit(instrument, frame, draw_cases(frame, Plan(size, reserve=reserve), "3 1 4"), folder)


@pytest.fixture
def searches(tmp_path):
    """Six searches drawn of twenty, and two in reserve."""
    cases = [f"S{n:02}" for n in range(1, 21)]
    return begin(tmp_path, load_instrument("stop_search"), {(): cases}, 6)


@pytest.fixture
def reports(tmp_path):
    """Three reports drawn from each of two strata of ten, and two in reserve of each."""
    strata = {
        (route, "any"): [f"{route[0].upper()}{n}" for n in range(10)] for route in ("direct", "incident")
    }
    return begin(tmp_path, load_instrument("crime_data_integrity"), strata, 6)


ROUTES = """
title = "Calls"
version = 1
case = "call"
[[frame.columns]]
name = "route"
title = "Route"
answers = { phone = "By phone", web = "On the web" }
[[section]]
id = "call"
title = "The call"
[[section]]
id = "promises"
title = "Promises"
each = "promise"
asked_when = { promised = ["yes"] }
[[question]]
id = "answered"
section = "call"
text = "Was it answered?"
answers = { yes = "Yes", no = "No" }
asked_when = { route = ["phone"] }
[[question]]
id = "promised"
section = "call"
text = "Was anything promised?"
answers = { yes = "Yes", no = "No" }
asked_when = { answered = ["yes"] }
[[question]]
id = "kept"
section = "promises"
text = "Was it kept?"
answers = { yes = "Yes", no = "No" }
"""


@pytest.fixture
def calls(tmp_path):
    """Two calls by phone and two on the web; what is asked hangs on which, and promises on what was asked."""
    instrument = read_instrument("calls", ROUTES.encode(), name="calls.toml")
    return begin(tmp_path, instrument, {("phone",): ["P1", "P2"], ("web",): ["W1", "W2"]}, 4, reserve=0)


def search(case, **answers):
    plain = {"grounds_recorded": "yes", "reasonable_grounds": "no", "self_defined_ethnicity": "missing"}
    plain |= {"item_found": "no", "further_action": "no", "clip": "not_chosen"}
    return {"case": case, **plain, **answers}


def report(case, **answers):
    return {"case": case, "crime_due": "no", **answers}


def crime(case, number, **answers):
    return {"case": case, "crime": number, "class": "burglary", "recorded": "no", **answers}


def all_searches(audit, **of_first):
    """A coding of every search drawn, the first of them (row 2) with other answers."""
    first, *others = audit.cases
    return [search(first, **of_first), *map(search, others)]


def all_reports(audit, *of_first):
    """A coding of every report drawn, the first of them with these rows (row 2 and on)."""
    first, *others = audit.cases
    return [{"case": first, **row} for row in of_first] + [report(case) for case in others]


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


def on_the_web(*cases):
    return [{"case": c, "unusable": "out_of_scope"} for c in cases]


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


def test_an_answer_that_another_row_of_the_case_has_can_be_told(reports):
    rows = [listed("1", crime_due="yes"), listed("3", crime_due="yess")]
    of = f"case {reports.cases[0]}, column"
    assert reports.wrong(all_reports(reports, *rows)) == [
        f"sheet.csv, row 3, {of} 'crime_due': expected one of yes, no; got text of 4 characters",
        f"sheet.csv, row 2, {of} 'crime': expected each crime numbered from 1, got 1, 3",
    ]


def test_why_a_blank_is_expected_names_only_what_is_not_met(reports):
    rows = [crime("", "1", crime_due="yes", right_class="yes")]
    (said,) = reports.wrong(
        all_reports(reports, *({k: v for k, v in r.items() if k != "case"} for r in rows))
    )
    assert said.endswith(
        "column 'right_class': expected a blank, because 'recorded' is not yes; got an answer"
    )


def listed(number, **answers):
    return {k: v for k, v in crime("", number, **answers).items() if k != "case"}


def test_a_list_that_is_due_has_something_on_it(reports):
    assert reports.wrong(all_reports(reports, {"crime_due": "yes"})) == [
        f"sheet.csv, row 2, case {reports.cases[0]}, column 'crime': expected one crime or more, got none"
    ]


def test_a_list_that_is_not_due_is_left_blank(reports):
    assert reports.wrong(all_reports(reports, {"crime_due": "no"}, listed("1"))) == [
        f"sheet.csv, row 3, case {reports.cases[0]}, column 'crime': "
        "expected no crime, because 'crime_due' is not yes"
    ]


def test_a_list_that_hangs_on_a_question_not_asked_is_not_due(calls):
    rows = [{"case": "P1", "answered": "no"}, {"case": "P1", "promise": "1", "kept": "yes"}]
    rows += [{"case": "P2", "answered": "no"}]
    assert calls.wrong([*rows, *on_the_web("W1", "W2")]) == [
        "sheet.csv, row 3, case P1, column 'promise': expected no promise, because 'promised' is not yes"
    ]


def test_a_list_that_hangs_on_an_answer_that_is_missing_is_not_found_fault_with(reports):
    assert reports.wrong(all_reports(reports, listed("1"))) == [
        f"sheet.csv, row 2, case {reports.cases[0]}, column 'crime_due': expected an answer, got a blank"
    ]


@pytest.mark.parametrize(
    ("numbers", "got"),
    [(["2"], "2"), (["1", "3"], "1, 3"), (["3", "2"], "2, 3"), (["2", "3", "4"], "2, 3, 4")],
)
def test_what_is_listed_is_numbered_without_gaps(reports, numbers, got):
    rows = [listed(n, crime_due="yes") for n in numbers]
    assert reports.wrong(all_reports(reports, *rows)) == [
        f"sheet.csv, row 2, case {reports.cases[0]}, column 'crime': "
        f"expected each crime numbered from 1, got {got}"
    ]


@pytest.mark.parametrize(
    "number", ["0", "000", "-1", "1.0", "one", "²", "٣", "1000", "00000000100000", "9" * 5000, SECRET]
)
def test_the_number_of_what_is_listed_is_a_whole_number(reports, number):
    length = len(number)
    assert reports.wrong(all_reports(reports, listed(number, crime_due="yes"))) == [
        f"sheet.csv, row 2, case {reports.cases[0]}, column 'crime': expected the number of the crime, "
        f"1 for the first; got text of {length:,} character{'s' if length > 1 else ''}"
    ]


def test_a_number_that_cannot_be_read_is_no_reason_to_find_fault_with_the_row(reports):
    rows = [listed("1", crime_due="yes"), listed("two"), listed("three")]
    said = reports.wrong(all_reports(reports, *rows))
    assert len(said) == 2
    assert all("column 'crime': expected the number of the crime" in problem for problem in said)


def test_the_same_thing_is_listed_once(reports):
    rows = [listed("1", crime_due="yes"), listed("1"), listed("2"), listed("2")]
    assert reports.wrong(all_reports(reports, *rows)) == [
        f"sheet.csv, row {row}, case {reports.cases[0]}, column 'crime': "
        f"crime {number} of this case was coded before by the same coder"
        for row, number in ((3, 1), (5, 2))
    ]


def test_a_number_alone_says_that_something_is_listed(reports):
    assert reports.wrong(all_reports(reports, listed("1", crime_due="yes"), {"crime": "2"})) == [
        f"sheet.csv, row 3, case {reports.cases[0]}, column '{column}': expected an answer, got a blank"
        for column in ("class", "recorded")
    ]


def test_an_answer_about_something_listed_says_of_which(reports):
    row = listed("", crime_due="yes")
    assert reports.wrong(all_reports(reports, row, listed("1"))) == [
        f"sheet.csv, row 2, case {reports.cases[0]}, column '{column}': "
        "an answer about a crime stands in a row without the number of the crime"
        for column in ("class", "recorded")
    ]


def test_an_answer_about_something_that_is_not_listed_is_left_blank(reports):
    assert reports.wrong(all_reports(reports, {"crime_due": "no", "recorded": "yes"})) == [
        f"sheet.csv, row 2, case {reports.cases[0]}, column 'recorded': "
        "expected a blank, because 'crime_due' is not yes; got an answer"
    ]


def test_each_thing_listed_is_held_to_the_routing_by_itself(reports):
    rows = [
        listed("1", crime_due="yes", recorded="yess"),
        listed("2", recorded="yes"),
        listed("3", recorded_when="later"),
    ]
    of = f"case {reports.cases[0]}, column"
    assert reports.wrong(all_reports(reports, *rows)) == [
        f"sheet.csv, row 2, {of} 'recorded': expected one of yes, no; got text of 4 characters",
        f"sheet.csv, row 3, {of} 'recorded_when': expected an answer, got a blank",
        f"sheet.csv, row 3, {of} 'right_class': expected an answer, got a blank",
        f"sheet.csv, row 4, {of} 'recorded_when': expected a blank, because 'recorded' is not yes; got an answer",
    ]


def test_the_rows_of_a_case_agree_about_the_case(reports):
    rows = [listed("1", crime_due="yes"), listed("2", crime_due="yes"), listed("3", crime_due="no")]
    assert reports.wrong(all_reports(reports, *rows)) == [
        f"sheet.csv, row 4, case {reports.cases[0]}, column 'crime_due': "
        "the rows of this case give different answers"
    ]


def test_a_case_that_is_unusable_has_no_answers(searches, reports):
    said = "a case that is unusable has no answers, and this one has"
    assert searches.wrong(all_searches(searches, unusable="out_of_scope")) == [
        f"sheet.csv, row 2, case {searches.cases[0]}, column 'unusable': {said}"
    ]
    assert reports.wrong(all_reports(reports, {"unusable": "cannot_be_audited", "crime": "1"})) == [
        f"sheet.csv, row 2, case {reports.cases[0]}, column 'unusable': {said}"
    ]


@pytest.mark.parametrize("written", ["out_of_scope", "Not such a case after all", " OUT_OF_scope"])
def test_a_case_that_is_unusable_says_why_and_a_reserve_stands_in_for_it(searches, written):
    first, *others = searches.cases
    rows = [{"case": first, "unusable": written}, *map(search, others)]
    found = searches.read(searches.sheet(rows))
    assert found.cases[0].coding.unusable == "out_of_scope"
    assert len(found.cases) == 6
    stands_in = searches.reserve()[0]
    found = searches.read(searches.sheet([*rows, search(stands_in)]))
    assert [c.case for c in found.cases] == [*searches.cases, stands_in]


def unusable(cases, *, of, reserves=()):
    rows = [{"case": c, "unusable": "out_of_scope"} for c in cases[:of]]
    return rows + [search(c) for c in [*cases[of:], *reserves]]


def test_a_reserve_that_is_unusable_is_stood_in_for_by_the_next(searches):
    one, two = searches.reserve()
    rows = [*unusable(searches.cases, of=1), {"case": one, "unusable": "cannot_be_audited"}, search(two)]
    assert len(searches.read(searches.sheet(rows)).cases) == 8


def test_reserves_that_nobody_used_may_stand_in_the_sheet(searches):
    rows = [*all_searches(searches), *({"case": c} for c in searches.reserve())]
    assert len(searches.read(searches.sheet(rows)).cases) == 6


def test_reserves_are_used_in_their_order(searches):
    one, two = searches.reserve()
    assert searches.wrong(unusable(searches.cases, of=1, reserves=[two])) == [
        f"sheet.csv, row 8, case {two}, column 'case': "
        f"the reserves are used in their order, and case {one} stands before this one"
    ]


@pytest.mark.parametrize(("of", "said"), [(0, "0 of the cases are"), (1, "1 of the cases is")])
def test_there_are_no_more_reserves_than_cases_that_are_unusable(searches, of, said):
    reserves = searches.reserve()[: of + 1]
    assert searches.wrong(unusable(searches.cases, of=of, reserves=reserves)) == [
        f"sheet.csv, row {8 + of}, case {reserves[of]}, column 'case': "
        f"this reserve is used, but only {said} unusable"
    ]


def test_a_reserve_stands_in_for_a_case_of_its_own_stratum(reports):
    direct, incident = reports.sample(0), reports.sample(1)
    rows = [{"case": direct[0], "unusable": "out_of_scope"}, *map(report, [*direct[1:], *incident])]
    assert len(reports.read(reports.sheet([*rows, report(reports.reserve(0)[0])])).cases) == 7
    other = reports.reserve(1)[0]
    assert reports.wrong([*rows, report(other)]) == [
        f"sheet.csv, row 8, case {other}, column 'case': this reserve is used, "
        "but only 0 of the cases of the stratum 'incident / any' are unusable"
    ]


def test_a_reason_that_cannot_be_read_is_no_reason_to_find_fault_with_the_reserve(searches):
    first, *others = searches.cases
    rows = [{"case": first, "unusable": "ill"}, *map(search, [*others, searches.reserve()[0]])]
    assert len(searches.wrong(rows)) == 1


def by(coder, rows):
    return [row | {"coder": coder} for row in rows]


def test_a_case_may_be_coded_by_two_who_agree(searches):
    rows = all_searches(searches)
    found = searches.read(searches.sheet([*by("A", rows), *by("B", rows[:2])]))
    assert [c.twice is not None for c in found.cases] == [True, True, False, False, False, False]
    assert found.cases[0].twice == (found.cases[0].coding,) * 2


DISAGREE = "the two codings disagree (settle it in a third, by the coder 'reconciled')"


def test_two_codings_that_disagree_are_named_by_case_and_column(searches):
    rows = all_searches(searches)
    other = search(searches.cases[0], reasonable_grounds="yes", clip="not_available")
    assert searches.wrong([*by("A", rows), *by("B", [other])]) == [
        f"sheet.csv, row 2, case {searches.cases[0]}, column '{column}': {DISAGREE}"
        for column in ("reasonable_grounds", "clip")
    ]


def test_two_codings_that_disagree_on_something_listed_say_on_which(reports):
    first = {"case": reports.cases[0]}
    rows = [listed("1", crime_due="yes"), listed("2")]
    second = [first | listed("1", crime_due="yes"), first | listed("2", **{"class": "rape"})]
    assert reports.wrong([*by("A", all_reports(reports, *rows)), *by("B", second)]) == [
        f"sheet.csv, row 2, case {reports.cases[0]}, column 'class of crime 2': {DISAGREE}"
    ]
    assert reports.wrong([*by("A", all_reports(reports, *rows)), *by("B", second[:1])]) == [
        f"sheet.csv, row 2, case {reports.cases[0]}, column 'crime': {DISAGREE}"
    ]


def test_two_codings_of_which_one_is_unusable_disagree_on_that_and_nothing_else(reports):
    rows = by("A", all_reports(reports, listed("1", crime_due="yes")))
    second = {"case": reports.cases[0], "coder": "B", "unusable": "out_of_scope"}
    assert reports.wrong([*rows, second]) == [
        f"sheet.csv, row 2, case {reports.cases[0]}, column 'unusable': {DISAGREE}"
    ]


def test_an_answer_that_cannot_be_read_disagrees_with_none(searches):
    rows = [*by("A", all_searches(searches)), *by("B", [search(searches.cases[0], clip="viewd")])]
    (said,) = searches.wrong(rows)
    assert "expected one of viewed" in said


def test_what_is_reconciled_counts_and_the_two_codings_before_it_are_kept(searches):
    first = searches.cases[0]
    other = search(first, reasonable_grounds="yes")
    rows = [*by("A", all_searches(searches)), *by("B", [other]), *by("Reconciled ", [other])]
    found = searches.read(searches.sheet(rows)).cases[0]
    assert found.coding.answers["reasonable_grounds"] == "yes"
    assert [c.answers["reasonable_grounds"] for c in found.twice] == ["no", "yes"]


def test_what_is_reconciled_is_held_to_the_rules_too(searches):
    first = searches.cases[0]
    rows = [*by("A", all_searches(searches)), *by("B", [search(first)])]
    assert searches.wrong([*rows, *by("reconciled", [search(first, linked_to_reason="no")])]) == [
        f"sheet.csv, row 9, case {first}, column 'linked_to_reason': "
        "expected a blank, because 'item_found' is not yes; got an answer"
    ]


def test_a_reserve_stands_in_for_a_case_that_was_reconciled_to_be_unusable(searches):
    first, *others = searches.cases
    reason = {"case": first, "unusable": "out_of_scope"}
    rows = [*by("A", [reason]), *by("B", [search(first)]), *map(search, [*others, searches.reserve()[0]])]
    assert len(searches.read(searches.sheet([*rows, *by("reconciled", [reason])])).cases) == 7
    (said,) = searches.wrong([*rows, *by("reconciled", [search(first)])])
    assert "this reserve is used" in said


@pytest.mark.parametrize(("coders", "got", "row"), [(["A"], "one", 8), ([], "none", 7)])
def test_only_two_codings_can_be_reconciled(searches, coders, got, row):
    first, *others = searches.cases
    rows = [*map(search, others), *(search(first, coder=c) for c in [*coders, "reconciled"])]
    assert searches.wrong(rows) == [
        f"sheet.csv, row {row}, case {first}, column 'coder': "
        f"expected the two codings that 'reconciled' reconciles, got {got}"
    ]


@pytest.mark.parametrize("others", [["B", "C"], ["B", ""], ["B", "C", "reconciled"]])
def test_three_coders_are_one_too_many(searches, others):
    first = searches.cases[0]
    rows = [*by("A", all_searches(searches)), *(search(first, coder=c) for c in others)]
    assert searches.wrong(rows) == [
        f"sheet.csv, row 2, case {first}, column 'coder': expected one coder or two, got 3"
    ]


@pytest.mark.parametrize("again", ["A. Coder", "a. coder", " A.  Coder "])
def test_the_same_coder_codes_a_case_once(searches, again):
    first = searches.cases[0]
    rows = [*by("A. Coder", all_searches(searches)), search(first, coder=again)]
    assert searches.wrong(rows) == [
        f"sheet.csv, row 8, case {first}, column 'coder': this case was coded before by the same coder"
    ]


def test_the_same_coder_in_two_sheets_is_the_same_coder(reports):
    first = reports.cases[0]
    more = reports.sheet([report(first)], "more.csv")
    assert reports.wrong(all_reports(reports, {"crime_due": "no"}), more) == [
        f"more.csv, row 2, case {first}, column 'coder': this case was coded before by the same coder"
    ]


def test_sheets_are_read_together(reports):
    rows = all_reports(reports, listed("2", crime_due="yes"), listed("1"))
    parts = [rows[:1], rows[1:4], rows[4:]]
    whole = reports.read(reports.sheet(rows)).cases
    paths = [reports.sheet(part, f"part{i}.csv") for i, part in enumerate(parts)]
    found = reports.read(*paths)
    assert found.cases == whole
    assert [(f.name, f.rows) for f in found.files] == [("part0.csv", 1), ("part1.csv", 3), ("part2.csv", 3)]


def test_sheets_of_one_name_are_told_apart_by_their_folders(searches):
    rows = all_searches(searches, clip="perhaps")
    one, two = searches.sheet(rows[:3], "one/sheet.csv"), searches.sheet(rows[3:], "two/sheet.csv")
    with pytest.raises(WrongCodingsError) as found:
        searches.read(one, two)
    assert found.value.problems[0].startswith(f"{one}, row 2, case")


def test_a_sheet_given_twice_is_a_slip_of_the_person(searches):
    path = searches.sheet(all_searches(searches))
    with pytest.raises(UseError, match="the same codings are given twice"):
        searches.read(path, searches.write(path.read_bytes(), "copy.csv"))


@pytest.mark.parametrize("coder", [INVENTED, INVENTED.upper(), f" {INVENTED.replace(' ', '  ')}"])
def test_one_invented_coding_makes_all_of_them_invented(searches, coder):
    found = searches.read(searches.sheet(all_searches(searches, coder=coder)))
    assert found.invented


def test_everything_that_is_wrong_is_said_at_once(reports):
    direct = reports.sample(0)
    rows = [
        *(report(case) for case in direct[1:]),
        {"case": direct[0], "unusable": "ill"},
        crime(reports.sample(1)[0], "2", crime_due="yes", recorded="si"),
        *(report(case, crime_due="") for case in reports.sample(1)[1:]),
        report(reports.reserve(1)[1]),
        report("D99"),
        report(direct[1], coder="reconciled"),
    ]
    direct, incident, reserve = reports.sample(0), reports.sample(1), reports.reserve(1)
    blank = "it was drawn and has no coding (if it cannot be audited, say why in 'unusable')"
    stratum = "of the stratum 'incident / any'"
    assert reports.wrong(rows) == [
        f"sheet.csv, row 4, case {direct[0]}, column 'unusable': "
        "expected one of out_of_scope, cannot_be_audited; got text of 3 characters",
        f"sheet.csv, row 5, case {incident[0]}, column 'recorded': "
        "expected one of yes, no; got text of 2 characters",
        "sheet.csv, row 9, case D99, column 'case': this case is not in the frame",
        f"sheet.csv, row 10, case {direct[1]}, column 'coder': "
        "expected the two codings that 'reconciled' reconciles, got one",
        f"sheet.csv, row 5, case {incident[0]}, column 'crime': expected each crime numbered from 1, got 2",
        f"sheet.csv, row 6, case {incident[1]}: {blank}",
        f"sheet.csv, row 7, case {incident[2]}: {blank}",
        f"sheet.csv, row 8, case {reserve[1]}, column 'case': "
        f"the reserves {stratum} are used in their order, and case {reserve[0]} stands before this one",
        f"sheet.csv, row 8, case {reserve[1]}, column 'case': "
        f"this reserve is used, but only 0 of the cases {stratum} are unusable",
    ]


def test_twenty_problems_are_shown_and_all_are_kept(tmp_path):
    cases = [f"C{n:03}" for n in range(60)]
    audit = begin(tmp_path, load_instrument("stop_search"), {(): cases}, 50)
    rows = [search(case, clip="perhaps") for case in audit.cases]
    with pytest.raises(WrongCodingsError) as found:
        audit.read(audit.sheet(rows))
    said = str(found.value)
    assert len(found.value.problems) == 50
    assert said.startswith("50 things wrong in the codings:\n")
    assert said.count("column 'clip'") == 20
    assert [f"row {n}," in said for n in (2, 21, 22)] == [True, True, False]
    assert "and 30 more" in said
    assert said.endswith("Nothing was estimated. Put these right and try again.")
    for number, counted in ((20, "20 things"), (1, "1 thing")):
        few = audit.sheet([*rows[:number], *map(search, audit.cases[number:])])
        with pytest.raises(WrongCodingsError) as found:
            audit.read(few)
        assert str(found.value).startswith(f"{counted} wrong in the codings:\n")
        assert "more" not in str(found.value)


MISTAKES = [
    {},
    {"reasonable_grounds": "perhaps"},
    {"linked_to_reason": "yes"},
    {"grounds_recorded": ""},
    {"unusable": "out_of_scope"},
    {"case": "S99"},
    {"case": ""},
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=str)
@pytest.mark.parametrize(
    "column", ["coder", "notes", "self_defined_ethnicity", "order", "list", "unusable", "clip", "case"]
)
def test_nothing_that_could_be_somebody_is_ever_repeated(searches, mistake, column):
    """Not even where a row slipped by a column, so that a name stands where a case or an answer should."""
    first, *others = searches.cases
    row = {**search(first), **mistake, column: SECRET}
    twice = by("B", [search(others[0], self_defined_ethnicity="black")])
    with pytest.raises(WrongCodingsError) as found:
        searches.read(searches.sheet([row, row, *map(search, others), *twice]))
    said = "\n".join(found.value.problems)
    assert not [word for word in SECRET.replace(",", "").split() if len(word) > 2 and word in said]
    assert "black" not in said.replace("asian, black, mixed", "")


def test_a_case_of_the_frame_is_named_whatever_it_is_called(tmp_path):
    cases = ["A case", "Rex", "R v Smith", "Ω"]
    audit = begin(tmp_path, load_instrument("stop_search"), {(): cases}, 4, reserve=0)
    assert [p.split(", column")[0] for p in audit.wrong([search(c, clip="") for c in cases])] == [
        f"sheet.csv, row {row}, case {case}"
        for case, row in sorted(
            zip(cases, range(2, 6), strict=True), key=lambda pair: audit.cases.index(pair[0])
        )
    ]


def test_what_could_be_a_case_is_named_up_to_a_hundred_characters(searches):
    assert f"case {'9' * 100}, " in searches.wrong([*all_searches(searches), search("9" * 100)])[0]


def test_a_case_may_list_up_to_999_things(reports):
    (said,) = reports.wrong(all_reports(reports, listed("999", crime_due="yes")))
    assert said.endswith("expected each crime numbered from 1, got 999")


@pytest.mark.parametrize("case", [SECRET, "Quickfoot", "07700 900 123", "S1\x1b[2J", "9" * 101])
def test_what_can_be_no_case_is_not_repeated_as_one(searches, case):
    said = searches.wrong([*all_searches(searches), search(case, clip="")])
    assert said == [
        f"sheet.csv, row 8, case of {len(case)} characters, column 'case': this case is not in the frame"
    ]
