"""The grammar of claims: how reports say shares, rates, changes and the rest with numbers.

Each rule is a sentence pattern that names the numbers in it. Whether they agree is worked out in checking.py.
Words in capitals are parts of several rules. In the names of numbers `p` is a share, `a` of `b` a count of a whole,
`x` and `y` two amounts of one kind, `r` a rate, `c` its count and `n` its population.
"""

from __future__ import annotations

from dataclasses import dataclass

from openpeel.claims.kinds import ClaimKind
from openpeel.claims.numbers import Kind
from openpeel.claims.parsing import (
    Parser,
    ahead,
    any_of,
    at_start,
    either,
    listed,
    maybe,
    named,
    number,
    phrase,
    sequence,
    some,
    unless,
    word,
    words,
)
from openpeel.claims.phrases import (
    AMONG,
    AMOUNTS_TO,
    ANY,
    AS_AN_ASIDE,
    ASIDE_ENDS,
    AT_A_RATE_OF,
    COUNTED,
    EVENTS,
    HEDGES,
    HOW_MANY_OF,
    IS,
    OUT_OF,
    PERCENT,
    POPULATION,
    RATE,
    SHARE,
    THAT_IS,
    THE,
)
from openpeel.claims.tokens import BASE, IN_SO_MANY
from openpeel.claims.vocabulary import ALWAYS, FACTORS, FALLS, HIGHER, LOWER, NEVER, REMAINING, RISES


@dataclass(frozen=True)
class Rule:
    """A way to say a claim of this kind; one of the keys in `needs`, if any, stands in its sentence or the next."""

    kind: ClaimKind
    pattern: Parser
    needs: frozenset[str] = frozenset()


SHARES = (
    # 16.3 percent of respondents (86 of 529 respondents)
    sequence(
        SHARE, words(12), word("(", "["), some(word("that", "is", "or", "n", "="), 2), HEDGES, HOW_MANY_OF
    ),
    sequence(SHARE, THAT_IS, HOW_MANY_OF),
    sequence(named("majority", word("majority")), words(10, least=1), word("("), HEDGES, HOW_MANY_OF),
    sequence(SHARE, AS_AN_ASIDE, HOW_MANY_OF, ahead(sequence(words(3), word(",", ".", ")", ";")))),
    # 86 of 529 respondents (16.3 percent)
    sequence(HOW_MANY_OF, words(12), THAT_IS, SHARE),
    sequence(HOW_MANY_OF, words(8), AS_AN_ASIDE, SHARE, ASIDE_ENDS),
    # 86 (16.3 percent) of 529
    sequence(
        number("a", *COUNTED), words(3), word("("), HEDGES, SHARE, word(")"), OUT_OF, number("b", *COUNTED)
    ),
    # 86 respondents (16.3 percent of 529)
    sequence(
        number("a", *COUNTED),
        words(8),
        either(THAT_IS, AS_AN_ASIDE),
        SHARE,
        OUT_OF,
        number("b", *COUNTED),
    ),
    # 86 is 16.3 percent of 529
    sequence(number("a", *COUNTED), words(6), AMOUNTS_TO, SHARE, OUT_OF, number("b", *COUNTED)),
    # Of 529 respondents, 86 (16.3 percent) said so
    sequence(
        maybe(word("out")),
        word("of", "among"),
        some(THE, 3),
        HEDGES,
        number("b", *COUNTED),
        words(10),
        word(","),
        words(4),
        number("a", *COUNTED),
        words(6),
        either(THAT_IS, sequence(AS_AN_ASIDE, ahead(sequence(SHARE, ASIDE_ENDS)))),
        SHARE,
        unless(sequence(word("of"), words(2), number("other", *COUNTED))),
    ),
    # 529 respondents, of whom 86 (16.3 percent) said so
    sequence(
        number("b", *COUNTED),
        words(10),
        word(",", ".", ";"),
        word("of"),
        word("whom", "which", "these", "those", "them"),
        maybe(word(",")),
        words(3),
        number("a", *COUNTED),
        words(6),
        THAT_IS,
        SHARE,
    ),
    # 529 calls were heard, and 86 of them (16.3 percent) were lost
    sequence(
        number("b", *COUNTED),
        words(12, passing=","),
        number("a", *COUNTED),
        word("of"),
        word("them", "these", "those"),
        words(4),
        either(THAT_IS, AS_AN_ASIDE),
        SHARE,
    ),
    # 16.3 percent of 529 respondents (86)
    sequence(
        SHARE,
        OUT_OF,
        number("b", *COUNTED),
        words(6),
        THAT_IS,
        number("a", *COUNTED),
        ahead(word(")", ",", ".")),
    ),
    # 16.3 percent of the 529 respondents, 86 in all
    sequence(
        SHARE, OUT_OF, number("b", *COUNTED), words(6), AS_AN_ASIDE, number("a", *COUNTED), phrase("in all")
    ),
)

