"""What the charts show, read from the drawing itself, and the arithmetic of their axes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import pytest

from openpeel.figures.figure import Comparison, Figure
from openpeel.publishing.axis import axis_for, kept_apart
from openpeel.publishing.chart_style import FILL, MEANING, OUTLINE, RED, TEXT, Shape
from openpeel.publishing.charts import drawn, forces_chart, groups_chart
from openpeel.publishing.drawing import svg_of
from openpeel.reference.forces import Force, find_force, forces
from publishing_sample import figures as make_figures

HERTFORDSHIRE = find_force("Hertfordshire").code
SHAPES = pytest.mark.parametrize("shape", ["wide", "narrow"])


def one_decimal(value: float) -> str:
    return f"{value:.1f}"


def among(chosen: Sequence[Force] | None = None) -> tuple[Figure, ...]:
    return make_figures("m", "ratio", 5.0, group=None, among=chosen or forces(), seed=4)


def forces_svg(*given: Any, **named: Any) -> str:
    return svg_of(forces_chart(*given, **named))


def groups_svg(*given: Any, **named: Any) -> str:
    return svg_of(groups_chart(*given, **named))


def words(svg: str) -> list[str]:
    tree = ElementTree.fromstring(svg)
    return ["".join(node.itertext()) for node in tree.iter() if node.tag.endswith("}text")]


def bars(svg: str) -> list[dict[str, str]]:
    marks = re.search(r'<g class="mark-rect role-mark layer_0_marks"[^>]*>(.*?)</g>', svg)
    assert marks is not None
    return [
        dict(re.findall(r'([a-z-]+)="([^"]*)"', path)) for path in re.findall(r"<path ([^>]*)/>", marks[1])
    ]


def contrast_with_white(colour: str) -> float:
    """The contrast ratio of WCAG 2.2 against white."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)


@SHAPES
def test_each_force_assessed_has_a_bar_in_the_colour_of_its_verdict(shape: Shape) -> None:
    figures = among()
    expected = [FILL[figure.comparison.verdict] for figure in drawn(figures, HERTFORDSHIRE)]
    drawn_bars = bars(forces_svg(figures, HERTFORDSHIRE, one_decimal, shape))
    assert len(drawn_bars) == 41
    assert [bar["fill"] for bar in drawn_bars] == expected
    assert set(expected) == {FILL["above"], FILL["in range"], FILL["below"]}


@SHAPES
def test_only_the_inspected_force_has_the_thick_outline(shape: Shape) -> None:
    figures = among()
    place = [figure.force for figure in drawn(figures, HERTFORDSHIRE)].index(HERTFORDSHIRE)
    outlined = [
        i
        for i, bar in enumerate(bars(forces_svg(figures, HERTFORDSHIRE, one_decimal, shape)))
        if bar["stroke-width"] == "3"
    ]
    assert outlined == [place]


@SHAPES
def test_every_name_is_written_and_no_force_that_is_not_assessed(shape: Shape) -> None:
    written = words(forces_svg(among(), HERTFORDSHIRE, one_decimal, shape))
    missing = {"South Wales", "Dyfed-Powys"}
    assert {force.name for force in forces()} - set(written) == missing


def test_a_force_that_is_not_assessed_has_a_bar_only_where_it_is_the_inspected_one() -> None:
    partial = [f if f.value is not None else replace(f, value=1.0) for f in among()]
    not_assessed = find_force("South Wales").code
    assert not_assessed not in {figure.force for figure in drawn(partial, HERTFORDSHIRE)}
    shown = drawn(partial, not_assessed)
    assert not_assessed in {figure.force for figure in shown}
    assert len(shown) == 42
    assert "South Wales 1.0" in words(forces_svg(partial, not_assessed, one_decimal, "wide"))


@SHAPES
def test_the_lines_are_labelled_with_mean_and_one_standard_deviation(shape: Shape) -> None:
    figures = among()
    standing = figures[0].comparison
    assert standing.mean is not None
    assert standing.sd is not None
    svg = forces_svg(figures, HERTFORDSHIRE, one_decimal, shape, parity=True)
    for label in (
        f"Mean {standing.mean:.1f}",
        f"+1 SD {standing.mean + standing.sd:.1f}",
        f"−1 SD {standing.mean - standing.sd:.1f}",
        "1 = same rate",
    ):
        assert label in words(svg)
    assert svg.count('stroke-dasharray="2,3"') == 2


