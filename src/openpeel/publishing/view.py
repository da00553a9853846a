"""Arranges an inspection for the template: rows as they are printed, and charts with their captions.

No HTML and no drawing here; sentences about a measure come ready-made with its section, and charts are put into
words in `alternatives.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from openpeel.figures.figure import WITHHELD, Figure, Verdict
from openpeel.figures.rounding import closely
from openpeel.figures.trend import Trend
from openpeel.figures.wording import SIGNALS, not_assessed_because
from openpeel.publishing.alternatives import (
    NOTHING,
    by_limits,
    forces_in_words,
    funnel_in_words,
    groups_in_words,
)
from openpeel.publishing.charts import drawn, interval_shown, short_name
from openpeel.publishing.control_charts import in_funnel
from openpeel.publishing.inspection import Group, Inspection, Scope, Section
from openpeel.publishing.matters import moved, stands_apart
from openpeel.reference.forces import forces
from openpeel.standards.standard import load_code_list

#: A breakdown shows so many groups in which nothing was counted; of more, only the names are said.
FEW_ZEROS = 2
STANDS: dict[Verdict, str] = {
    "above": "▲ Above",
    "below": "▼ Below",
    "in range": "In range",
    "not assessed": "Not assessed",
}
_COUNTED: dict[Verdict, str] = {
    "above": "above",
    "below": "below",
    "in range": "within",
    "not assessed": "not assessed",
}


@dataclass(frozen=True)
class Row:
    """One figure as printed; `label` is a force, a group or a measure, `href` where it is explained."""

    label: str
    numerator: str
    denominator: str
    value: str
    interval: str
    mean: str
    england_and_wales: str
    verdict: Verdict
    stands: str
    id: str
    marked: bool
    href: str = ""
    by_limits: str = ""
    by_wide_limits: str = ""


@dataclass(frozen=True)
class MonthRow:
    """One month of the force as printed."""

    month: str
    value: str
    counted: str
    limits: str
    stands_out: str


@dataclass(frozen=True)
class Picture:
    """A chart on the page, which calls it by its `label` ('Figure 3')."""

    label: str
    name: str
    alt: str
    caption: str

    def file(self, shape: str) -> str:
        """The file of one of its shapes, 'wide' or 'narrow'."""
        return f"charts/{self.name}-{shape}.svg"


@dataclass(frozen=True)
class Forces:
    """One figure among all forces: the charts (None when no force has a value, or limits) and the table behind them."""

    group: Group
    anchor: str
    picture: Picture | None
    funnel: Picture | None
    rows: tuple[Row, ...]
    own: Row
    own_drawn: bool
    compared: bool
    mean: str
    england_and_wales: str
    counted: int
    not_assessed: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class SectionView:
    """One heading: the section itself and what is printed under it."""

    section: Section
    anchor: str
    level: str
    groups: tuple[tuple[str, Figure], ...]
    groups_picture: Picture | None
    groups_rows: tuple[Row, ...]
    forces: tuple[Forces, ...]
    trend_picture: Picture | None = None
    trend_rows: tuple[MonthRow, ...] = ()
    groups_empty: tuple[str, ...] = ()


@dataclass(frozen=True)
class PageView:
    """A page of measures as the template prints it: all of an inspection, or an area of policing (`area`, its title).

    `by_rule` says that charts are drawn by the rule of `matters.py`, and not of all that is compared.
    """

    inspection: Inspection
    title: str
    area: str
    by_rule: bool
    sections: tuple[SectionView, ...]
    summary: tuple[Row, ...]
    finding: str
    outside: tuple[Row, ...]
    methods: tuple[str, ...]
    level: str


def arrange(inspection: Inspection, area: str | None = None) -> PageView:
    """The page of one inspection, or of an area of policing (its code) in it.

    Charts are numbered in the order in which they stand.
    """
    sections: list[SectionView] = []
    number = 1
    by_rule = area is not None
    for place, section in enumerate(inspection.sections, start=1):
        if area not in (None, section.area):
            continue
        view = _section(inspection, section, place, number, by_rule=by_rule)
        pictures = [view.groups_picture, view.trend_picture]
        pictures += [picture for one in view.forces for picture in (one.picture, one.funnel)]
        number += sum(picture is not None for picture in pictures)
        sections.append(view)
    summary = tuple(forces.own for view in sections for forces in view.forces)
    own = own_figures(inspection, area)
    about = f": {inspection.subject}" if inspection.subject else ""
    title = area_title(area) if area is not None else ""
    return PageView(
        inspection=inspection,
        title=title or f"{inspection.force.full_name}{about}, {inspection.period.label}",
        area=title,
        by_rule=by_rule,
        sections=tuple(sections),
        summary=summary,
        finding=finding(inspection, [f.own for view in sections for f in view.forces if f.compared]),
        outside=tuple(row for row in summary if row.verdict in ("above", "below")),
        methods=tuple(dict.fromkeys(figure.method for figure in own if figure.lower is not None)),
        level=_level(own),
    )


def own_figures(inspection: Inspection, area: str | None = None) -> tuple[Figure, ...]:
    """The figures of the inspected force, in the order of the page; of one area of policing if named."""
    return tuple(
        figure
        for section in inspection.sections
        if area in (None, section.area)
        for figure in own_of(section, inspection.force.code)
    )


def own_of(section: Section, force: str) -> tuple[Figure, ...]:
    """The figures of one force (its code) in a section, in the order of its groups."""
    return tuple(figure for group in section.groups for figure in group.figures if figure.force == force)


def area_title(area: str) -> str:
    """What an area of policing (its code) is called."""
    titles = {code.code: code.title for code in load_code_list("policing_area").codes}
    return titles.get(area) or area.capitalize() or "Other measures"


def slug(text: str) -> str:
    """What is left of a text in an anchor or a file name: a-z, 0-9 and single hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:60] or "untitled"


