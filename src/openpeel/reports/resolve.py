"""Puts the figures into a report: from its source, a release and audits to what every output is made from.

All references are gathered first, then everything is counted once, then each is printed where it stands. What is
wrong is collected, so that a writer sees it at once; a report with a problem is not to be published.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from html import escape

from openpeel.errors import ReaderError, UseError
from openpeel.figures import Figure, Settings
from openpeel.lake import Engine, Release
from openpeel.publishing.assemble import INVENTED, is_invented, section_of
from openpeel.reference.forces import Force
from openpeel.reference.periods import Period
from openpeel.reports.about import about_data
from openpeel.reports.audits_held import Audits
from openpeel.reports.cited import Citing
from openpeel.reports.held import hold
from openpeel.reports.passage import Markup, Passage, Text
from openpeel.reports.printed import Printed, Run, print_reference
from openpeel.reports.problems import Problem, RefusedError
from openpeel.reports.references import NAMES, Reference
from openpeel.reports.report import FIGURE_LINK, Chapter, Cited, Fixed, Prose, Report, Shown, Told
from openpeel.reports.source import Source, SourceChapter, Words, as_written
from openpeel.reports.typed_numbers import (
    Printable,
    TypedNumber,
    doubled_signs,
    named,
    printable,
    typed_numbers,
)
from openpeel.reports.typed_words import typed_words
from openpeel.reports.which import AuditedFigure, CountedFigure, Which, which

_INVENTED_AUDITS = (
    "The codings of its audits are invented for demonstration, and say nothing about a real police force."
)
#: Printed in place of a reference that cannot be, so that all else can be looked at.
NOT_PRINTED = "[no figure]"


@dataclass(frozen=True)
class Resolved:
    """A report, and what keeps it from being published."""

    report: Report
    problems: tuple[Problem, ...]


def resolve(
    source: Source,
    release: Release,
    engine: Engine,
    *,
    force: Force | None,
    period: Period,
    audits: Audits,
    settings: Settings,
    made_on: date,
) -> Resolved:
    """Resolve a source. `force` and `period` are those of the command: the head's go before the default period.

    Raises UseError where neither head nor command names a force, or they name two.
    """
    about = _force(source, force)
    return _Resolver(
        source, release, engine, about, source.head.period or period, audits, settings, made_on
    ).resolved()


def _force(source: Source, force: Force | None) -> Force:
    own = source.head.force
    if own is not None and force is not None and own != force:
        raise UseError(
            f"the report is about {own.full_name}, and --force names {force.full_name}",
            where=f"{source.name}, the head",
            advice="Leave --force out, or change 'force' in the head.",
        )
    found = own or force
    if found is None:
        raise UseError(
            "expected a force that the report is about, got none",
            where=source.name,
            advice='Write force = "…" in its head, or give --force.',
        )
    return found


class _Resolver:
    def __init__(
        self,
        source: Source,
        release: Release,
        engine: Engine,
        force: Force,
        period: Period,
        audits: Audits,
        settings: Settings,
        made_on: date,
    ) -> None:
        self._source, self._release, self._force, self._period = source, release, force, period
        self._audits, self._made_on = audits, made_on
        self._problems = source.problems
        self._fixed: list[Fixed] = []
        self._told: list[Told] = []
        self._figures: dict[str, tuple[Figure, str]] = {}
        self._numbers = {"chart": 0, "table": 0}
        self._ids: set[str] = set()
        self._wanted = self._gather()
        self._held = hold(release, force, settings, audits, self._wanted.values(), engine)
        self._printed = {r.place: self._print(r) for r in source.references if not NAMES[r.name].block}
        self._check(engine)

    def resolved(self) -> Resolved:
        chapters = tuple(self._chapter(c) for c in self._source.chapters)
        citing = Citing(self._held)
        cited = tuple(citing.cite(figure, audit) for figure, audit in self._figures.values())
        report = Report(
            title=self._source.head.title,
            force=self._force,
            period=self._period,
            release=self._release.name,
            release_id=self._release.id,
            made_on=self._made_on,
            chapters=chapters,
            figures=cited,
            told=tuple(self._told),
            fixed=tuple(self._fixed),
            corrections=self._source.head.corrections,
            about=about_data(self._held, self._period, cited),
            warning=self._warning(cited),
            images=self._source.images,
        )
        return Resolved(report, self._problems.sorted())

    def _warning(self, cited: tuple[Cited, ...]) -> str:
        said = [INVENTED] if is_invented(self._release) and any(not c.audit for c in cited) else []
        used = {c.audit for c in cited}
        if any(o.invented for name, o in self._audits.estimated.items() if name in used):
            said.append(_INVENTED_AUDITS)
        return " ".join(said)

    def _gather(self) -> dict[tuple[int, int], Which]:
        """The figure that each reference means, by where it stands."""
        wanted: dict[tuple[int, int], Which] = {}
        for reference in self._source.references:
            if reference.name == "fixed":
                because = (reference.option("because") or "").strip()
                if not because:
                    self._refuse(
                        reference,
                        RefusedError(
                            "a number that is no figure is marked with why",
                            f'Write {{{{ fixed("{reference.subject[:60]}", because="the limit in law") }}}}.',
                        ),
                    )
                self._fixed.append(Fixed(reference.subject, because, reference.line))
                continue
            try:
                wanted[reference.place] = which(reference, self._force, self._period, self._audits)
            except RefusedError as refused:
                self._refuse(reference, refused)
            except ReaderError as error:  # the files of an audit
                self._refuse(reference, RefusedError(str(error)))
        return wanted

    def _print(self, reference: Reference) -> Printed:
        if reference.name == "fixed":
            return Printed((Run(reference.subject),), ())
        wanted = self._wanted.get(reference.place)
        if wanted is not None:
            try:
                return print_reference(reference, wanted, self._held)
            except RefusedError as refused:
                self._refuse(reference, refused)
            except ReaderError as error:
                self._refuse(reference, RefusedError(str(error)))
            with suppress(RefusedError, ReaderError):  # a figure without a value is told of all the same
                return Printed((Run(NOT_PRINTED),), ((wanted.key, self._held.figure(wanted)),))
        return Printed((Run(NOT_PRINTED),), ())

    def _check(self, engine: Engine) -> None:
        """Note the numbers and the words of comparison that were typed where figures speak."""
        source = self._source
        head = as_written(source.head.title, source.head.title_line)
        typed: list[tuple[Passage, TypedNumber]] = []
        for passage in (head, *(p for chapter in source.chapters for p in chapter.passages)):
            typed += ((passage, number) for number in typed_numbers(passage))
            for at in doubled_signs(passage, self._said):
                self._problems.add(
                    passage.place(at), "the reference prints its percent sign itself", "Leave it out."
                )
            for words in () if self._problems.full else typed_words(passage, self._wanted, self._held):
                self._problems.add(passage.place(words.at), words.message, words.advice)
        every = printable(self._held, self._period, engine) if typed and not self._problems.full else ()
        for passage, number in typed:
            if self._problems.full:
                break
            self._problems.add(passage.place(number.at), *_bare(number, passage.plain, every))

    def _refuse(self, reference: Reference, refused: RefusedError) -> None:
        self._problems.add(reference.place, refused.message, refused.advice)

    def _said(self, reference: Reference) -> str:
        found = self._printed.get(reference.place)
        return "" if found is None else found.text

    def _chapter(self, chapter: SourceChapter) -> Chapter:
        title = chapter.title.said(0, len(chapter.title.plain), self._said).strip()
        self._tell(chapter.title, title)
        blocks: list[Prose | Shown] = []
        for block in chapter.blocks:
            if isinstance(block, Words):
                blocks.append(Prose("".join(self._html(part, title) for part in block.parts)))
            elif (shown := self._shown(block)) is not None:
                blocks.append(shown)
        return Chapter(title, chapter.slug, chapter.grade, tuple(blocks))

    def _html(self, part: str | Passage, chapter: str) -> str:
        if isinstance(part, str):
            return part
        self._tell(part, chapter)
        return "".join(self._piece(piece) for piece in part.pieces)

    def _piece(self, piece: Markup | Text | Reference) -> str:
        if isinstance(piece, Markup):
            return piece.html
        if isinstance(piece, Text):
            return escape(piece.text, quote=False)
        found = self._printed.get(piece.place)
        return "" if found is None else "".join(_linked(run) for run in found.runs)

    def _tell(self, passage: Passage, chapter: str) -> None:
        """Note each sentence that prints figures, and the figures in the order in which they are first printed."""
        for start, end in passage.sentences(lambda r: NAMES[r.name].sentence):
            behind: dict[str, str] = {}
            for reference in (
                passage.references[c] for c in passage.plain[start:end] if c in passage.references
            ):
                for key, figure in self._behind(reference):
                    behind[key] = figure.id
                    self._note(figure, self._wanted[reference.place])
            if behind:
                self._told.append(
                    Told(
                        text=passage.said(start, end, self._said),
                        figures=tuple(behind.values()),
                        keys=tuple(behind),
                        chapter=chapter,
                        line=passage.place(start)[0],
                    )
                )

    def _behind(self, reference: Reference) -> tuple[tuple[str, Figure], ...]:
        found = self._printed.get(reference.place)
        return () if found is None else found.figures

    def _note(self, figure: Figure, wanted: Which) -> None:
        audit = wanted.audit if isinstance(wanted, AuditedFigure) else ""
        self._figures.setdefault(figure.id, (figure, audit))

    def _shown(self, reference: Reference) -> Shown | None:
        """The chart or table of a reference; None where there can be none, which is noted."""
        wanted = self._wanted.get(reference.place)
        if not isinstance(wanted, CountedFigure):
            return None
        measure, period = wanted.measure, wanted.period
        every = self._held.every[measure.id, period]
        own = [f for f in every if f.force == self._force.code and wanted.group in (None, f.group)]
        if all(f.value is None for f in own):
            self._refuse(
                reference,
                RefusedError(
                    f"there is nothing to show of '{measure.title}' for {self._force.full_name}: "
                    "it has no value, or is withheld"
                ),
            )
            return None
        section = section_of(measure, every, self._force, period, self._release, self._held.settings.small)
        shown = {group.key for group in section.groups}  # those of which any force has a record
        for figure in own:
            if figure.group in shown:
                self._note(figure, wanted)
        kind = "chart" if reference.name == "chart" else "table"
        self._numbers[kind] += 1
        label = "Figure" if kind == "chart" else "Table"
        return Shown(
            kind=kind,  # type: ignore[arg-type]
            id=self._id("-".join([kind, measure.id, wanted.group or ""]).rstrip("-").replace("_", "-")),
            number=f"{label} {self._numbers[kind]}",
            section=section,
            group=wanted.group,
            period=period,
        )

    def _id(self, base: str) -> str:
        found, n = base, 2
        while found in self._ids:
            found, n = f"{base}-{n}", n + 1
        self._ids.add(found)
        return found


def _bare(number: TypedNumber, about: str, every: Sequence[Printable]) -> tuple[str, str]:
    """What to say of a number that was typed: the figures it may be, or that there is none."""
    found = [] if number.number is None else named(number.number, about, every)
    mark = f'or, if it is no figure, {{{{ fixed("{number.text}", because="why") }}}}'
    held = (
        f"Write {' or '.join(found)}, {mark}." if found else f"No figure held comes to it: name one, {mark}."
    )
    return f"the number '{number.text}' is typed, and no number is", held


def _linked(run: Run) -> str:
    text = escape(run.text, quote=False)
    return f'<a class="figure" href="{FIGURE_LINK}{escape(run.figure)}">{text}</a>' if run.figure else text