# 16.3 percent of 529 respondents
OF_A_COUNT = sequence(number("p", Kind.percent), OUT_OF, number("b", *COUNTED))

MONEY = number("x", Kind.money)
WHOLE = number("y", Kind.money)
OF_ITS = sequence(word("of"), words(5))
SHARES_OF_MONEY = (
    sequence(MONEY, words(8), either(THAT_IS, AS_AN_ASIDE), PERCENT, OF_ITS, WHOLE),
    sequence(MONEY, words(4), maybe(word("out")), word("of"), words(4), WHOLE, words(8), THAT_IS, PERCENT),
    sequence(PERCENT, OF_ITS, WHOLE, words(5), either(THAT_IS, AS_AN_ASIDE), MONEY),
    sequence(PERCENT, words(6), word("("), MONEY, maybe(word("out")), word("of"), words(4), WHOLE),
    # Of its £240 million budget, £12 million (5 percent)
    sequence(
        at_start(word("of")),
        words(3),
        WHOLE,
        words(5),
        word(","),
        words(3),
        MONEY,
        words(4),
        THAT_IS,
        PERCENT,
    ),
    # … 40.7 percent of its total funding, which is £102.6 million: the whole stands elsewhere
    sequence(PERCENT, word("of"), named("whole", words(6, least=1)), named("ends", THAT_IS), MONEY),
    sequence(
        MONEY,
        words(4),
        THAT_IS,
        PERCENT,
        word("of"),
        named("whole", words(6, least=1)),
        named("ends", ahead(word(",", ".", ")", ";"))),
    ),
)


RATES = (
    # 6,887 searches in a population of 1.2 million, or 5.7 per 1,000 population
    sequence(EVENTS, AMONG, POPULATION, words(3), AT_A_RATE_OF, RATE),
    # 5.7 per 1,000 population (6,887 searches among 1,204,588 people)
    sequence(RATE, words(4), word("("), EVENTS, AMONG, POPULATION),
    sequence(
        at_start(word("with", "for", "in", "among")),
        words(4),
        POPULATION,
        word(","),
        words(8),
        EVENTS,
        AT_A_RATE_OF,
        RATE,
    ),
    # 7,140 stops, equivalent to 8.5 per 1,000 people in its population of 840,000
    sequence(EVENTS, AT_A_RATE_OF, RATE, words(6), POPULATION),
    # 112 orders, which equated to 9.3 per 100,000 population
    sequence(EVENTS, AT_A_RATE_OF, RATE),
    sequence(RATE, words(4), word("("), HEDGES, EVENTS, word(")")),
    RATE,
)