def _section(
    inspection: Inspection, section: Section, place: int, number: int, *, by_rule: bool
) -> SectionView:
    anchor = f"{place}-{slug(section.measure)}"
    view = groups_view(inspection, section, anchor, f"Figure {number}", by_rule=by_rule)
    number += view.groups_picture is not None
    compared: list[Forces] = []
    for group_place, group in enumerate(section.compared, start=1):
        name = anchor if group.key is None else f"{anchor}-{group_place}-{slug(group.key)}"
        labels = (f"Figure {number}", f"Figure {number + 1}")
        compared.append(forces_view(inspection, section, group, name, *labels, by_rule=by_rule))
        number += (compared[-1].picture is not None) + (compared[-1].funnel is not None)
    trend = section.trend
    trend_picture = None
    if trend is not None and not trend.no_lines_because and (moved(trend) or not by_rule):
        caption = f"{section.title} month by month, {inspection.force.full_name}"
        said = f"{inspection.force.full_name}: {' '.join(section.trend_sentences)}"
        trend_picture = Picture(f"Figure {number}", f"{anchor}-months", said, caption)
    return replace(
        view,
        forces=tuple(compared),
        trend_picture=trend_picture,
        trend_rows=_month_rows(trend) if trend and not trend.no_lines_because else (),
    )


def groups_view(
    scope: Scope, section: Section, anchor: str, label: str, *, by_rule: bool = False
) -> SectionView:
    """The groups of a measure side by side, for the force: their chart, called `label`, and the table behind it.

    Nothing is in it where the measure has no groups.
    """
    show = partial(scope.number, section.unit)
    code = scope.force.code
    own = [
        (group, figure)
        for group in section.groups
        if group.key is not None
        for figure in group.figures
        if figure.force == code
    ]
    # Largest first, as in the charts of forces; groups without a value last, in the order given.
    own.sort(key=lambda pair: -pair[1].value if pair[1].value is not None else float("inf"))
    groups = tuple((group.title, figure) for group, figure in own)
    empty = [title for title, figure in groups if _nothing_counted(figure)]
    if len(empty) > FEW_ZEROS:  # a long tail of zeros is told in a sentence
        groups = tuple((title, figure) for title, figure in groups if not _nothing_counted(figure))
    else:
        empty = []
    picture = None
    drawn_at_all = not by_rule or any(stands_apart(figure) for _, figure in groups)
    if drawn_at_all and any(figure.value is not None for _, figure in groups):
        caption = f"{section.title}: {scope.force.full_name}, {scope.period.label}"
        picture = Picture(label, anchor, groups_in_words(scope, groups, show), caption)
    return SectionView(
        section=section,
        anchor=anchor,
        level=_level(figure for group in section.groups for figure in group.figures),
        groups=groups,
        groups_picture=picture,
        groups_rows=tuple(row_of(scope, title, figure) for title, figure in groups),
        forces=(),
        groups_empty=tuple(empty),
    )


def _nothing_counted(figure: Figure) -> bool:
    """Whether a group is empty and nothing is to be said of it."""
    return figure.value == 0 and figure.comparison.verdict not in ("above", "below")


