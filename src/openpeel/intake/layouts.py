"""How publishers write records down: which header means which standard, and what is in which column.

A layout is recognised by its header alone. Labels inside the cells are the business of the code lists.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from openpeel.errors import DataError
from openpeel.standards import load_standard, plain, standard_ids


@dataclass(frozen=True)
class Layout:
    """One way to write down the records of a standard: `columns` pairs a printed title with a column name.

    `optional` titles may be missing from a file; their column is then blank.
    """

    id: str
    standard: str
    columns: tuple[tuple[str, str], ...]
    optional: frozenset[str] = frozenset()


@cache
def layouts() -> tuple[Layout, ...]:
    """The layouts of data.police.uk, which prints the titles that our standards took over from it.

    Its API prints other names, which the reader of the API turns into these titles. Stop-and-search files
    of 2016 and 2017 have the same header and other labels. `Context` of street crime came in 2013.
    """
    optional = {"crime": frozenset({"Context"}), "outcome": frozenset[str](), "stop_search": frozenset[str]()}
    return tuple(
        Layout(
            id=f"police_uk_{name}",
            standard=name,
            columns=tuple((c.title, c.name) for c in load_standard(name).columns),
            optional=optional[name],
        )
        for name in standard_ids()
        if name in optional
    )


def recognise(header: Sequence[str], *, name: str) -> Layout:
    """The layout that this header belongs to, in whatever order its columns stand.

    Raises DataError saying what is missing from, or too much for, the layout that comes nearest.
    """
    titles = [plain(title) for title in header]
    known = {plain(title): title for layout in layouts() for title, _ in layout.columns}
    twice = [title for title in known if titles.count(title) > 1]
    if twice:
        raise DataError(
            f"the header has '{known[twice[0]]}' more than once, in other capitals or spacing",
            where=name,
            advice="Rename or remove one of them.",
        )
    found = set(titles)
    best: tuple[int, str] | None = None
    for layout in layouts():
        expected = {plain(title) for title, _ in layout.columns}
        missing = [t for t, _ in layout.columns if t not in layout.optional and plain(t) not in found]
        extra = [t for t in header if plain(t) not in expected]
        if not missing and not extra:
            return layout
        wrong = len(missing) + len(extra)
        if len(found & expected) * 2 > len(expected) and (best is None or wrong < best[0]):
            said = " and ".join(
                f"{what} {_quoted(some)}" for what, some in (("lacks", missing), ("has", extra)) if some
            )
            title = load_standard(layout.standard).title
            best = wrong, f"the header is nearly that of '{title}', but {said}"
    raise DataError(
        best[1] if best else f"the header has {len(header)} columns, few of which are of a layout known here",
        where=name,
        advice="The layouts are listed in docs/reference/layouts.md.",
    )


def column_order(layout: Layout, header: Sequence[str]) -> list[tuple[str, int | None]]:
    """For each column of the standard, at which position of the file it stands (None: the file lacks it)."""
    positions = {plain(title): i for i, title in enumerate(header)}
    return [(name, positions.get(plain(title))) for title, name in layout.columns]


def _quoted(titles: Sequence[str]) -> str:
    """The first few titles, each shortened: a header may be as long as a file."""
    shown = [repr(t[:60]) if t else "a column without a title" for t in titles[:5]]
    return ", ".join(shown) + (f" and {len(titles) - 5:,} more" if len(titles) > 5 else "")
