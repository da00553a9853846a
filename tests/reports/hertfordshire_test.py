"""The report on Hertfordshire that openpeel brings as an example: all 68 figures, none of them typed, in our own words.

Its figures are resolved against the whole demonstration nation, because it compares the force with all others.
"""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from demo_audit_figures import ROWS as AUDITED
from openpeel.reference.periods import Period
from openpeel.reports.source import read_source
from seed_rows import ROWS, SEED, published

REPORT = Path(__file__).parents[2] / "examples" / "hertfordshire" / "report.md"
PUBLISHED = SEED.with_name("hertfordshire-peel-2023-25.txt")

#: The areas of policing, as this report calls them, and the grades that were published.
GRADES = {
    "Service to victims": None,
    "Recording crime": "inadequate",
    "Police powers and fair treatment": "adequate",
    "Preventing crime and antisocial behaviour": "good",
    "Responding to the public": "requires improvement",
    "Investigating crime": "requires improvement",
    "Protecting vulnerable people": "requires improvement",
    "Managing offenders and suspects": "adequate",
    "Building and protecting the workforce": "adequate",
    "Leadership and management": "requires improvement",
}

#: So many words in a row may be the same by chance, or be the name of something.
LONGEST_IN_COMMON = 5

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"


@dataclass(frozen=True)
class Carried:
    """A figure that a reference prints: a measure with its group and period, or the result of an audit in its folder."""

    subject: str
    group: str | None
    of: Period | str


@pytest.fixture(scope="module")
def source():
    return read_source(REPORT)


def carried(reference, year):
    """Which figure a reference prints."""
    if audit := reference.option("audit"):
        return Carried(reference.subject, reference.option("group"), audit)
    ending, start = reference.option("ending"), reference.option("start")
    period = Period.year_ending(date.fromisoformat(ending)) if ending else year
    if start:
        period = Period(date.fromisoformat(start), period.end)
    return Carried(reference.subject, reference.option("group"), period)


def wanted():
    """Which figure each row of the published table is."""
    counted = {row: Carried(measure, group, period) for row, (measure, group, period) in ROWS.items()}
    return counted | {row: Carried(result, None, audit) for row, (audit, result) in AUDITED.items()}


def test_every_figure_of_the_published_report_is_carried_by_a_reference(source, capsys):
    year = source.head.period
    printed = {carried(r, year) for r in source.references if r.name not in ("chart", "table", "fixed")}
    found = {row for row, figure in wanted().items() if figure in printed}
    with capsys.disabled():
        print(f" {len(found)} of {len(published())} published figures are carried by a reference ")
    assert found == set(published())


def test_the_ten_areas_have_the_grades_that_were_published(source):
    assert {c.title.plain: c.grade for c in source.chapters[1:]} == GRADES
    assert source.chapters[0].slug == "summary"


def test_the_report_says_first_that_it_is_about_nobody(source):
    said = " ".join(passage.plain for passage in list(source.chapters[0].passages)[:3])
    assert "not an inspection" in said
    assert "invented" in said


def words(text):
    """The words of a text in lower case, with '|' for each reference and date: these belong to nobody."""
    text = re.sub(r"\{\{.*?\}\}", " | ", text, flags=re.DOTALL)
    text = re.sub(rf"(?:[0-9]{{1,2}} )?(?:{_MONTHS}) [0-9]{{4}}", " | ", text)
    return re.findall(r"[\w'-]+|\|", text.replace("’", "'").lower())


def in_common(ours, theirs, longer_than):
    """The runs of words that two texts have in common, where they are longer than so many words."""
    size = longer_than + 1
    there = {tuple(theirs[i : i + size]) for i in range(len(theirs) - size + 1)}
    runs = (tuple(ours[i : i + size]) for i in range(len(ours) - size + 1))
    return [" ".join(run) for run in runs if run in there and "|" not in run]


def test_no_sentence_is_taken_from_the_published_report():
    if not PUBLISHED.is_file():
        pytest.skip("the published report is not here")
    theirs = words(PUBLISHED.read_text(encoding="utf-8"))
    assert in_common(words(REPORT.read_text(encoding="utf-8")), theirs, LONGEST_IN_COMMON) == []


def test_a_sentence_that_was_taken_would_be_noticed():
    theirs = words("In most cases, the officers and staff took personal statements from victims.")
    ours = words("We saw that officers and staff took personal statements {{ share('x') }} of the time.")
    assert in_common(ours, theirs, LONGEST_IN_COMMON) == ["officers and staff took personal statements"]
    assert (
        in_common(words("officers and staff took {{ x }} personal statements"), theirs, LONGEST_IN_COMMON)
        == []
    )