def test_a_limit_below_zero_is_not_drawn() -> None:
    wide = [replace(f, comparison=replace(f.comparison, mean=2.0, sd=3.0)) for f in among()]
    written = words(forces_svg(wide, HERTFORDSHIRE, one_decimal, "wide"))
    assert "+1 SD 5.0" in written
    assert not any(text.startswith("−1 SD") for text in written)


def test_forces_are_drawn_from_the_highest_to_the_lowest_whatever_order_they_come_in() -> None:
    figures = among()
    values = [figure.value or 0.0 for figure in drawn(figures, HERTFORDSHIRE)]
    assert values == sorted(values, reverse=True)
    there, back = (
        forces_svg(order, HERTFORDSHIRE, one_decimal, "wide") for order in (figures, tuple(reversed(figures)))
    )
    assert there == back


@SHAPES
def test_one_force_alone_with_nothing_to_compare_makes_a_chart(shape: Shape) -> None:
    figures = among([find_force("Hertfordshire")])
    svg = forces_svg(figures, HERTFORDSHIRE, one_decimal, shape)
    assert len(bars(svg)) == 1
    assert not set(MEANING.values()) & set(words(svg))  # no key to a comparison that is not made


@SHAPES
def test_all_forces_at_zero_make_a_chart(shape: Shape) -> None:
    none = [replace(f, value=0.0, comparison=Comparison(0, 0.0, 0.0, "in range", 43, ())) for f in among()]
    assert len(bars(forces_svg(none, HERTFORDSHIRE, one_decimal, shape))) == 43


@SHAPES
def test_a_group_without_a_value_keeps_its_row_and_says_so(shape: Shape) -> None:
    figure = among()[0]
    empty = replace(figure, value=None, lower=None, upper=None)
    svg = groups_svg([("Arrest", figure), ("Caution", empty)], one_decimal, shape)
    assert {"Arrest", "Caution", "no value"} <= set(words(svg))
    assert len(bars(svg)) == 1


@SHAPES
def test_a_group_shows_its_value_its_interval_and_where_it_stands(shape: Shape) -> None:
    figure = next(f for f in among() if f.comparison.verdict == "above")
    said = " ".join(words(groups_svg([("Arrest", figure)], one_decimal, shape)))
    assert one_decimal(figure.value or 0) in said
    assert f"({figure.lower:.1f} to {figure.upper:.1f})" in said
    assert "▲ above" in said


@SHAPES
def test_a_chart_is_as_wide_as_its_place_however_long_the_names(shape: Shape) -> None:
    name = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysilio" * 3
    long = [replace(f, force=f"unknown {i}", force_name=name) for i, f in enumerate(among())]
    svg = forces_svg(long, HERTFORDSHIRE, one_decimal, shape)
    width = float(re.search(r'<svg [^>]*width="([\d.]+)"', svg)[1])  # type: ignore[index]
    assert width == pytest.approx({"wide": 800, "narrow": 345}[shape], abs=3)


def test_outlines_stand_out_from_white_and_words_meet_aa() -> None:
    assert all(contrast_with_white(colour) >= 3 for colour in OUTLINE.values())
    assert contrast_with_white(TEXT) >= 4.5
    assert contrast_with_white(RED) >= 4.5


def test_the_font_is_named_in_the_drawing() -> None:
    svg = forces_svg(among(), HERTFORDSHIRE, one_decimal, "wide")
    assert set(re.findall(r'font-family="([^"]*)"', svg)) == {"Liberation Sans, Arial, sans-serif"}


# The axis


@pytest.mark.parametrize("largest", [0.004, 0.8, 1.0, 5.7, 64.0, 99.9, 290.0, 12_345.0])
def test_an_axis_starts_at_zero_holds_every_value_and_has_few_distinct_ticks(largest: float) -> None:
    axis = axis_for([0.0, largest], lambda value: f"{value:,.3f}")
    assert axis.low == 0
    assert axis.high >= largest
    assert 3 <= len(axis.ticks) <= 9
    assert len(set(axis.labels)) == len(axis.labels) == len(axis.ticks)


def test_ticks_that_would_print_alike_are_drawn_further_apart() -> None:
    assert axis_for([0.3], one_decimal).labels == ("0.0", "0.1", "0.2", "0.3")


def test_percentages_lose_the_decimals_that_say_nothing() -> None:
    assert axis_for([64.0], lambda value: f"{value:.1f}%").labels[:2] == ("0%", "10%")


def test_labels_that_would_overlap_are_moved_as_little_as_needed() -> None:
    assert kept_apart([5.0, 5.0, 5.0], 1.0) == [4.0, 5.0, 6.0]
    assert kept_apart([9.0, 1.0], 2.0) == [9.0, 1.0]
    assert kept_apart([], 2.0) == []
