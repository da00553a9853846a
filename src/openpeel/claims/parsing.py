"""What a grammar is put together from: parsers over tokens that try every way on, in a fixed order.

A parser takes the tokens and a place and yields each place where it may end, with the tokens it has named on the way.
What the parsers are put together to is in grammar.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from openpeel.claims.numbers import Kind, Role
from openpeel.claims.tokens import AMOUNT, STOP, Tokens

#: The tokens that were given a name, by their place among all tokens.
Named = tuple[tuple[str, int], ...]
Parser = Callable[[Tokens, int], Iterator[tuple[int, Named]]]

_BEGINS_AFTER = frozenset([STOP, ",", ";", ":", "(", "that", "and", "but", "–", "—", "found"])
_NOT_PASSED = frozenset([AMOUNT, STOP, ";", "(", ")", ":", ",", "–", "—"])


def word(*options: str) -> Parser:
    """One of these words."""
    wanted = frozenset(options)

    def parse(tokens: Tokens, at: int) -> Iterator[tuple[int, Named]]:
        if at < len(tokens.words) and tokens.words[at] in wanted:
            yield at + 1, ()

    return parse


def phrase(text: str) -> Parser:
    """These words one after another."""
    return sequence(*(word(part) for part in text.split()))


def number(name: str, *kinds: Kind) -> Parser:
    """An amount of one of these kinds, under this name."""
    wanted = frozenset(kinds)

    def parse(tokens: Tokens, at: int) -> Iterator[tuple[int, Named]]:
        found = tokens.amount(at)
        if found is not None and found.kind in wanted:
            yield at + 1, ((name, at),)

    return parse


def base(name: str) -> Parser:
    """The 1,000 of 'per 1,000 population'."""

    def parse(tokens: Tokens, at: int) -> Iterator[tuple[int, Named]]:
        found = tokens.numbers[at] if at < len(tokens.words) else None
        if found is not None and found.role is Role.base and found.value >= 100:
            yield at + 1, ((name, at),)

    return parse


def at_start(parser: Parser) -> Parser:
    """It, where a sentence or a part of one begins."""

    def parse(tokens: Tokens, at: int) -> Iterator[tuple[int, Named]]:
        if at == 0 or tokens.words[at - 1] in _BEGINS_AFTER:
            yield from parser(tokens, at)

    return parse


def sequence(*parsers: Parser) -> Parser:
    """All of them, one after another."""

    def parse(tokens: Tokens, at: int, first: int = 0) -> Iterator[tuple[int, Named]]:
        if first == len(parsers):
            yield at, ()
            return
        for end, named in parsers[first](tokens, at):
            for last, more in parse(tokens, end, first + 1):
                yield last, named + more

    return parse


def either(*parsers: Parser) -> Parser:
    """Any of them, the first ones first."""

    def parse(tokens: Tokens, at: int) -> Iterator[tuple[int, Named]]:
        for parser in parsers:
            yield from parser(tokens, at)

    return parse


def maybe(parser: Parser) -> Parser:
    """It, or nothing."""

    def parse(tokens: Tokens, at: int) -> Iterator[tuple[int, Named]]:
        yield from parser(tokens, at)
        yield at, ()

    return parse


def some(parser: Parser, most: int) -> Parser:
    """It again and again, as often as it can up to `most` times, or not at all."""

    def parse(tokens: Tokens, at: int) -> Iterator[tuple[int, Named]]:
        for _ in range(most):
            end = next((end for end, _ in parser(tokens, at)), None)
            if end is None:
                break
            at = end
        yield at, ()

    return parse


def words(most: int, *, least: int = 0, passing: str = "", but: str = "") -> Parser:
    """Up to so many words of any kind, as few as will do: no amount, no mark but those in `passing`, none in `but`."""
    barred = (_NOT_PASSED - frozenset(passing.split())) | frozenset(but.split())

    def parse(tokens: Tokens, at: int) -> Iterator[tuple[int, Named]]:
        for taken in range(most + 1):
            if taken >= least:
                yield at + taken, ()
            if at + taken >= len(tokens.words) or tokens.words[at + taken] in barred:
                return

    return parse


def ahead(parser: Parser) -> Parser:
    """It comes next, and is left where it is."""

    def parse(tokens: Tokens, at: int) -> Iterator[tuple[int, Named]]:
        if next(parser(tokens, at), None) is not None:
            yield at, ()

    return parse


def unless(parser: Parser) -> Parser:
    """Something else comes next, or nothing."""

    def parse(tokens: Tokens, at: int) -> Iterator[tuple[int, Named]]:
        if next(parser(tokens, at), None) is None:
            yield at, ()

    return parse


def named(name: str, parser: Parser) -> Parser:
    """It, with the place of its first token under this name."""

    def parse(tokens: Tokens, at: int) -> Iterator[tuple[int, Named]]:
        for end, more in parser(tokens, at):
            yield end, ((name, at), *more)

    return parse


def listed(name: str, *kinds: Kind, least: int = 2) -> Parser:
    """Amounts one after another, with up to ten words after each: '48 said yes, 30 said no and 7 did not answer'."""
    one = sequence(words(4), number(name, *kinds))
    wanted = frozenset(kinds)
    stops = _NOT_PASSED - {","}

    def parse(tokens: Tokens, at: int) -> Iterator[tuple[int, Named]]:
        first = next(one(tokens, at), None)
        if first is None:
            return
        at, named_parts = first
        last = at
        while at < len(tokens.words) and at - last <= 12:
            found = tokens.amount(at)
            if found is not None:
                if found.kind not in wanted or not {",", "and", ";"} & set(tokens.words[last:at]):
                    return
                named_parts = (*named_parts, (name, at))
                last = at + 1
            elif tokens.words[at] in stops and tokens.words[at] != ";":
                break
            at += 1
        if len(named_parts) >= least:
            yield last, named_parts

    return parse
