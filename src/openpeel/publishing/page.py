"""Writes the pages of one inspection: HTML, charts and open data, as one folder that opens without a network.

Which pages there are is said in `pages.py`, what they say is arranged in `view.py` and laid out in `templates/`; only
the parts meet here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from openpeel.publishing.chart_style import Shape
from openpeel.publishing.charts import forces_chart, groups_chart
from openpeel.publishing.control_charts import funnel_chart, trend_chart
from openpeel.publishing.drawing import Spec, draw
from openpeel.publishing.folder import MARK, replace_folder
from openpeel.publishing.inspection import Group, Inspection, QualityRow, Scope, Section
from openpeel.publishing.matters import RULE
from openpeel.publishing.open_data import as_csv, as_json
from openpeel.publishing.pages import DATA, INDEX, Pages, arrange_pages
from openpeel.publishing.view import SectionView, own_figures
from openpeel.reference.periods import Month

__all__ = ["Group", "Inspection", "QualityRow", "Section", "write_page"]

_SHAPES: tuple[Shape, ...] = ("wide", "narrow")


def write_page(
    inspection: Inspection, out: Path, *, on_chart: Callable[[int, int], None] | None = None
) -> tuple[Path, ...]:
    """Writes the pages of an inspection as the folder `out` and gives the paths of its files, `index.html` first.

    `index.html` with, where there are several kinds of record, a page for each area of policing and `data.html`
    beside it (see `pages.py`); `charts/`, each chart wide and narrow; `figures.json` and `figures.csv` with the
    figures of the inspected force; `all-forces.csv` with those of every force, which is what the charts of forces
    are drawn from. The same inspection gives the same bytes. `on_chart(done, all)` is called after each
    drawing, for a progress bar. The folder appears at once or not at all (see `folder.replace_folder`);
    UseError is raised when `out` holds anything but an earlier page.
    """
    pages = arrange_pages(inspection)
    own = own_figures(inspection)
    every = [f for section in inspection.sections for group in section.groups for f in group.figures]
    every.sort(key=lambda figure: (figure.measure, figure.group or "", figure.force))
    files = {
        **{name: html.encode() for name, html in _html(pages).items()},
        "figures.json": as_json(own),
        "figures.csv": as_csv(own),
        "all-forces.csv": as_csv(every),
    }
    charts = {
        file: chart
        for page in pages.measured.values()
        for file, chart in charts_of(page.sections, inspection).items()
    }
    drawn = draw((file, chart()) for file, chart in charts.items())
    for done, (file, svg) in enumerate(drawn, start=1):
        files[file] = svg.encode()
        if on_chart is not None:
            on_chart(done, len(charts))
    return replace_folder(files, out)


def templates(
    packages: Sequence[str] = (), *, made_on: date, paper: bool = False, **given: Any
) -> Environment:
    """The templates of this package, and before them those of `packages`, with what each of them may print.

    `paper` is for a document that is made to be printed, without what a reader unfolds or scrolls on a screen.
    """
    environment = Environment(
        loader=ChoiceLoader([PackageLoader(name) for name in (*packages, "openpeel.publishing")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["day"] = _day
    environment.globals.update(**given, made_on=_day(made_on), mark=MARK.decode(), paper=paper)
    return environment


def _day(day: date) -> str:
    """'1 June 2021', whatever the machine's language."""
    return f"{day.day} {Month.of(day).label}"


def _html(pages: Pages) -> dict[str, str]:
    """File name → page, the first one first."""
    it = pages.inspection
    index_title = f"{it.force.full_name}, {it.period.label}"
    environment = templates(it=it, made_on=it.made_on, pages=pages, index_title=index_title)
    if pages.alone:
        page = environment.get_template("page.html.jinja")
        return {name: page.render(page=view) for name, view in pages.measured.items()}
    methods = dict.fromkeys(method for view in pages.measured.values() for method in view.methods)
    html = {INDEX: environment.get_template("index.html.jinja").render(methods=list(methods), rule=RULE)}
    area = environment.get_template("area.html.jinja")
    around = zip((None, *pages.chapters), pages.chapters, (*pages.chapters[1:], None), strict=False)
    for before, chapter, after in around:
        view = pages.measured[chapter.file]
        html[chapter.file] = area.render(page=view, chapter=chapter, before=before, after=after)
    html[DATA] = environment.get_template("data.html.jinja").render()
    return html


def charts_of(sections: Sequence[SectionView], scope: Scope) -> dict[str, Callable[[], Spec]]:
    """File name → what makes the chart, for all charts of these sections in their order, each wide and narrow."""
    charts: dict[str, Callable[[], Spec]] = {}
    code = scope.force.code
    for view, shape in product(sections, _SHAPES):
        unit = view.section.unit
        show = partial(scope.number, unit)
        ratio = unit == "ratio"
        sign = "%" if unit == "percent" else ""
        over = "" if ratio or unit == "percent" else unit  # each tick of a percentage says so itself
        if view.groups_picture is not None:
            charts[view.groups_picture.file(shape)] = partial(
                groups_chart, view.groups, show, shape, parity=ratio
            )
        for forces in view.forces:
            figures = forces.group.figures
            if forces.picture is not None:
                charts[forces.picture.file(shape)] = partial(
                    forces_chart, figures, code, show, shape, unit=over, parity=ratio
                )
            if forces.funnel is not None:
                charts[forces.funnel.file(shape)] = partial(
                    funnel_chart, figures, code, shape, sign=sign, unit=over
                )
        if view.trend_picture is not None and view.section.trend is not None:
            charts[view.trend_picture.file(shape)] = partial(
                trend_chart, view.section.trend, shape, sign=sign, unit=over
            )
    return charts
