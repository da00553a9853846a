"""Puts prose in its place in a page or a PDF: what its links lead to, how deep its headings stand, what scrolls.

The prose itself is not changed. How pages look is said in `templates/`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape, unescape
from html.parser import HTMLParser

from openpeel.reports.report import FIGURE_LINK

#: What stands above the heading of a container, by its class.
_CALLED = {"improvement": "Area for improvement", "concern": "Cause of concern"}
_HEADINGS = ("h2", "h3", "h4", "h5")


@dataclass(frozen=True)
class Heading:
    """A heading in prose: its text, and its id in the place where it was put."""

    text: str
    id: str


@dataclass(frozen=True)
class Placed:
    """Prose in its place, and its headings of the third level, those of containers left out."""

    html: str
    headings: tuple[Heading, ...]


def placed(
    html: str,
    *,
    figure: Callable[[str], str],
    anchor: Callable[[str], str],
    raised: bool = False,
    tables_before: int = 0,
) -> Placed:
    """Prose with `figure(id)` as the address of each figure and `anchor(id)` as that of each id within the report.

    `raised` headings stand one level higher, for a page whose only heading above them is its title. A table gets a
    frame in which it can be scrolled, with a name that goes on from the number of `tables_before` it. An area for
    improvement and a cause of concern say what they are, unless their heading does.
    """
    parser = _Placing(figure, anchor, raised, tables_before)
    parser.feed(html)
    parser.close()
    return Placed("".join(parser.out), tuple(parser.headings))


class _Placing(HTMLParser):
    def __init__(
        self,
        figure: Callable[[str], str],
        anchor: Callable[[str], str],
        raised: bool,
        tables: int,
    ) -> None:
        super().__init__(convert_charrefs=False)
        self.out: list[str] = []
        self.headings: list[Heading] = []
        self._figure, self._anchor, self._raised, self._tables = figure, anchor, raised, tables
        self._containers: list[tuple[str, int]] = []  # those open: what each is called, and where it begins
        self._heading: tuple[str, list[str]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._tables += 1
            self.out.append(
                f'<div class="scroll prose" role="region" tabindex="0" aria-label="Table {self._tables} in the text">'
            )
        given = [(name, self._put(tag, name, value or "")) for name, value in attrs]
        if tag == "h3":
            self._heading = (dict(given).get("id", ""), [])
        said = "".join(f' {name}="{escape(value)}"' for name, value in given)
        self.out.append(f"<{self._level(tag)}{said}>")
        if tag == "div":
            self._containers.append((_CALLED.get(dict(given).get("class", ""), ""), len(self.out)))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self.out.append(f"</{self._level(tag)}>")
        if tag == "div":
            self._containers.pop()
        if tag == "table":
            self.out.append("</div>")
        if tag == "h3" and self._heading is not None:
            self._headed(Heading("".join(self._heading[1]).strip(), self._heading[0]))
            self._heading = None

    def _headed(self, heading: Heading) -> None:
        if not self._containers:
            self.headings.append(heading)
            return
        called, begins = self._containers[-1]
        if called and not heading.text.lower().startswith(called.lower()):
            self.out.insert(begins, f'<p class="called">{called}</p>')

    def handle_data(self, data: str) -> None:
        self._text(data, data)

    def handle_entityref(self, name: str) -> None:
        self._text(f"&{name};", unescape(f"&{name};"))

    def handle_charref(self, name: str) -> None:
        self._text(f"&#{name};", unescape(f"&#{name};"))

    def _text(self, html: str, text: str) -> None:
        self.out.append(html)
        if self._heading is not None:
            self._heading[1].append(text)

    def _put(self, tag: str, name: str, value: str) -> str:
        if name == "id":
            return self._anchor(value).rpartition("#")[2]
        if tag == "a" and name == "href":
            if value.startswith(FIGURE_LINK):
                return self._figure(value.removeprefix(FIGURE_LINK))
            if value.startswith("#"):
                return self._anchor(value[1:])
        return value

    def _level(self, tag: str) -> str:
        if self._raised and tag in _HEADINGS:
            return _HEADINGS[max(0, _HEADINGS.index(tag) - 1)]
        return tag
