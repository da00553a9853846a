"""What goes wrong with an audit is said in plain words, with an exit code, and leaves every file as it was."""

import json
import os
from pathlib import Path

import pytest

from audit_folder import (
    CDI,
    DRAW,
    ESTIMATE,
    LIST,
    OF_KENT,
    OF_SEED,
    SECRET,
    edit,
    everything,
    listed,
    put,
    read,
    refused,
    write,
)
from command_line import KILLED, contents, done, finish, run, start

pytestmark = pytest.mark.usefixtures("folder")


# Drawing


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--size", "51"], "expected n of at most the 50 cases there are; got n=51"),
        (["--size", "9" * 40], "expected n of at most the 50 cases"),
        (["--size", "3"], "expected n of at least the minimums, 4 in all"),
        (["--size", "0"], "--size"),
        (["--size", "-1"], "--size"),
        (["--size", "1.5"], "--size"),
        (["--size", "many"], "--size"),
        (["--reserve", "-1"], "--reserve"),
        (["--seed", ""], "expected a seed of text"),
        (["--method", "quota"], "--method"),
        (["--method", "systematic"], "expected a frame without strata"),
        (["--allocation", "fair"], "--allocation"),
        (["--allocation", "neyman"], "expected a share for the stratum 'direct / theft'"),
        (["--force", "Narnia"], "Narnia"),
        (["--from", "yesterday"], ["--from", "yesterday"]),
        (["--from", "2023-01-02"], "expected a period of whole months"),
        (["--from", "2024-01-01"], "ends on or after its start"),
        (["--incomplete", "direct"], ["no stratum 'direct'", "direct / theft, incident / violence"]),
        (["--release", "spring"], "expected one of a release, a list and a frame"),
        (["--list", "gone.csv"], ["gone.csv", "cannot be read"]),
        (["--list", "."], "cannot be read"),
        (["--frame", "cases.frame.json"], "beside a frame, which has its own"),
        (["--strata", "gone.csv"], ["gone.csv", "the strata cannot be read"]),
        (["--commitment", "0" * 64], ["have the commitment", "Nothing was drawn"]),
        (["--commitment", ""], "Nothing was drawn"),
        (["--out", "cases.xlsx"], ["--out", "a CSV file", "cases.xlsx"]),
        (["--out", "new"], ["--out", "a CSV file"]),
        (["--out", "."], ["--out", "a CSV file"]),
        (["--out", "list.csv/cases.csv"], "list.csv"),
    ],
    ids=" ".join,
)
def test_a_draw_that_cannot_be_had_writes_nothing(options, says):
    refused(*DRAW, *OF_SEED, "--out", "new.csv", *options, code=2, says=says)


@pytest.mark.parametrize("left_out", ["--size", "--seed", "--out", "--force", "--from", "--to", "--list"])
def test_a_draw_without_something_it_needs_says_what(left_out):
    command = [*DRAW, *OF_SEED, "--out", "new.csv"]
    at = command.index(left_out)
    refused(*command[:at], *command[at + 2 :], code=2, says=left_out)


def test_an_audit_that_does_not_exist_is_named_beside_those_that_do():
    for command in (("draw", "charm", *OF_SEED, "--out", "new.csv"), ("show", "charm")):
        refused("audit", *command, code=2, says=["no audit 'charm'", "stop_search"])
    refused("audit", "show", "charm.toml", code=2, says=["charm.toml", "cannot be read"])


