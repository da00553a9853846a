"""Two versions of a report set beside one another: which sentences say another number, and by how much."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from openpeel.figures.rounding import shown
from openpeel.reports.built import Built
from openpeel.reports.report import Told

#: Of a figure these name its release or the words about its records, and not what it says.
_NOT_SAID = ("id", "release", "coverage", "title", "definition")


@dataclass(frozen=True)
class ChangedFigure:
    """A figure by its key, in both versions; None where it has no value, or the version has no such figure."""

    key: str
    title: str
    unit: str
    before: float | None
    after: float | None
    before_id: str
    after_id: str

    @property
    def difference(self) -> float | None:
        """How much more it is in the later version, in its unit."""
        return None if self.before is None or self.after is None else self.after - self.before

    @property
    def by(self) -> str:
        """How much more or less, as it is printed: '+0.4%', '-£400k'; '' where a version has no value."""
        if self.difference is None:
            return ""
        sign, size = ("+" if self.difference > 0 else "-"), abs(self.difference)
        printed = shown(size, self.unit)
        return sign + (printed if printed != shown(0.0, self.unit) else f"{size:.2g}")

    @property
    def said(self) -> str:
        """'81.6% → 82.0%'."""
        return f"{shown(self.before, self.unit)} → {shown(self.after, self.unit)}"


@dataclass(frozen=True)
class ChangedSentence:
    """A sentence whose figures are not the same in two versions; a text is '' where a version has no such sentence.

    `line` is that of the later version's source, or of the earlier where it is gone.
    """

    chapter: str
    line: int
    before: str
    after: str
    figures: tuple[ChangedFigure, ...]

    @property
    def reads_alike(self) -> bool:
        """Whether the figure changed by less than is printed."""
        return self.before == self.after

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "chapter": self.chapter,
            "line": self.line,
            "before": self.before,
            "after": self.after,
            "figures": [{**f.__dict__, "difference": f.difference} for f in self.figures],
        }


def changed_sentences(before: Built, after: Built) -> list[ChangedSentence]:
    """Each sentence whose figure changes, in the order of the later version.

    Sentences are told apart by what their source asks for, so that prose that was edited beside them does not matter.
    """
    pairs = SequenceMatcher(
        a=[(t.chapter, t.keys) for t in before.told],
        b=[(t.chapter, t.keys) for t in after.told],
        autojunk=False,
    )
    found = []
    for kind, a, b, c, d in pairs.get_opcodes():
        if kind == "equal":
            for one, other in zip(before.told[a:b], after.told[c:d], strict=True):
                figures = tuple(_changed(one, other, before, after))
                if figures:
                    found.append(ChangedSentence(other.chapter, other.line, one.text, other.text, figures))
            continue
        found += [
            ChangedSentence(t.chapter, t.line, t.text, "", tuple(_only(t, before.figures, gone=True)))
            for t in before.told[a:b]
        ]
        found += [
            ChangedSentence(t.chapter, t.line, "", t.text, tuple(_only(t, after.figures, gone=False)))
            for t in after.told[c:d]
        ]
    return found


def _changed(one: Told, other: Told, before: Built, after: Built) -> Iterator[ChangedFigure]:
    for key, a, b in zip(one.keys, one.figures, other.figures, strict=True):
        was, now = before.figures[a], after.figures[b]
        if _said(was) != _said(now):
            yield ChangedFigure(key, now["title"], now["unit"], was["value"], now["value"], a, b)


def _said(figure: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: value for name, value in figure.items() if name not in _NOT_SAID}


def _only(told: Told, figures: Mapping[str, Mapping[str, Any]], *, gone: bool) -> Iterator[ChangedFigure]:
    for key, figure_id in zip(told.keys, told.figures, strict=True):
        figure = figures[figure_id]
        before, after = (figure["value"], None) if gone else (None, figure["value"])
        old, new = (figure_id, "") if gone else ("", figure_id)
        yield ChangedFigure(key, figure["title"], figure["unit"], before, after, old, new)


def rows(changed: Sequence[ChangedSentence]) -> list[dict[str, Any]]:
    """A row for each figure of each sentence, for a table or CSV."""
    return [
        {
            "chapter": sentence.chapter,
            "line": sentence.line,
            "figure": figure.key,
            "before": shown(figure.before, figure.unit),
            "after": shown(figure.after, figure.unit),
            "difference": "" if figure.difference is None else f"{figure.difference:+.10g}",
            "text_before": sentence.before,
            "text_after": sentence.after,
        }
        for sentence in changed
        for figure in sentence.figures
    ]
