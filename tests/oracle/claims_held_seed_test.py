"""The published report's prose beside the records that were invented to give its numbers: what agrees, what does not.

Its sentences are read from outside and are not part of the project.
"""

from datetime import UTC, date, datetime

import pytest

from openpeel.claims import Document, Passage, Verdict, check
from openpeel.claims.held import against_held, wanted
from openpeel.claims.reading import read_document
from openpeel.demo import make_nation
from openpeel.figures import compute_figures
from openpeel.lake import Lake, create_release, open_engine
from openpeel.measures.count import count_release
from openpeel.reference.forces import find_force
from openpeel.reference.periods import Period
from seed_rows import EXCEPTIONS, ROWS, SEED, published

PROSE = SEED.parent / "hertfordshire-peel-2023-25.txt"
HERTFORDSHIRE = find_force("hertfordshire")
#: The year of a number where the prose names none.
YEAR = Period.year_ending(date(2024, 3, 31))

pytestmark = pytest.mark.skipif(not PROSE.is_file(), reason="the text of the report is not here")


@pytest.fixture(scope="module")
def prose():
    return read_document(PROSE)


@pytest.fixture(scope="module")
def held(prose, tmp_path_factory):
    folder = tmp_path_factory.mktemp("nation") / "lake"
    make_nation(folder, only=[HERTFORDSHIRE])
    release, _ = create_release(Lake.open(folder), "demo", at=datetime(2024, 6, 1, tzinfo=UTC))
    asked = wanted(prose, YEAR)
    with open_engine("duckdb") as engine:
        counts = count_release(release, {m: None for each in asked.values() for m in each}, engine)
    return [
        f
        for period, measures in asked.items()
        for f in compute_figures(release, counts, period, measures)
        if f.force == HERTFORDSHIRE.code
    ]


def lines_found(held, found):
    """The lines of the report whose number was set beside the figure that stands for it."""
    about = {f.id: (f.measure, f.group) for f in held}
    rows = published()
    return {
        line
        for one in found
        if one.figure
        for line, (measure, group, _) in ROWS.items()
        if about[one.figure] == (measure, group) and int(rows[line]["line"]) == one.claim.place.line
    }


def test_nothing_is_said_to_be_wrong_but_where_the_report_contradicts_itself(prose, held):
    for before in ((), check(prose)):
        found = against_held(prose, before, held, default=YEAR, default_said=True)
        wrong = [
            one for one in found if one.figure and one.verdict in (Verdict.contradicts, Verdict.rounds_wrong)
        ]
        assert lines_found(held, wrong) <= set(EXCEPTIONS)
        assert "stop_search_rate" in lines_found(held, wrong)


def test_most_numbers_are_found_among_the_figures(prose, held):
    alone = lines_found(held, against_held(prose, (), held, default=YEAR))
    assert len(alone) >= 40
    with_claims = lines_found(held, against_held(prose, check(prose), held, default=YEAR))
    assert len(with_claims) >= 38


def test_numbers_that_are_altered_are_found_to_be_wrong_and_no_others(prose, held):
    """Each printed number that was found to be right is altered in turn."""
    right = [
        one
        for one in against_held(prose, (), held, default=YEAR, default_said=True)
        if one.verdict is Verdict.holds
    ]
    told = 0
    for one in right:
        passages = list(prose.passages)
        passage = passages[one.claim.passage]
        start = one.claim.start
        digits = next((i for i in range(start, start + 3) if passage.text[i].isdigit()), None)
        if digits is None:
            continue
        other = "7" if passage.text[digits] != "7" else "4"
        text = passage.text[:digits] + other + passage.text[digits + 1 :]
        passages[one.claim.passage] = Passage(text, passage.starts, passage.places)
        altered = Document(prose.name, tuple(passages))
        wrong = [
            w
            for w in against_held(altered, (), held, default=YEAR, default_said=True)
            if w.verdict in (Verdict.contradicts, Verdict.rounds_wrong)
        ]
        others = [w for w in wrong if (w.claim.passage, w.claim.start) != (one.claim.passage, start)]
        assert lines_found(held, others) <= set(EXCEPTIONS)
        told += len(wrong) > len(others)
    assert told >= len(right) / 4
