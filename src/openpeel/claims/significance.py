"""Words of significance against the intervals that stand beside them.

Two estimates with margins h₁ and h₂ of 95 percent differ significantly where |d| > √(h₁² + h₂²); two counts, where the
z test of two proportions says so. Near the line nothing is said: what was printed was rounded.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from openpeel.claims.claim import Verdict
from openpeel.claims.document import Document
from openpeel.claims.entry import Entry
from openpeel.claims.found import Found
from openpeel.claims.kinds import ClaimKind
from openpeel.claims.parse import Parsed
from openpeel.claims.tokens import Tokens, tokens_of
from openpeel.claims.vocabulary import NOT, words_of

#: How near to the line is too near to say, as a share of it.
NEAR = 0.04
Z = 1.959964
_NOUNS = words_of(
    "improvement improved increase increased decrease decreased difference different change changed higher lower "
    "better worse rise fall reduction reduced deterioration"
)
_NEGATIONS = NOT | words_of("no neither without nor")


def compare_significance(document: Document, entries: Sequence[Entry]) -> list[Entry]:
    """The claims that a difference is or is not statistically significant, with their verdict."""
    by_passage: dict[int, list[Entry]] = {}
    for entry in entries:
        if entry.parsed.kind in (ClaimKind.interval, ClaimKind.share, ClaimKind.count_of):
            by_passage.setdefault(entry.passage, []).append(entry)
    found = []
    for number, passage in enumerate(document.passages):
        if "ignifican" not in passage.text:
            continue
        beside = by_passage.get(number, [])
        if not beside and "tatistically" not in passage.text:
            continue
        tokens = beside[0].parsed.tokens if beside else tokens_of(passage.text)
        for at, word in enumerate(tokens.keys):
            if not word.startswith("significan"):
                continue
            claim = _claim(tokens, at)
            pair = _pair(beside, at)
            if claim is None or (pair is None and "statistically" not in tokens.keys[max(0, at - 1) : at]):
                continue
            denied = bool(_NEGATIONS & set(tokens.keys[max(tokens.sentence(at)[0], at - 5) : at]))
            found.append(Entry(document, number, claim, _judged(pair, denied), None))
    return found


def _claim(tokens: Tokens, at: int) -> Parsed | None:
    first = at - 1 if at and tokens.keys[at - 1] == "statistically" else at
    last = next((i + 1 for i in range(at, min(at + 4, len(tokens))) if tokens.keys[i] in _NOUNS), None)
    if last is None:
        return Parsed(ClaimKind.significance, tokens, first, at + 1, ()) if first < at else None
    return Parsed(ClaimKind.significance, tokens, first, last, ())


def _pair(entries: Sequence[Entry], at: int) -> tuple[Entry, Entry] | None:
    """The two estimates that the word is about: the nearest before and after it, or the last two before it."""
    for kinds in ({ClaimKind.interval}, {ClaimKind.share, ClaimKind.count_of}):
        some = [e for e in entries if e.parsed.kind in kinds and _estimate(e) is not None]
        before = [e for e in some if e.parsed.first < at]
        after = [e for e in some if e.parsed.first > at and e.parsed.first < e.parsed.tokens.sentence(at)[1]]
        if before and after:
            return before[-1], after[0]
        if len(before) >= 2:
            return before[-2], before[-1]
        if len(after) >= 2:
            return after[0], after[1]
    return None


def _estimate(entry: Entry) -> tuple[float, float] | None:
    """The value in percent and the variance of its error, at 95 percent; None where no width is said."""
    parsed = entry.parsed
    if parsed.kind is ClaimKind.interval:
        margin, p = parsed.number("margin"), parsed.amount("p")
        if margin is not None:
            return float(p.value), (float(margin.value) / Z) ** 2
        span = parsed.number("span")
        lower, upper = (
            (span.value, span.upper) if span else (parsed.amount("lower").value, parsed.amount("upper").value)
        )
        return float(p.value), (float((upper or lower) - lower) / 2 / Z) ** 2
    a, b = parsed.number("a"), parsed.number("b")
    if a is None or b is None or b.value <= 0 or a.value > b.value:
        return None
    share = float(a.value / b.value)
    return 100 * share, 100**2 * share * (1 - share) / float(b.value)


def _judged(pair: tuple[Entry, Entry] | None, denied: bool) -> Found:
    words = "no significant difference" if denied else "significant difference"
    estimates = [_estimate(entry) for entry in pair] if pair else []
    if len(estimates) != 2 or estimates[0] is None or estimates[1] is None:
        return Found(words)
    assert pair is not None
    (one, v1), (other, v2) = estimates[0], estimates[1]
    difference, margin = abs(one - other), Z * math.sqrt(v1 + v2)
    said = f"{words}: {pair[0].found.said}; {pair[1].found.said}"
    arithmetic = f"|{one:.1f} − {other:.1f}| = {difference:.1f}; its 1.96 standard errors are {margin:.1f}"
    if abs(difference - margin) <= NEAR * margin + 0.1:
        return Found(said, Verdict.cannot_be_checked, arithmetic)
    if (difference > margin) != denied:
        return Found(said, Verdict.holds, arithmetic)
    is_it = "is no" if denied else "is a"
    because = (
        f"it is said that there {is_it} significant difference, and the intervals say otherwise: {arithmetic}"
    )
    return Found(said, Verdict.contradicts, arithmetic, because)
