"""The charts with limits, read from the drawing itself, and what is said in their place."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from openpeel.figures.figure import Figure, OwnLimits
from openpeel.figures.rounding import closely
from openpeel.figures.trend import Trend
from openpeel.publishing.axis import axis_for
from openpeel.publishing.chart_style import RED, TEXT, Shape
from openpeel.publishing.control_charts import funnel_chart, in_funnel, trend_chart
from openpeel.publishing.drawing import svg_of
from openpeel.publishing.page import Inspection, write_page
from openpeel.reference.forces import find_force
from publishing_sample import completed, sample_inspection

HERTFORDSHIRE = find_force("Hertfordshire").code
SHAPES = pytest.mark.parametrize("shape", ["wide", "narrow"])


@pytest.fixture(scope="module")
def inspection() -> Inspection:
    return completed(sample_inspection())


@pytest.fixture(scope="module")
def figures(inspection: Inspection) -> tuple[Figure, ...]:
    return inspection.sections[0].groups[0].figures


@pytest.fixture(scope="module")
def trend(inspection: Inspection) -> Trend:
    found = inspection.sections[0].trend
    assert found is not None
    return found


def funnel_svg(*given: Any, **named: Any) -> str:
    return svg_of(funnel_chart(*given, **named))


def trend_svg(*given: Any, **named: Any) -> str:
    return svg_of(trend_chart(*given, **named))


def words(svg: str) -> list[str]:
    tree = ElementTree.fromstring(svg)
    return ["".join(node.itertext()) for node in tree.iter() if node.tag.endswith("}text")]


def points(svg: str, colour: str) -> int:
    return sum(
        marks.count(f'fill="{colour}"')
        for marks in re.findall(r'<g class="mark-symbol[^>]*>(.*?)</g>', svg, re.DOTALL)
    )


def lines(svg: str) -> list[str]:
    return re.findall(r'<g class="mark-line[^>]*>.*?<path [^>]*?d="([^"]*)"', svg, re.DOTALL)


@SHAPES
def test_each_force_with_limits_is_a_point_and_the_inspected_one_is_named(
    figures: tuple[Figure, ...], shape: Shape
) -> None:
    svg = funnel_svg(figures, HERTFORDSHIRE, shape)
    assert len(in_funnel(figures)) == 41
    assert points(svg, "#5a6b7b") == 41
    assert points(svg, TEXT) == 1
    assert words(svg).count("Hertfordshire") == 2  # the name, and the white rim under it
    assert svg.count(f'stroke="{RED}"') == 5


@SHAPES
def test_a_force_without_limits_has_no_point(figures: tuple[Figure, ...], shape: Shape) -> None:
    def unlimited(figure: Figure) -> Figure:
        if figure.force != HERTFORDSHIRE:
            return figure
        none = replace(figure.comparison, control=OwnLimits(), overdispersed=OwnLimits())
        return replace(figure, comparison=none)

    svg = funnel_svg([unlimited(f) for f in figures], HERTFORDSHIRE, shape)
    assert points(svg, "#5a6b7b") == 40
    assert points(svg, TEXT) == 0
    assert "Hertfordshire" not in words(svg)


@SHAPES
def test_a_month_that_stands_out_has_a_mark_of_its_own_and_a_missing_one_breaks_the_line(
    trend: Trend, shape: Shape
) -> None:
    svg = trend_svg(trend, shape)
    assert points(svg, "#5a6b7b") == 22
    assert points(svg, TEXT) == 1
    assert [path.count("M") for path in lines(svg)] == [1, 1, 1, 2]


@SHAPES
def test_months_are_named_on_the_axis(trend: Trend, shape: Shape) -> None:
    named = [w for w in words(trend_svg(trend, shape)) if re.fullmatch(r"[A-Z][a-z]{2} 20[0-9]{2}", w)]
    assert 3 <= len(named) <= 14
    assert "Jan 2021" in named


@SHAPES
def test_a_chart_is_as_wide_as_its_place(trend: Trend, figures: tuple[Figure, ...], shape: Shape) -> None:
    for svg in (trend_svg(trend, shape), funnel_svg(figures, HERTFORDSHIRE, shape)):
        width = float(re.search(r'<svg [^>]*width="([\d.]+)"', svg)[1])  # type: ignore[index]
        assert width == pytest.approx({"wide": 800, "narrow": 345}[shape], abs=3)
        assert set(re.findall(r'font-family="([^"]*)"', svg)) == {"Liberation Sans, Arial, sans-serif"}


def test_the_page_has_the_charts_the_tables_behind_them_and_words_in_their_place(
    inspection: Inspection, tmp_path: Path
) -> None:
    only = replace(inspection, sections=inspection.sections[:1])
    paths = {p.name for p in write_page(only, tmp_path / "page")}
    html = unescape((tmp_path / "page" / "index.html").read_text(encoding="utf-8"))
    assert {"1-searches-per-1000-limits-wide.svg", "1-searches-per-1000-months-narrow.svg"} <= paths
    own = next(f for f in only.sections[0].groups[0].figures if f.force == HERTFORDSHIRE)
    narrow, wide = own.comparison.control, own.comparison.overdispersed
    alts = re.findall(r'alt="([^"]*)"', html)
    assert len(alts) == 3
    assert all(alt.startswith("Hertfordshire Constabulary: ") for alt in alts)
    assert f"{narrow.verdict}" in alts[1]
    assert closely(wide.upper, own.unit, wide.apart) in alts[1]
    placed = in_funnel(only.sections[0].groups[0].figures)
    outside = sum(f.comparison.control.verdict in ("above", "below") for f in placed)
    assert f"Of 41 forces {outside} are outside the limits of chance" in alts[1]
    assert "1 month stands out" in alts[2]
    assert html.count("<td>outside the limits; a wider step than usual from the month before</td>") == 1
    assert "By limits of chance" in html
    assert re.search(r"Figure 3\. Stop and searches per 1,000 population month by month", html)


def test_an_axis_of_points_holds_the_values_alone() -> None:
    axis = axis_for([95.0, 99.0], "{:.0f}".format, zero=False)
    assert 94 < axis.low < 95
    assert 99 < axis.high < 100
    assert axis_for([0.1, 4.0], "{:.1f}".format, zero=False).low == 0
    assert axis_for([3.0, 3.0], "{:.0f}".format, zero=False).high > 3


@pytest.mark.parametrize(
    ("value", "unit", "apart", "printed"),
    [
        (0.5437, "per 1,000 population", 0.07, "0.544"),
        (0.5437, "per 1,000 population", 7.0, "0.5"),
        (64.04, "percent", 0.5, "64.04"),
        (64.04, "percent", None, "64.0"),
        (12_345.6, "GBP", 0.1, "£12k"),
        (1234.0, "searches", 20.0, "1,234"),
        (None, "percent", 1.0, "–"),
    ],
)
def test_numbers_that_lie_close_are_printed_with_decimals_enough(
    value: float | None, unit: str, apart: float | None, printed: str
) -> None:
    assert closely(value, unit, apart) == printed
