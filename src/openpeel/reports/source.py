"""Reads the source of a report: its head, its chapters, and the references and pictures in them.

What Markdown makes is kept as markup around passages of text; the figures are put in by `resolve.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.container import container_plugin

from openpeel.errors import DataError, UseError
from openpeel.reports.front_matter import FrontMatter, read_front_matter
from openpeel.reports.images import find_image
from openpeel.reports.passage import FIRST_PLACEHOLDER, Lines, Markup, Passage, Piece, Text
from openpeel.reports.problems import Problems, RefusedError
from openpeel.reports.references import LONGEST, NAMES, Reference, read_reference

#: The judgments, as the inspectorate words them.
GRADES = ("outstanding", "good", "adequate", "requires improvement", "inadequate")
#: What a container is, said before its title: an edge of another colour tells nothing to who cannot see it.
CONTAINERS = {"improvement": "Area for improvement: ", "concern": "Cause of concern: ", "note": ""}
SUMMARY = "summary"

#: A report of this many bytes would be a library.
LARGEST = 2 * 1024**2
MOST_REFERENCES = 10_000

_BRACES = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")
_PLAIN_TAGS = {"strong": "strong", "em": "em"}
_LINKS = ("https://", "http://", "mailto:")
_NO_BLOCK = "Write it as prose, a list or a table."


@dataclass(frozen=True)
class Words:
    """A stretch of a chapter: markup as it is, and passages in their places."""

    parts: tuple[str | Passage, ...]


@dataclass(frozen=True)
class SourceChapter:
    """A chapter as it was written; a reference among its blocks is a chart or table of its own."""

    title: Passage
    slug: str
    grade: str | None
    blocks: tuple[Words | Reference, ...]

    @property
    def passages(self) -> Iterator[Passage]:
        """Its heading and every passage in it."""
        yield self.title
        for block in self.blocks:
            if isinstance(block, Words):
                yield from (part for part in block.parts if isinstance(part, Passage))


@dataclass(frozen=True)
class Source:
    """A report as it was written. `images` are name among the report's files and path; `name` that of its file."""

    name: str
    head: FrontMatter
    chapters: tuple[SourceChapter, ...]
    references: tuple[Reference, ...]
    images: tuple[tuple[str, Path], ...]
    problems: Problems


