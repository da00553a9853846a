"""What a record must be to be counted: small conditions that an engine can run and a person can read.

A condition is data, so it can be compared, hashed into a definition, put into words and turned into a
Narwhals expression; a bare expression could only be run. A condition is met by a record or it is not: a blank is
not in any list, and is not the opposite of anything either unless `Blank` asks for it.
"""

from __future__ import annotations

from collections.abc import Sequence
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

#: Quantities are counted in hundredths.
PER_WHOLE = 100


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
class NotTrue:
    """The column holds no, or nothing."""

    column: str

    def expression(self) -> nw.Expr:
        """Null or false."""
        return nw.col(self.column).is_null() | ~nw.col(self.column)

    def parts(self) -> tuple[Condition, ...]:
        """Blank, and no."""
        return (Blank(self.column), In(self.column, (False,)))

    def words(self, standard: Standard) -> str:
        """'Through a switchboard' is no or blank."""
        return f"'{standard.column(self.column).title}' is no or blank"


@dataclass(frozen=True)
class AtMost:
    """The column holds a number that is this or less. A blank is not."""

    column: str
    number: float

    def expression(self) -> nw.Expr:
        """Less than or equal; null for a blank."""
        return nw.col(self.column) <= self.number

    def parts(self) -> tuple[Condition, ...]:
        """Itself alone."""
        return (self,)

    def words(self, standard: Standard) -> str:
        """'Seconds waiting' is 10 or less."""
        return f"'{standard.column(self.column).title}' is {self.number:g} or less"


@dataclass(frozen=True)
class AtLeast:
    """The column holds a number that is this or more. A blank is not."""

    column: str
    number: float

    def expression(self) -> nw.Expr:
        """Greater than or equal; null for a blank."""
        return nw.col(self.column) >= self.number

    def parts(self) -> tuple[Condition, ...]:
        """Itself alone."""
        return (self,)

    def words(self, standard: Standard) -> str:
        """'Incidents in 12 months' is 3 or more."""
        return f"'{standard.column(self.column).title}' is {self.number:g} or more"


@dataclass(frozen=True)
class Both:
    """Several conditions hold at once."""

    conditions: tuple[Condition, ...]

    def expression(self) -> nw.Expr:
        """All of them."""
        return reduce(lambda a, b: a & b, (c.expression() for c in self.conditions))

    def parts(self) -> tuple[Condition, ...]:
        """Every combination of the parts of each that a record can meet."""
        combined = product(*(c.parts() for c in self.conditions))
        return tuple(reduce(both, parts) for parts in combined if not _at_odds(parts))

    def words(self, standard: Standard) -> str:
        """Joined by 'and'."""
        return " and ".join(c.words(standard) for c in self.conditions)


@dataclass(frozen=True)
class Quantity:
    """A number added up over the records that meet a condition, in whole hundredths; blanks add nothing.

    Whole numbers add up to the same in any order and on any engine, which fractions do not. Two decimals are what
    money, hours and ratings have. A tally's number is that of each record it stands for, so it is multiplied.
    """

    column: str
    of: Condition = EVERY

    def expression(self) -> nw.Expr:
        """The number in hundredths where the condition is met, else nothing."""
        hundredths = (nw.col(self.column) * PER_WHOLE).round(0).cast(nw.Int64)
        if isinstance(self.of, Every):
            return hundredths
        return nw.when(self.of.expression()).then(hundredths)

    def parts(self) -> tuple[Quantity, ...]:
        """One for each part of the condition."""
        return tuple(Quantity(self.column, part) for part in self.of.parts())

    def words(self, standard: Standard) -> str:
        """The sum of 'Amount' over records where …."""
        of = "" if isinstance(self.of, Every) else f" over records where {self.of.words(standard)}"
        return f"the sum of '{standard.column(self.column).title}'{of}"


@dataclass(frozen=True)
class SumOf(Quantity):
    """Several numbers of each record added up together, such as the savings of five years."""

    others: tuple[str, ...] = ()

    def parts(self) -> tuple[Quantity, ...]:
        """One for each column and each part of the condition."""
        return tuple(
            Quantity(column, part) for column in (self.column, *self.others) for part in self.of.parts()
        )

    def words(self, standard: Standard) -> str:
        """The sum of 'Cost in year 1', 'Cost in year 2' and so on."""
        of = "" if isinstance(self.of, Every) else f" over records where {self.of.words(standard)}"
        titles = [f"'{standard.column(c).title}'" for c in (self.column, *self.others)]
        return f"the sum of {', '.join(titles[:-1])} and {titles[-1]}{of}"


#: What a measure counts or adds up.
Counted = Condition | Quantity


def both(first: Condition, second: Condition) -> Condition:
    """Both conditions, without one that the other makes needless."""
    if _follows(first, second):
        return second
    return first if _follows(second, first) else Both((first, second))


def _at_odds(parts: Sequence[Condition]) -> bool:
    """Whether these ask for two values of one column at once, or for a value and none."""
    held: dict[str, object] = {}
    for part in parts:
        if isinstance(part, In | Blank):
            value = part.values if isinstance(part, In) else None
            if held.setdefault(part.column, value) != value:
                return True
    return False


def _follows(what: Condition, given: Condition) -> bool:
    """Whether a record that meets `given` always meets `what`, as far as can be told at a glance."""
    if what == given:
        return True
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
