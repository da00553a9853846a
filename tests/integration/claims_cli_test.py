"""Claims on the command line: what is found in files of every kind, and what people and programs are told of it."""

import csv
import io

import pytest

from command_line import done, run
from document_sample import docx_of, paragraph, pdf_of, written
from invented_records import write_year

RIGHT = "In the survey, 86 of 529 people (16.3 percent) said so."
WRONG = "In the survey, 86 of 529 people (16.2 percent) said so."
BARE = "The force has 157 special constables."


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    """A year of Kent: 360 searches. Tests only read it."""
    folder = tmp_path_factory.mktemp("claims")
    write_year(folder / "files", ("kent",), count=30)
    done("load", folder / "files", "--lake", folder / "lake")
    done("release", "create", "spring", "--lake", folder / "lake")
    return folder / "lake"


def test_what_does_not_hold_is_listed_with_its_place_its_arithmetic_and_what_would_be_right(tmp_path):
    path = written(tmp_path, "report.txt", f"{BARE}\n\n{WRONG}\n")
    ran = run("claims", path)
    assert ran.code == 1
    assert "report.txt, line 3, column" in ran.out
    assert "rounds wrong" in ran.out
    assert "86 ÷ 529" in ran.out
    assert "16.3 percent" in ran.out
    assert "157" not in ran.out
    *_, last = ran.out.strip().splitlines()
    assert last == "2 claims: 0 hold, 1 rounds wrong, 0 contradict, 1 cannot be checked"


def test_a_report_whose_claims_hold_leaves_with_0_and_says_how_many_there_were(tmp_path):
    path = written(tmp_path, "report.md", f"# Report\n\n{RIGHT}\n")
    ran = done("claims", path)
    assert ran.out.strip().endswith("1 claim: 1 holds, 0 round wrong, 0 contradict, 0 cannot be checked")


def test_all_claims_are_listed_when_asked(tmp_path):
    path = written(tmp_path, "report.txt", f"{BARE}\n\n{RIGHT}\n")
    out = done("claims", path, "--all").out
    assert "line 1, column 15: cannot be checked" in out
    assert ": holds" in out


@pytest.mark.parametrize("ending", ["txt", "md", "html", "pdf", "docx"])
def test_the_same_claim_is_found_in_every_kind_of_file(tmp_path, ending):
    content = {
        "txt": WRONG,
        "md": WRONG.replace("(16.2", "\n(**16.2**"),
        "html": f"<html><p>{WRONG}</p>",
        "pdf": pdf_of(f"<p>{WRONG}</p>"),
        "docx": docx_of(paragraph(WRONG)),
    }[ending]
    ran = run("claims", written(tmp_path, f"report.{ending}", content), "--format", "json")
    assert ran.code == 1
    assert ran.json["counts"]["rounds wrong"] == 1
    (found,) = [claim for claim in ran.json["claims"] if claim["verdict"] == "rounds wrong"]
    assert found["page"] == (1 if ending == "pdf" else None)
    assert found["right"] == "16.3 percent"


def test_a_word_document_is_told_by_paragraphs(tmp_path):
    path = written(tmp_path, "report.docx", docx_of(paragraph("Heading") + paragraph(WRONG)))
    assert "report.docx, paragraph 2, column" in run("claims", path).out


def test_programs_get_every_claim_with_every_field(tmp_path):
    one = written(tmp_path, "one.txt", WRONG)
    two = written(tmp_path, "two.txt", BARE)
    ran = run("claims", one, two, "--format", "json")
    rows = list(csv.DictReader(io.StringIO(run("claims", one, two, "--format", "csv").out)))
    assert ran.code == 1
    assert [row["file"] for row in rows] == ["one.txt", "two.txt"]
    assert list(rows[0]) == list(ran.json["claims"][0])
    assert sum(ran.json["counts"].values()) == len(rows) == 2
    for row, claim in zip(rows, ran.json["claims"], strict=True):
        text = {"one.txt": WRONG, "two.txt": BARE}[claim["file"]]
        assert row["text"] == claim["text"] == text[claim["start"] : claim["start"] + claim["length"]]
        assert claim["column"] == claim["start"] + 1


