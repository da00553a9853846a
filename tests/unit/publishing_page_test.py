"""What is in the published page, and what becomes of the folder it is written to."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from openpeel.errors import UseError
from openpeel.figures.figure import Figure
from openpeel.publishing.page import Inspection, Section, write_page
from openpeel.reference.forces import Force, find_force
from publishing_sample import sample_inspection

HERTFORDSHIRE = find_force("Hertfordshire")


class Tags(HTMLParser):
    """All start tags of a page with their attributes, and all text outside of styles."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._style = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._style = tag == "style"

    def handle_endtag(self, tag: str) -> None:
        self._style = self._style and tag != "style"

    def handle_data(self, data: str) -> None:
        if not self._style:
            self.text += " ".join(data.split()) + " "

    def of(self, *names: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag in names]


def only_first(inspection: Inspection) -> Inspection:
    """The same with its first section alone: one pair of charts instead of eight."""
    return replace(inspection, sections=inspection.sections[:1])


def own(inspection: Inspection, section: int = 0) -> Figure:
    figures = inspection.sections[section].groups[0].figures
    return next(figure for figure in figures if figure.force == inspection.force.code)


def written(inspection: Inspection, folder: Path) -> Tags:
    write_page(inspection, folder / "page")
    return Tags((folder / "page" / "index.html").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the whole sample."""
    out = tmp_path_factory.mktemp("full") / "page"
    write_page(sample_inspection(), out)
    return out


@pytest.fixture(scope="module")
def full_tags(full: Path) -> Tags:
    return Tags((full / "index.html").read_text(encoding="utf-8"))


def test_the_page_loads_nothing_from_anywhere_else(full: Path, full_tags: Tags) -> None:
    loaded = [
        a.get(name) or "" for _, a in full_tags.tags for name in ("src", "srcset", "href", "data", "poster")
    ]
    assert [address for address in loaded if re.match(r"(?i)\s*(https?:)?//", address)] == []
    assert full_tags.of("script", "iframe", "object", "embed", "base") == []
    style = (full / "index.html").read_text(encoding="utf-8")
    assert "@import" not in style
    assert "url(" not in style
    for chart in (full / "charts").iterdir():
        links = re.findall(r'(?:href|src)="([^"]*)"|url\(([^)]*)\)', chart.read_text(encoding="utf-8"))
        assert links == []


def test_every_picture_of_the_page_is_in_the_folder_and_none_besides(full: Path, full_tags: Tags) -> None:
    named = {a["src"] for a in full_tags.of("img")} | {a["srcset"] for a in full_tags.of("source")}
    assert named == {path.relative_to(full).as_posix() for path in (full / "charts").iterdir()}


def test_the_title_names_the_force_the_subject_and_the_period(full_tags: Tags) -> None:
    assert "Hertfordshire Constabulary: stop and search, the year ending 31 March 2021" in full_tags.text
    assert full_tags.of("html") == [{"lang": "en-GB"}]


def test_the_words_for_a_chart_state_the_finding_not_that_it_is_a_chart(full_tags: Tags) -> None:
    inspection = sample_inspection()
    figure = own(inspection)
    alts = [a["alt"] or "" for a in full_tags.of("img")]
    assert inspection.format(figure.value, figure.unit) in alts[0]
    assert "within the range of forces" in alts[0]
    assert "mean of the 41 forces counted" in alts[0]
    assert not any("chart" in alt.lower() for alt in alts)
    assert all(alt.startswith("Hertfordshire Constabulary: ") for alt in alts)


def test_the_verdict_stands_in_words_beside_each_headline_figure(full_tags: Tags) -> None:
    assert "compared with the range of forces: 1 above, 1 below and 4 within." in full_tags.text
    assert "▲ Above" in full_tags.text
    assert "▼ Below" in full_tags.text


def test_forces_that_are_not_assessed_are_named_with_the_reason(full_tags: Tags) -> None:
    assert (
        "Not assessed: Dyfed-Powys, South Wales (there are no records to work it out from)." in full_tags.text
    )


def test_a_force_outside_england_and_wales_is_in_the_data_but_not_named_as_left_out(tmp_path: Path) -> None:
    btp = find_force("British Transport Police")
    among = [HERTFORDSHIRE, find_force("Kent"), find_force("Surrey"), btp]

    def apart(figure: Figure) -> Figure:
        if figure.force != btp.code:
            return figure
        return replace(figure, comparison=replace(figure.comparison, verdict="not assessed"))

    page = written(only_first(sample_inspection(among=among, change=apart)), tmp_path)
    assert "Not assessed: " not in page.text
    assert "British Transport Police" in (tmp_path / "page" / "all-forces.csv").read_text(encoding="utf-8")


def test_each_figure_of_the_force_says_how_to_have_it_explained(full_tags: Tags) -> None:
    inspection = sample_inspection()
    assert f"openpeel explain {own(inspection).id}" in full_tags.text
    for group in inspection.sections[2].groups:
        assert next(f.id for f in group.figures if f.force == HERTFORDSHIRE.code) in full_tags.text


def test_every_table_has_a_caption_and_every_heading_cell_a_scope(full_tags: Tags) -> None:
    assert len(full_tags.of("caption")) == len(full_tags.of("table")) > 5
    assert {a.get("scope") for a in full_tags.of("th")} == {"row", "col"}


def test_the_caveat_of_the_published_method_is_on_the_page(full_tags: Tags) -> None:
    assert "the published method" in full_tags.text
    assert "about a third of forces fall outside such a range by construction" in full_tags.text


def test_the_json_holds_the_figures_of_the_force_and_nobody_elses(full: Path) -> None:
    records = json.loads((full / "figures.json").read_text(encoding="utf-8"))
    assert len(records) == 13
    assert {record["force"] for record in records} == {HERTFORDSHIRE.code}
    assert records[0] == own(sample_inspection()).as_json()


def test_the_csv_of_all_forces_holds_every_value_unrounded(full: Path) -> None:
    text = (full / "all-forces.csv").read_bytes().decode("utf-8")
    records = list(csv.DictReader(io.StringIO(text, newline="")))
    assert len(records) == 13 * 43
    figure = own(sample_inspection())
    mine = next(record for record in records if record["id"] == figure.id)
    assert float(mine["value"]) == figure.value
    assert mine["comparison_verdict"] == "in range"
    assert mine["comparison_forces_missing"] == "South Wales; Dyfed-Powys"
    absent = next(record for record in records if record["force_name"] == "Dyfed-Powys Police")
    assert absent["value"] == ""


def test_the_same_inspection_makes_the_same_bytes(full: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    paths = write_page(sample_inspection(), again)
    assert {path.relative_to(again) for path in paths} == {
        path.relative_to(full) for path in full.rglob("*") if path.is_file()
    }
    for path in paths:
        assert path.read_bytes() == (full / path.relative_to(again)).read_bytes(), path.name


def test_each_drawing_is_announced_for_the_progress_bar(tmp_path: Path) -> None:
    heard: list[tuple[int, int]] = []
    write_page(only_first(sample_inspection()), tmp_path / "page", on_chart=lambda *at: heard.append(at))
    assert heard == [(1, 2), (2, 2)]


@pytest.mark.parametrize("count", [0, 1, 2])
def test_few_forces_make_a_page_too(tmp_path: Path, count: int) -> None:
    among = [HERTFORDSHIRE, find_force("Kent")][:count]
    page = written(sample_inspection(among=among), tmp_path)
    assert len(page.of("h1")) == 1
    if count == 0:
        assert page.of("img") == []
        assert "no chart" in page.text
        assert "No figure could be made for Hertfordshire Constabulary" in page.text


def test_a_force_that_is_not_assessed_is_shown_with_its_value_and_not_judged(tmp_path: Path) -> None:
    def withheld(figure: Figure) -> Figure:
        if figure.force != HERTFORDSHIRE.code:
            return figure
        return replace(
            figure,
            comparison=replace(figure.comparison, verdict="not assessed"),
            coverage=replace(figure.coverage, months_present=5),
        )

    page = written(only_first(sample_inspection(change=withheld)), tmp_path)
    assert "not assessed against other forces" in (page.of("img")[0]["alt"] or "")
    assert "Hertfordshire (the release holds 5 of 12 months)" in page.text
    assert "compared with the range of forces: 1 not assessed." in page.text


def test_a_value_that_could_not_be_made_is_a_dash_and_never_a_zero(tmp_path: Path) -> None:
    def gone(figure: Figure) -> Figure:
        if figure.force != HERTFORDSHIRE.code:
            return figure
        comparison = replace(
            figure.comparison, mean=None, sd=None, england_and_wales=None, verdict="not assessed"
        )
        return replace(figure, numerator=None, value=None, lower=None, upper=None, comparison=comparison)

    inspection = sample_inspection(change=gone)
    page = written(inspection, tmp_path)
    assert "Hertfordshire Constabulary: no value." in (page.of("img")[0]["alt"] or "")
    assert "Dyfed-Powys, Hertfordshire, South Wales (there are no records" in page.text
    assert "Hertfordshire has no value and no bar." in page.text
    assert "black outline" not in page.text
    assert "None" not in page.text
    assert "nan" not in page.text.split()


def test_a_count_that_is_not_compared_has_no_chart_and_no_verdict(tmp_path: Path) -> None:
    def total(figure: Figure) -> Figure:
        comparison = replace(figure.comparison, mean=None, sd=None, verdict="not assessed")
        return replace(figure, comparison=comparison, lower=None, upper=None, unit="searches")

    inspection = only_first(sample_inspection(change=total))
    section = replace(inspection.sections[0], unit="searches")
    page = written(replace(inspection, sections=(section,)), tmp_path)
    assert page.of("img") == []
    assert "This figure is not compared with other forces." in page.text
    assert "Not compared" in page.text
    assert "headline figures for" not in page.text


def test_a_withheld_number_is_said_to_be_withheld(tmp_path: Path) -> None:
    def hidden(figure: Figure) -> Figure:
        if figure.group != "Arrest" or figure.force != HERTFORDSHIRE.code:
            return figure
        comparison = replace(figure.comparison, verdict="not assessed")
        return replace(
            figure,
            method="withheld",
            value=None,
            lower=None,
            upper=None,
            numerator=None,
            comparison=comparison,
        )

    inspection = sample_inspection(change=hidden)
    page = written(replace(inspection, sections=inspection.sections[2:3]), tmp_path)
    assert re.search(r"Arrest\s+withheld", page.text)
    assert "Arrest is withheld" in (page.of("img")[0]["alt"] or "")
    assert "withheld" in (tmp_path / "page" / "charts" / "1-outcome-wide.svg").read_text(encoding="utf-8")


def test_the_word_of_a_unit_is_in_the_table_but_not_on_every_tick(full: Path, full_tags: Tags) -> None:
    assert re.search(r"\d\.\d times", full_tags.text)
    assert not [
        chart.name for chart in (full / "charts").iterdir() if "times" in chart.read_text(encoding="utf-8")
    ]


def test_hostile_names_are_printed_and_never_run(tmp_path: Path) -> None:
    hostile = '<script>alert("x")</script>\' onerror=alert(1) ${datum} \\'
    force = Force("X1", hostile, "x", "Wales", hostile, (), "territorial")
    among = [force, HERTFORDSHIRE, find_force("Kent")]
    inspection = sample_inspection(force_is=force, among=among)
    sections = tuple(
        replace(one, measure=hostile, title=hostile, notes=(hostile,)) for one in inspection.sections
    )
    page = written(replace(inspection, sections=sections, quality_notes=(hostile,)), tmp_path)
    assert page.of("script") == []
    assert not any("onerror" in attributes for _, attributes in page.tags)
    assert page.text.count('<script>alert("x")</script>') > 5
    for chart in (tmp_path / "page" / "charts").iterdir():
        assert re.fullmatch(r"[a-z0-9.-]+", chart.name)
        tree = ElementTree.fromstring(chart.read_text(encoding="utf-8"))
        assert not [node for node in tree.iter() if node.tag.endswith("script")]


def test_two_measures_of_one_name_do_not_overwrite_each_other(tmp_path: Path) -> None:
    inspection = only_first(sample_inspection())
    page = written(replace(inspection, sections=inspection.sections * 2), tmp_path)
    assert len({a["src"] for a in page.of("img")}) == 2
    ids = [a["id"] for _, a in page.tags if "id" in a]
    assert len(ids) == len(set(ids))


# What becomes of the folder


def nothing_measured() -> Inspection:
    empty: tuple[Section, ...] = ()
    return replace(sample_inspection(among=[]), sections=empty)


def test_an_earlier_page_is_replaced_as_a_whole(tmp_path: Path) -> None:
    out = tmp_path / "page"
    write_page(only_first(sample_inspection()), out)
    write_page(nothing_measured(), out)
    assert sorted(path.name for path in out.rglob("*")) == [
        "all-forces.csv",
        "figures.csv",
        "figures.json",
        "index.html",
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["page"]


def test_an_empty_folder_and_one_that_does_not_exist_are_both_welcome(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    write_page(nothing_measured(), tmp_path / "empty")
    paths = write_page(nothing_measured(), tmp_path / "new" / "deep")
    assert all(path.is_file() for path in paths)
    assert (tmp_path / "empty" / "index.html").is_file()


def test_a_folder_with_someones_files_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work", encoding="utf-8")
    with pytest.raises(UseError, match="expected an empty folder or an earlier page") as refused:
        write_page(nothing_measured(), tmp_path)
    assert refused.value.exit_code == 2
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_file_that_someone_put_beside_an_earlier_page_is_not_lost(tmp_path: Path) -> None:
    out = tmp_path / "page"
    write_page(nothing_measured(), out)
    (out / "charts").mkdir()
    (out / "charts" / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(UseError, match=r"charts/notes\.txt"):
        write_page(nothing_measured(), out)
    assert (out / "charts" / "notes.txt").read_text(encoding="utf-8") == "mine"


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "page").write_text("a file", encoding="utf-8")
    with pytest.raises(UseError, match="got a file"):
        write_page(nothing_measured(), tmp_path / "page")


def test_a_run_that_breaks_off_leaves_the_page_before_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "page"
    write_page(only_first(sample_inspection()), out)
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    write_bytes, count = Path.write_bytes, iter(range(100))

    def full_disk(path: Path, data: bytes) -> int:
        if next(count) == 3:
            raise OSError("no space left on device")
        return write_bytes(path, data)

    monkeypatch.setattr(Path, "write_bytes", full_disk)
    with pytest.raises(OSError, match="no space left"):
        write_page(nothing_measured(), out)
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["page"]
