"""The claims of a passage, found by the rules of the grammar; whether they hold is not looked at here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from openpeel.claims.grammar import RULES, Rule, rules_by_beginning
from openpeel.claims.kinds import ClaimKind
from openpeel.claims.numbers import Kind, Number
from openpeel.claims.parsing import Named
from openpeel.claims.tokens import AMOUNT, IN_SO_MANY, Tokens
from openpeel.claims.vocabulary import REFERENCES


@dataclass(frozen=True)
class Parsed:
    """A claim as the grammar found it: the tokens from `first` to before `last`, and those that have a name."""

    kind: ClaimKind
    tokens: Tokens
    first: int
    last: int
    parts: Named

    def at(self, name: str) -> int | None:
        """The token of this name, the last where there are several."""
        return next((at for n, at in reversed(self.parts) if n == name), None)

    def all(self, name: str) -> list[int]:
        """The tokens of this name, in their order."""
        return [at for n, at in self.parts if n == name]

    def number(self, name: str) -> Number | None:
        """The number of this name."""
        at = self.at(name)
        return None if at is None else self.tokens.numbers[at]

    def amount(self, name: str) -> Number:
        """The number of this name, where the rule always has one."""
        found = self.number(name)
        assert found is not None, f"{self.kind}: no {name}"
        return found

    @property
    def start(self) -> int:
        """The offset of its first character in the passage."""
        return self.tokens.starts[self.first]

    @property
    def text(self) -> str:
        """Its words as they stand."""
        return self.tokens.text[self.start : self.tokens.ends[self.last - 1]]


# Kinds that say nothing more of a number that is part of a claim already.
_ALONE = frozenset([ClaimKind.count_of, ClaimKind.of_count, ClaimKind.percentage, ClaimKind.amount])
_ONE_EACH = frozenset([ClaimKind.share, ClaimKind.money, ClaimKind.rate, ClaimKind.interval])
_BY_BEGINNING = rules_by_beginning()
_MIXED = frozenset([Kind.plain, Kind.word])


def parsed(tokens: Tokens) -> list[Parsed]:
    """The claims of a passage in the order of its text, each number in as few claims as say all that it says."""
    tries = []
    first = 0
    for last, reach in _reaches(tokens):
        for at in range(first, last):
            for place in _BY_BEGINNING.get(tokens.keys[at], ()):
                needs = RULES[place].needs
                if not needs or not needs.isdisjoint(reach):
                    tries.append((place, at))
        first = last
    tries.sort()
    found: list[Parsed] = []
    used: dict[ClaimKind, set[int]] = {}
    everywhere: set[int] = set()
    for place, at in tries:
        kind = RULES[place].kind
        alone = kind in _ALONE
        mine = everywhere if alone else used.setdefault(kind, set())
        if at in mine:
            continue
        for claim in _claims(RULES[place], tokens, at):
            numbers = {p for _, p in claim.parts if tokens.keys[p][0] == AMOUNT}
            if numbers <= mine or ((alone or kind in _ONE_EACH) and numbers & mine):
                continue
            mine |= numbers
            everywhere |= numbers
            found.append(claim)
            break
    return sorted(found, key=lambda claim: (claim.first, claim.last))


def _reaches(tokens: Tokens) -> Iterator[tuple[int, set[str]]]:
    """For each sentence where it ends, and the keys in it and the next: a claim goes no further than that."""
    ends = [stop + 1 for stop in tokens.stops]
    if not ends or ends[-1] < len(tokens):
        ends.append(len(tokens))
    sentences = [tokens.keys[first:last] for first, last in pairwise([0, *ends])]
    for at, last in enumerate(ends):
        reach = {key for sentence in sentences[at : at + 2] for key in sentence}
        if "in" in reach and any(f"#{kind}" in reach for kind in (Kind.word, Kind.plain)):
            reach.add(IN_SO_MANY)
        yield last, reach


def _claims(rule: Rule, tokens: Tokens, at: int) -> Iterator[Parsed]:
    fits = _FITS.get(rule.kind)
    for end, parts in rule.pattern.ends(tokens, at):
        claim = Parsed(rule.kind, tokens, at, _closed(tokens, at, end), parts)
        if fits is None or fits(claim):
            yield claim


def _closed(tokens: Tokens, first: int, last: int) -> int:
    """The end of a claim, put off to the bracket that closes one opened in it, where that is near."""
    keys = tokens.keys[first:last]
    if keys.count("(") > keys.count(")"):
        for at in range(last, min(last + 5, len(tokens))):
            if tokens.keys[at] == ")":
                return at + 1
            if tokens.keys[at][0] == AMOUNT or tokens.keys[at] == "(":
                break
    return last


def _same_unit(claim: Parsed) -> bool:
    """Whether x and y are of one kind: 'from 12 to 10 percent' is, 'from £3 to 10 percent' is not."""
    x, y = claim.amount("x"), claim.amount("y")
    if {x.kind, y.kind} <= {Kind.plain, Kind.word}:
        return True
    return x.kind is y.kind or (y.kind is Kind.percent and x.kind in _MIXED)


def _is_share(number: Number) -> bool:
    return number.kind is Kind.percent


def _compares(claim: Parsed) -> bool:
    """Whether two numbers are compared, where 'more than' does not only make the second less exact."""
    if not _same_unit(claim) or _is_share(claim.amount("x")) != _is_share(claim.amount("y")):
        return False
    tokens, than, y = claim.tokens, claim.at("than"), claim.at("y")
    assert than is not None
    assert y is not None
    between = tokens.keys[than + 1 : y]
    if claim.tokens.keys[than] in ("more", "less", "fewer", "greater") and "than" not in between[:1]:
        return False
    if REFERENCES & set(between):
        return True
    surely = tokens.keys[than] in ("higher", "lower") or "the" in between
    return surely and claim.amount("x").kind is Kind.percent


def _part_fits(claim: Parsed) -> bool:
    if claim.number("whole") is None:
        tokens = claim.tokens
        return any(_is_rest(tokens, at) for at in claim.all("percent"))
    return True


def _is_rest(tokens: Tokens, at: int) -> bool:
    return bool({"remaining", "rest", "other", "remainder"} & set(tokens.keys[max(0, at - 3) : at]))


_FITS: dict[ClaimKind, Callable[[Parsed], bool]] = {
    ClaimKind.change: _same_unit,
    ClaimKind.comparison: _compares,
    ClaimKind.parts: _part_fits,
    ClaimKind.range: lambda claim: claim.number("span") is not None or _same_unit(claim),
}