def forces_view(
    scope: Scope,
    section: Section,
    group: Group,
    anchor: str,
    label: str,
    funnel_label: str = "",
    *,
    by_rule: bool = False,
) -> Forces:
    """A group of a measure, or a measure without groups, among all forces: its charts and the table behind them.

    The chart by size is left out where it has no label.
    """
    force = scope.force
    show = partial(scope.number, section.unit)
    full = partial(_in_full, scope, section.unit)
    title = section.title if group.key is None else f"{section.title}: {group.title}"
    bars = drawn(group.figures, force.code)
    # A force without a value is named under the chart; as a row of dashes it would say no more.
    rest = sorted(
        (f for f in group.figures if f not in bars and (f.value is not None or f.method == WITHHELD)),
        key=short_name,
    )
    compared = any(figure.comparison.verdict != "not assessed" for figure in group.figures)
    own = next((figure for figure in group.figures if figure.force == force.code), None)
    standing = (own or next(iter(bars), None) or next(iter(rest), None)) if group.figures else None
    comparison = standing.comparison if standing else None
    picture = None
    if bars and compared and (not by_rule or (own is not None and stands_apart(own))):
        caption = f"{title}, {len(bars)} {'force' if len(bars) == 1 else 'forces'}, {scope.period.label}"
        picture = Picture(label, anchor, forces_in_words(scope, section, own, bars, show), caption)
    funnel = None
    if funnel_label and picture is not None and group.key is None and in_funnel(group.figures):
        caption = f"{title}: forces by size, {scope.period.label}"
        said = funnel_in_words(scope, own, group.figures)
        funnel = Picture(funnel_label, f"{anchor}-limits", said, caption)
    own_row = row_of(scope, title, own, href=f"#{anchor}")
    counted = comparison.forces_counted if comparison else 0
    return Forces(
        group=group,
        anchor=anchor,
        picture=picture,
        funnel=funnel,
        compared=compared,
        rows=tuple(row_of(scope, short_name(figure), figure) for figure in (*bars, *rest)),
        own=own_row if compared else replace(own_row, stands="Not compared"),
        own_drawn=own in bars,
        mean=full(comparison.mean if comparison else None),
        england_and_wales=full(comparison.england_and_wales if comparison else None),
        counted=counted,
        not_assessed=_not_assessed(group.figures, force.code) if compared else (),
    )


def row_of(scope: Scope, label: str, figure: Figure | None, *, href: str = "") -> Row:
    """One figure as printed, with dashes where there is none; marked if it is the force's own."""
    if figure is None:
        blank = (NOTHING,) * 3
        return Row(
            label, *blank, "", NOTHING, NOTHING, "not assessed", STANDS["not assessed"], "", True, href
        )
    show = partial(scope.number, figure.unit)
    full = partial(_in_full, scope, figure.unit)
    return Row(
        label=label,
        numerator=_count(figure.numerator),
        denominator=_count(figure.denominator),
        value=WITHHELD if figure.method == WITHHELD else full(figure.value),
        interval=interval_shown(figure, show).strip("()"),
        mean=full(figure.comparison.mean),
        england_and_wales=full(figure.comparison.england_and_wales),
        verdict=figure.comparison.verdict,
        stands=STANDS[figure.comparison.verdict],
        id=figure.id,
        marked=figure.force == scope.force.code,
        href=href,
        by_limits=by_limits(figure.comparison.control, figure.unit),
        by_wide_limits=by_limits(figure.comparison.overdispersed, figure.unit),
    )


def _month_rows(trend: Trend) -> tuple[MonthRow, ...]:
    def printed(value: float | None) -> str:
        return closely(value, trend.unit, trend.apart)

    return tuple(
        MonthRow(
            month=m.month,
            value=m.open_because or printed(m.value),
            counted=_count(m.numerator),
            limits=NOTHING if m.lower is None else f"{printed(m.lower)} to {printed(m.upper)}",
            stands_out="; ".join(SIGNALS[signal] for signal in m.signals) or NOTHING,
        )
        for m in trend.months
    )


def _in_full(scope: Scope, unit: str, value: float | None) -> str:
    return scope.format(value, unit)


def _count(value: float | None) -> str:
    """A count in whole numbers; the parts of a ratio of rates keep two decimals."""
    if value is None:
        return NOTHING
    return f"{value:,.0f}" if value == round(value) else f"{value:,.2f}"


def _level(figures: Iterable[Figure]) -> str:
    """The heading of a column of intervals: '95% interval', or without a level where they differ."""
    levels = {figure.level for figure in figures if figure.lower is not None}
    return f"{levels.pop() * 100:g}% interval" if len(levels) == 1 else "Interval"


def _not_assessed(figures: Sequence[Figure], inspected: str) -> tuple[tuple[str, str], ...]:
    """(forces, why) for the forces that the comparison leaves out, those with one reason together.

    Only the forces that belong to it are named, and the inspected one (its code) whatever it is.
    """
    territorial = {force.code for force in forces()}
    names: dict[str, list[str]] = {}
    for figure in sorted(figures, key=short_name):
        named = figure.force in territorial or figure.force == inspected
        if named and figure.comparison.verdict == "not assessed":
            names.setdefault(not_assessed_because(figure), []).append(short_name(figure))
    return tuple((", ".join(those), why) for why, those in names.items())


def finding(scope: Scope, summary: Sequence[Row], called: str = "headline figure") -> str:
    """What the summary table comes to, in one sentence; `called` is what it says a row is."""
    if not summary:
        return ""
    total = len(summary)
    counts = {verdict: sum(row.verdict == verdict for row in summary) for verdict in STANDS}
    parts = [f"{counts[verdict]} {words}" for verdict, words in _COUNTED.items() if counts[verdict]]
    joined = f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else parts[0]
    figures = called if total == 1 else f"{called}s"
    name = scope.force.full_name
    return f"Of {total} {figures} for {name}, compared with the range of forces: {joined}."
