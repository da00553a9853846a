"""What a record must be to be counted: small conditions that an engine can run and a person can read.

A condition is data, so it can be compared, hashed into a definition, put into words and turned into a
Narwhals expression; a bare expression could only be run. A condition is met by a record or it is not: a blank is
not in any list, and is not the opposite of anything either unless `Blank` asks for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from itertools import product
from typing import Any, Protocol

import narwhals as nw

from openpeel.standards import UNRECOGNISED, Standard


class Condition(Protocol):
    """Met by a record, or not."""

    def expression(self) -> nw.Expr:
        """As a Narwhals expression that is true where the condition is met, and false or null where not.

        Null counts and filters as false does. To turn it into false costs an engine more than to count it.
        """
        ...

    def parts(self) -> tuple[Condition, ...]:
        """Conditions of which a record that meets this one meets exactly one, and any other record none.

        An engine compares with one value ten times as fast as with a list: it looks at each distinct value
        of a column once, not at each record.
        """
        ...

    def words(self, standard: Standard) -> str:
        """As a phrase that follows 'records' in a sentence."""
        ...


@dataclass(frozen=True)
class Every:
    """Every record."""

    def expression(self) -> nw.Expr:
        """Always true."""
        return nw.lit(True)

    def parts(self) -> tuple[Condition, ...]:
        """Itself alone."""
        return (self,)

    def words(self, standard: Standard) -> str:
        """'all records'."""
        return f"all {standard.title.lower()} records"


EVERY = Every()


@dataclass(frozen=True)
class In:
    """The column holds one of these values. A blank is none of them."""

    column: str
    values: tuple[str | bool, ...]

    def expression(self) -> nw.Expr:
        """Equality for one value, membership for several; null for a blank."""
        column = nw.col(self.column)
        return column == self.values[0] if len(self.values) == 1 else column.is_in(self.values)

    def parts(self) -> tuple[Condition, ...]:
        """One value each."""
        return tuple(In(self.column, (value,)) for value in dict.fromkeys(self.values))

    def words(self, standard: Standard) -> str:
        """'Outcome' is Arrest or Caution."""
        column = standard.column(self.column)
        titles = [_title(column.codes, v) for v in self.values]
        return f"'{column.title}' is {_or(titles)}"


@dataclass(frozen=True)
class Blank:
    """The column holds nothing."""

    column: str

    def expression(self) -> nw.Expr:
        """Is null."""
        return nw.col(self.column).is_null()

    def parts(self) -> tuple[Condition, ...]:
        """Itself alone."""
        return (self,)

    def words(self, standard: Standard) -> str:
        """'Outcome' is blank."""
        return f"'{standard.column(self.column).title}' is blank"


@dataclass(frozen=True)
class Filled:
    """The column holds something, recognised or not."""

    column: str

    def expression(self) -> nw.Expr:
        """Is not null."""
        return ~nw.col(self.column).is_null()

    def parts(self) -> tuple[Condition, ...]:
        """Itself alone."""
        return (self,)

    def words(self, standard: Standard) -> str:
        """'Outcome' is not blank."""
        return f"'{standard.column(self.column).title}' is not blank"


@dataclass(frozen=True)
class Both:
    """Several conditions hold at once."""

    conditions: tuple[Condition, ...]

    def expression(self) -> nw.Expr:
        """All of them."""
        return reduce(lambda a, b: a & b, (c.expression() for c in self.conditions))

    def parts(self) -> tuple[Condition, ...]:
        """Every combination of the parts of each."""
        return tuple(reduce(both, parts) for parts in product(*(c.parts() for c in self.conditions)))

    def words(self, standard: Standard) -> str:
        """Joined by 'and'."""
        return " and ".join(c.words(standard) for c in self.conditions)


def both(first: Condition, second: Condition) -> Condition:
    """Both conditions, without one that the other makes needless."""
    if _follows(first, second):
        return second
    return first if _follows(second, first) else Both((first, second))


def _follows(what: Condition, given: Condition) -> bool:
    """Whether a record that meets `given` always meets `what`, as far as can be told at a glance."""
    if isinstance(what, Filled) and isinstance(given, In):
        return what.column == given.column
    return isinstance(what, Every)


def _title(codes: Any, value: str | bool) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value == UNRECOGNISED or codes is None:
        return value
    title: str = codes.title_of(value)
    return title


def _or(titles: list[str]) -> str:
    return titles[0] if len(titles) == 1 else f"{', '.join(titles[:-1])} or {titles[-1]}"
