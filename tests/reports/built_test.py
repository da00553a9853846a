"""Which report may take the place of one that was built, and what changes between two of them."""

from dataclasses import replace
from datetime import date

import pytest

from openpeel.errors import UseError
from openpeel.reference.forces import find_force
from openpeel.reports.built import RECORD, as_built, hold_to_earlier, read_built, record_of
from openpeel.reports.diff import changed_sentences
from openpeel.reports.report import Correction, Told
from report_sample import sample_report

BEFORE = Correction(date(2021, 5, 31), "Put right before.")
AFTER = Correction(date(2021, 6, 2), "Put right after.")


@pytest.fixture
def published():
    """A report made on 1 June 2021."""
    return replace(sample_report(), corrections=(BEFORE,))


@pytest.fixture
def folder(tmp_path, published):
    (tmp_path / RECORD).write_bytes(record_of(published, ["index.html"]))
    return tmp_path


def later(report, *corrections, release="another"):
    return replace(
        report, release="later", release_id=release, made_on=date(2021, 6, 2), corrections=corrections
    )


def test_a_record_is_read_as_it_was_written(published, folder):
    assert read_built(folder) == replace(as_built(published), name=str(folder))


def test_the_same_release_may_be_built_again(published, folder):
    hold_to_earlier(later(published, BEFORE, release=published.release_id), folder)


def test_another_release_needs_a_correction_that_is_new(published, folder):
    with pytest.raises(UseError, match="a published report keeps its release") as error:
        hold_to_earlier(later(published, BEFORE), folder)
    assert "[[corrections]]" in error.value.advice
    assert "on = 2021-06-02" in error.value.advice
    hold_to_earlier(later(published, BEFORE, AFTER), folder)


def test_a_correction_of_before_the_report_was_made_is_none_of_it(published, folder):
    old = Correction(date(2021, 5, 31), "Another one.")
    with pytest.raises(UseError, match="keeps its release"):
        hold_to_earlier(later(published, BEFORE, old), folder)


def test_a_correction_that_was_published_stays(published, folder):
    with pytest.raises(UseError, match="carries a correction of 2021-05-31"):
        hold_to_earlier(later(published, AFTER), folder)


def test_no_correction_is_of_the_future(published, tmp_path):
    with pytest.raises(UseError, match="dated after the day of the report"):
        hold_to_earlier(replace(published, corrections=(AFTER,)), tmp_path)


def test_a_report_on_another_force_needs_another_folder(published, folder):
    with pytest.raises(UseError, match="another force"):
        hold_to_earlier(replace(later(published, BEFORE, AFTER), force=find_force("kent")), folder)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"force": 5', "[" * 100_000])
def test_a_record_that_was_spoilt_is_no_report(folder, content):
    (folder / RECORD).write_text(content)
    with pytest.raises(UseError, match="expected what 'openpeel report build' writes"):
        read_built(folder)


def test_a_sentence_changes_with_its_figure_and_not_with_the_words_beside_it(published):
    first, second = published.figures[0].figure, published.figures[1].figure
    told = (
        Told("A.", (first.id,), ("rate",), "Summary", 3),
        Told("B.", (first.id, second.id), ("rate", "linked"), "Powers", 9),
        Told("C.", (second.id,), ("linked",), "Powers", 10),
    )
    one = replace(published, told=told)
    changed = replace(second, id="new", value=(second.value or 0) + 1.5, release="r2")
    same = replace(first, id="other", release="r2", definition="x")
    cited = (
        replace(published.figures[0], figure=same),
        replace(published.figures[1], figure=changed),
        *published.figures[2:],
    )
    two = replace(
        one,
        figures=cited,
        told=(
            Told("A new sentence.", (changed.id,), ("linked",), "Summary", 3),
            Told("A, reworded.", (same.id,), ("rate",), "Summary", 4),
            Told("B 2.", (same.id, changed.id), ("rate", "linked"), "Powers", 12),
        ),
    )
    found = changed_sentences(as_built(one), as_built(two))
    assert [(c.before, c.after, [f.key for f in c.figures]) for c in found] == [
        ("", "A new sentence.", ["linked"]),
        ("B.", "B 2.", ["linked"]),
        ("C.", "", ["linked"]),
    ]
    assert found[1].figures[0].difference == pytest.approx(1.5)
    assert changed_sentences(as_built(one), as_built(one)) == []
