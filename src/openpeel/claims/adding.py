"""Parts against their whole, and 'all' and 'none' beside the count that says how many."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from openpeel.claims.claim import Verdict
from openpeel.claims.found import LOOSE, Found, printed, shown
from openpeel.claims.hedges import Hedge, hedge_before
from openpeel.claims.parse import Parsed
from openpeel.claims.vocabulary import ALWAYS, NOT, REMAINING

# Words that say of two parts that nothing is in both.
_APART = (
    ({"yes"}, {"no"}),
    ({"agreed"}, {"disagreed"}),
    ({"men"}, {"women"}),
    ({"male"}, {"female"}),
    ({"good"}, {"inadequate", "improvement", "adequate"}),
    ({"positive"}, {"negative"}),
    ({"adequate"}, {"inadequate"}),
    ({"met"}, {"missed"}),
)


def check_parts(claim: Parsed) -> Found:
    """Whether parts that are said to be all there is make the whole."""
    tokens = claim.tokens
    places = claim.all("part") or claim.all("percent")
    numbers = [n for n in (tokens.numbers[at] for at in places) if n is not None]
    total = sum((Fraction(n.value) for n in numbers), Fraction(0))
    sums = " + ".join(printed(n) for n in numbers)
    rest = any(set(tokens.keys[max(0, at - 3) : at]) & REMAINING for at in places)
    last = tokens.sentence(claim.last - 1)[1]
    after = [set(tokens.keys[a:b]) for a, b in zip(places, [*places[1:], last], strict=True)]
    hedged = any(hedge_before(tokens, at) is not Hedge.none for at in places)
    whole = claim.number("whole")
    if whole is None:
        say = f"{sums} = 100 percent"
        room = sum((Fraction(n.step) / 2 for n in numbers), Fraction(0))
        arithmetic = f"{sums} = {shown(total)}"
        if hedged:
            room += LOOSE
        if abs(total - 100) <= room:
            return Found(say, Verdict.holds, arithmetic)
        return Found(
            say,
            Verdict.contradicts,
            arithmetic,
            f"the parts are said to be all there is, and make {shown(total)} percent",
        )
    say = f"{sums} = {printed(whole)}"
    arithmetic = f"{sums} = {shown(total)}"
    too_large = next((n for n in numbers if n.value > whole.value), None)
    if too_large is not None and not claim.all("made"):
        because = f"{printed(too_large)} is more than {printed(whole)}, of which it is said to be a part"
        return Found(say, Verdict.contradicts, arithmetic, because)
    if hedged or hedge_before(tokens, claim.parts[0][1]) is not Hedge.none:
        return Found(say)
    made = claim.all("made")
    complete = rest or bool(made and tokens.keys[made[0]] != "(" and tokens.keys[made[0]] != ":")
    if total == whole.value:
        return Found(say, Verdict.holds, arithmetic)
    if complete:
        return Found(
            say,
            Verdict.contradicts,
            arithmetic,
            f"the parts are said to make {printed(whole)}, and make {shown(total)}",
        )
    if total > whole.value and not made and apart(after):
        because = f"nothing is in two of the parts, and they make {shown(total)}, more than {printed(whole)}"
        return Found(say, Verdict.contradicts, arithmetic, because)
    return Found(say, arithmetic=arithmetic)


def apart(after: list[set[str]]) -> bool:
    """Whether the words after each part say that none can be in another."""
    for one, other in _APART:
        if any(words & one for words in after) and any(words & other for words in after):
            return True
    return len(after) == 2 and bool(after[0] & NOT) != bool(after[1] & NOT)


def check_absolute(claim: Parsed) -> Found:
    """Whether 'all' or 'none' is what the count beside it says."""
    a, b = claim.amount("a"), claim.amount("b")
    at = claim.at("absolute")
    assert at is not None
    word = claim.tokens.keys[at]
    say = f"{word}: {printed(a)} of {printed(b)}"
    if at and claim.tokens.keys[at - 1] in ("not", "nearly", "almost", "virtually"):
        return Found(say)
    expected = b.value if word in ALWAYS else Decimal(0)
    arithmetic = f"{printed(a)} of {printed(b)}"
    if a.value == expected:
        return Found(say, Verdict.holds, arithmetic)
    return Found(
        say, Verdict.contradicts, arithmetic, f"{word} is said, and it was {printed(a)} of {printed(b)}"
    )
