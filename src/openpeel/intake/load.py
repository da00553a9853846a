"""Loading: which files are whose return for which months, what the lake does with them, and what was done.

One return a force, standard and span of months. A return that is held already is left alone; another one
for the same months supersedes it and the old one stays. What cannot be taken is named with its reason, and
does not keep the rest out.

A published table of all forces makes one return for each force and span of months that it counts as one. What it and a
force's own return say of the same months is never added up, and neither takes the other's place unless that is said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc

from openpeel.errors import DataError, ReaderError, UseError
from openpeel.intake.checks import run_comparisons
from openpeel.intake.delimited import known_encoding
from openpeel.intake.holdings import Holdings
from openpeel.intake.home_office import PublishedTable, published_table, published_tables
from openpeel.intake.layouts import LISTED, Layout
from openpeel.intake.naming import force_in_name, month_in_name
from openpeel.intake.reading import ReadReturn, SpooledFile, layout_of, read_return, spooled
from openpeel.intake.rows import counted
from openpeel.intake.sources import Limits, Named, Source, find_sources
from openpeel.lake import Lake, Return, ReturnKey, Transaction
from openpeel.reference.forces import Force, find_force
from openpeel.reference.periods import Month
from openpeel.standards import load_standard

Taken = Literal["new", "superseded", "already held"]


#: Files that come to more are kept by a thread of their own.
_BESIDE_BYTES = 8 << 20

_PARTS = "Say --parts if together they are one return; else load the one that holds last."
_HAND_IN = "Hand in the file that is asked for"
_MONTHS = "If together they are one return, say with --month for which months; else load them one by one."


@dataclass(frozen=True)
class Loaded:
    """A return that was taken, or was held before. `changed` says what differs from the one it supersedes."""

    found: Return
    how: Taken
    changed: str = ""


@dataclass(frozen=True)
class NotTaken:
    """A file that was not taken, and why. `wrong` tells something that needs putting right from a passer-by."""

    name: str
    reason: str
    wrong: bool


@dataclass
class LoadReport:
    """What a load did with every file it was given."""

    loaded: list[Loaded] = field(default_factory=list)
    not_taken: list[NotTaken] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """Rows in all files that were taken, accepted or rejected."""
        return sum(item.found.rows for item in self.loaded)

    @property
    def wrong(self) -> bool:
        """Whether there is something to put right: a file that should have been taken, or a rejected row."""
        return any(n.wrong for n in self.not_taken) or any(item.found.rejected for item in self.loaded)


@dataclass(frozen=True)
class LoadOptions:
    """What a person may say where the files do not: whose they are, of which months, how to read them.

    `parts` takes several files for the same force and months as parts of one return. `replace` lets a published
    table take the place of a force's own return or of another table, or the other way round. `standard` is the id of
    the only one that is asked for; what is said of the files then speaks of what was asked, not of the command line.
    `checked` is the id that a return has to have, as it was looked at before: another one is not taken.
    """

    force: Force | None = None
    months: tuple[Month, ...] | None = None
    standard: str | None = None
    checked: str | None = None
    parts: bool = False
    replace: bool = False
    encoding: str = "utf-8"
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        known_encoding(self.encoding)


@dataclass(frozen=True)
class _Pending:
    """A return that is taken and not yet recorded: what it is like beside others is known when all are in."""

    found: Return
    rejected: tuple[tuple[str, int, str, str, str], ...]
    not_given: tuple[tuple[str, int, str, str, str], ...]
    replaces: tuple[ReturnKey, ...]
    changed: str
    held: bool  # by the lake that it is loaded against


@dataclass(frozen=True)
class _Candidate:
    source: Source
    standard: str
    force: Force
    months: tuple[Month, ...] | None


def load(
    lake: Lake,
    paths: Sequence[Path | Named],
    options: LoadOptions | None = None,
    *,
    against: Lake | None = None,
    wait_seconds: float = 60,
    progress: Callable[[int, int], None] | None = None,
) -> LoadReport:
    """Read what a person named and put it in the lake, all at once at the end.

    With `against` the lake is one of staging: what is found is what would be found if the files were loaded into
    that other lake, which is only read. Their returns have the same ids there, once they are loaded into it.

    `wait_seconds` is how long another load may keep this one waiting. `progress` is told bytes done and bytes in all.
    Raises UseError or DataError where nothing could be read at all; what is wrong with single files is in the report.
    """
    options = options or LoadOptions()
    report = LoadReport()
    sources, skipped = find_sources(paths, options.limits)
    report.not_taken += [NotTaken(s.name, s.reason, wrong=False) for s in skipped]
    total = sum(s.size or 0 for s in sources)
    done = 0

    def advance(read: int) -> None:
        nonlocal done
        done += read
        if progress:
            progress(min(done, total), total)

    with lake.writing(wait_seconds=wait_seconds) as transaction:
        loading = _Loading(transaction, options, report, advance, against or lake)
        tables: list[tuple[Source, PublishedTable]] = []
        for group in _groups(sources, options, report, tables):
            before = len(report.not_taken)
            try:
                loading.load(group)
            except ReaderError as error:
                named = {n.name for n in report.not_taken[before:]}
                names = [c.source.name for c in group if c.source.name not in named]
                report.not_taken += [NotTaken(name, str(error), wrong=True) for name in names]
        # What forces handed in goes before, and so does the table whose word goes before another's.
        for source, table in sorted(tables, key=lambda found: published_tables().index(found[1])):
            try:
                loading.load_published(source, table)
            except ReaderError as error:
                report.not_taken.append(NotTaken(source.name, str(error), wrong=True))
        loading.finish()
        transaction.commit()
    report.loaded.sort(key=lambda item: item.found.key)
    return report


def _groups(
    sources: Sequence[Source],
    options: LoadOptions,
    report: LoadReport,
    tables: list[tuple[Source, PublishedTable]],
) -> Iterator[list[_Candidate]]:
    """The files of one return each. A file whose months only its rows tell is a return of its own.

    Published tables, which are of no one force, are put in `tables`.
    """
    grouped: dict[tuple[object, ...], list[_Candidate]] = {}
    for source in sources:
        try:
            candidate = _candidate(source, options)
        except ReaderError as error:
            table = published_table(source, options.limits, options.encoding)
            if table is not None:
                tables.append((source, table))
                continue
            report.not_taken.append(NotTaken(source.name, str(error), wrong=True))
            continue
        key: tuple[object, ...] = (candidate.standard, candidate.force.code, candidate.months)
        if candidate.months is None and not options.parts:
            key = (*key, source.name)
        grouped.setdefault(key, []).append(candidate)
    yield from grouped.values()


def _candidate(source: Source, options: LoadOptions) -> _Candidate:
    layout = _layout(source, options)
    asked = options.standard is not None
    named = force_in_name(source.base)
    force = options.force or named
    if named and options.force and named != options.force:
        who = "which is asked for them" if asked else "as --force says"
        raise DataError(
            f"expected records of {options.force.name}, {who}, got a file named after {named.name}",
            where=source.name,
            advice=f"{_HAND_IN if asked else 'Load it without --force'}, or rename it if its name is wrong.",
        )
    if force is None:
        raise DataError(
            "neither the file nor its name says which force's records these are",
            where=source.name,
            advice="Name the force with --force, or the file like 2021-03-hertfordshire-stop-and-search.csv.",
        )
    month = month_in_name(source.base)
    if month and options.months and month not in options.months:
        when = "which are asked for" if asked else "as --month says"
        raise DataError(
            f"expected records {_of(options.months)}, {when}, got a file named after {month}",
            where=source.name,
            advice=f"{_HAND_IN if asked else 'Load it without --month'}, or rename it if its name is wrong.",
        )
    return _Candidate(source, layout.standard, force, options.months or ((month,) if month else None))


def _layout(source: Source, options: LoadOptions) -> Layout:
    """The layout of a file. Raises DataError where it has none that is known, or not that of what is asked for."""
    wanted = None if options.standard is None else load_standard(options.standard)
    try:
        layout = layout_of(source, options.limits, options.encoding)
    except DataError as error:
        if wanted is None or error.advice != LISTED:
            raise
        raise DataError(
            error.message, where=error.where, advice=f"Use the template of '{wanted.title}'."
        ) from None
    if wanted is not None and layout.standard != wanted.id:
        raise DataError(
            f"expected records of '{wanted.title}', got a file of '{load_standard(layout.standard).title}'",
            where=source.name,
            advice=f"{_HAND_IN}; this one belongs to another return.",
        )
    return layout


def _of(months: tuple[Month, ...]) -> str:
    return f"of {months[0]}" if len(months) == 1 else f"from {months[0]} to {months[-1]}"


class _Loading:
    """One load under way: what it has taken so far stands beside what the lake held before."""

    def __init__(
        self,
        transaction: Transaction,
        options: LoadOptions,
        report: LoadReport,
        advance: Callable[[int], None],
        against: Lake,
    ) -> None:
        self._transaction = transaction
        self._against = against
        self._staged = {} if against is transaction.lake else transaction.lake.held()
        self._options = options
        self._report = report
        self._advance = advance
        self._held = against.held()
        self._held_by: dict[tuple[str, str], list[ReturnKey]] = {}
        for key in self._held:
            self._held_by.setdefault((key.standard, key.force), []).append(key)
        self._holdings = Holdings(against, self._held)
        self._taken: dict[tuple[str, str], list[Return]] = {}
        self._pending: list[_Pending] = []

    def load(self, group: Sequence[_Candidate]) -> None:
        """Read the files of one return and take it. Raises DataError where it cannot be taken."""
        with ExitStack() as stack:
            files: list[SpooledFile] = []
            for candidate in group:
                file = stack.enter_context(spooled(candidate.source, self._advance))
                same = next((f for f in files if f.sha256 == file.sha256), None)
                if same:
                    self._same(file.source.name, same.source.name)
                else:
                    files.append(file)
            if len(files) > 1 and not self._options.parts:
                names = ", ".join(f.source.name for f in files[:3])
                names += f" and {len(files) - 3:,} more" if len(files) > 3 else ""
                raise DataError(
                    f"{len(files)} different files are for the same force and months: {names}", advice=_PARTS
                )
            files.sort(key=lambda f: f.sha256)  # parts make the same return in whatever order they are named
            first = group[0]
            read = read_return(
                first.standard,
                first.force.code,
                first.months,
                files,
                limits=self._options.limits,
                encoding=self._options.encoding,
            )
            self._take(read, files)

    def load_published(self, source: Source, table: PublishedTable) -> None:
        """Read a published table and take a return for each force and span of months, or nothing of it.

        A return that another stands in the way of is left out and named. Raises DataError where the layout is not
        the table's, and UseError where somebody says whose or of which months it is: the table says so itself.
        """
        if self._options.standard is not None:
            raise DataError(
                f"expected a force's own records, got '{table.title}', a published table of all forces",
                where=source.name,
                advice=f"{_HAND_IN}.",
            )
        if self._options.force or self._options.months or self._options.parts:
            raise UseError(
                f"'{table.title}' is a published table of all forces; it says itself whose and of when it is",
                where=source.name,
                advice="Load it without --force, --month and --parts.",
            )
        in_the_way: dict[str, list[ReturnKey]] = {}
        with spooled(source, self._advance) as file:
            found = table.read(file, self._options.limits, self._options.encoding)
            for read in found.returns:
                try:
                    self._take(read, [file])
                except _InTheWay as other:
                    in_the_way.setdefault(other.what, []).append(read.key)
                except ReaderError as error:
                    self._report.not_taken.append(
                        NotTaken(f"{source.name}, {_spoken(read.key)}", str(error), wrong=True)
                    )
        self._report.not_taken += [NotTaken(p.place, p.reason, p.wrong) for p in found.left_alone]
        for what, keys in in_the_way.items():
            more = f" and {counted(len(keys) - 1, 'return')} more" if len(keys) > 1 else ""
            self._report.not_taken.append(
                NotTaken(
                    f"{source.name}, {_spoken(keys[0])}{more}", f"the same load has it from {what}", False
                )
            )

    def _take(self, read: ReadReturn, files: Sequence[SpooledFile]) -> None:
        if self._taken_before(read):
            return
        # Decided before anything is written, so that a return that cannot be taken leaves no trace.
        replaces = _replaced(read.key, self._held_by.get((read.key.standard, read.key.force), []))
        self._hold_to_kind(read, replaces)
        kept = {file.sha256 for file in files if self._transaction.has_source(file.sha256)}
        with ThreadPoolExecutor(1) as beside:
            # A file that is not in the lake belongs to a return that is not: it is kept while the records are written.
            large = sum(file.bytes for file in files) > _BESIDE_BYTES
            keeping = [beside.submit(self._keep, f) for f in files if large and f.sha256 not in kept]
            part = self._transaction.add_part(read.standard.id, read.records)
            for each in keeping:
                each.result()
        found = Return(
            key=read.key,
            standard_hash=read.standard.hash,
            sources=read.sources,
            part=part.name,
            part_sha256=part.sha256,
            rows=sum(s.rows for s in read.sources),
            accepted=read.records.num_rows,
            rejected=len(read.rejected),
            duplicates=pc.sum(read.records["duplicate"]).as_py() or 0,
            tallied=read.tallied,
            defects=read.defects,
            counts=read.counts,
            published=read.published,
            not_given=len(read.not_given),
        )
        if found.rows != found.accepted + found.rejected + found.not_given:
            raise AssertionError(f"rows were lost in {read.key}: {found.rows} came")
        if self._options.checked not in (None, found.id):
            raise DataError(
                f"expected the return {self._options.checked} that was checked, got {found.id}: the files, the "
                "standard or the way they are read have changed since",
                advice="Hand the files in again, so that they are checked anew.",
            )
        self._taken.setdefault((read.key.standard, read.key.force), []).append(found)
        self._report.not_taken += [
            NotTaken(f"{file}, {sheet}", "it has no header that is known here", wrong=False)
            for file, sheet in read.passed_over
        ]
        held = self._held.get(found.key) == found.id
        if held:
            self._report.loaded.append(Loaded(self._as_held(found), "already held"))
            if self._against is self._transaction.lake:
                return
        for file in files if not keeping else [f for f in files if f.sha256 in kept]:
            self._keep(file)
        changed = self._difference(replaces, found) if replaces and not held else ""
        self._holdings.take(found, replaces)
        self._pending.append(_Pending(found, read.rejected, read.not_given, replaces, changed, held))

    def _keep(self, file: SpooledFile) -> None:
        file.stream.seek(0)
        self._transaction.add_source(file.stream, file.sha256)

    def finish(self) -> None:
        """Compare the returns that were taken with all that are held, and record them.

        At the end, so that what is found does not depend on the order in which files are loaded together.
        """
        for pending in self._pending:
            compared = run_comparisons(self._holdings.beside(pending.found))
            found = replace(pending.found, defects=(*pending.found.defects, *compared))
            replaces = pending.replaces
            if self._against is not self._transaction.lake:
                replaces = tuple(
                    key for key, held in self._staged.items() if _overlap(key, found.key) and held != found.id
                )
            self._transaction.add_return(found, pending.rejected, replaces, pending.not_given)
            if not pending.held:
                how: Taken = "superseded" if pending.replaces else "new"
                self._report.loaded.append(Loaded(found, how, pending.changed))

    def _as_held(self, found: Return) -> Return:
        """A return as it was recorded when it came."""
        try:
            return self._against.read_return(found.id)
        except ReaderError:
            return found

    def _difference(self, replaces: tuple[ReturnKey, ...], after: Return) -> str:
        """How many records are only in the new return and how many only in those it supersedes."""
        lake = self._against
        try:
            before = [lake.records_as_lines(lake.read_return(self._held[key])) for key in replaces]
        except (ReaderError, OSError, pa.ArrowException):
            # Damage in the old return must not keep out the new one, which is how it is mended.
            return "what it replaces cannot be read any more"
        old, new = sum(before, Counter[bytes]()), self._transaction.lake.records_as_lines(after)
        added, gone, kept = (new - old).total(), (old - new).total(), (new & old).total()
        if not added and not gone:
            return "the same records in another file"
        return f"{counted(added, 'record')} new, {gone:,} gone, {kept:,} as before"

    def _taken_before(self, read: ReadReturn) -> bool:
        """Whether this load has taken the same files already. Raises DataError if others for these months."""
        for other in self._taken.get((read.key.standard, read.key.force), []):
            same_rows = other.key == read.key or not read.published  # a published table has many returns
            if same_rows and [s.sha256 for s in other.sources] == [s.sha256 for s in read.sources]:
                self._same(read.sources[0].name, other.sources[0].name)
                return True
            if _overlap(other.key, read.key):
                if read.published and other.published != read.published:
                    raise _InTheWay(other.sources[0].name)
                raise DataError(
                    f"the same load has another file for {_spoken(other.key)}: {other.sources[0].name}",
                    where=read.sources[0].name,
                    advice=_MONTHS if self._options.parts else _PARTS,
                )
        return False

    def _hold_to_kind(self, read: ReadReturn, replaces: tuple[ReturnKey, ...]) -> None:
        """Refuse to put a published table in the place of a force's own return or of another table, and back."""
        for key in replaces:
            held = self._as_known(self._held[key])
            if held is None or held.published == read.published or self._options.replace:
                continue
            raise DataError(
                f"expected nothing from another source for {_spoken(read.key)}, got {_source_of(read.published)} where "
                f"the lake holds {_source_of(held.published)} for {_span(key)}: {held.sources[0].name}",
                where=read.sources[0].name,
                advice="They would count the same things twice. Say --replace to take this one instead; the one "
                "held stays in the lake.",
            )

    def _as_known(self, return_id: str) -> Return | None:
        """A return that is held; None where it is damaged, which must not keep another one out."""
        try:
            return self._against.read_return(return_id)
        except (ReaderError, OSError, ValueError, TypeError, KeyError):
            return None

    def _same(self, name: str, other: str) -> None:
        self._report.not_taken.append(NotTaken(name, f"the same file as {other}", wrong=False))