def test_prose_without_a_claim_has_none(tmp_path):
    path = written(tmp_path, "report.txt", "Nothing is counted here.")
    assert done("claims", path).out.startswith("0 claims: 0 hold")
    assert done("claims", path, "--format", "json").json["claims"] == []
    assert done("claims", path, "--format", "csv").out.startswith("file,page,line,column,")


def test_claims_are_set_beside_the_records_of_a_force(tmp_path, lake):
    right = "In the year ending 31 March 2021, the force carried out 360 stop and searches."
    path = written(tmp_path, "report.txt", f"{right}\n\n{right.replace('360', '380')}\n")
    ran = run("claims", path, "--release", "spring", "--lake", lake, "--force", "kent", "--format", "json")
    held, not_held = ran.json["claims"]
    assert (held["verdict"], not_held["verdict"]) == ("holds", "contradicts")
    assert not_held["right"] == "360"
    assert ran.code == 1
    assert done("explain", held["figure"], "--lake", lake).code == 0


def test_an_unnamed_year_is_the_one_that_is_asked_for(tmp_path, lake):
    path = written(tmp_path, "report.txt", "The force carried out 380 stop and searches.")
    beside = ("claims", path, "--release", "spring", "--lake", lake, "--force", "kent")
    assert done(*beside).code == 0
    assert run(*beside, "--ending", "2021-03-31").code == 1


def test_a_release_without_a_force_is_wrong_use(tmp_path, lake):
    path = written(tmp_path, "report.txt", BARE)
    for one in (("--release", "spring"), ("--force", "kent")):
        ran = run("claims", path, "--lake", lake, *one)
        assert ran.code == 2
        assert "both --release and --force" in ran.said


@pytest.mark.parametrize(
    ("name", "content", "code", "said"),
    [
        ("a.pdf", b"%PDF-1.4 cut", 1, "cut short or damaged"),
        ("a.txt", "It cost £5.".encode("cp1252"), 1, "--encoding cp1252"),
        ("a.doc", b"old", 2, ".docx"),
        ("a.txt", None, 2, "no such file"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_in_words_and_nothing_is_printed(
    tmp_path, name, content, code, said
):
    good = written(tmp_path, "good.txt", WRONG)
    bad = tmp_path / name if content is None else written(tmp_path, name, content)
    ran = run("claims", good, bad)
    assert (ran.code, ran.out) == (code, "")
    assert said in ran.said
    assert "unexpectedly" not in ran.said


def test_a_folder_is_told(tmp_path):
    ran = run("claims", tmp_path)
    assert ran.code == 2
    assert "a folder" in ran.said


def test_an_encoding_may_be_named(tmp_path):
    path = written(tmp_path, "a.txt", WRONG.replace("said so", "paid £5").encode("cp1252"))
    assert run("claims", path, "--encoding", "cp1252").code == 1
    assert run("claims", path, "--encoding", "nonsense").code == 2


def test_pages_that_could_not_be_read_are_told(tmp_path):
    picture = "<div style='break-before: page'><svg width='50' height='50'><rect width='40' height='40'/></svg></div>"
    path = written(tmp_path, "a.pdf", pdf_of(f"<p>{RIGHT}</p>{picture}"))
    assert "1 page (2) holds pictures and no text" in done("claims", path).out
    assert len(done("claims", path, "--format", "json").json["notes"]) == 1


def test_what_a_report_says_can_neither_steer_the_terminal_nor_be_a_formula(tmp_path):
    path = written(tmp_path, "a.html", "<html><p>=86 of 529 (16.2 percent) \x1b[31mred of 10")
    assert "\x1b[31m" not in run("claims", path, "--all").out
    rows = list(csv.DictReader(io.StringIO(run("claims", path, "--format", "csv").out)))
    assert not [row["text"] for row in rows if row["text"].startswith("=")]