def read_source(path: Path) -> Source:
    """Read the source of a report. What is wrong in its text is in `problems`.

    Raises UseError where the file cannot be read, DataError where it is no text or its head is not as it should be.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UseError(f"the report cannot be read ({error.strerror})", where=str(path)) from None
    if len(content) > LARGEST:
        raise DataError(f"expected a report of at most {LARGEST // 1024**2} MiB", where=str(path))
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise DataError("expected text in UTF-8", where=f"{path}, line {line}") from None
    if any(c >= FIRST_PLACEHOLDER for c in text):
        at = next(i for i, c in enumerate(text) if c >= FIRST_PLACEHOLDER)
        raise DataError(
            "a character for private use has no place in a report",
            where=f"{path}, line {text[:at].count(chr(10)) + 1}",
        )
    head, lines = read_front_matter(text, path.name)
    body = text.split("\n", lines)[lines] if text.count("\n") >= lines else ""
    return _Reader(path, head, body, lines).source()


class _Reader:
    def __init__(self, path: Path, head: FrontMatter, body: str, before: int) -> None:
        self._path, self._head, self._body = path, head, body
        self._lines = Lines(body, before)
        self._problems = Problems()
        self._references: dict[str, Reference] = {}
        self._images: dict[str, Path] = {}
        self._printed: set[str] = set()
        self._slugs: set[str] = {SUMMARY}
        self._cursor: dict[int, int] = {}

    def source(self) -> Source:
        text = self._hide_references()
        self._source_lines = text.split("\n")
        tokens = _markdown().parse(text)
        chapters = tuple(self._chapters(tokens))
        return Source(
            self._path.name,
            self._head,
            chapters,
            tuple(self._references[c] for c in self._references),
            tuple(self._images.items()),
            self._problems,
        )

    def _hide_references(self) -> str:
        """The text with each reference as placeholders of the same length, so that every place stays what it was."""
        body, parts, at = self._body, [], 0
        while (found := _BRACES.search(body, at)) is not None:
            parts.append(body[at : found.start()])
            place = self._lines.place(found.start())
            end = -1
            if found[0] == "{{":
                end = body.find("}}", found.end(), found.end() + 2 * LONGEST)
            if end == -1 or "\n\n" in body[found.end() : end]:
                self._problems.add(place, *_no_reference(found[0]))
                parts.append(found[0])
                at = found.end()
                continue
            inner = body[found.end() : end]
            at = end + 2
            try:
                reference = read_reference(inner, *place)
            except RefusedError as refused:
                self._problems.add(place, refused.message, refused.advice)
                parts.append(_same_shape(body[found.start() : at], " "))
                continue
            if len(self._references) >= MOST_REFERENCES:
                raise DataError(
                    f"expected at most {MOST_REFERENCES:,} references in a report",
                    where=f"{self._path.name}, line {place[0]}",
                )
            char = chr(ord(FIRST_PLACEHOLDER) + len(self._references))
            self._references[char] = reference
            parts.append(_same_shape(body[found.start() : at], char))
        return "".join([*parts, body[at:]])

    def _chapters(self, tokens: Sequence[Token]) -> Iterator[SourceChapter]:
        title, slug, grade = as_written("Summary"), SUMMARY, None
        blocks: list[Words | Reference] = []
        parts: list[str | Passage] = []
        begun = False

        def finish() -> None:
            if parts:
                blocks.append(Words(tuple(parts)))
                parts.clear()

        at = 0
        while at < len(tokens):
            token = tokens[at]
            if token.type == "heading_open" and token.tag == "h2":
                if token.level:
                    self._problem(token, "a chapter cannot begin within a list, a quotation or a container")
                finish()
                if begun or blocks:
                    yield SourceChapter(title, slug, grade, tuple(blocks))
                title, grade, blocks, begun = self._passage(tokens[at + 1]), None, [], True
                slug = self._slug(title.plain, "chapter")
                at += 3
                continue
            if token.type == "paragraph_open" and tokens[at + 1].content.startswith("Grade:"):
                found = self._grade(
                    tokens[at + 1], first=begun and not blocks and not parts and grade is None
                )
                grade = found or grade
                at += 3
                continue
            if (
                token.type == "paragraph_open"
                and (shown := self._block(tokens[at + 1], token.level)) is not None
            ):
                finish()
                blocks.append(shown)
                at += 3
                continue
            self._part(token, tokens, at, parts)
            at += 1
        finish()
        if begun or blocks:
            yield SourceChapter(title, slug, grade, tuple(blocks))
        else:
            self._problems.add((1, 1), "the report has no text")

    def _grade(self, token: Token, *, first: bool) -> str | None:
        word = token.content.removeprefix("Grade:").strip().lower().rstrip(".")
        advice = f"Write one of {', '.join(GRADES)} on a line of its own below the heading of a chapter."
        if word not in GRADES:
            self._problem(token, f"expected a grade, got '{word[:60]}'", advice)
        elif not first:
            self._problem(token, "a grade stands first in a chapter, and once", advice)
        else:
            return word
        return None

    def _block(self, token: Token, level: int) -> Reference | None:
        """The chart or table that a paragraph is, if it is one."""
        chars = set(token.content.replace("\n", ""))
        found = [self._references[c] for c in chars if c in self._references]
        if len(chars) == 1 and len(found) == 1 and NAMES[found[0].name].block:
            if level:
                self._problems.add(
                    found[0].place,
                    f"a {found[0].name} cannot stand within a list, a quotation or a container",
                )
            return found[0]
        return None

    def _part(self, token: Token, tokens: Sequence[Token], at: int, parts: list[str | Passage]) -> None:
        kind = token.type
        if kind == "inline":
            parts.append(self._passage(token))
        elif kind in ("paragraph_open", "paragraph_close"):
            if not token.hidden:
                parts.append("<p>" if token.nesting == 1 else "</p>\n")
        elif kind == "heading_open":
            if token.tag not in ("h3", "h4"):
                self._problem(
                    token,
                    f"a report has headings of ##, ### and ####, got {token.markup}",
                    "The title is said in the head of the file.",
                )
            parts.append(f'<{token.tag} id="{self._slug(tokens[at + 1].content, "part")}">')
        elif kind == "heading_close":
            parts.append(f"</{token.tag}>\n")
        elif kind.startswith("container_"):
            if token.nesting == 1:
                self._container(token, kind.split("_")[1], parts)
            else:
                parts.append("</div>\n")
        elif kind == "ordered_list_open":
            start = token.attrs.get("start")
            parts.append(f'<ol start="{int(start)}">\n' if start is not None else "<ol>\n")
        elif kind == "th_open":
            parts.append('<th scope="col">')
        elif token.tag in ("ul", "ol", "li", "blockquote", "table", "thead", "tbody", "tr", "th", "td"):
            parts.append(f"<{'/' if token.nesting == -1 else ''}{token.tag}>")
        elif kind in ("fence", "code_block"):
            self._problem(
                token, "a report has no block of code (or a paragraph that is indented by 4)", _NO_BLOCK
            )
        else:
            self._problem(token, f"a report has nothing of the kind '{kind.replace('_', ' ')}'", _NO_BLOCK)

    def _container(self, token: Token, name: str, parts: list[str | Passage]) -> None:
        assert token.map is not None
        first, last = token.map
        if last >= len(self._source_lines) or not self._source_lines[last].lstrip().startswith(":::"):
            self._problem(token, f"the container '{name}' is not closed", "Write ::: on a line below it.")
        title = token.info.strip().removeprefix(name).strip()
        if not title:
            self._problem(
                token, f"the container '{name}' has no title", f"Write ::: {name} and the title after it."
            )
        inline = _markdown().parseInline(title)[0]
        inline.map = [first, first + 1]
        parts.append(f'<div class="{name}">\n<h3 id="{self._slug(title, name)}">{CONTAINERS[name]}')
        parts.append(self._passage(inline))
        parts.append("</h3>\n")

    def _passage(self, token: Token) -> Passage:
        return _Inline(self, token).passage()

    def _slug(self, text: str, otherwise: str) -> str:
        words = "".join(" " if c >= FIRST_PLACEHOLDER else c for c in text)
        base = (
            re.sub(r"[^a-z0-9]+", "-", words.lower().replace("’", "").replace("'", ""))
            .strip("-")[:60]
            .strip("-")
        )
        slug, n = base or otherwise, 2
        while slug in self._slugs:
            slug, n = f"{base or otherwise}-{n}", n + 1
        self._slugs.add(slug)
        return slug

    def _problem(self, token: Token, message: str, advice: str = "") -> None:
        line = token.map[0] if token.map else 0
        self._problems.add(self._lines.place(self._lines.start(line)), message, advice)


class _Inline:
    """One inline token of Markdown, on its way to a passage."""

    def __init__(self, reader: _Reader, token: Token) -> None:
        self._reader, self._token = reader, token
        self._offsets = self._of_content()
        self._at = 0
        self._pieces: list[Piece] = []
        self._plain: list[str] = []
        self._where: list[int] = []
        self._linked = False
        self._first = self._offsets[0] if self._offsets else 0

    def passage(self) -> Passage:
        for child in self._token.children or ():
            self._add(child)
        plain = "".join(self._plain)
        used = {c: r for c in plain if (r := self._reader._references.get(c)) is not None}
        if marker := re.search(r"^:::.*", self._token.content, re.MULTILINE):
            self._problem(
                marker.start(),
                f"no container begins or ends with '{marker[0][:40].strip()}'",
                f"There are {', '.join(f'::: {c}' for c in CONTAINERS)}, each closed by a line :::.",
            )
        return Passage(tuple(self._pieces), plain, tuple(self._where), used, self._reader._lines)

    def _add(self, child: Token) -> None:
        kind, name = child.type, child.type.partition("_")[0]
        if kind in ("text", "code_inline"):
            self._text(child.content)
        elif kind in ("softbreak", "hardbreak"):
            self._found("\n")
            self._put("\n")
        elif name in _PLAIN_TAGS:
            self._pieces.append(Markup(f"<{'/' if child.nesting == -1 else ''}{_PLAIN_TAGS[name]}>"))
        elif kind == "link_open":
            href = str(child.attrs.get("href", ""))
            if not href.lower().startswith(_LINKS):
                self._problem(
                    self._at,
                    f"a link leads to a page (https://…) or an address of mail, got '{href[:60]}'",
                    "A figure is linked by the reference that prints it."
                    if href.startswith("figure:")
                    else "",
                )
            if any(c >= FIRST_PLACEHOLDER for c in href) or "%F3%B0" in href:
                self._problem(self._at, "a reference cannot stand in the address of a link")
            self._linked = True
            self._pieces.append(Markup(f'<a href="{escape(href)}">'))
        elif kind == "link_close":
            self._linked = False
            self._pieces.append(Markup("</a>"))
            tail = re.compile(r"\]\([^)\n]*\)").match(self._token.content, self._at)
            self._at = tail.end() if tail else self._at
        elif kind == "image":
            self._image(child)
        else:
            self._problem(self._at, f"a report has nothing of the kind '{kind.replace('_', ' ')}'")

    def _image(self, child: Token) -> None:
        source, alt = str(child.attrs.get("src", "")), child.content
        at = self._at
        self._found("![")
        if not alt.strip():
            self._problem(
                at, f"the picture '{source[:60]}' has no text", "Say between [ and ] what it shows."
            )
        if any(c >= FIRST_PLACEHOLDER for c in alt):
            self._problem(at, "a reference cannot stand in the text of a picture")
        try:
            name, path = find_image(source, self._reader._path.parent)
        except RefusedError as refused:
            self._problem(at, refused.message, refused.advice)
        else:
            self._reader._images[name] = path
            self._pieces.append(Markup(f'<img src="{escape(name)}" alt="{escape(alt)}">'))
        for char, offset in zip(alt, self._found(alt), strict=True):  # numbers typed in it are looked at too
            self._plain.append(char)
            self._where.append(offset)
        self._plain.append(" ")
        self._where.append(self._where[-1] if self._where else self._first)
        self._found(")")

    def _text(self, text: str) -> None:
        offsets = self._found(text)
        words: list[str] = []

        def finish() -> None:
            if words:
                self._pieces.append(Text("".join(words)))
                words.clear()

        for char, offset in zip(text, offsets, strict=True):
            reference = self._reader._references.get(char)
            if reference is None:
                words.append(char)
                self._plain.append(char)
                self._where.append(offset)
            elif char not in self._reader._printed:
                finish()
                self._reader._printed.add(char)
                self._check(reference)
                self._pieces.append(reference)
                self._plain.append(char)
                self._where.append(offset)
        finish()

    def _check(self, reference: Reference) -> None:
        if NAMES[reference.name].block:
            self._reader._problems.add(
                reference.place,
                f"a {reference.name} is a paragraph of its own",
                "Put it on a line of its own with an empty line before and after it.",
            )
        if self._linked:
            self._reader._problems.add(
                reference.place, "a reference links to its figure, and cannot stand within a link"
            )

    def _put(self, text: str) -> None:
        self._pieces.append(Text(text))
        self._plain.append(" ")
        self._where.append(self._where[-1] + 1 if self._where else self._first)

    def _found(self, text: str) -> list[int]:
        """Where each character of a part of the content stands in the source."""
        content, offsets = self._token.content, self._offsets
        at = content.find(text, self._at)
        found = []
        if at != -1:
            found = offsets[at : at + len(text)]
            self._at = at + len(text)
        else:  # with an escape or an entity in it
            for char in text:
                place = content.find(char, self._at)
                self._at = place + 1 if place != -1 else self._at
                found.append(offsets[min(max(self._at - 1, 0), len(offsets) - 1)] if offsets else 0)
        return found

    def _of_content(self) -> list[int]:
        """Where each character of the token's content stands: its lines are lines of the source, less what Markdown
        takes from their beginning."""
        reader, token = self._reader, self._token
        first = token.map[0] if token.map else 0
        offsets: list[int] = []
        for i, line in enumerate(token.content.split("\n")):
            number = min(first + i, len(reader._source_lines) - 1)
            after = reader._cursor.get(number, 0)
            at = reader._source_lines[number].find(line, after)
            at = after if at == -1 else at
            reader._cursor[number] = at + len(line)
            start = reader._lines.start(number) + at
            offsets += [*range(start, start + len(line)), start + len(line)]
        return offsets[:-1]

    def _problem(self, at: int, message: str, advice: str = "") -> None:
        offset = self._offsets[min(at, len(self._offsets) - 1)] if self._offsets else 0
        self._reader._problems.add(self._reader._lines.place(offset), message, advice)


def as_written(text: str, line: int = 1) -> Passage:
    """Words of a line of the file that are not Markdown."""
    return Passage((Text(text),), text, (0,) * len(text), {}, Lines("", line - 1))


def _markdown() -> MarkdownIt:
    """CommonMark with tables and our containers; HTML is text like any other."""
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    markdown.validateLink = lambda url: True  # type: ignore[method-assign]  # said by us, not left as text
    for name in CONTAINERS:
        markdown.use(container_plugin, name=name)
    return markdown


def _same_shape(text: str, char: str) -> str:
    return "".join(c if c == "\n" else char for c in text)


def _no_reference(braces: str) -> tuple[str, str]:
    if braces == "{{":
        return "a reference is not closed", "Close it with }} before the paragraph ends."
    if braces == "}}":
        return "'}}' closes no reference", "A reference begins with {{."
    return (
        f"'{braces}' has no meaning in a report: nothing is run in it, no loop and no condition",
        'A figure is printed by a reference such as {{ share("measure") }}.',
    )