def test_a_question_that_does_not_exist_is_said_with_its_line_whatever_the_command():
    shown = done("audit", "show", "stop_search", "--format", "json").json
    assert shown["questions"]
    from openpeel.audits import instrument_file

    text = Path(instrument_file.__file__).with_name("data").joinpath("stop_search.toml").read_text("utf-8")
    lines = text.replace('asked_when = { item_found = ["yes"] }', 'asked_when = { item_lost = ["yes"] }')
    Path("mine.toml").write_text(lines, encoding="utf-8")
    line = lines[: lines.index("item_lost")].count("\n") + 1
    says = f"mine.toml, line {line} (question 5): there is no question 'item_lost' before this"
    refused("audit", "show", "mine.toml", code=1, says=says)
    refused("audit", "draw", "mine.toml", *DRAW[3:], *OF_SEED, "--out", "new.csv", code=1, says=says)
    refused("audit", "frame", "mine.toml", *DRAW[3:], "--out", "new.json", code=1, says=says)
    refused("audit", "estimate", "mine.toml", *ESTIMATE[3:], code=1, says=says)
    refused("audit", "invent", "mine.toml", "cases.draw.json", "--out", "new.csv", code=1, says=says)


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (listed(["D3", "direct", "theft", ""]), "row 52, column 'case': expected each case once"),
        (listed(["D3", "direct", "theft", ""]), "one that stands in row 5 already"),
        (
            listed(at=3, row=["D2", "post", "theft", ""]),
            "row 4, column 'route': expected one of incident, direct",
        ),
        (listed(at=3, row=["D2", "", "theft", ""]), "row 4, column 'route'"),
        (listed(at=3, row=["D2", "direct", "", ""]), "row 4, column 'incident_type': expected a short name"),
        (listed(at=3, row=["D2", "direct", "a / b", ""]), "row 4, column 'incident_type'"),
        (listed(at=3, row=["D2", "direct", "x" * 81, ""]), "row 4, column 'incident_type'"),
        (listed(at=3, row=["", "direct", "theft", ""]), "row 4, column 'case': expected an id"),
        (listed(at=3, row=["x" * 101, "direct", "theft", ""]), "row 4, column 'case': expected an id"),
        (listed(at=3, row=["D2", "direct", "theft"]), "row 4: expected 4 cells, got 3 cells"),
        (listed(at=0, row=["case", "route", "type", "victim"]), "expected a column 'incident_type'"),
        (listed(at=0, row=["id", "route", "incident_type", "victim"]), "expected a column 'case'"),
        ([LIST[0]], "no case to draw from"),
        ([], "an empty file"),
        ([["case;route;incident_type"], ["D1;direct;theft"]], "semicolons"),
        (
            [LIST[0], *([f"C{n}", "direct", f"kind {n}", ""] for n in range(101))],
            "column 'incident_type': expected at most 100 different values",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_list_that_is_wrong_is_said_by_row_and_column(rows, says):
    write("list.csv", rows)
    ran = refused(*DRAW, *OF_SEED, "--out", "new.csv", code=1, says=says)
    assert SECRET not in ran.said
    refused("audit", "frame", *DRAW[2:], "--out", "new.json", code=1, says=says)


@pytest.mark.parametrize("column", range(3))
def test_what_a_list_says_of_people_is_never_repeated_though_it_slipped_by_a_column(column):
    row = ["D2", "direct", "theft", ""]
    row[column] = f"{SECRET} / 7 Acacia Row{chr(10)}"
    write("list.csv", listed(at=3, row=row))
    ran = run(*DRAW, *OF_SEED, "--out", "new.csv")
    assert SECRET not in ran.said
    assert ran.code == (1 if column else 0)


def test_everything_that_is_wrong_in_a_list_is_said_at_once():
    write("list.csv", listed(*(["D3", "direct", "theft", ""] for _ in range(30)), at=3, row=["", "", "", ""]))
    ran = refused(*DRAW, *OF_SEED, "--out", "new.csv", code=1, says=["31 things wrong", "and 11 more"])
    assert ran.said.count("column 'case'") == 20


@pytest.mark.parametrize(
    ("text", "says", "code"),
    [
        ("stratum,minimum\ntheft,5\n", "the frame has no stratum 'theft'; it has 'direct / theft'", 2),
        ("stratum,cases\ndirect / theft,21\n", "has 20 cases in the frame, 21 in the file of strata", 2),
        ("stratum,expected,minimum\ndirect / theft,.5,15\nincident / violence,.5,\n", "the minimums", 2),
        ("stratum,expected\ndirect / theft,0.5\n", "a share for the stratum 'incident / violence'", 2),
        ("stratum,expected\ndirect / theft,1.5\n", "row 2, column 'expected': expected a share", 1),
        ("stratum,expected\ndirect / theft,nan\n", "row 2, column 'expected': expected a share", 1),
        ("stratum,expected\ndirect / theft,90%\n", "row 2, column 'expected': expected a share", 1),
        ("stratum,minimum\ndirect / theft,-1\n", "row 2, column 'minimum': expected a whole number", 1),
        ("stratum,cases\ndirect / theft,many\n", "row 2, column 'cases': expected a whole number", 1),
        ("stratum,cases\ndirect / theft,²\n", "expected a whole number, got '²'", 1),
        (f"stratum,cases\na,{'1' * 13}\n", "expected a whole number, got '1111111111111'", 1),
        (f"stratum,cases\na,{'x' * 99}\n", f"got '{'x' * 30}'", 1),
        (f"stratum,expected\na,{'x' * 99}\n", f"got '{'x' * 30}'", 1),
        (
            "stratum,cases\na,1\na,1\n",
            "row 3, column 'stratum': expected the name of a stratum, each once",
            1,
        ),
        ("stratum,cases\n,1\n", "row 2, column 'stratum': expected the name of a stratum", 1),
        ("stratum,cases\na,1,2\n", "row 2: expected 2 cells, got 3 cells", 1),
        ("stratum,cases\n", "expected one stratum or more, got none", 1),
        ("stratum,weight\na,0\n", "expected the columns stratum, cases, expected, minimum", 1),
        ("cases\n3\n", "expected the columns stratum", 1),
        ("", "an empty file", 1),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_of_strata_that_is_wrong_is_said_by_row_and_column(text, says, code):
    Path("strata.csv").write_text(text, encoding="utf-8")
    command = (*DRAW, *OF_SEED, "--out", "new.csv", "--strata", "strata.csv", "--allocation", "neyman")
    refused(*command, code=code, says=says)


def test_the_same_draw_twice_is_no_reason_to_complain():
    before = everything()
    done(*DRAW, *OF_SEED, "--out", "cases.csv")
    assert everything() == before


def test_a_sheet_that_is_half_filled_in_is_not_written_over():
    Path("cases.csv").write_bytes(Path("coded.csv").read_bytes())
    says = ["cases.csv", "another file of this name", "left as it is"]
    refused(*DRAW, *OF_SEED, "--out", "cases.csv", code=2, says=says)


@pytest.mark.parametrize("other", ["cases.frame.json", "cases.draw.json"])
def test_what_is_in_the_way_keeps_all_three_files_from_being_written(other):
    Path("cases.csv").unlink()
    Path(other).write_text("{}")
    refused(*DRAW, *OF_SEED, "--out", "cases.csv", code=2, says=[other, "another file of this name"])


@pytest.mark.parametrize("seed", ["2 7 1", "3 1 4 "])
def test_another_seed_does_not_replace_a_draw(seed):
    refused(*DRAW, "--size", "12", "--seed", seed, "--out", "cases.csv", code=2, says="another file")


def test_a_frame_of_another_audit_is_not_drawn_from():
    command = ("--frame", "cases.frame.json", *OF_SEED, "--out", "new.csv")
    refused("audit", "draw", "stop_search", *command, code=1, says=f"was made for the audit '{CDI}'")


@pytest.mark.parametrize("move", [1, 2, 3])
def test_a_draw_that_is_killed_leaves_only_whole_files_and_can_be_done_again(folder, ready, move):
    names = ["cases.csv", "cases.frame.json", "cases.draw.json"]
    for name in names:
        Path(name).unlink()
    whole = contents(ready)
    ran = finish(start(*DRAW, *OF_SEED, "--out", "cases.csv", dies_at_move=move))
    assert ran.code == KILLED
    left = {n: h for n, h in contents(folder).items() if not n.startswith(".")}
    assert left.items() <= whole.items()
    assert ("cases.csv" in left) <= {"cases.frame.json", "cases.draw.json"}.issubset(left)
    done(*DRAW, *OF_SEED, "--out", "cases.csv")
    assert {n: contents(folder)[n] for n in names} == {n: whole[n] for n in names}


FULL = "the disk is full or a file would be larger than allowed"


@pytest.mark.parametrize("command", ["draw", "frame", "invent", "rows"])
def test_a_disk_that_is_full_is_said_and_nothing_is_half_written(command):
    commands = {
        "draw": (*DRAW, *OF_SEED, "--out", "new.csv"),
        "frame": ("audit", "frame", *DRAW[2:], "--out", "new.json"),
        "invent": ("audit", "invent", CDI, "cases.draw.json", "--out", "new.csv"),
        "rows": (*ESTIMATE, "--rows", "new.csv"),
    }
    before = everything()
    ran = finish(start(*commands[command], largest_file=100))
    assert ran.code == 2, ran
    assert ran.out == ""
    assert FULL in ran.said
    assert "Nothing was changed" in ran.said
    assert everything() == before


def test_a_draw_for_whose_sheet_there_is_no_room_writes_neither_frame_nor_draw():
    command = (*DRAW, "--size", "50", "--reserve", "0", "--seed", "3 1 4", "--out", "new.csv")
    done(*command, "--out", "try.csv")
    frame, sheet = Path("try.frame.json").stat().st_size, Path("try.csv").stat().st_size
    assert frame < sheet
    before = everything()
    ran = finish(start(*command, largest_file=(frame + sheet) // 2))
    assert ran.code == 2, ran
    assert FULL in ran.said
    assert everything() == before


@pytest.mark.parametrize("command", ["draw", "frame", "invent"])
def test_a_folder_that_cannot_be_written_to_is_said(command):
    where = {"draw": "cases.csv", "frame": "cases.json", "invent": "coded.csv"}[command]
    commands = {
        "draw": (*DRAW, *OF_SEED),
        "frame": ("audit", "frame", *DRAW[2:]),
        "invent": ("audit", "invent", CDI, "cases.draw.json"),
    }
    refused(
        *commands[command], "--out", f"/proc/openpeel/{where}", code=2, says=["/proc", "Nothing was changed"]
    )
    Path("shut").mkdir(mode=0o500)
    if os.access("shut", os.W_OK):
        return  # whoever runs this may write anywhere
    refused(*commands[command], "--out", f"shut/{where}", code=2, says=["shut", "no permission"])


# Estimating


def spoil(column, cell, row=0, name="coded.csv"):
    """Put something into a cell of the coding sheet; returns the case of that row."""
    rows = read(name)
    rows[row][column] = cell
    write(name, [list(rows[0]), *(row.values() for row in rows)])
    return rows[row]["case"]


@pytest.mark.parametrize(
    ("column", "cell", "says"),
    [
        ("crime_due", "perhaps", "column 'crime_due': expected one of yes, no; got text of 7 characters"),
        ("crime_due", "", "column 'crime_due': expected an answer, got a blank"),
        ("unusable", "out_of_scope", "column 'unusable': a case that is unusable has no answers"),
        ("coder", "reconciled", "column 'coder': expected the two codings that 'reconciled' reconciles"),
        ("case", "X99", "column 'case': this case is not in the frame"),
    ],
)
def test_codings_that_are_wrong_are_named_and_nothing_is_estimated(column, cell, says):
    row = next(i for i, row in enumerate(read("coded.csv")) if row["crime_due"] == "yes")
    case = spoil(column, cell, row=row)
    named = f"coded.csv, row {row + 2}, case {cell if column == 'case' else case}, "
    ran = refused(*ESTIMATE, "--rows", "rows.csv", code=1, says=named + says)
    assert "Nothing was estimated" in ran.said
    for how in ("json", "csv"):
        refused(*ESTIMATE, "--format", how, code=1, says=says)


def test_the_sheet_as_it_was_drawn_lacks_every_coding():
    sheet = ("audit", "estimate", CDI, "--codings", "cases.csv", "--frame", "cases.frame.json")
    ran = refused(*sheet, code=1, says=["12 things wrong in the codings", "it was drawn and has no coding"])
    assert ran.said.count("cases.csv, row") == 12


def test_a_column_of_weights_is_not_taken():
    rows = read("coded.csv")
    write("coded.csv", [[*rows[0], "weight"], *([*row.values(), "0"] for row in rows)])
    refused(*ESTIMATE, code=1, says=["coded.csv", "a column that is no question", "'weight'"])


@pytest.mark.parametrize("column", ["coder", "notes", "class", "recorded", "unusable", "crime", "case"])
def test_nobody_is_named_when_codings_are_wrong(column):
    spoil("crime_due", "perhaps", row=1)
    spoil(column, SECRET)
    for how in ("table", "json", "csv"):
        ran = run(*ESTIMATE, "--rows", "rows.csv", "--format", how)
        assert ran.code == 1
        assert SECRET not in ran.out + ran.err
    assert not Path("rows.csv").exists()


def test_nobody_is_named_when_codings_are_right():
    rows = read("coded.csv")
    people = [row | {"coder": SECRET, "notes": f"{SECRET} did it"} for row in rows]
    write("coded.csv", [list(rows[0]), *(row.values() for row in people)])
    for how in ("table", "json", "csv"):
        assert SECRET not in done(*ESTIMATE, "--rows", "rows.csv", "--format", how).out
    assert SECRET not in Path("rows.csv").read_text()


@pytest.mark.parametrize("cell", [SECRET, "Whyte", "19"])
def test_what_a_person_said_of_themselves_is_never_repeated(cell):
    write("searches.csv", [["case"], *([f"S{n}"] for n in range(20))])
    command = ("audit", "draw", "stop_search", *OF_KENT, "--list", "searches.csv", *OF_SEED)
    done(*command, "--out", "searches/cases.csv")
    done("audit", "invent", "stop_search", "searches/cases.draw.json", "--out", "searches/coded.csv")
    case = spoil("self_defined_ethnicity", cell, name="searches/coded.csv")
    estimate = ("audit", "estimate", "stop_search", "--codings", "searches/coded.csv")
    says = f"case {case}, column 'self_defined_ethnicity': expected one of asian, black, mixed, white"
    ran = refused(*estimate, "--frame", "searches/cases.frame.json", code=1, says=says)
    assert "got something else" in ran.said
    assert f"'{cell}'" not in ran.said


@pytest.mark.parametrize(
    ("options", "code", "says"),
    [
        (["--codings", "gone.csv"], 2, ["gone.csv", "the codings cannot be read"]),
        (["--codings", "."], 2, "the codings cannot be read"),
        (["--codings", "coded.csv"], 2, "the same codings are given twice"),
        (["--codings", "list.csv"], 1, ["list.csv", "expected the columns of a coding sheet"]),
        (["--codings", "cases.frame.json"], 1, "cases.frame.json"),
        (["--draw", "gone.json"], 2, "the draw cannot be read"),
        (["--interval", "exact"], 2, "--interval"),
        (["--single-case", "ignore"], 2, "--single-case"),
        (["--standard", "all_crime"], 2, ["--standard", "expected RESULT=NUMBER, got 'all_crime'"]),
        (["--standard", "all_crime=high"], 2, "expected a percentage from 0 to 100, got 'high'"),
        (["--standard", "all_crime=101"], 2, "expected a percentage from 0 to 100"),
        (["--standard", "all_crime=nan"], 2, "expected a percentage from 0 to 100"),
        (["--standard", "charm=90"], 2, ["no rate 'charm' to set against a standard", "all_crime"]),
        (["--standard", "rape=90"], 2, "no rate 'rape' to set against a standard"),
        (["--recorded", "all_crime=-1"], 2, "expected a whole number of crimes, got '-1'"),
        (["--recorded", "all_crime=1.5"], 2, "expected a whole number of crimes"),
        (["--recorded", "right_class=100"], 2, "no rate 'right_class' from which unrecorded crimes"),
        (["--recorded", "=5"], 2, "expected RESULT=NUMBER"),
        (["--previous", "gone.json"], 2, "the earlier audit cannot be read"),
        (["--previous", "list.csv"], 1, ["list.csv", "expected JSON"]),
        (["--previous", "cases.draw.json"], 1, "expected a list of 'results'"),
        (["--rows", "nowhere/rows.csv"], 2, "nowhere"),
        (["--format", "xml"], 2, "--format"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_an_estimate_that_cannot_be_had_is_refused(options, code, says):
    refused(*ESTIMATE, *options, code=code, says=says)


@pytest.mark.parametrize("left_out", ["--codings", "--frame"])
def test_an_estimate_without_its_files_says_which(left_out):
    at = ESTIMATE.index(left_out)
    refused(*ESTIMATE[:at], *ESTIMATE[at + 2 :], code=2, says=left_out)


@pytest.mark.parametrize(
    ("results", "says"),
    [
        ([], "expected a list of 'results', got none"),
        ([3], "expected result 1 to have an 'id'"),
        ([{"id": "all_crime", "value": 80}], "expected 'half_width' of the result 'all_crime'"),
        ([{"id": "all_crime", "value": "80%", "se": 1}], "to be a number from 0 to 100, got '80%'"),
        ([{"id": "all_crime", "value": 180, "se": 1}], "to be a number from 0 to 100, got 180"),
        ([{"id": "all_crime", "value": True, "se": 1}], "to be a number from 0 to 100, got True"),
        ([{"id": "all_crime", "value": 80, "se": -1}], "expected 'se' of the result 'all_crime'"),
    ],
)
def test_an_earlier_audit_that_cannot_be_read_is_said(results, says):
    Path("earlier.json").write_text(json.dumps({"results": results}))
    refused(*ESTIMATE, "--previous", "earlier.json", code=1, says=["earlier.json", says])


def test_codings_of_another_version_of_the_audit_are_not_estimated(ready):
    from openpeel.audits import instrument_file

    text = Path(instrument_file.__file__).with_name("data").joinpath(f"{CDI}.toml").read_text("utf-8")
    Path(f"{CDI}.toml").write_text(text.replace("version = 1", "version = 2"), encoding="utf-8")
    says = f"another version of '{CDI}' (1, "
    refused("audit", "estimate", f"{CDI}.toml", *ESTIMATE[3:], code=1, says=says)
    refused("audit", "estimate", "stop_search", *ESTIMATE[3:], code=1, says=f"for the audit '{CDI}'")


@pytest.mark.parametrize("how", ["table", "json", "csv"])
def test_a_second_run_gives_the_same_to_the_last_digit(how):
    options = ("--standard", "all_crime=90", "--recorded", "all_crime=1000", "--rows", "rows.csv")
    first = done(*ESTIMATE, *options, "--format", how)
    rows = Path("rows.csv").read_bytes()
    second = done(*ESTIMATE, *options, "--format", how)
    assert (first.out, first.err) == (second.out, second.err)
    assert Path("rows.csv").read_bytes() == rows


def test_the_order_of_rows_and_of_files_changes_no_figure():
    whole = done(*ESTIMATE, "--format", "json").json
    rows = read("coded.csv")
    for name, part in (("one.csv", rows[::-2]), ("two.csv", rows[-2::-2])):
        write(name, [list(rows[0]), *(row.values() for row in part)])
    parts = ("--codings", "two.csv", "--codings", "one.csv", *ESTIMATE[5:])
    found = done("audit", "estimate", CDI, *parts, "--format", "json").json
    assert found["results"] == whole["results"]


@pytest.mark.parametrize(
    "name", ["coded.csv", "cases.csv", "cases.frame.json", "cases.draw.json", "list.csv"]
)
def test_the_rows_behind_a_figure_do_not_replace_what_it_was_made_from(name):
    refused(*ESTIMATE, "--rows", name, code=2, says=name)


@pytest.mark.parametrize("options", [["--rows", "."], ["--recorded", f"all_crime={'9' * 400}"]])
def test_an_option_that_makes_no_sense_is_a_slip_of_the_person(options):
    refused(*ESTIMATE, *options, code=2, says="openpeel: ")


# Sizes, frames, inventing and comparing


@pytest.mark.parametrize(
    "options",
    [
        ["--margin", "1e-300", "--expected", "0.5"],
        ["--margin", "0.03", "--expected", "0.5", "--deff", "1e308"],
        ["--margin", "0.03", "--expected", "0.5", "--frame", "9" * 400],
    ],
    ids=" ".join,
)
def test_a_size_beyond_all_numbers_is_a_slip_of_the_person(options):
    refused("audit", "size", *options, code=2, says="expected")


def test_a_seed_that_is_no_text_writes_no_frame():
    refused("audit", "frame", *DRAW[2:], "--out", "new.json", "--seed", "\udcff", code=2, says="seed")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--expected", "0.9"], "--margin"),
        (["--margin", "0.03"], ["--expected", "expected a share"]),
        *(
            (["--margin", m, "--expected", "0.9"], "margin")
            for m in ("0", "1", "-0.1", "3", "nan", "inf", "x")
        ),
        *((["--margin", "0.03", "--expected", e], "expected") for e in ("0", "1", "90", "nan", "x")),
        *((["--margin", "0.03", "--expected", ".9", "--level", v], "level") for v in ("0", "1", "95", "nan")),
        *(
            (["--margin", ".03", "--expected", ".9", "--deff", v], "design effect")
            for v in ("0", "-1", "nan")
        ),
        *(
            (["--margin", ".03", "--expected", ".9", "--frame", n], "--frame")
            for n in ("0", "-5", "x", "1.5")
        ),
        (["--margin", "0.03", "--expected", "0.9", "--allocation", "x"], "--allocation"),
        (["--margin", "0.03", "--strata", "gone.csv"], ["gone.csv", "the strata cannot be read"]),
        (["--margin", "0.03", "--strata", "sizes.csv"], "a share for the stratum 'b', got none"),
        (
            ["--margin", "0.03", "--strata", "sizes.csv", "--expected", ".9", "--frame", "9"],
            "30 cases of the",
        ),
        (["--margin", "0.03", "--strata", "no_sizes.csv"], "how many cases the stratum 'b' has"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_size_that_cannot_be_worked_out_is_refused(options, says):
    Path("sizes.csv").write_text("stratum,cases,expected\na,10,0.5\nb,20,\n")
    Path("no_sizes.csv").write_text("stratum,cases,expected\na,10,0.5\nb,,0.5\n")
    refused("audit", "size", *options, code=2, says=says)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--out", "list.csv"], ["list.csv", "another file of this name"]),
        (["--out", "."], "Is a directory"),
        (["--incomplete", "charm"], ["--incomplete", "no stratum 'charm'"]),
        (["--release", "spring"], "expected one of a release, a list and a frame"),
        (["--to", "2023-12-30"], "whole months"),
        (["--force", ""], "police force"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_frame_that_cannot_be_made_writes_nothing(options, says):
    refused("audit", "frame", *DRAW[2:], "--out", "new.json", *options, code=2, says=says)


def test_a_release_that_holds_no_such_cases_says_what_to_give_instead():
    from invented_records import write_month

    done("load", write_month(Path("files"), "kent", "2021-01", count=3), "--lake", "lake")
    done("release", "create", "spring", "--lake", "lake")
    of_release = ("--release", "spring", "--lake", "lake")
    command = ("audit", "frame", CDI, *OF_KENT, *of_release, "--out", "new.json")
    refused(*command, code=2, says=["no standard holds the cases", "--list", "route, incident_type"])
    command = ("audit", "frame", "stop_search", *OF_KENT, *of_release, "--out", "new.json")
    refused(*command, code=1, says=["the release 'spring' holds no stop and search record of Kent", "2023"])
    command = (
        "audit",
        "frame",
        "stop_search",
        *OF_KENT,
        "--release",
        "x",
        "--lake",
        "lake",
        "--out",
        "n.json",
    )
    refused(*command, code=2, says=["'x'", "spring"])


def test_invented_codings_do_not_replace_a_sheet():
    for name in ("cases.csv", "coded.csv"):
        command = ("audit", "invent", CDI, "cases.draw.json", "--out", name)
        refused(*command, code=2, says=[name, "a file of this name already"])


def test_codings_are_not_invented_for_another_audit():
    command = ("audit", "invent", "stop_search", "cases.draw.json", "--out", "new.csv")
    refused(*command, code=1, says=f"was made for the audit '{CDI}'")


@pytest.fixture
def estimates():
    """What was estimated for two forces."""
    found = done(*ESTIMATE, "--format", "json").json
    for name, force in (("kent.json", "E23000032"), ("essex.json", "E23000028")):
        Path(name).write_text(json.dumps({**found, "audit": {**found["audit"], "force": force}}))
    return found


def test_audits_that_cannot_be_compared_are_refused(estimates):
    compare = ("audit", "compare", "kent.json")
    of_all = ("--result", "all_crime")
    done(*compare, "essex.json", *of_all)
    refused(*compare, *of_all, code=2, says="the audits of two forces or more, got 1")
    refused(*compare, "kent.json", *of_all, code=1, says=["kent.json", "comes twice"])
    refused(*compare, "essex.json", code=2, says="--result")
    refused(*compare, "essex.json", "--result", "charm", code=1, says="this audit has no rate 'charm'")
    refused(*compare, "essex.json", "--result", "rape", code=1, says="this audit has no rate 'rape'")
    refused(*compare, "gone.json", *of_all, code=2, says=["gone.json", "cannot be read"])
    refused(*compare, "essex.json", *of_all, "--against", "best", code=2, says="--against")
    edit("essex.json", lambda found: found["audit"].update(series=2))
    refused(*compare, "essex.json", *of_all, code=1, says="expected audits by the same rules")


@pytest.mark.parametrize(
    "content", ["", "null", "[]", "{}", "[" * 100_000, '{"audit": {}}', "coded.csv", b"\xff"]
)
def test_a_file_that_is_no_audit_is_not_compared(estimates, content):
    put("essex.json", content)
    command = ("audit", "compare", "kent.json", "essex.json", "--result", "all_crime")
    refused(
        *command, code=1, says=["essex.json", "expected what 'openpeel audit estimate --format json' prints"]
    )


@pytest.mark.parametrize(
    "change",
    [
        lambda found: found["audit"].update(force=None),
        lambda found: found["results"][0].pop("value"),
        lambda found: found["results"][0].update(value="85%"),
        lambda found: found["results"][0].update(se=-1),
    ],
)
def test_an_audit_with_another_thing_in_place_of_a_number_is_not_compared(estimates, change):
    edit("essex.json", change)
    command = ("audit", "compare", "kent.json", "essex.json", "--result", "all_crime")
    refused(*command, code=1, says=["essex.json", "expected what 'openpeel audit estimate"])