class _InTheWay(Exception):  # noqa: N818 - not an error: which of two tables is taken is settled
    """The same load has these months of a force from another source, called `what`."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


def _source_of(published: str) -> str:
    return f"the published table '{published}'" if published else "the force's own return"


def _replaced(new: ReturnKey, held: Sequence[ReturnKey]) -> tuple[ReturnKey, ...]:
    """The held returns that this one takes the place of, of its force. Raises DataError where it would cut one."""
    overlapping = [key for key in held if _overlap(key, new)]
    for key in overlapping:
        if not set(key.months) <= set(new.months):
            raise DataError(
                f"the return for {_spoken(new)} would replace a part of the one held for {_span(key)}",
                advice="Load a file for the same months as the one held, or for more.",
            )
    return tuple(sorted(overlapping))


def _spoken(key: ReturnKey) -> str:
    """A return as a person calls it: 'Stop and search, Hertfordshire, 2020-04 to 2021-03'."""
    return f"{load_standard(key.standard).title}, {find_force(key.force).name}, {_span(key)}"


def _span(key: ReturnKey) -> str:
    first, last = key.months[0], key.months[-1]
    return first if first == last else f"{first} to {last}"


def _overlap(one: ReturnKey, other: ReturnKey) -> bool:
    same = (one.standard, one.force) == (other.standard, other.force)
    return same and not set(one.months).isdisjoint(other.months)
