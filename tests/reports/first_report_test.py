"""What the tutorial on the first report has its reader do, on as much of the nation as it takes."""

import re
from pathlib import Path

import pytest

from command_line import done, run
from openpeel.demo import make_nation
from openpeel.reference.forces import find_force

ROOT = Path(__file__).parents[2]
TUTORIAL = (ROOT / "docs" / "tutorials" / "first-report.md").read_text(encoding="utf-8")
EXAMPLE = ROOT / "examples" / "hertfordshire"
CORRECTED = EXAMPLE / "invented-hertfordshire-finance.csv"
BLOCKS = re.findall(r"^```\n(.*?)^```", TUTORIAL, re.DOTALL | re.MULTILINE)

MONEY = """+++
title = "Money"
force = "hertfordshire"
ending = "2024-03-31"
+++

Reserves stood at {{ money("reserves", ending="2023-03-31") }} at the end of March 2023. The general reserve was
{{ money("general_reserve") }} a year later.
"""


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tutorial") / "lake"
    make_nation(folder, only=[find_force("hertfordshire")], standards=["finance"])
    done("release", "create", "demo", "--lake", folder)
    return folder


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "money.md"
    path.write_text(MONEY, encoding="utf-8")
    return path


def test_a_corrected_return_changes_the_sentence_that_prints_it_and_no_other(lake, source):
    months = re.search(r"--month (\S+)", TUTORIAL)[1]
    loaded = done("load", CORRECTED, "--month", months, "--lake", lake)
    assert "1 record new, 1 gone" in loaded.said
    done("release", "create", "corrected", "--lake", lake)
    found = done("report", "diff", "demo", "corrected", "--report", source, "--lake", lake)
    told = next(block for block in BLOCKS if block.startswith("Leadership and management"))
    before, after = re.findall(r"[-+] (Reserves .*)", told)
    assert before in found.said
    assert after in found.said
    assert "general reserve" not in found.said


def test_a_typed_number_and_a_typed_comparison_stop_a_report_and_nothing_is_written(lake, source, tmp_path):
    typed = next(block for block in BLOCKS if block.startswith("A caller waited 10"))
    source.write_text(f"{MONEY}\n{typed}", encoding="utf-8")
    ran = run("report", "build", source, "--release", "demo", "--lake", lake, "--out", tmp_path / "out")
    assert ran.code == 1
    for said in ("the number '10' is typed", "'in line with' compares", "2 things stop this report"):
        assert said in ran.said
        assert said in TUTORIAL
    assert not (tmp_path / "out").exists()


def test_what_the_tutorial_shows_of_the_example_stands_in_it():
    example = (EXAMPLE / "report.md").read_text(encoding="utf-8")
    shown = next(block for block in BLOCKS if "calls_999_answered_in_10_seconds" in block)
    assert shown.strip() in example


def test_what_the_tutorial_says_of_claims_is_what_is_said(tmp_path):
    written = next(block for block in BLOCKS if block.startswith("Of those who answered"))
    (tmp_path / "said.txt").write_text(written, encoding="utf-8")
    found = run("claims", tmp_path / "said.txt")
    told = next(block for block in BLOCKS if block.startswith("said.txt"))
    alone = told.partition("\n\n")[0]  # the other is held against a release
    assert alone in found.out.replace(str(tmp_path) + "/", "")
