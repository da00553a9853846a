"""What the page about a force is put together from: prose, notes, the account of the data, and the warning."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from openpeel.demo import generate
from openpeel.figures import Settings, compute_figures
from openpeel.intake.load import load
from openpeel.lake import Lake, create_release, open_engine
from openpeel.measures import find_measure
from openpeel.measures.count import count_release
from openpeel.measures.powers import MEASURES
from openpeel.publishing.assemble import INVENTED, assemble
from openpeel.publishing.page import write_page
from openpeel.reference.forces import find_force
from openpeel.reference.periods import Period

YEAR = Period.year_ending(date(2021, 3, 31))


@pytest.fixture(scope="module")
def frozen(tmp_path_factory):
    """A small invented nation, counted: the release and the figures of all forces."""
    folder = tmp_path_factory.mktemp("assemble")
    generate(folder / "nation", seed=1, ending=date(2021, 4, 30), months=13, size=0.05)
    lake = Lake.open(folder / "lake", create=True)
    load(lake, [folder / "nation"])
    release, _ = create_release(lake, "nation", at=datetime(2026, 1, 1, tzinfo=UTC))
    with open_engine("duckdb") as engine:
        counts = count_release(release, MEASURES, engine)
    return release, compute_figures(release, counts, YEAR, MEASURES)


def about(frozen, force, settings=None):
    release, figures = frozen
    chosen = find_force(force)
    return assemble(
        release, figures, MEASURES, chosen, YEAR, settings=settings or Settings(), made_on=date(2026, 1, 1)
    )


def section(inspection, measure):
    return next(s for s in inspection.sections if s.measure == measure)


def test_there_is_a_heading_for_every_measure(frozen):
    assert [s.measure for s in about(frozen, "kent").sections] == [m.id for m in MEASURES]


def test_the_finding_comes_before_the_comparison(frozen):
    first, second, third = section(about(frozen, "kent"), "searches_per_1000").sentences
    assert first.startswith("In the year ending 31 March 2021, Kent Police recorded ")
    assert "the mean of the" in second
    assert "the value of all forces counted taken together" in third


def test_a_page_of_invented_records_says_so_before_anything_else(frozen, tmp_path):
    inspection = about(frozen, "kent")
    assert inspection.warning == INVENTED
    write_page(inspection, tmp_path / "page")
    html = (tmp_path / "page" / "index.html").read_text(encoding="utf-8")
    assert html.index(INVENTED) < html.index("<h1")


def test_a_page_of_real_records_has_no_warning(frozen):
    release, figures = frozen
    real = replace(release, returns=tuple(replace(r, defects=()) for r in release.returns))
    inspection = assemble(
        real, figures, MEASURES, find_force("kent"), YEAR, settings=Settings(), made_on=date(2026, 1, 1)
    )
    assert inspection.warning == ""


def test_every_invented_figure_says_so_wherever_it_is_copied_to(frozen):
    held = [f for f in frozen[1] if f.coverage.months_present]
    assert all(f.coverage.note.startswith("Counted from invented records.") for f in held)


def test_the_data_are_accounted_for_month_by_month_and_the_month_after_for_its_early_hours(frozen):
    rows = about(frozen, "kent").quality
    assert [r.month for r in rows] == [*(str(m) for m in YEAR.months()), "2021-04"]
    assert all(r.rows == r.accepted + r.rejected for r in rows)
    assert rows[0].file == "2020-04-kent-stop-and-search.csv", "no folder of the machine it was loaded on"


def test_defects_are_named(frozen):
    defects = [d for r in about(frozen, "durham").quality for d in r.defects]
    assert any(d.startswith("fraction of second: ") for d in defects)


def test_missing_months_are_told_first(frozen):
    notes = about(frozen, "norfolk").quality_notes
    assert notes[0] == "The release holds no return for October 2020 to December 2020."


def test_a_force_that_sent_nothing_still_has_a_page(frozen, tmp_path):
    inspection = about(frozen, "warwickshire")
    write_page(inspection, tmp_path / "page")
    assert "no return" in section(inspection, "searches").sentences[0]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (Settings(), "that of a sample (n − 1)"),
        (Settings(sd="population"), "that of a population (n)"),
        (Settings(), "City of London is left out"),
        (Settings(leave_out=()), "for all 12 months, and no comparison is made among fewer than 10 forces."),
        (Settings(leave_out=("E23000032",)), "Left out on request: Kent."),
        (Settings(months=10), "for 10 of the 12 months"),
    ],
)
def test_the_choices_in_comparing_forces_are_printed(frozen, settings, said):
    assert said in about(frozen, "kent", settings).rule


def test_where_nobody_is_left_out_nobody_is_named(frozen):
    assert "left out" not in about(frozen, "kent", Settings(leave_out=())).rule.lower()


def test_the_source_names_the_release(frozen):
    source = section(about(frozen, "kent"), "searches_per_1000").source
    assert frozen[0].id in source
    assert "mid-2020" in source
    assert source.startswith("Invented records, in place of ")


def test_no_file_of_the_page_holds_the_folder_the_records_were_loaded_from(frozen, tmp_path):
    write_page(about(frozen, "kent"), tmp_path / "page")
    folder = str(Path(frozen[0].lake.root).parent)
    for path in (tmp_path / "page").rglob("*.*"):
        assert folder not in path.read_text(encoding="utf-8")


def test_a_page_says_what_it_is_about_where_that_is_one_kind_of_record(frozen):
    release, figures = frozen
    of_both = (*MEASURES, find_measure("calls_999_per_1000"))
    pages = [
        assemble(
            release,
            figures,
            measures,
            find_force("kent"),
            YEAR,
            settings=Settings(),
            made_on=date(2026, 1, 1),
        )
        for measures in (MEASURES, of_both)
    ]
    assert [page.subject for page in pages] == ["stop and search", ""]
