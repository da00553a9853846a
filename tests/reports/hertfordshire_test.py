"""The report on Hertfordshire that openpeel brings as an example: all 68 figures, none of them typed, in our own words.

Its figures are resolved against the whole demonstration nation, because it compares the force with all others.
"""

import re
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from demo_audit_figures import ROWS as AUDITED
from openpeel.claims import Verdict, check
from openpeel.claims.reading import read_document
from openpeel.figures import Settings
from openpeel.lake import open_engine
from openpeel.reference.periods import Period
from openpeel.reports.audits_held import Audits
from openpeel.reports.build import report_files
from openpeel.reports.report import Prose
from openpeel.reports.resolve import resolve
from openpeel.reports.source import read_source
from seed_rows import DENOMINATORS, EXCEPTIONS, ROWS, SEED, published

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

#: Printed as a minimum: there may be more.
AT_LEAST = "vsa_outcome18_minimum"

#: What the published report says in words of how the force stands, and how that is told here.
STANDS = {
    "linked_outcome": "in line with",
    "stop_search_rate": "in line with",
    "asb_rate": "in line with",
    "calls_999_rate": "in line with",
    "outcome17_now": "in line with",
    "funding_rate": "in line with",
    "dvpo_breach_rate": "lower than",
    "calls_999_answered": "it is missed",
    "grounds_now": "statistically significant improvement",
}

_ANCHOR = re.compile(r'<a class="figure" href="figure:([^"]+)">([^<]*)</a>')
_NUMBER = re.compile(r"£?([0-9][0-9,]*(?:\.[0-9]+)?)([mk]?)")
_ONES = {"": Decimal(1), "k": Decimal(1_000), "m": Decimal(1_000_000)}

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"


@dataclass(frozen=True)
class Carried:
    """A figure that a reference prints: a measure, its group and period, or the result of an audit in its folder."""

    subject: str
    group: str | None
    of: Period | str


@pytest.fixture(scope="module")
def source():
    return read_source(REPORT)


@pytest.fixture(scope="module")
def resolved(nation, source):
    with open_engine("duckdb") as engine:
        return resolve(
            source,
            nation,
            engine,
            force=None,
            period=source.head.period,
            audits=Audits(nation.lake.root / "audits"),
            settings=Settings(),
            made_on=date(2024, 6, 1),
        )


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


def test_nothing_keeps_the_report_from_being_published(resolved):
    assert [f"line {p.line}: {p}" for p in resolved.problems] == []


def test_each_area_with_a_grade_says_in_words_what_has_to_be_put_right(resolved):
    for chapter in resolved.report.chapters[1:]:
        said = "".join(block.html for block in chapter.blocks if isinstance(block, Prose))
        assert re.search(r"<h3[^>]*>Area for improvement: ", said), chapter.title
        assert ("Cause of concern: " in said) == (chapter.grade == "inadequate")


def test_the_report_says_of_each_chart_and_table_which_it_is(resolved):
    shown = resolved.report.shown
    assert len({s.id for s in shown}) == len(shown)
    assert all(
        sum(s.kind == "chart" for s in chapter.blocks if not isinstance(s, Prose)) >= 2
        for chapter in resolved.report.chapters[1:]
    )


def test_the_annex_is_made_from_where_the_figures_come_from(resolved):
    about = " ".join(text for _, text in resolved.report.about)
    for said in (
        "release 'first'",  # the source
        "the year ending 31 March 2022",  # a period of one figure alone
        "mid-2022",  # the population
        "standard deviation",  # the method
        "Warwickshire",  # a force that is missing from comparisons
        "Crime data integrity",  # an audit
    ):
        assert said in about
    assert "ten areas" in [one.text for one in resolved.report.fixed]  # a number that is no figure
    assert "invented" in resolved.report.warning


def figures_held(report):
    """The id of each figure that the report prints."""
    found = {}
    for cited in report.figures:
        figure = cited.figure
        if cited.audit:
            found[figure.measure.partition("-")[2], figure.group, cited.audit] = figure.id
        else:
            found[figure.measure, figure.group, Period(figure.period_start, figure.period_end)] = figure.id
    return {Carried(*figure): its_id for figure, its_id in found.items()}


def printed_numbers(report):
    """The numbers that the report prints of each figure, in ones: £251.8m is 251800000."""
    found = {}
    for chapter in report.chapters:
        for block in chapter.blocks:
            if isinstance(block, Prose):
                for figure, text in _ANCHOR.findall(block.html):
                    numbers = found.setdefault(figure, set())
                    numbers |= {Decimal(n.replace(",", "")) * _ONES[k] for n, k in _NUMBER.findall(text)}
    return found


def to_its_digits(number, like):
    """A number with as many digits after the point as the text beside it."""
    return str(number.quantize(Decimal(1).scaleb(-len(like.partition(".")[2])), ROUND_HALF_UP))


@pytest.mark.parametrize("row", [*ROWS, *AUDITED])
def test_what_is_printed_is_what_was_published_to_the_printed_digit(resolved, row):
    ids, numbers = figures_held(resolved.report), printed_numbers(resolved.report)
    line = published()[row]
    own = numbers[ids[wanted()[row]]]
    if row == AT_LEAST:
        assert all(n >= Decimal(line["value"]) for n in own)
    elif line["value"]:
        expected = EXCEPTIONS.get(row, line["value"])
        assert expected in {to_its_digits(n, expected) for n in own}
    else:
        assert Decimal(line["numerator"]) in own
        if row in DENOMINATORS:
            _, _, period = ROWS[row]
            parts = [numbers[ids[Carried(measure, group, period)]] for measure, group in DENOMINATORS[row]]
            assert sum(next(iter(part)) for part in parts) == Decimal(line["denominator"])
        else:
            assert Decimal(line["denominator"]) in own
    if line["ci_points"]:
        assert line["ci_points"] in {to_its_digits(n, line["ci_points"]) for n in own}


@pytest.mark.parametrize("row", STANDS)
def test_how_the_force_stands_is_told_as_it_was_published(resolved, row):
    its_id = figures_held(resolved.report)[wanted()[row]]
    assert published()[row]["verdict"]
    assert any(STANDS[row] in told.text for told in resolved.report.told if its_id in told.figures)


def test_the_built_report_claims_nothing_that_does_not_hold(resolved, tmp_path):
    files = report_files(resolved.report, tmp_path / "drawings")
    pages = [name for name in files if name == "report.pdf" or (name.endswith(".html") and "/" not in name)]
    for name in pages:
        (tmp_path / name).write_bytes(files[name])
        found = check(read_document(tmp_path / name))
        assert [
            (name, c.claim.text, c.because)
            for c in found
            if c.verdict in (Verdict.contradicts, Verdict.rounds_wrong)
        ] == []
