"""Numbers that a writer typed: those that are no figures, and those that have to be references.

A date, a time limit, the name of a thing and what is the same in every report are recognised by `claims/numbers.py`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from openpeel.claims.numbers import Kind, Number, Role, numbers_in
from openpeel.errors import ReaderError
from openpeel.figures import Figure, compute_figures
from openpeel.figures.audited import audit_figures
from openpeel.figures.rounding import number
from openpeel.lake import Engine
from openpeel.measures import measures_on
from openpeel.measures.count import count_release
from openpeel.reference.periods import Period
from openpeel.reports.held import Held
from openpeel.reports.passage import Passage
from openpeel.reports.printed import name_for
from openpeel.reports.references import Reference

#: So many figures are named that a typed number may be.
MOST_NAMED = 5

# A length of time is a rule ('within 10 seconds', 'a two-day course'); 'they waited for 10 minutes' is a finding.
_A_RULE = re.compile(
    r"\b(?:within|under|last|next|past|previous|preceding|first|following|coming)\s(?:the\s)?$", re.IGNORECASE
)
_SIGN_AFTER = re.compile(r"\s?(?:%|percent\b|per cent\b)", re.IGNORECASE)


@dataclass(frozen=True)
class TypedNumber:
    """A number that was typed where a figure has to stand: its text, where, and the number (None for a sign like ½)."""

    text: str
    at: int
    number: Number | None


def typed_numbers(passage: Passage) -> Iterator[TypedNumber]:
    """The numbers of a passage that are neither references nor recognised as no figures, in their order."""
    plain = passage.plain
    for found in numbers_in(plain):
        if _is_figure(found, plain):
            yield TypedNumber(found.text, found.start, found)
    for at, char in enumerate(plain):
        if (
            not char.isascii()
            and char not in passage.references
            and unicodedata.numeric(char, None) is not None
        ):
            yield TypedNumber(char, at, None)


def doubled_signs(passage: Passage, said: Callable[[Reference], str]) -> Iterator[int]:
    """Where a percent sign is typed after a reference that prints one itself."""
    for at, char in enumerate(passage.plain):
        reference = passage.references.get(char)
        if reference and _SIGN_AFTER.match(passage.plain, at + 1) and said(reference).endswith("%"):
            yield at


def _is_figure(found: Number, text: str) -> bool:
    if found.kind is Kind.word and found.value == 1:
        return False
    if found.role is Role.duration:
        after = text[found.end : found.end + 1]
        return not (
            after == "-"
            or _A_RULE.search(text[max(0, found.start - 24) : found.start])
            or " old" in text[found.end : found.end + 16]
        )
    return found.role is Role.amount


@dataclass(frozen=True)
class Printable:
    """A number that a figure of the force prints, and the reference that prints it."""

    printed: str
    unit: str
    reference: str
    title: str

    def is_like(self, found: Number) -> bool:
        """Whether a typed number says the same, whatever stands for its unit."""
        if found.kind is Kind.percent and self.unit != "percent":
            return False
        if found.kind is Kind.money and not self.unit.startswith("GBP"):
            return False
        return self._value == found.value

    @property
    def _value(self) -> Decimal | None:
        read = numbers_in(self.printed)
        return read[0].value if len(read) == 1 else None


def printable(held: Held, period: Period, engine: Engine) -> list[Printable]:
    """What every figure of the force comes to in this period, of all that the release and the audits hold."""
    own = replace(
        held.release, returns=tuple(r for r in held.release.returns if r.key.force == held.force.code)
    )
    measures = measures_on({r.key.standard for r in own.returns})
    counts = count_release(own, measures, engine)
    found: list[Printable] = []
    for figure in compute_figures(own, counts, period, measures, held.settings):
        if figure.force == held.force.code and figure.value is not None:
            group = f', group="{figure.group}"' if figure.group else ""
            found += _printed(figure, figure.measure, group)
    for name in held.audits.names:
        try:
            outcome = held.audits.outcome(name)
        except ReaderError:  # said where the report refers to it; here it is only no help
            continue
        if outcome.draw.about.force != held.force.code:
            continue
        for figure in audit_figures(outcome):
            group = f', group="{figure.group}"' if figure.group else ""
            found += _printed(figure, figure.measure.partition("-")[2], f'{group}, audit="{name}"')
    return found


def named(found: Number, about: str, among: Sequence[Printable]) -> list[str]:
    """The references that print the same as a typed number, at most `MOST_NAMED`: first what is called as the words
    about it are."""
    words = _words(about)
    like = sorted(
        (p for p in among if p.is_like(found)),
        key=lambda p: (-len(words & _words(p.title)), "denominator(" in p.reference),
    )
    return list(dict.fromkeys(p.reference for p in like))[:MOST_NAMED]


def _words(text: str) -> set[str]:
    return {word[:6] for word in re.findall(r"[a-z]{4,}|[0-9]{3}", text.lower())}


def _printed(figure: Figure, subject: str, options: str) -> Iterator[Printable]:
    def reference(name: str) -> str:
        return f'{{{{ {name}("{subject}"{options}) }}}}'

    yield Printable(number(figure.value, figure.unit), figure.unit, reference(name_for(figure)), figure.title)
    if (
        figure.numerator is not None
        and figure.unit in ("percent", "cases")
        and figure.denominator is not None
    ):
        if figure.unit == "percent":
            yield Printable(f"{figure.numerator:,.0f}", "", reference("of"), figure.title)
        yield Printable(f"{figure.denominator:,.0f}", "", reference("denominator"), figure.title)
