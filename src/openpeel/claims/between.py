"""Claims against one another: a share and a whole that stands elsewhere, the same thing said twice, parts of one whole.

Rates are compared in populations.py, 'always' with counts in absolutes.py, significance with intervals in
significance.py.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction

from openpeel.claims.adding import apart
from openpeel.claims.claim import Verdict
from openpeel.claims.entry import Entry
from openpeel.claims.found import Found, printed, shown
from openpeel.claims.kinds import ClaimKind
from openpeel.claims.numbers import Kind, Number, Role
from openpeel.claims.parse import Parsed
from openpeel.claims.rounding import Between, measured
from openpeel.claims.shares import share_of_money
from openpeel.claims.subject import stems_of
from openpeel.claims.tokens import Tokens

#: The words of two sentences that must be the same for them to be about the same thing, of all that either has.
ALIKE = 0.8
FEWEST = 3
#: Words one of which tells two things apart however alike the rest is.
_TELLS_APART = stems_of(
    "average national nationally england wales similar previous last men women male female black white asian adult "
    "child children officers staff before after emergency target standard expected median mean formally informally "
    "urban rural"
)


def find_wholes(entries: Sequence[Entry]) -> None:
    """Check '40.7 percent of its total funding, which is £102.6 million' against the total funding said elsewhere."""
    asked = [e for e in entries if e.parsed.kind is ClaimKind.money and e.parsed.number("y") is None]
    if not asked:
        return
    sums = [(e, x) for e in entries for x in _money_in(e)]
    for entry in asked:
        parsed = entry.parsed
        first, last = parsed.at("whole"), parsed.at("ends")
        assert first is not None
        assert last is not None
        tokens = parsed.tokens
        wanted = stems_of(tokens.text[tokens.starts[first] : tokens.ends[last - 1]])
        if not wanted:
            continue
        p, x = parsed.amount("p"), parsed.amount("x")
        wholes = [
            (other, y)
            for other, y in sums
            if other is not entry and y.value > x.value and wanted <= _around(other.parsed.tokens, y)
        ]
        results = [(share_of_money(parsed, p, x, y), other) for other, y in wholes]
        good = next((r for r, _ in results if r.verdict is Verdict.holds), None)
        if good is not None:
            entry.found = good
        elif len({y.value for _, y in wholes}) == 1 and wholes[0][0].passage == entry.passage:
            entry.found, entry.against = results[0]


def _money_in(entry: Entry) -> list[Number]:
    """The sums of money in a claim, but not one that is a rate."""
    return [
        n
        for name, at in entry.parsed.parts
        if name in ("x", "y", "c")
        and (n := entry.parsed.tokens.numbers[at]) is not None
        and n.kind is Kind.money
    ]


def _around(tokens: Tokens, number: Number) -> frozenset[str]:
    at = tokens.starts.index(number.start)
    first, last = tokens.sentence(at)
    first, last = max(first, at - 7), min(last, at + 7)
    return stems_of(tokens.text[tokens.starts[first] : tokens.ends[last - 1]])


def compare_repeated(entries: Sequence[Entry]) -> None:
    """Set down where the same thing of the same period is said twice with different numbers."""
    groups: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in entries:
        unit = _unit(entry.parsed)
        if unit and entry.period:
            groups[unit, entry.period].append(entry)
    for group in groups.values():
        if len(group) > 60:  # a text of many reports: what is alike in it is not about one force
            continue
        for i, later in enumerate(group):
            for earlier in group[:i]:
                if later.against is None and _same_thing(earlier, later):
                    one, other = _value(earlier.parsed), _value(later.parsed)
                    if one.overlaps(other):
                        continue
                    said = f"{later.found.said} here, {earlier.found.said} there"
                    because = f"the same is said with another number: {earlier.found.said}"
                    later.contradicts(earlier, said, because)


def _unit(parsed: Parsed) -> str:
    match parsed.kind:
        case ClaimKind.percentage | ClaimKind.share if parsed.number("p") is not None:
            return "percent"
        case ClaimKind.interval:
            return "percent"
        case ClaimKind.rate:
            return f"per {parsed.amount('base').value}"
        case _:
            return ""


def _value(parsed: Parsed) -> Between:
    if parsed.kind is ClaimKind.rate:
        return measured(parsed.amount("r"))
    p = parsed.amount("p")
    if p.kind is Kind.fraction:
        return Between(100 * Fraction(p.value) - 5, 100 * Fraction(p.value) + 5)
    return measured(p)


def _same_thing(one: Entry, other: Entry) -> bool:
    if one.passage == other.passage or _is_cut(one.sentence) or _is_cut(other.sentence):
        return False
    mine, its = stems_of(one.about), stems_of(other.about)
    shared = mine & its
    if len(shared) < FEWEST or (stems_of(one.sentence) ^ stems_of(other.sentence)) & _TELLS_APART:
        return False
    return len(shared) >= ALIKE * len(mine | its)


def _is_cut(sentence: str) -> bool:
    """Whether it ends within brackets, as where a cell of a table goes over a page: what it is about may follow."""
    return sentence.count("(") > sentence.count(")")


def add_parts(entries: Sequence[Entry]) -> list[Entry]:
    """Claims that several counts of one sentence are of the same whole: '48 of 85, 8 of 85 and 19 of 85'."""
    sentences: dict[tuple[int, int, Fraction], list[Entry]] = defaultdict(list)
    for entry in entries:
        parsed = entry.parsed
        if parsed.kind in (ClaimKind.count_of, ClaimKind.share) and (b := parsed.number("b")) is not None:
            first, _ = parsed.tokens.sentence(parsed.first)
            sentences[entry.passage, first, Fraction(b.value)].append(entry)
    return [_parts(group) for group in sentences.values() if len(group) > 1 and not _of_several_times(group)]


def _of_several_times(group: Sequence[Entry]) -> bool:
    """Whether a date stands among them: '3 of 10 in 2022 and 5 of 10 in 2024' are parts of two wholes."""
    tokens = group[0].parsed.tokens
    first = min(entry.parsed.last for entry in group)
    last = tokens.sentence(first - 1)[1]
    return any(n is not None and n.role is Role.date for n in tokens.numbers[first:last])


def _parts(group: list[Entry]) -> Entry:
    group = sorted(group, key=lambda entry: entry.parsed.first)
    first, last = group[0].parsed, group[-1].parsed
    tokens = first.tokens
    parts = tuple(("part", at) for e in group if (at := e.parsed.at("a")) is not None)
    claim = Parsed(ClaimKind.parts, tokens, first.first, last.last, parts)
    numbers = [e.parsed.amount("a") for e in group]
    b = first.amount("b")
    total = sum((Fraction(n.value) for n in numbers), Fraction(0))
    sums = " + ".join(printed(n) for n in numbers)
    arithmetic = f"{sums} = {shown(total)}"
    said = f"{sums} of {printed(b)}"
    end = tokens.sentence(last.first)[1]
    after = [
        set(tokens.keys[e.parsed.last : until])
        for e, until in zip(group, [*(e.parsed.first for e in group[1:]), end], strict=True)
    ]
    found = Found(said, Verdict.cannot_be_checked, arithmetic)
    if total <= b.value:
        found = Found(said, Verdict.holds, f"{arithmetic} ≤ {printed(b)}")
    elif apart(after):
        because = f"nothing is in two of the parts, and they make {shown(total)}, more than {printed(b)}"
        found = Found(said, Verdict.contradicts, arithmetic, because)
    return Entry(group[0].document, group[0].passage, claim, found)
