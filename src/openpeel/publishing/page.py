"""Writes the page of one inspection: HTML, charts and open data, as one folder that opens without a network.

What the page says is arranged in `view.py` and laid out in `templates/`; only the parts meet here.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import product
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from openpeel.publishing.chart_style import Shape
from openpeel.publishing.charts import forces_svg, groups_svg
from openpeel.publishing.control_charts import funnel_svg, trend_svg
from openpeel.publishing.folder import MARK, replace_folder
from openpeel.publishing.inspection import Group, Inspection, QualityRow, Section
from openpeel.publishing.open_data import as_csv, as_json
from openpeel.publishing.view import PageView, arrange, own_figures
from openpeel.reference.periods import Month

__all__ = ["Group", "Inspection", "QualityRow", "Section", "write_page"]

_SHAPES: tuple[Shape, ...] = ("wide", "narrow")


def write_page(
    inspection: Inspection, out: Path, *, on_chart: Callable[[int, int], None] | None = None
) -> tuple[Path, ...]:
    """Writes the page of an inspection as the folder `out` and gives the paths of its files.

    `index.html`; `charts/`, each chart wide and narrow; `figures.json` and `figures.csv` with the figures
    of the inspected force; `all-forces.csv` with those of every force, which is what the charts of forces
    are drawn from. The same inspection gives the same bytes. `on_chart(done, all)` is called after each
    drawing, for a progress bar. The folder appears at once or not at all (see `folder.replace_folder`);
    UseError is raised when `out` holds anything but an earlier page.
    """
    page = arrange(inspection)
    own = own_figures(inspection)
    every = [f for section in inspection.sections for group in section.groups for f in group.figures]
    every.sort(key=lambda figure: (figure.measure, figure.group or "", figure.force))
    files = {
        "index.html": _html(page).encode(),
        "figures.json": as_json(own),
        "figures.csv": as_csv(own),
        "all-forces.csv": as_csv(every),
    }
    drawings = _drawings(page)
    for done, (file, draw) in enumerate(drawings.items(), start=1):
        files[file] = draw().encode()
        if on_chart is not None:
            on_chart(done, len(drawings))
    return replace_folder(files, out)


def _html(page: PageView) -> str:
    environment = Environment(
        loader=PackageLoader("openpeel.publishing"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made_on = page.inspection.made_on
    return environment.get_template("page.html.jinja").render(
        page=page, made_on=f"{made_on.day} {Month.of(made_on).label}", mark=MARK.decode()
    )


def _drawings(page: PageView) -> dict[str, Callable[[], str]]:
    """File name → what draws it, in the order of the page."""
    drawings: dict[str, Callable[[], str]] = {}
    for view, shape in product(page.sections, _SHAPES):
        unit = view.section.unit
        show = partial(page.inspection.number, unit)
        ratio = unit == "ratio"
        sign = "%" if unit == "percent" else ""
        over = "" if ratio or unit == "percent" else unit  # each tick of a percentage says so itself
        if view.groups_picture is not None:
            drawings[f"charts/{view.groups_picture.name}-{shape}.svg"] = partial(
                groups_svg, view.groups, show, shape, parity=ratio
            )
        for forces in view.forces:
            if forces.picture is not None:
                drawings[f"charts/{forces.picture.name}-{shape}.svg"] = partial(
                    forces_svg,
                    forces.group.figures,
                    page.inspection.force.code,
                    show,
                    shape,
                    unit=over,
                    parity=ratio,
                )
            if forces.funnel is not None:
                drawings[f"charts/{forces.funnel.name}-{shape}.svg"] = partial(
                    funnel_svg,
                    forces.group.figures,
                    page.inspection.force.code,
                    shape,
                    sign=sign,
                    unit=over,
                )
        if view.trend_picture is not None and view.section.trend is not None:
            drawings[f"charts/{view.trend_picture.name}-{shape}.svg"] = partial(
                trend_svg, view.section.trend, shape, sign=sign, unit=over
            )
    return drawings