X, Y = number("x", *ANY), number("y", *ANY)
MOVES = word(*RISES, *FALLS, *FACTORS)
DELTA = number("d", Kind.plain, Kind.word, Kind.percent, Kind.points, Kind.money, Kind.fraction)
BY = sequence(word("by", "of"), HEDGES, DELTA, words(6, passing=","))
FROM_TO = sequence(word("from"), words(2), X, words(8, passing="( )"), word("to"), words(2), Y)
TO_FROM = sequence(word("to"), words(2), Y, words(8, passing="( ) ,"), word("from"), words(2), X)
A_MOVE_OF = sequence(words(3), named("move", MOVES), word("of", "by"), HEDGES, DELTA)
CHANGES = (
    sequence(
        named("move", MOVES),
        words(8, passing=",", but="to"),
        maybe(BY),
        FROM_TO,
        maybe(sequence(words(6, passing=","), either(THAT_IS, AS_AN_ASIDE), A_MOVE_OF)),
    ),
    sequence(named("move", MOVES), words(4, but="from"), maybe(BY), TO_FROM),
    sequence(FROM_TO, words(6, passing=","), either(THAT_IS, AS_AN_ASIDE), A_MOVE_OF),
    # 94.2 percent, up from 80.8 percent
    sequence(
        Y, words(8), maybe(word(",", "(")), named("move", word("up", "down")), word("from"), words(2), X
    ),
    # 40, an increase on the 35 of the year before
    sequence(
        Y,
        words(8),
        word(",", "(", "–"),
        word("an", "a"),
        words(1),
        named("move", MOVES),
        word("on", "from"),
        words(3),
        X,
    ),
    # 6,691 people were released. This has fallen to 1,668
    sequence(
        X,
        words(8),
        word("."),
        word("this", "it"),
        words(2),
        named("move", MOVES),
        words(1),
        word("to"),
        HEDGES,
        Y,
    ),
)

THAN = named("than", word(*HIGHER, *LOWER))
A_REFERENCE = sequence(
    THAN,
    maybe(word("than")),
    words(12),
    maybe(
        either(
            word("("),
            sequence(
                maybe(word(",")),
                maybe(word("which", "that")),
                word("of", "is", "was", "at", "stood"),
                maybe(word("at")),
            ),
        )
    ),
    words(2),
)
OF_WHAT_WAS_SAID = word("which", "this", "that", "it")
WHICH_IS = sequence(
    maybe(either(word(",", "and", "–"), sequence(word("."), ahead(OF_WHAT_WAS_SAID)))),
    maybe(OF_WHAT_WAS_SAID),
    maybe(IS),
    words(2),
)
# '… than the mean of the 42 forces counted': how many they are is not what is compared.
COMPARED = sequence(Y, unless(word("forces", "constabularies")))
COMPARISONS = (
    # 31.2 percent of searches led to an outcome in ten minutes, above the average of 25.4 percent
    sequence(
        number("x", Kind.percent),
        words(14, passing="( ) #plain #word"),
        WHICH_IS,
        A_REFERENCE,
        number("y", Kind.percent),
    ),
    sequence(X, words(10, passing="( )"), WHICH_IS, A_REFERENCE, COMPARED),
    # At 8.2 percent, its vacancy rate is below the national figure of 11.0 percent
    sequence(at_start(word("at", "with")), X, word(","), words(8), IS, words(2), A_REFERENCE, COMPARED),
)

TIMES = (
    sequence(
        number("x", *COUNTED),
        words(6),
        maybe(word(",", "–", "(", "which", "and")),
        words(3),
        either(
            sequence(number("k", *COUNTED), word("times")),
            named("k", word("twice")),
            sequence(named("k", word("double", "triple", "treble")), ahead(word("the", "that"))),
        ),
        maybe(sequence(word("as"), word("many", "much", "high", "often"), word("as"))),
        words(3, least=1, but="more less likely higher lower"),
        number("y", *COUNTED),
    ),
)

AVERAGE = sequence(word("average", "mean", "median"), words(6), number("middle", *ANY), words(8, passing=","))
RANGES_WORD = any_of("range ranged ranging ranges varied varying varies vary")
RANGES = (
    sequence(
        maybe(AVERAGE),
        RANGES_WORD,
        words(8),
        word("from", "between"),
        words(1),
        X,
        words(6),
        word("to", "and"),
        words(1),
        Y,
    ),
    sequence(word("between"), X, words(1), word("and"), Y),
    number("span", Kind.range),
)

PLUS_OR_MINUS = either(word("+/-", "+/−", "+/–", "+-", "±"), phrase("plus or minus"), phrase("give or take"))
INTERVAL = sequence(PERCENT, words(12, passing="( ) : ,", but="."))
INTERVALS = (
    sequence(INTERVAL, PLUS_OR_MINUS, number("margin", Kind.percent, Kind.points, Kind.plain)),
    sequence(
        INTERVAL,
        maybe(sequence(number("level", Kind.percent), words(4, passing=":"))),
        word("interval", "intervals", "ci", "limits"),
        words(3, passing=": , ("),
        either(
            sequence(
                number("lower", Kind.percent, Kind.plain),
                word("to", "and", "–", "-", ","),
                number("upper", Kind.percent, Kind.plain),
            ),
            number("span", Kind.range),
        ),
    ),
)

