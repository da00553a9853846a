"""A frame or a draw that is none, or that somebody has changed, is found out and said; nothing is written."""

from pathlib import Path

import pytest

from audit_folder import CDI, DRAW, ESTIMATE, OF_SEED, edit, everything, listed, not_json, put, refused, write
from command_line import done, run

pytestmark = pytest.mark.usefixtures("folder")


KINDS = ["truncated", "empty", "null", "a list", "a number", "nested", "bytes", "no format", "another format"]
KINDS += ["nothing else", "no strata", "strata of text", "no day"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_frame_that_is_none_is_said(kind):
    put("cases.frame.json", not_json("cases.frame.json")[kind])
    says = ["cases.frame.json", "expected the frame of an audit", "got something else"]
    refused("audit", "verify", "cases.draw.json", code=1, says=says)
    refused(*ESTIMATE, code=1, says=says)
    refused("audit", "invent", CDI, "cases.draw.json", "--out", "new.csv", code=1, says=says)
    frame = ("--frame", "cases.frame.json")
    refused("audit", "draw", CDI, *frame, *OF_SEED, "--out", "new.csv", code=1, says=says)


@pytest.mark.parametrize("kind", KINDS)
def test_a_draw_that_is_none_is_said(kind):
    put("cases.draw.json", not_json("cases.draw.json")[kind])
    says = ["cases.draw.json", "expected the draw of an audit", "got something else"]
    refused("audit", "verify", "cases.draw.json", code=1, says=says)
    refused(*ESTIMATE, code=1, says=says)
    refused("audit", "invent", CDI, "cases.draw.json", "--out", "new.csv", code=1, says=says)


def test_a_frame_and_a_draw_that_are_not_there_are_slips_of_the_person():
    refused("audit", "verify", "gone.json", code=2, says=["gone.json", "the draw cannot be read"])
    refused("audit", "verify", ".", code=2, says="the draw cannot be read")
    Path("cases.frame.json").unlink()
    for command in (("verify",), ("invent", CDI)):
        out = ("--out", "new.csv") if command[0] == "invent" else ()
        says = ["cases.frame.json", "the frame cannot be read"]
        refused("audit", *command, "cases.draw.json", *out, code=2, says=says)
    refused(*ESTIMATE, code=2, says="the frame cannot be read")


def test_a_frame_and_a_draw_are_not_taken_for_one_another():
    refused("audit", "verify", "cases.frame.json", code=1, says="expected the draw of an audit")
    refused(*ESTIMATE, "--draw", "cases.frame.json", code=1, says="expected the draw of an audit")
    verify = ("audit", "verify", "cases.draw.json", "--frame", "cases.draw.json")
    refused(*verify, code=1, says="expected the frame of an audit")


def add_case(frame):
    frame["strata"][0]["cases"].append("D20")


def leave_out_case(frame):
    del frame["strata"][0]["cases"][-1]


def rename_case(frame):
    frame["strata"][0]["cases"][0] = "D00"


def move_case(frame):
    frame["strata"][1]["cases"].append(frame["strata"][0]["cases"].pop())


def rename_stratum(frame):
    frame["strata"][0]["values"]["incident_type"] = "thefts"


def leave_out_stratum(frame):
    del frame["strata"][0]


def another_hash(frame):
    frame["hash"] = "0" * 64


CHANGES_OF_FRAME = [
    *(add_case, leave_out_case, rename_case, move_case, rename_stratum, leave_out_stratum, another_hash)
]


@pytest.mark.parametrize("change", CHANGES_OF_FRAME)
def test_a_frame_that_was_changed_is_found_out(change):
    edit("cases.frame.json", change)
    says = ["cases.frame.json", "the frame has changed", "as it was when the cases were drawn"]
    refused("audit", "verify", "cases.draw.json", code=1, says=says)
    refused(*ESTIMATE, code=1, says=says)
    refused("audit", "invent", CDI, "cases.draw.json", "--out", "new.csv", code=1, says=says)


def test_a_frame_made_anew_from_a_changed_list_is_not_the_one_drawn_from():
    write("list.csv", listed(["D20", "direct", "theft", ""]))
    done("audit", "frame", *DRAW[2:], "--out", "new.frame.json")
    verified = run("audit", "verify", "cases.draw.json", "--frame", "new.frame.json")
    assert verified.code == 1
    assert "The frame has changed since the draw" in verified.out
    assert "NOT what frame and seed give" in verified.out
    command = ("--frame", "new.frame.json", "--draw", "cases.draw.json")
    refused(*ESTIMATE[:5], *command, code=1, says="The frame has changed since the draw")
    invent = ("audit", "invent", CDI, "cases.draw.json", "--frame", "new.frame.json", "--out", "new.csv")
    refused(*invent, code=1, says="The frame has changed since the draw")


def exchange(draw):
    sample, reserves = draw["strata"][0]["sample"], draw["strata"][0]["reserves"]
    sample[0], reserves[0] = reserves[0], sample[0]


def another_order(draw):
    draw["strata"][1]["sample"].reverse()


def fewer(draw):
    del draw["strata"][1]["sample"][-1]


def no_reserves(draw):
    draw["strata"][0]["reserves"] = []


def another_size(draw):
    draw["size"] = 13


def too_large(draw):
    draw["size"] = 51


def another_seed(draw):
    draw["seed"] = "3 1 5"


def no_seed(draw):
    draw["seed"] = ""


def another_method(draw):
    draw["method"] = "systematic"


def another_frame(draw):
    draw["frame_hash"] = "0" * 64


def another_force(draw):
    draw["force"] = "E23000027"


def another_version(draw):
    draw["version"] = 2


def another_stratum(draw):
    draw["strata"][0]["label"] = "direct / thefts"


def one_stratum_less(draw):
    del draw["strata"][1]


def another_number_of_cases(draw):
    draw["strata"][0]["cases"] = 21


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (exchange, "Stratum 'direct / theft': the sample is not what frame and seed give."),
        (exchange, "Stratum 'direct / theft': the reserve is not what frame and seed give."),
        (another_order, "Stratum 'incident / violence': the sample is not what"),
        (fewer, "Stratum 'incident / violence': the sample is not what"),
        (no_reserves, "Stratum 'direct / theft': the reserve is not what"),
        (another_size, "the sample is not what frame and seed give"),
        (too_large, "cannot give what the draw says was asked of it"),
        (another_seed, "the sample is not what frame and seed give"),
        (no_seed, "expected a seed of text"),
        (another_method, "cannot give what the draw says was asked of it"),
        (another_frame, "The frame has changed since the draw"),
        (another_force, "The draw is of another audit than the frame"),
        (another_version, "The draw is of another audit than the frame"),
        (another_stratum, "The strata are not those of the frame"),
        (one_stratum_less, "The strata are not those of the frame"),
        (another_number_of_cases, "The sizes of the strata are not those of the frame"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_a_draw_that_was_changed_is_found_out(change, says):
    edit("cases.draw.json", change)
    before = everything()
    ran = run("audit", "verify", "cases.draw.json")
    assert ran.code == 1, ran
    assert says in ran.out
    assert "NOT what frame and seed give" in ran.out
    assert everything() == before
    refused(*ESTIMATE, code=1, says=says)
    refused("audit", "invent", CDI, "cases.draw.json", "--out", "new.csv", code=1, says=says)


def test_a_commitment_is_held_to():
    good = done("audit", "verify", "cases.draw.json", "--format", "json").json["commitment"]
    done("audit", "verify", "cases.draw.json", "--commitment", f" {good.upper()} ")
    ran = run("audit", "verify", "cases.draw.json", "--commitment", good[:-1])
    assert ran.code == 1
    assert "The commitment is not that of the draw's frame and seed." in ran.out


@pytest.mark.parametrize("how", ["table", "csv", "json"])
def test_a_draw_without_a_seed_is_found_out_however_it_is_printed(how):
    edit("cases.draw.json", no_seed)
    assert run("audit", "verify", "cases.draw.json", "--format", how).code == 1


@pytest.mark.parametrize(
    ("name", "way", "value"),
    [
        ("draw", ["size"], "twelve"),
        ("draw", ["size"], -1),
        ("draw", ["seed"], 314),
        ("draw", ["strata", 0, "sample"], "D1"),
        ("draw", ["allocation"], None),
        ("draw", ["commitment"], 3),
        ("draw", ["reserve"], "two"),
        ("draw", ["minimum", "direct / theft"], None),
        ("draw", ["strata", 0, "label"], ["direct / theft"]),
        ("frame", ["strata", 0, "cases"], "D1"),
        ("frame", ["strata", 0, "cases"], None),
        ("frame", ["strata", 0, "values"], ["direct", "theft"]),
        ("frame", ["version"], "one"),
        ("frame", ["hash"], None),
        ("frame", ["source"], None),
        ("frame", ["source", "list"], "\ud800"),
        ("frame", ["force"], "Narnia"),
        ("frame", ["from"], "2024-01-01"),
        ("frame", ["strata", 0, "complete"], None),
    ],
)
def test_a_value_of_another_kind_in_a_file_is_wrong_data_and_no_fault_of_the_program(name, way, value):
    def change(content):
        *steps, last = way
        for step in steps:
            content = content[step]
        content[last] = value

    edit(f"cases.{name}.json", change)
    for command in (("audit", "verify", "cases.draw.json"), ESTIMATE):
        ran = run(*command)
        assert ran.code == 1 or way == ["commitment"], ran
        assert "cases." in ran.err or "NOT what frame and seed give" in ran.out or way == ["commitment"]


def test_a_list_that_was_declared_complete_afterwards_is_found_out():
    done(*DRAW, *OF_SEED, "--incomplete", "direct / theft", "--out", "part.csv")
    done("audit", "verify", "part.draw.json")
    edit("part.frame.json", lambda frame: frame["strata"][0].update(complete=True))
    assert run("audit", "verify", "part.draw.json").code == 1


@pytest.mark.parametrize("change", [{"commitment": "0" * 64}, {"commitment": None}])
def test_a_commitment_in_the_file_that_is_not_its_own_is_found_out(change):
    edit("cases.draw.json", lambda draw: draw.update(change))
    assert run("audit", "verify", "cases.draw.json").code == 1


def test_a_commitment_of_nothing_is_not_held_to_be_the_right_one():
    assert run("audit", "verify", "cases.draw.json", "--commitment", "").code != 0
