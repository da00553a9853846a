"""The phrases of which claims are made up: what a share, a count of a whole, a rate or a population is in words.

In the names of numbers `p` is a share, `a` of `b` a count of a whole, `r` a rate, `c` its count and `n` its population.
"""

from __future__ import annotations

from openpeel.claims.hedges import WORDS as HEDGING
from openpeel.claims.numbers import Kind
from openpeel.claims.parsing import (
    ahead,
    any_of,
    base,
    either,
    maybe,
    number,
    phrase,
    sequence,
    some,
    unless,
    word,
    words,
)

COUNTED = (Kind.plain, Kind.word)
ANY = (Kind.plain, Kind.word, Kind.percent, Kind.money)

THE = any_of("the these those all its their our his her such both a an total sample")
HEDGES = some(either(word(*HEDGING), any_of("to of in the a an just only i.e ie that is region")), 5)
SHARE = sequence(
    either(
        number("p", Kind.percent, Kind.fraction),
        sequence(number("one", *COUNTED), word("in"), maybe(word("every")), number("in", *COUNTED)),
    ),
    unless(
        sequence(maybe(word("simultaneous")), word("confidence", "ci", "credible", "level", "significance"))
    ),
)
PERCENT = sequence(number("p", Kind.percent), unless(word("confidence", "ci", "credible")))

OUT_OF = either(
    sequence(maybe(word("out")), word("of"), some(THE, 4), maybe(phrase("total of")), HEDGES),
    sequence(word("of"), word("the", "its", "their"), words(1, least=1)),
)
IS = any_of("is are was were equals equalled represents represented makes made accounts accounted")
AMOUNTS_TO = either(
    sequence(IS, maybe(word("up", "for", "to")), HEDGES),
    sequence(
        any_of("equates equated amounts amounted amounting equating equivalent equal corresponds"),
        word("to"),
        HEDGES,
    ),
    sequence(word("representing", "making", "being"), maybe(word("up")), HEDGES),
)
# How a second way to say the same number is joined on.
THAT_IS = either(
    sequence(word("("), maybe(word("or")), HEDGES),
    sequence(word("["), HEDGES),
    sequence(maybe(word(",")), word("or"), HEDGES),
    sequence(maybe(word(",")), maybe(word("and")), word("which", "this", "that", "it"), AMOUNTS_TO),
    sequence(word(".", ";"), word("this", "that"), AMOUNTS_TO),
    sequence(maybe(word(",")), AMOUNTS_TO),
    sequence(word("–", "—", "-", ":"), HEDGES),
)
AS_AN_ASIDE = sequence(word(","), HEDGES)
ASIDE_ENDS = ahead(word(",", ".", ")", ";"))

COUNT_OF = sequence(number("a", *COUNTED), OUT_OF, number("b", *COUNTED))
COUNT_OF_THINGS = sequence(
    number("a", *COUNTED),
    words(3, least=1, but="of per in to and or from"),
    word("out"),
    OUT_OF,
    number("b", *COUNTED),
)
HOW_MANY_OF = either(COUNT_OF, COUNT_OF_THINGS)


RATE = sequence(
    number("r", *COUNTED, Kind.money),
    words(8, but="per"),
    word("per", "for"),
    maybe(word("every", "each")),
    base("base"),
)
AT_A_RATE_OF = either(
    THAT_IS,
    sequence(maybe(word(",")), maybe(word("at", "giving", "with")), phrase("a rate of"), HEDGES),
)
EVENTS = sequence(number("c", *COUNTED, Kind.money), words(12, but="per"))
PEOPLE = any_of("people residents inhabitants persons")
POPULATION = either(
    sequence(word("population"), word("of"), HEDGES, number("n", *COUNTED)),
    sequence(number("n", *COUNTED), PEOPLE),
)
AMONG = sequence(any_of("among in for from across serving"), words(4))
