"""How records are written down: which header means which standard, and what is in which column.

A layout is recognised by its header alone. Labels inside the cells are the business of the code lists.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from openpeel.errors import DataError
from openpeel.intake.tally import TALLY
from openpeel.standards import Standard, load_standard, plain, standard_ids

LISTED = "The layouts are listed in docs/reference/layouts.md."

#: What data.police.uk publishes, each with the titles that may be missing: `Context` came in 2013.
_PUBLISHED = {"crime": frozenset({"Context"}), "outcome": frozenset[str](), "stop_search": frozenset[str]()}

_TALLY_TITLES = (plain(TALLY.title), TALLY.name)
_SHOWN = 5


@dataclass(frozen=True)
class Layout:
    """One way to write down the records of a standard: `columns` pairs a printed title with a column name.

    `optional` titles may be missing from a file; their column is then blank. A layout is `published` where
    it is a publisher's, else it is the standard's own.
    """

    id: str
    standard: str
    columns: tuple[tuple[str, str], ...]
    optional: frozenset[str] = frozenset()
    published: bool = False

    @cached_property
    def names(self) -> dict[str, str]:
        """Plain title → column name, with the titles under which any layout may say how many records a row is."""
        return {plain(title): name for title, name in self.columns} | dict.fromkeys(_TALLY_TITLES, TALLY.name)

    @cached_property
    def needed(self) -> frozenset[str]:
        """The plain titles without which a header is not of this layout."""
        return frozenset(plain(title) for title, _ in self.columns if title not in self.optional)


@dataclass(frozen=True)
class Misfit:
    """Why a header is of no layout; `near` where most columns of a layout are there, `known` how many of it."""

    said: str
    near: bool
    known: int
    advice: str = LISTED


@cache
def layouts() -> tuple[Layout, ...]:
    """For each standard its layout by title and the one by the names of its columns.

    Where data.police.uk prints a standard's own titles, the layout by title is the publisher's, which has
    every column. Its API prints other names, which the reader of the API turns into these titles.
    """
    return tuple(layout for i in standard_ids() for layout in _layouts_of(load_standard(i)))


def _layouts_of(standard: Standard) -> Iterator[Layout]:
    published = standard.id in _PUBLISHED
    optional = _PUBLISHED.get(standard.id, frozenset(c.title for c in standard.columns if not c.required))
    by_title = tuple((c.title, c.name) for c in standard.columns)
    yield Layout(
        f"police_uk_{standard.id}" if published else standard.id, standard.id, by_title, optional, published
    )
    if any(plain(title) != name for title, name in by_title):
        names = frozenset(name for title, name in by_title if title in optional)
        yield Layout(f"{standard.id}_names", standard.id, tuple((n, n) for _, n in by_title), names)


def match(header: Sequence[str]) -> Layout | Misfit:
    """The layout that this header belongs to, in whatever order its columns stand, or why there is none.

    A header of a standard's own layout may lack what is not required, as long as it can be that of no other
    standard; one that has every column of a standard is that standard's.
    """
    titles = [plain(title) for title in header]
    found = set(titles)
    known = _titles()
    twice = (
        [title for title in found if title in known and titles.count(title) > 1]
        if len(found) < len(titles)
        else []
    )
    if twice:
        said = f"the header has '{known[min(twice)]}' more than once, in other capitals or spacing"
        return Misfit(
            said, near=True, known=len(found & known.keys()), advice="Rename or remove one of them."
        )
    if sum(titles.count(title) for title in _TALLY_TITLES) > 1:
        said = f"the header has '{TALLY.title}' more than once, or under two names"
        return Misfit(said, near=True, known=len(found & known.keys()), advice="Remove one of them.")
    fitting = [x for x in layouts() if x.needed <= found and found <= x.names.keys()]
    whole = [x for x in fitting if len(found - set(_TALLY_TITLES)) == len(x.columns)] or fitting
    standards = list(dict.fromkeys(x.standard for x in whole))
    if len(standards) == 1:
        return whole[0]
    if standards:
        named = " or ".join(f"'{load_standard(i).title}'" for i in standards[:_SHOWN])
        more = f", or {len(standards) - _SHOWN} more" if len(standards) > _SHOWN else ""
        return Misfit(
            f"the header could be that of {named}{more}",
            near=False,
            known=len(found),
            advice="Add the other columns of the one that is meant; they may be blank.",
        )
    return _nearest(header, found)


def recognise(header: Sequence[str], *, name: str) -> Layout:
    """The layout that this header belongs to.

    Raises DataError saying what is missing from, or too much for, the layout that comes nearest.
    """
    layout = match(header)
    if isinstance(layout, Misfit):
        raise DataError(layout.said, where=name, advice=layout.advice)
    return layout


def column_order(layout: Layout, header: Sequence[str]) -> list[tuple[str, int | None]]:
    """For each column of the standard, at which position of the file it stands (None: the file lacks it).

    Last stands the column `tally`, if the file has one.
    """
    positions = {layout.names[plain(title)]: i for i, title in enumerate(header)}
    order = [(name, positions.get(name)) for _, name in layout.columns]
    return [*order, (TALLY.name, positions[TALLY.name])] if TALLY.name in positions else order


def left_out(layout: Layout, header: Sequence[str]) -> tuple[str, ...]:
    """The columns of a standard's own layout that the file lacks; a publisher's are left out by the publisher."""
    found = {layout.names[plain(title)] for title in header}
    return () if layout.published else tuple(name for _, name in layout.columns if name not in found)


@cache
def _titles() -> dict[str, str]:
    """Every title of every layout, as it is printed, by its plain form; names only where they are no title."""
    return {plain(title): title for layout in layouts() for title, _ in layout.columns} | {
        plain(c.title): c.title for i in standard_ids() for c in load_standard(i).columns
    }


def _nearest(header: Sequence[str], found: set[str]) -> Misfit:
    best: tuple[bool, int] | None = None
    nearest = Misfit(
        f"the header has {len(header)} columns, few of which are of a layout known here", False, 0
    )
    for layout in layouts():
        known = len(found & layout.names.keys() - set(_TALLY_TITLES))
        near = known * 2 > len(layout.columns)
        if not near and not (known > 1 and known * 2 > len(header)):
            continue
        missing = [title for title, _ in layout.columns if plain(title) not in found]
        extra = [title for title in header if plain(title) not in layout.names]
        wrong = len(missing) + len(extra)
        if best is None or (near, -wrong) > best:
            best = near, -wrong
            # What may be missing is told where it may stand under another title.
            if len([t for t in missing if t in layout.optional]) > len(extra):
                missing = [title for title in missing if title not in layout.optional]
            said = " and ".join(
                f"{what} {_quoted(some)}" for what, some in (("lacks", missing), ("has", extra)) if some
            )
            title = load_standard(layout.standard).title
            nearest = Misfit(f"the header is nearly that of '{title}', but {said}", near, known)
    return nearest


def _quoted(titles: Sequence[str]) -> str:
    """The first few titles, each shortened: a header may be as long as a file."""
    shown = [repr(t[:60]) if t else "a column without a title" for t in titles[:_SHOWN]]
    return ", ".join(shown) + (f" and {len(titles) - _SHOWN:,} more" if len(titles) > _SHOWN else "")
