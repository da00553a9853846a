"""Draws the charts of a report into the pages of its PDF.

WeasyPrint draws any SVG, but lays out each letter of it by itself, which took half the time of a whole report. A chart
that is understood (see `marks.py`) is drawn here: each of its labels is laid out at once, and only the first time that
it stands in the document. How text is laid out, and its fonts put into the file, stays WeasyPrint's, of which names
are used here that it does not promise to keep: hence the bound on its version.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from math import inf
from typing import Any

from openpeel.reports.marks import Chart, Lettering, Matrix, NotUnderstoodError, read_chart, said


def charts_on_paper(drawings: Mapping[str, bytes], font_config: Any) -> dict[str, ChartOnPaper]:
    """Those of the drawings by name that are drawn here, for a document made with this `font_config`."""
    letters = Letters(font_config)
    found = {}
    for name, svg in drawings.items():
        with suppress(NotUnderstoodError):  # WeasyPrint draws it
            found[name] = ChartOnPaper(read_chart(svg), letters)
    return found


class Letters:
    """The labels of one document, each laid out once. `font_config` is the one that the document is made with."""

    def __init__(self, font_config: Any) -> None:
        self._font_config = font_config
        self._laid_out: dict[Lettering, tuple[float, list[Any]]] = {}

    def laid_out(self, lettering: Lettering, stream: Any) -> tuple[float, list[Any]]:
        """How wide it is, in units of the chart, and the operators that show it in a text object.

        Its fonts become those of the document of which `stream` is a part.
        """
        if lettering not in self._laid_out:
            self._laid_out[lettering] = self._lay_out(lettering, stream)
        return self._laid_out[lettering]

    def _lay_out(self, lettering: Lettering, stream: Any) -> tuple[float, list[Any]]:
        from weasyprint.css.properties import INITIAL_VALUES
        from weasyprint.draw.text import draw_first_line
        from weasyprint.matrix import Matrix as Placed
        from weasyprint.svg.text import Style, TextBox
        from weasyprint.text.line_break import split_first_line

        style = Style()
        style.update(INITIAL_VALUES)
        style.font_config = self._font_config
        style["font_family"] = lettering.families
        style["font_size"] = lettering.size
        style["font_weight"] = lettering.weight
        layout, _, _, width, _, _ = split_first_line(lettering.text, style, None, inf, 0)
        layout.reactivate(style)
        beside = stream.clone()
        draw_first_line(beside, TextBox(layout, style), "none", "none", Placed())
        return width, beside.stream[1:]  # the first says where it stands, which is another place each time


class ChartOnPaper:
    """A chart as a picture of WeasyPrint's, which asks it for its size and to draw itself."""

    def __init__(self, chart: Chart, letters: Letters) -> None:
        self._chart, self._letters = chart, letters

    def get_intrinsic_size(self, *_: Any) -> tuple[float, float, float]:
        """Width and height in px, and the one divided by the other."""
        return self._chart.width, self._chart.height, self._chart.width / self._chart.height

    def draw(self, stream: Any, width: float, height: float, *_: Any) -> None:
        """Draw it so wide and high into the content of a page."""
        with stream.stacked():
            stream.transform(a=width / self._chart.width, d=height / self._chart.height)
            for mark in self._chart.marks:
                with stream.stacked():
                    if mark.opacity < 1:
                        stream.set_alpha(mark.opacity, stroke=True, fill=True)
                    stream.stream.append(mark.operators)
                    if mark.label is not None:
                        across, shown = self._letters.laid_out(mark.label.lettering, stream)
                        # Letters stand upright where y goes up, and on a chart it goes down.
                        place = Matrix(d=-1, e=-across * mark.label.anchor).before(mark.label.matrix)
                        stream.stream += ["BT", f"{said(*place)} Tm", *shown, "ET"]