PARTS_WHOLE = number("whole", *COUNTED)
MADE_UP_OF = either(
    word(":", "("),
    sequence(
        maybe(word(",")),
        either(
            phrase("made up of"),
            phrase("consisting of"),
            phrase("composed of"),
            phrase("split into"),
            word("comprising"),
        ),
    ),
)
PARTS = (
    sequence(
        at_start(sequence(maybe(word("out")), word("of", "among"))),
        some(THE, 3),
        PARTS_WHOLE,
        words(10),
        word(",", ":"),
        words(4),
        listed("part", *COUNTED),
    ),
    sequence(PARTS_WHOLE, words(8), named("made", MADE_UP_OF), words(4), listed("part", *COUNTED)),
    sequence(
        PARTS_WHOLE,
        words(8),
        word(",", "."),
        either(sequence(word("of"), word("which", "whom", "these", "those"), maybe(word(",")))),
        words(4),
        listed("part", *COUNTED),
    ),
)
PERCENTAGES = (listed("percent", Kind.percent),)

ABSOLUTES = (
    sequence(
        named("absolute", word(*ALWAYS, *NEVER)),
        words(10),
        word("("),
        HEDGES,
        number("a", *COUNTED),
        OUT_OF,
        number("b", *COUNTED),
    ),
)

A_SHARE = frozenset([f"#{Kind.percent}", f"#{Kind.fraction}", IN_SO_MANY, "majority"])
A_PERCENT = frozenset([f"#{Kind.percent}"])
SOME_MONEY = frozenset([f"#{Kind.money}"])
A_MOVE = frozenset([*RISES, *FALLS, *FACTORS])
A_RANGE = frozenset(
    [
        "between",
        "ranged",
        "ranging",
        "ranges",
        "range",
        "varied",
        "varying",
        "varies",
        "vary",
        f"#{Kind.range}",
    ]
)

#: In the order in which they are tried; a number that one of the first has used is no claim of the last ones.
RULES = tuple(
    Rule(kind, pattern, needs)
    for kind, needs, patterns in (
        (ClaimKind.share, A_SHARE, SHARES),
        (ClaimKind.money, SOME_MONEY, SHARES_OF_MONEY),
        (ClaimKind.interval, A_PERCENT, INTERVALS),
        (ClaimKind.rate, frozenset([BASE]), RATES),
        (ClaimKind.change, A_MOVE, CHANGES),
        (ClaimKind.comparison, HIGHER | LOWER, COMPARISONS),
        (ClaimKind.times, frozenset(["times", "twice", "double", "triple", "treble"]), TIMES),
        (ClaimKind.range, A_RANGE, RANGES),
        (ClaimKind.parts, frozenset([",", "and", ";"]), PARTS),
        (ClaimKind.parts, REMAINING, PERCENTAGES),
        (ClaimKind.absolute, ALWAYS | NEVER, ABSOLUTES),
        (ClaimKind.count_of, frozenset(["of"]), (HOW_MANY_OF,)),
        (ClaimKind.of_count, A_PERCENT, (OF_A_COUNT,)),
        (ClaimKind.percentage, A_SHARE, (number("p", Kind.percent, Kind.fraction),)),
        (ClaimKind.amount, frozenset(["population"]), (POPULATION,)),
        (ClaimKind.amount, frozenset(), (number("x", Kind.plain, Kind.word, Kind.money),)),
    )
    for pattern in patterns
)


def rules_by_beginning() -> dict[str, list[int]]:
    """The rules that can begin with a token of this key, by their place in RULES."""
    found: dict[str, list[int]] = {}
    for place, rule in enumerate(RULES):
        # A list may begin with any word; its first amount will do.
        begins = rule.pattern.begins
        for key in begins if begins is not None else [f"#{kind}" for kind in Kind]:
            found.setdefault(key, []).append(place)
    return found
