"""The pages of a report: a first one, one for each chapter, one for each figure, and one about the data.

What they say is arranged in `arranged.py` and laid out in `templates/`, which share their look and their charts with
the pages of an inspection. Nothing is written here: the files are given to whoever puts them in place.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openpeel.publishing.page import templates
from openpeel.reports.arranged import (
    Addresses,
    Arranged,
    Number,
    anchors,
    arrange_report,
    figure_name,
    free_anchor,
    report_images,
)
from openpeel.reports.report import Report

INDEX, ABOUT, NUMBERS = "index.html", "about-the-data.html", "numbers.html"


@dataclass(frozen=True)
class Download:
    """A file beside the pages that a reader can take away: its name, what it is, and its size in bytes if known."""

    file: str
    title: str
    size: int | None = None

    @property
    def size_said(self) -> str:
        """'1.2 MB', '34 kB'; '' where it is not known."""
        if self.size is None:
            return ""
        return f"{self.size / 1e6:.1f} MB" if self.size >= 1e6 else f"{max(1, round(self.size / 1e3))} kB"


def site_files(
    report: Report,
    drawings: Mapping[str, bytes],
    *,
    downloads: Sequence[Download] = (),
) -> dict[str, bytes]:
    """Name within the folder → content, `index.html` first. The same report gives the same bytes.

    `drawings` are those of `arranged.report_charts` by file name. The pictures of the prose are read from where they
    lie, and UseError is raised where that cannot be. Beside each `figures/<id>.html` is the same as JSON. A first
    chapter called 'Summary' stands on the first page.
    """
    arranged = arrange_report(report, _addresses(report), raised=lambda slug: slug != _summary(report))
    environment = templates(
        ("openpeel.reports",), it=report, made_on=report.made_on, about_page=ABOUT, numbers_page=NUMBERS
    )

    def page(template: str, root: str = "", **given: Any) -> bytes:
        return environment.get_template(template).render(report=arranged, root=root, **given).encode()

    of_their_own = [view for view in arranged.chapters if view.chapter.slug != _summary(report)]
    first = next((view for view in arranged.chapters if view.chapter.slug == _summary(report)), None)
    files = {
        INDEX: page("report_index.html.jinja", summary=first, chapters=of_their_own, downloads=downloads)
    }
    around = zip((None, *of_their_own), of_their_own, (*of_their_own[1:], None), strict=False)
    for before, view, after in around:
        files[view.address] = page("report_chapter.html.jinja", view=view, before=before, after=after)
    files[NUMBERS] = page("report_numbers.html.jinja")
    files[ABOUT] = page("report_about.html.jinja")
    for number in arranged.numbers:
        files[f"figures/{number.name}.html"] = page("report_figure.html.jinja", "../", number=number)
        files[f"figures/{number.name}.json"] = _as_json(arranged, number)
    return {**files, **drawings, **report_images(report)}


def _summary(report: Report) -> str | None:
    """The slug of the chapter that stands on the first page, if there is one."""
    first = next(iter(report.chapters), None)
    return first.slug if first is not None and first.title.strip().casefold() == "summary" else None


def chapter_files(report: Report) -> dict[str, str]:
    """The page of each chapter by its slug; no two chapters and no other page have the same."""
    taken = {INDEX, ABOUT, NUMBERS}
    files: dict[str, str] = {}
    for chapter in report.chapters:
        name = INDEX if chapter.slug == _summary(report) else f"{chapter.slug}.html"
        while name in taken and chapter.slug != _summary(report):
            name = f"chapter-{name}"
        taken.add(name)
        files[chapter.slug] = name
    return files


def _addresses(report: Report) -> Callable[[str | None], Addresses]:
    files, places = chapter_files(report), anchors(report)

    def of(slug: str | None) -> Addresses:
        def anchor(name: str) -> str:
            there = places.get(name)
            page = "" if there is None or there == slug else files[there]
            return page if name == there and page else f"{page}#{free_anchor(name)}"

        return Addresses(
            figure=lambda figure: f"figures/{figure_name(figure)}.html",
            anchor=anchor,
            chapter=files.__getitem__,
        )

    return of


def _as_json(arranged: Arranged, number: Number) -> bytes:
    """Everything that the page of a figure says, for a program to read."""
    cited, report = number.cited, arranged.report
    said = {
        **cited.as_json(),
        "release": None if cited.audit else {"name": report.release, "id": report.release_id},
        "report": report.title,
        "check": number.command,
    }
    return (json.dumps(said, ensure_ascii=False, indent=2) + "\n").encode()
