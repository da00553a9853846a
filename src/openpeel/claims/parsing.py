"""What a grammar is put together from: parsers over tokens that try every way on, in a fixed order.

A parser yields each place where it may end, with the tokens it has named on the way, and knows with which tokens it
can begin, so that a grammar need not try every rule everywhere. What the parsers are put together to is in grammar.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from openpeel.claims.numbers import Kind, Role
from openpeel.claims.tokens import AMOUNT, BASE, STOP, Tokens

#: The tokens that were given a name, by their place among all tokens.
Named = tuple[tuple[str, int], ...]
Ends = Iterator[tuple[int, Named]]

_BEGINS_AFTER = frozenset([STOP, ",", ";", ":", "(", "that", "and", "but", "–", "found"])
_AMOUNTS = frozenset(AMOUNT + kind for kind in Kind)
_NOT_PASSED = frozenset([STOP, ";", "(", ")", "[", "]", ":", ",", "–", "—"])


@dataclass(frozen=True, slots=True)
class Parser:
    """A pattern: `ends` yields where it may end, `begins` are the keys of the tokens it may begin with.

    `begins` is None where it may begin with anything, or be empty; then what comes after it decides.
    """

    ends: Callable[[Tokens, int], Ends]
    begins: frozenset[str] | None = None
    may_be_empty: bool = False


def word(*options: str) -> Parser:
    """One of these words."""
    wanted = frozenset(options)

    def ends(tokens: Tokens, at: int) -> Ends:
        if at < len(tokens.keys) and tokens.keys[at] in wanted:
            yield at + 1, ()

    return Parser(ends, wanted)


def any_of(options: str) -> Parser:
    """One of these words, which stand with blanks between them."""
    return word(*options.split())


def phrase(text: str) -> Parser:
    """These words one after another."""
    return sequence(*(word(part) for part in text.split()))


def number(name: str, *kinds: Kind) -> Parser:
    """An amount of one of these kinds, under this name."""
    wanted = frozenset(AMOUNT + kind for kind in kinds)

    def ends(tokens: Tokens, at: int) -> Ends:
        if at < len(tokens.keys) and tokens.keys[at] in wanted:
            yield at + 1, ((name, at),)

    return Parser(ends, wanted)


def base(name: str) -> Parser:
    """The 1,000 of 'per 1,000 population', under this name."""

    def ends(tokens: Tokens, at: int) -> Ends:
        if at < len(tokens.keys) and tokens.keys[at] == BASE:
            number = tokens.numbers[at]
            if number is not None and number.role is Role.base and number.value >= 100:
                yield at + 1, ((name, at),)

    return Parser(ends, frozenset([BASE]))


def sequence(*parsers: Parser) -> Parser:
    """All of them, one after another."""
    last = len(parsers) - 1
    # Each with what it and all after it may begin with: a way that cannot go on is left before it is begun.
    steps = [(parser.ends, _begins(parsers[first:])) for first, parser in enumerate(parsers)]

    def ends(tokens: Tokens, at: int, first: int = 0) -> Ends:
        ways = steps[first][0](tokens, at)
        if first == last:
            yield from ways
            return
        keys, begins = tokens.keys, steps[first + 1][1]
        for end, named in ways:
            if begins is None or (end < len(keys) and keys[end] in begins):
                for final, more in ends(tokens, end, first + 1):
                    yield final, named + more

    return Parser(ends, _begins(parsers), all(parser.may_be_empty for parser in parsers))


def _begins(parsers: tuple[Parser, ...]) -> frozenset[str] | None:
    """With what these may begin, one after another; None where that is with anything, or nothing."""
    begins: frozenset[str] = frozenset()
    for parser in parsers:
        if parser.begins is None:
            return None
        begins |= parser.begins
        if not parser.may_be_empty:
            return begins
    return None


def either(*parsers: Parser) -> Parser:
    """Any of them, the first ones first."""
    choices = [(parser.ends, parser.begins) for parser in parsers]

    def ends(tokens: Tokens, at: int) -> Ends:
        key = tokens.keys[at] if at < len(tokens.keys) else ""
        for ways, begins in choices:
            if begins is None or key in begins:
                yield from ways(tokens, at)

    return Parser(ends, _all_begins(parsers), any(parser.may_be_empty for parser in parsers))


def _all_begins(parsers: tuple[Parser, ...]) -> frozenset[str] | None:
    begins: frozenset[str] = frozenset()
    for parser in parsers:
        if parser.begins is None or parser.may_be_empty:
            return None
        begins |= parser.begins
    return begins


def maybe(parser: Parser) -> Parser:
    """It, or nothing."""

    def ends(tokens: Tokens, at: int) -> Ends:
        yield from parser.ends(tokens, at)
        yield at, ()

    return Parser(ends, parser.begins, may_be_empty=True)


def some(parser: Parser, most: int) -> Parser:
    """It again and again, as often as it can up to `most` times, or not at all."""

    def ends(tokens: Tokens, at: int) -> Ends:
        for _ in range(most):
            end = next((end for end, _ in parser.ends(tokens, at)), None)
            if end is None:
                break
            at = end
        yield at, ()

    return Parser(ends, parser.begins, may_be_empty=True)


def words(most: int, *, least: int = 0, passing: str = "", but: str = "") -> Parser:
    """Up to so many words of any kind, as few as will do: no amount, no mark but those in `passing`, none in `but`."""
    passed = frozenset(passing.split())
    barred = (_NOT_PASSED | _AMOUNTS) - passed | frozenset(but.split())

    def ends(tokens: Tokens, at: int) -> Ends:
        keys = tokens.keys
        last = len(keys)
        for taken in range(most + 1):
            if taken >= least:
                yield at, ()
            if at >= last or keys[at] in barred:
                return
            at += 1

    return Parser(ends, None, may_be_empty=least == 0)


def ahead(parser: Parser) -> Parser:
    """It comes next, and is left where it is."""

    def ends(tokens: Tokens, at: int) -> Ends:
        if next(parser.ends(tokens, at), None) is not None:
            yield at, ()

    return Parser(ends, None, may_be_empty=True)


def unless(parser: Parser) -> Parser:
    """Something else comes next, or nothing."""

    def ends(tokens: Tokens, at: int) -> Ends:
        if next(parser.ends(tokens, at), None) is None:
            yield at, ()

    # It takes nothing, so that what comes after it says with what the whole begins.
    return Parser(ends, frozenset(), may_be_empty=True)


def at_start(parser: Parser) -> Parser:
    """It, where a sentence or a part of one begins."""

    def ends(tokens: Tokens, at: int) -> Ends:
        if at == 0 or tokens.keys[at - 1] in _BEGINS_AFTER:
            yield from parser.ends(tokens, at)

    return Parser(ends, parser.begins, parser.may_be_empty)


def named(name: str, parser: Parser) -> Parser:
    """It, with the place of its first token under this name."""

    def ends(tokens: Tokens, at: int) -> Ends:
        for end, more in parser.ends(tokens, at):
            yield end, ((name, at), *more)

    return Parser(ends, parser.begins, parser.may_be_empty)


def listed(name: str, *kinds: Kind) -> Parser:
    """Two amounts or more, with up to twelve words after each: '48 said yes, 30 said no and 7 did not answer'."""
    one = number(name, *kinds)
    wanted = frozenset(AMOUNT + kind for kind in kinds)
    stops = _NOT_PASSED - {",", ";"}

    def ends(tokens: Tokens, at: int) -> Ends:
        first = next(one.ends(tokens, at), None)
        if first is None:
            return
        at, parts = first
        last = at
        while at < len(tokens.keys) and at - last <= 12 and tokens.keys[at] not in stops:
            if tokens.keys[at][0] == AMOUNT:
                joined = {",", "and", ";"} & set(tokens.keys[last:at])
                if tokens.keys[at] not in wanted or not joined:
                    return
                parts = (*parts, (name, at))
                last = at + 1
            at += 1
        if len(parts) > 1:
            yield last, parts

    return Parser(ends, wanted)
