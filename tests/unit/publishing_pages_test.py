"""Several pages about a force: which there are, what the first says of the others, and which charts are drawn."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from openpeel.errors import UseError
from openpeel.figures.figure import Figure, OwnLimits, Verdict
from openpeel.figures.own_past import Change, PastVerdict, PeriodValue
from openpeel.figures.trend import Trend
from openpeel.measures import MEASURES
from openpeel.publishing import drawing
from openpeel.publishing.charts import forces_chart
from openpeel.publishing.control_charts import funnel_chart
from openpeel.publishing.matters import RULE, matter, moved, stands_apart
from openpeel.publishing.page import Inspection, write_page
from openpeel.publishing.pages import arrange_pages
from openpeel.publishing.view import area_title
from openpeel.standards import load_standard
from openpeel.standards.standard import load_code_list
from publishing_sample import PERIOD, across_areas, completed, sample_inspection, sample_trend, with_limits

PAGES = {"index.html", "powers.html", "prevention.html", "data.html"}


@pytest.fixture(scope="module")
def inspection() -> Inspection:
    return across_areas(completed(sample_inspection()))


@pytest.fixture(scope="module")
def folder(inspection: Inspection, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("several") / "page"
    write_page(inspection, out)
    return out


def own(inspection: Inspection, section: int = 0) -> Figure:
    figures = inspection.sections[section].groups[0].figures
    return next(figure for figure in figures if figure.force == inspection.force.code)


def in_range(figure: Figure) -> Figure:
    """The figure where no method finds it outside."""
    compared = replace(figure.comparison, verdict="in range", control=OwnLimits(), overdispersed=OwnLimits())
    return replace(figure, comparison=compared)


def text_of(path: Path) -> str:
    html = path.read_text(encoding="utf-8")
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html[html.index("<main") :])).split())


def test_there_is_a_page_for_each_area_one_about_the_data_and_a_first_one(folder: Path) -> None:
    assert {path.name for path in folder.glob("*.html")} == PAGES


def test_records_of_one_kind_make_one_page(tmp_path: Path) -> None:
    one = sample_inspection()
    write_page(replace(one, sections=one.sections[:1]), tmp_path / "page")
    assert [path.name for path in (tmp_path / "page").glob("*.html")] == ["index.html"]


def test_every_link_within_the_folder_leads_somewhere(folder: Path) -> None:
    ids = {
        path.name: set(re.findall(r' id="([^"]+)"', path.read_text(encoding="utf-8")))
        for path in folder.glob("*.html")
    }
    links = [
        (path.name, *href.partition("#")[::2])
        for path in folder.glob("*.html")
        for href in re.findall(r'href="([^"]+)"', path.read_text(encoding="utf-8"))
        if not href.startswith("data:")
    ]
    assert len(links) > 20
    for page, file, anchor in links:
        assert (folder / (file or page)).is_file()
        assert not anchor or anchor in ids[file or page], (page, file, anchor)


def test_no_id_stands_twice_on_a_page(folder: Path) -> None:
    for path in folder.glob("*.html"):
        ids = re.findall(r' id="([^"]+)"', path.read_text(encoding="utf-8"))
        assert len(ids) == len(set(ids))


def test_every_chart_is_shown_once_and_every_one_shown_is_there(folder: Path) -> None:
    shown = [
        name
        for path in folder.glob("*.html")
        for name in re.findall(r'(?:src|srcset)="(charts/[^"]+)"', path.read_text(encoding="utf-8"))
    ]
    assert sorted(shown) == sorted(f"charts/{path.name}" for path in (folder / "charts").iterdir())


def test_each_figure_of_the_force_is_on_one_page_with_its_id(folder: Path, inspection: Inspection) -> None:
    pages = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.html")}
    for section in inspection.sections:
        for group in section.groups:
            figure = next(f for f in group.figures if f.force == inspection.force.code)
            on = [name for name, html in pages.items() if f"openpeel explain {figure.id}" in html]
            assert on == [f"{section.area}.html"]


def test_the_first_page_counts_how_the_figures_of_an_area_stand(inspection: Inspection, folder: Path) -> None:
    verdicts = [
        f.comparison.verdict
        for section in inspection.sections
        if section.area == "prevention"
        for group in section.compared
        for f in group.figures
        if f.force == inspection.force.code
    ]
    said = ", ".join(
        f"{verdicts.count(verdict)} {word}"
        for verdict, word in (("above", "above"), ("below", "below"), ("in range", "within"))
        if verdict in verdicts
    )
    said = " and ".join(said.rsplit(", ", 1))
    expected = f"2 measures. {len(verdicts)} headline figures are compared with the range of other forces: {said} it."
    assert expected in text_of(folder / "index.html")
    assert expected in text_of(folder / "prevention.html")


def test_every_page_is_of_the_force_and_the_period_and_warns_of_invented_records(
    inspection: Inspection, tmp_path: Path
) -> None:
    write_page(replace(inspection, warning="All of this is invented."), tmp_path / "page")
    for path in (tmp_path / "page").glob("*.html"):
        said = text_of(path)
        assert "Hertfordshire Constabulary, the year ending 31 March 2021" in said
        assert said.index("All of this is invented.") < 100


def test_the_rule_by_which_charts_are_drawn_is_on_the_first_page(folder: Path) -> None:
    assert RULE in text_of(folder / "index.html")


@pytest.mark.parametrize("verdict", ["above", "below"])
def test_a_chart_of_forces_is_drawn_outside_the_band_and_outside_the_wider_limits(
    inspection: Inspection, verdict: Verdict
) -> None:
    quiet = in_range(own(inspection))
    assert not stands_apart(quiet)
    assert stands_apart(replace(quiet, comparison=replace(quiet.comparison, verdict=verdict)))
    wide = replace(quiet.comparison, overdispersed=OwnLimits(1.0, 2.0, verdict))
    assert stands_apart(replace(quiet, comparison=wide))
    chance = replace(quiet.comparison, control=OwnLimits(1.0, 2.0, verdict))
    assert not stands_apart(replace(quiet, comparison=chance))


def test_a_chart_of_forces_is_drawn_where_a_standard_is_set_and_there_is_a_value(
    inspection: Inspection,
) -> None:
    held = replace(in_range(own(inspection)), limit=1.0, limit_rule="at least", limit_met=True)
    assert stands_apart(held)
    assert not stands_apart(replace(held, value=None))


def changed(trend: Trend, verdict: PastVerdict) -> Trend:
    now, before = (PeriodValue(PERIOD, 1.0, 10.0, value, False, 12, 12) for value in (5.5, 7.0))
    change = Change(verdict, "", "ratio", 0.79, 0.7, 0.9, 0.95, now, before)
    return replace(trend, change=change)


def test_months_are_drawn_after_a_rise_a_fall_or_a_month_of_the_last_twelve_that_stands_out(
    inspection: Inspection,
) -> None:
    trend = sample_trend(own(inspection))
    assert moved(trend)
    calm = replace(trend, months=tuple(replace(m, signals=()) for m in trend.months))
    assert not moved(calm)
    long_ago = replace(calm, months=(replace(calm.months[0], signals=("outside",)), *calm.months[1:]))
    assert not moved(long_ago)
    assert moved(changed(calm, "rise"))
    assert moved(changed(calm, "fall"))
    assert not moved(changed(calm, "no significant change"))
    assert not moved(replace(trend, no_lines_because="there are too few months"))
    assert not moved(None)


def test_a_measure_in_which_nothing_stands_out_has_its_sentences_and_table_and_no_chart(
    inspection: Inspection, tmp_path: Path
) -> None:
    section = inspection.sections[0]
    group = section.groups[0]
    figures = tuple(in_range(f) if f.force == inspection.force.code else f for f in group.figures)
    quiet = replace(section, groups=(replace(group, figures=figures),), trend=None, trend_sentences=())
    write_page(replace(inspection, sections=(quiet,)), tmp_path / "page")
    html = (tmp_path / "page" / "powers.html").read_text(encoding="utf-8")
    assert "<img" not in html
    assert not (tmp_path / "page" / "charts").exists()
    assert quiet.sentences[0] in unescape(html)
    assert "Show the figures of every force" in html
    assert "Nothing stands out by the rule" in text_of(tmp_path / "page" / "index.html")


def test_what_matters_is_said_in_a_line_worst_first(inspection: Inspection) -> None:
    section = inspection.sections[0]
    figure = replace(in_range(own(inspection)), value=5.5, limit=6.0, limit_rule="at least", limit_met=False)
    figure = replace(figure, comparison=replace(figure.comparison, verdict="below", mean=6.8))
    trend = changed(sample_trend(figure), "fall")
    assert matter(replace(section, trend=trend), (figure,)) == (
        " (5.5): misses the standard (at least 6.0); below the range of forces, whose mean is 6.8; "
        "a fall from 7.0 to 5.5 on the year before; 1 of the last 12 months stands out."
    )


def test_a_standard_that_is_missed_stands_first_in_its_area(inspection: Inspection) -> None:
    *before, last = [replace(section, area="powers") for section in inspection.sections[:2]]
    figures = tuple(
        replace(f, limit=99.0, limit_rule="at least", limit_met=False) for f in last.groups[0].figures
    )
    last = replace(last, groups=(replace(last.groups[0], figures=figures),))
    chapter = arrange_pages(replace(inspection, sections=(*before, last))).chapters[0]
    assert [one.title for one in chapter.matters] == [last.title, before[0].title]


def test_nothing_is_said_of_what_is_withheld_or_in_range(inspection: Inspection) -> None:
    section = replace(inspection.sections[0], trend=None)
    assert matter(section, (in_range(own(inspection)),)) == ""
    none = replace(in_range(own(inspection)), value=None, lower=None, upper=None, method="withheld")
    assert matter(section, (none,)) == ""


def test_groups_in_which_nothing_was_counted_are_named_in_a_sentence(
    inspection: Inspection, tmp_path: Path
) -> None:
    section = inspection.sections[2]
    kept, *others = section.groups
    empty = tuple(
        replace(g, figures=tuple(in_range(replace(f, value=0.0, numerator=0)) for f in g.figures))
        for g in others
    )
    write_page(replace(inspection, sections=(replace(section, groups=(kept, *empty)),)), tmp_path / "page")
    html = (tmp_path / "page" / "powers.html").read_text(encoding="utf-8")
    assert f"Nothing was counted in: {', '.join(g.title for g in empty)}." in text_of(
        tmp_path / "page" / "powers.html"
    )
    rows = re.findall(r'<tr>\s*<th scope="row">([^<]+)</th>', html)
    assert rows == [kept.title]


def test_the_account_of_the_data_leaves_out_what_is_withheld(inspection: Inspection) -> None:
    first, second, *_ = inspection.quality
    hidden = replace(first, rows=None, accepted=None, rejected=None, duplicates=None)
    pages = arrange_pages(replace(inspection, quality=(hidden, second)))
    assert pages.handed_in == (
        "Hertfordshire Constabulary handed in 2 files of 2 kinds of record, with 601 rows: 600 were accepted and "
        "1 rejected. The rows of 1 of the files are few, and not told."
    )


def test_the_page_about_the_data_adds_up_each_kind_of_record(folder: Path, inspection: Inspection) -> None:
    said = text_of(folder / "data.html")
    assert "Hertfordshire Constabulary handed in 12 files of 2 kinds of record, with 7,212 rows" in said
    assert "Stop and search 2020-04 to 2021-02 6 files 3,606 3,600 6 12" in said
    for row in inspection.quality:
        assert row.file in said


def test_the_same_inspection_makes_the_same_bytes(
    folder: Path, inspection: Inspection, tmp_path: Path
) -> None:
    write_page(inspection, tmp_path / "page")
    first, second = (
        {p.relative_to(f).as_posix(): p.read_bytes() for p in f.rglob("*") if p.is_file()}
        for f in (folder, tmp_path / "page")
    )
    assert first == second


def test_an_earlier_page_of_other_areas_is_replaced_as_a_whole(
    folder: Path, inspection: Inspection, tmp_path: Path
) -> None:
    out = tmp_path / "page"
    write_page(inspection, out)
    other = tuple(replace(section, area="workforce") for section in inspection.sections[:1])
    write_page(replace(inspection, sections=other), out)
    assert {path.name for path in out.glob("*.html")} == {"index.html", "workforce.html", "data.html"}


def test_somebody_elses_page_beside_an_earlier_one_is_not_lost(
    inspection: Inspection, tmp_path: Path
) -> None:
    out = tmp_path / "page"
    one = replace(inspection, sections=inspection.sections[:1])
    write_page(one, out)
    (out / "mine.html").write_text("<p>mine</p>")
    with pytest.raises(UseError, match=r"mine\.html"):
        write_page(one, out)
    assert (out / "mine.html").read_text() == "<p>mine</p>"


def test_charts_drawn_by_several_processes_are_those_drawn_by_one(inspection: Inspection) -> None:
    figures = tuple(with_limits(f, i) for i, f in enumerate(inspection.sections[0].groups[0].figures))
    code = inspection.force.code
    charts = [
        (f"{i}", funnel_chart(figures, code, shape) if i % 2 else forces_chart(figures, code, str, shape))
        for i in range(drawing.FEW + 4)
        for shape in ("wide",)
    ]
    together = dict(drawing.draw(charts))
    assert list(together) == [name for name, _ in charts]
    assert together["0"] == together["2"] == drawing.svg_of(charts[0][1])
    assert together["1"] == together["3"] == drawing.svg_of(charts[1][1])
    assert 'id="clip0"' in together["1"]


def test_a_chart_that_cannot_be_drawn_is_no_silence() -> None:
    broken = {"layer": [{"mark": "no such mark", "encoding": {}}]}
    with pytest.raises(ValueError, match=r"."):
        list(drawing.draw([("one", broken)]))


def test_every_measure_is_of_an_area_that_has_a_name() -> None:
    named = {code.code for code in load_code_list("policing_area").codes}
    assert {load_standard(m.standard).area for m in MEASURES} <= named
    assert area_title("powers") == "Police powers and treating the public fairly"
