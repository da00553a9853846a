"""PDFs into passages: which lines belong to one paragraph, over pages too, and which only run along every page.

A PDF says where each character is painted and nothing of paragraphs. The lines come from `pdf_lines.py`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from openpeel.claims.document import Passage, Place
from openpeel.claims.reading.items import BULLETS, Items
from openpeel.claims.reading.limits import ReadingLimits
from openpeel.claims.reading.pdf_lines import Line, Page, read_pages
from openpeel.claims.reading.weaving import Weaver
from openpeel.errors import DataError
from openpeel.intake.rows import counted

_SENTENCE_END = re.compile(r"[.?!:;][\"'”’)\]]*$")
_HYPHEN = re.compile(r"(?<=\w)[-\u00ad\u2010\ufffe]$")
#: What keeps its hyphen at the end of a line: 'twenty-/five', 'two-/thirds'.
_KEEPS_HYPHEN = re.compile(
    r"\b(?:(?:twen|thir|for|fif|six|seven|eigh|nine)ty-\w+|\w+-(?:hal(?:f|ves)|thirds?|quarters?|fifths?|tenths?))$",
    re.IGNORECASE,
)
_BULLET_ALONE = re.compile(rf"[{BULLETS}–-]|\(?\d{{1,3}}[.)]|\(?[a-z][.)]")
_NUMBER = r"(?:page\s+)?\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?"
_PAGE_NUMBER = re.compile(_NUMBER, re.IGNORECASE)
_NUMBERED = re.compile(rf"^{_NUMBER}\b|\b{_NUMBER}$", re.IGNORECASE)
#: Lines that say the same, but for the number of the page, at the edge of so many of the pages, run along them. The
#: heads of left and right pages differ, so that either may be on fewer than half.
_RUNNING = 1 / 3
_AT_AN_EDGE = 2
#: How many line heights two lines lie apart at most where nothing tells how far they do in the document.
_USUAL_STEP = 1.35


def pdf_passages(path: Path, name: str, limits: ReadingLimits) -> tuple[list[Passage], tuple[str, ...]]:
    """The paragraphs of a PDF, and what could not be read of it.

    Raises DataError where it is damaged, needs a password, has more pages or text than the limits, or no text at all.
    """
    pages = read_pages(path, name, limits)
    without = [page.number for page in pages if not page.lines and page.has_pictures]
    if not any(page.lines for page in pages):
        what = "pictures of text and no text" if without else "no text"
        raise DataError(
            f"expected a PDF with text in it: this PDF holds {what}",
            where=name,
            advice="Have its text recognised (OCR) and save it anew, or ask for the document it was made from."
            if without
            else "Ask for the file again.",
        )
    lines = _body(pages)
    steps = _steps(lines)
    weaver = Weaver()
    before: Line | None = None
    for line in lines:
        if before is not None:
            if not _goes_on(before, line, steps):
                weaver.end()
            elif not _HYPHEN.search(before.text):
                weaver.space()
        following = lines[line.index + 1] if line.index + 1 < len(lines) else None
        _weave(weaver, line, following is not None and _goes_on(line, following, steps), following)
        before = line
    weaver.end()
    return weaver.passages, _note(without)


def _weave(weaver: Weaver, line: Line, goes_on: bool, following: Line | None) -> None:
    """Add a line; a word that is parted at its end is put together with its rest."""
    text = line.text.rstrip()
    hyphen = _HYPHEN.search(text) if goes_on else None
    if hyphen is not None and following is not None:
        rest = following.text.split(maxsplit=1)[0].rstrip(".,;:)")
        head = text[: hyphen.start()]
        word = head.rsplit(maxsplit=1)[-1]
        keeps = not rest[:1].islower() or _KEEPS_HYPHEN.search(f"{word}-{rest}") is not None
        text = f"{head}-" if keeps else head
    else:
        text = text.replace("\ufffe", "-")
    weaver.add(text, Place(line.page, line.number, line.column))


def _body(pages: Sequence[Page]) -> list[Line]:
    """The lines of all pages but those that run along them, bullets told to the lines beside them."""
    edges = {page.number: _edges(page) for page in pages}
    times = Counter(key for found in edges.values() for key in {_plain(line) for line in found})
    enough = max(3, _RUNNING * len(pages))
    body: list[Line] = []
    items = Items()
    for page in pages:
        running = {
            line.number
            for line in edges[page.number]
            if times[_plain(line)] >= enough or _PAGE_NUMBER.fullmatch(line.text.strip())
        }
        if len(running) == len(page.lines):  # then they are all that the page says
            running = {line.number for line in page.lines if _PAGE_NUMBER.fullmatch(line.text.strip())}
        bullets = [line for line in page.lines if _BULLET_ALONE.fullmatch(line.text.strip())]
        alone = {line.number for line in bullets}
        for line in page.lines:
            if line.number not in running and line.number not in alone:
                beside = any(
                    bullet.left < line.left and abs(bullet.bottom - line.bottom) < line.height / 2
                    for bullet in bullets
                )
                mark = items.mark(line.text)
                body.append(line.placed(len(body), mark, is_item=beside or mark > 0))
    return body


def _edges(page: Page) -> list[Line]:
    """The lines at the top and at the foot of a page, by where they are painted."""
    high = sorted(page.lines, key=lambda line: -line.bottom)
    rows = sorted({round(line.bottom) for line in high})
    outer = {*rows[:_AT_AN_EDGE], *rows[-_AT_AN_EDGE:]}
    return [line for line in high if round(line.bottom) in outer]


def _plain(line: Line) -> str:
    """A line without the number of the page at its beginning or end."""
    return _NUMBERED.sub("", line.text.strip()).strip()


def _steps(lines: Iterable[Line]) -> dict[int, float]:
    """How far apart lines lie, for each height of them in points: the step that is there most often."""
    steps: dict[int, Counter[float]] = {}
    before: Line | None = None
    for line in lines:
        if before is not None and before.page == line.page and _alike(before, line):
            step = round(2 * (before.bottom - line.bottom)) / 2
            if 0 < step < 3 * line.height:
                steps.setdefault(round(line.height), Counter())[step] += 1
        before = line
    return {height: min(found, key=lambda s: (-found[s], s)) for height, found in steps.items()}


def _alike(one: Line, other: Line) -> bool:
    return abs(one.height - other.height) <= 0.1 * one.height


def _goes_on(before: Line, line: Line, steps: dict[int, float]) -> bool:
    """Whether a line goes on with the paragraph of the one before."""
    if line.is_item or not _alike(before, line):
        return False
    parted = _HYPHEN.search(before.text) is not None
    step = before.bottom - line.bottom
    if before.page != line.page or step < -line.height / 2:
        # A new page or column: a sentence that is not at its end goes on there.
        ended = _SENTENCE_END.search(before.text) is not None
        return parted or not (ended or (line.text[:1].isupper() and _has_room(before, line)))
    if abs(step) <= line.height / 2:
        return False  # beside it, as the next cell of a table
    if step > 1.15 * steps.get(round(line.height), _USUAL_STEP * line.height):
        return False
    if line.left > before.left + 0.9 * line.height and not before.is_item:
        return False
    if parted:
        return True
    ended = _SENTENCE_END.search(before.text) is not None or not line.text[:1].islower()
    return not (ended and _has_room(before, line))


def _has_room(before: Line, line: Line) -> bool:
    """Whether the first word of a line would have stood on the one before: then the line was broken on purpose."""
    return before.room > line.first_word + line.height / 4


def _note(without: Sequence[int]) -> tuple[str, ...]:
    """What to say of pages that hold pictures and no text."""
    if not without:
        return ()
    first = ", ".join(map(str, without[:10])) + (" and others" if len(without) > 10 else "")
    hold = "holds" if len(without) == 1 else "hold"
    return (f"{counted(len(without), 'page')} ({first}) {hold} pictures and no text, and could not be read.",)
