"""Numbers as they stand in prose, in digits and in words: where, of what kind, how large, and whether they are amounts.

A date, a time of day, the name of a thing ('section 136', '999') and what is the same in every report ('43 forces')
are numbers too, and no amounts; `role` tells them apart. What a sentence says with its numbers is in grammar.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from openpeel.reference.periods import MONTH_NAMES


class Kind(StrEnum):
    """How a number is written."""

    plain = "plain"
    word = "word"  # 'nine', 'twenty-three', 'two hundred and six'
    percent = "percent"  # '16.2 percent', '16%', 'nine per cent'
    points = "points"  # '3.0 percentage points'
    money = "money"  # '£251.8 million', '£2,800', '£1.2bn'
    range = "range"  # '30–40', '10-15 percent'; what it is a range of shows in its text
    fraction = "fraction"  # 'half', 'two thirds', 'a quarter'
    ordinal = "ordinal"  # 'first', '43rd'


class Role(StrEnum):
    """What a number is there for. Only an amount can be right or wrong about a force."""

    amount = "amount"
    date = "date"  # '31 March 2023', 'April 2024', '2022/23', '1984'
    time = "time"  # '9.30am', '17:00'
    duration = "duration"  # 'two-day', 'within ten seconds', 'the last 12 months'
    base = "base"  # the 1,000 of 'per 1,000 population'
    name = "name"  # 'section 136', 'outcome 18', 'Figure 3', '999', 'third-party', 'CO19', a telephone number
    fixed = "fixed"  # '43 forces', 'ten areas of policing'
    item = "item"  # the number that an item of a list begins with
    none = "none"  # 'one' that does not count: 'no one', 'one another', 'one example'


@dataclass(frozen=True, slots=True)
class Number:
    """A number: its words `text` begin at `start` of the prose.

    `value` is in ones, whatever it is written in: £251.8 million is 251800000, 16.2 percent is 16.2, half is 0.5;
    of a range it is the lower end and `upper` the upper. `decimals` are the digits printed after the point, and
    `scale` what a printed one stands for (1000000 in '£251.8 million').
    """

    text: str
    start: int
    kind: Kind
    role: Role
    value: Decimal
    decimals: int = 0
    scale: Decimal = Decimal(1)
    upper: Decimal | None = None

    @property
    def end(self) -> int:
        """The offset after its last character."""
        return self.start + len(self.text)

    @property
    def step(self) -> Decimal:
        """What one more in the last printed digit would add.

        >>> numbers_in("£251.8 million")[0].step
        Decimal('100000.0')
        """
        return self.scale * Decimal(1).scaleb(-self.decimals)


_SMALL_NAMES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
_TEN_NAMES = "twenty thirty forty fifty sixty seventy eighty ninety"
_ORDINAL_NAMES = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth twentieth"
_UNITS = {name: Decimal(i) for i, name in enumerate(_SMALL_NAMES.split())}
_TENS = {name: Decimal(10 * i) for i, name in enumerate(_TEN_NAMES.split(), 2)}
_SCALES = {
    "hundred": Decimal(100),
    "thousand": Decimal(1_000),
    "k": Decimal(1_000),
    "million": Decimal(1_000_000),
    "m": Decimal(1_000_000),
    "mn": Decimal(1_000_000),
    "billion": Decimal(1_000_000_000),
    "bn": Decimal(1_000_000_000),
}
_PARTS = {"half": 2, "halves": 2, "third": 3, "quarter": 4, "fifth": 5, "tenth": 10}
_ORDINALS = _ORDINAL_NAMES.split()

_MONTHS = "|".join(
    (*MONTH_NAMES, *["Jan", "Feb", "Mar", "Apr", "Jun", "Jul", "Aug", "Sept", "Sep", "Oct", "Nov", "Dec"])
)
_YEAR = "(?:1[89]|20)[0-9]{2}"
_DIGITS = r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?"
_SMALL = "|".join(sorted((*_UNITS, *_TENS), key=len, reverse=True))
_IN_WORDS = (
    rf"(?:{_SMALL})(?:-(?:{'|'.join(_UNITS)})\b)?"
    rf"(?:\ (?:hundred|thousand|million|billion)\b(?:\ (?:and\ )?(?:{_SMALL})(?:-(?:{'|'.join(_UNITS)}))?\b)?)*"
)
_PERCENT = r"\ ?%|[\ -](?:percent|per\ cent|pc)\b"

# Tried in this order at each place where a number could begin.
_NUMBER = re.compile(
    rf"""(?<![\w.])(?:
      (?P<date>
          [0-9]{{1,2}}(?:st|nd|rd|th)?\ (?:of\ )?(?:{_MONTHS})\b\.?(?:,?\ {_YEAR}\b)?
        | (?:{_MONTHS})\.?\ (?:[0-9]{{1,2}}(?:st|nd|rd|th)?,?\ )?{_YEAR}\b
        | (?:{_MONTHS})\ [0-9]{{1,2}}(?:st|nd|rd|th)?\b(?![%,.]?[0-9])
        | {_YEAR}-[0-9]{{2}}-[0-9]{{2}}\b
        | {_YEAR}\ ?[/–-]\ ?(?:{_YEAR}|[0-9]{{2}})\b(?![,.]?[0-9%])
        | [0-9]{{1,2}}/[0-9]{{1,2}}/[0-9]{{2,4}}\b
        | {_YEAR}s\b
      )
    | (?P<time>[0-9]{{1,2}}(?:[:.][0-9]{{2}})?\ ?(?:[ap]m|[ap]\.m\.)(?!\w)|[0-2]?[0-9]:[0-5][0-9]\b)
    | (?P<telephone>0[0-9]{{2,5}}\ [0-9]{{3,4}}\ ?[0-9]{{3,4}}\b|0[0-9]{{9,10}}\b)
    | (?P<reference>[0-9]+(?:\.[0-9]+){{2,}}|[0-9]+/[0-9]+(?:/[0-9]+)?\b|[0-9]+[A-Za-z]+[0-9]+\w*|[0-9]+[A-JL-Z]\b)
    | (?P<ordinal>[0-9]+(?:st|nd|rd|th)\b)
    | (?P<digits>
          (?P<currency>[£€$])?(?P<low>{_DIGITS})
          (?:\ ?[–-]\ ?[£€$]?(?P<high>{_DIGITS})(?![0-9]))?
          (?:\ ?(?P<scale>(?:hundred|thousand|million|billion|bn|mn?|k)\b))?
          (?:(?P<points>[\ -]percentage[\ -]points?\b)|(?P<percent>{_PERCENT}))?
      )
    | (?P<fraction>
          (?:(?P<several>one|two|three|four|a)[\ -])?
          (?P<part>half|halves|(?<=[\ -])(?:third|quarter|fifth|tenth)s?)\b
      )
    | (?P<words>(?:{_IN_WORDS})\b)(?P<words_percent>(?:{_PERCENT})|[\ -]percentage[\ -]points?\b)?
    | (?P<nth>(?:{"|".join(_ORDINALS)})\b)
    )""",
    re.VERBOSE | re.IGNORECASE,
)
# Where that is: found first, so that prose without numbers costs little.
_DIGIT = re.compile(r"[£€$]?[0-9]")
_DIGIT_OR_WORD = re.compile(r"[^\W\d_]+|[£€$]?[0-9]")
_LETTERS = re.compile(r"[a-z]+")
_NUMBER_WORDS = frozenset(
    [*_UNITS, *_TENS, *_ORDINALS, "half", "halves"]
    + [part + ending for part in ("third", "quarter", "fifth", "tenth") for ending in ("", "s")]
)
# Blanks and hyphens that a printer sets so that no line breaks there, and what is typed for them.
_SET = re.compile("[\u00a0\u2007\u2009\u202f\u2011]")
_TYPED = str.maketrans("\u00a0\u2007\u2009\u202f\u2011", "    -")
_MONTH_WORDS = frozenset(_MONTHS.lower().split("|"))
_BEGINNINGS = _NUMBER_WORDS | _MONTH_WORDS | {"a"}

# The word before a number that is a name.
_NAMED = re.compile(
    r"(?:^|[^\w])(?:section|outcome|code|type|figure|fig\.?|table|chart|page|pages|p\.|chapter|part|level|grade|band"
    r"|article|schedule|phase|stage|version|appendix|annex|paragraph|question|rule|regulation|clause|tier"
    r"|step|box|category|class|group|district|region|zone|no\.|number|note|footnote|line|room"
    r"|unit|operation|covid|windows|form|priority|wave|option|scenario|recommendation|document)s?"
    r"(?:\ (?:code|type|number)s?)?[\ -]$",
    re.IGNORECASE,
)
_CHAIN = re.compile(r"\s*(?:,|and|or|to|–|-|&|,\s*and)\s*")
_BASE = re.compile(r"(?:\b(?:per|for every|for each|in every|every)|/)\s?$", re.IGNORECASE)
_PER_PEOPLE = re.compile(
    r"[\s-](?:of\s)?(?:the\s)?(?:population|people|residents|inhabitants|head|persons|households|officers|workforce"
    r"|calls|crimes|employees|arrests|vehicles)\b",
    re.IGNORECASE,
)
_TIME_UNIT = re.compile(
    r"(?P<hyphen>-)?(?P<space>\s)?(?:calendar\s|working\s|consecutive\s)?"
    r"(?:second|minute|hour|day|week|month|year|night|shift)s?\b(?P<old>[\s-]olds?\b)?",
    re.IGNORECASE,
)
_SPAN_BEFORE = re.compile(
    r"\b(?:within|in under|under|last|next|past|previous|preceding|first|after|for|every|over|following|coming"
    r"|least|until|another|further|other)\s(?:the\s)?$",
    re.IGNORECASE,
)
_COMPOUND = re.compile(r"-[A-Za-z]")
_FORCES = re.compile(r"(?:\s[\w-]+){0,3}?\s(?:police\s)?(?:forces|constabularies)\b", re.IGNORECASE)
_AREAS = re.compile(r"\s(?:\w+\s)?areas?\s(?:of\spolicing|we\s|that\swe\s)", re.IGNORECASE)
_EMERGENCY_AFTER = re.compile(
    r"[\s-](?:\w+\s)?(?:calls?|callers?|number|service|services|line|lines|queue|contact|demand|and\s(?:999|101)|or\s(?:999|101)"
    r"|emergency|non-emergency|system)\b",
    re.IGNORECASE,
)
_EMERGENCY_BEFORE = re.compile(
    r"\b(?:to|on|via|dial|dialled|dialling|ring|ringing|call|called|calling|999 and|101 and|999 or|101 or|999/|101/"
    r"|emergency|non-emergency|using|through|for|answer|answers|answering|answered|by calling)\s?$",
    re.IGNORECASE,
)
_OUT_OF = re.compile(r"\s(?:out\s)?of\s(?:the\s)?[0-9]")
_OUT_OF_BEFORE = re.compile(rf"(?:[0-9]|\b(?:{_SMALL}))\s(?:out\s)?of\s(?:the\s|these\s)?$", re.IGNORECASE)
_YEAR_ALONE = re.compile(_YEAR)
_YEAR_BEFORE = re.compile(
    r"\b(?:in|since|until|till|before|after|during|from|by|mid|mid-|late|early|act|ending|year|and|to|between|spring"
    r"|summer|autumn|winter|of|the|census|year of)[\s-]$",
    re.IGNORECASE,
)
_YEAR_SURELY = re.compile(r"\b(?:in|since|during|until|act|year|ending)\s$", re.IGNORECASE)
_PLURAL_AFTER = re.compile(
    r"\s(?!(?:was|has|is|as|this|its|us|forces|inspections?|figures|results|findings|audits|reviews|reports"
    r"|estimates|rules|guidelines|principles|standards)\b)(?:[a-z-]+\s)?[a-z-]{3,}s\b"
)
#: 'One' counts when it is one of so many; else it is a pronoun or an article ('no one', 'one example').
_ONE_OF = re.compile(
    rf"\s(?:(?:out\s)?of|in)\s(?:the\s|every\s|these\s)?(?:[0-9]|(?:{_SMALL})\b)", re.IGNORECASE
)
_LIST_ITEM = re.compile(r"[.)]\s")


def numbers_in(text: str) -> list[Number]:
    """The numbers of a text, in its order; none overlaps another.

    >>> [(n.text, str(n.kind), str(n.role)) for n in numbers_in("Of 85 cases, nine were open on 31 March 2023.")]
    [('85', 'plain', 'amount'), ('nine', 'word', 'amount'), ('31 March 2023', 'plain', 'date')]
    """
    as_typed, text = text, text.translate(_TYPED) if _SET.search(text) else text
    words = _LETTERS.findall(text.lower())
    if not _NUMBER_WORDS.isdisjoint(words):
        places = _DIGIT_OR_WORD.finditer(text)
    elif _DIGIT.search(text) is None:
        return []
    else:
        places = (_DIGIT if _MONTH_WORDS.isdisjoint(words) else _DIGIT_OR_WORD).finditer(text)
    found: list[Number] = []
    done = 0
    for place in places:
        start = place.start()
        if start < done or (place[0][0].isalpha() and place[0].lower() not in _BEGINNINGS):
            continue
        match = _NUMBER.match(text, start)
        number = _read(match, text, found) if match is not None else None
        if number is not None:
            if as_typed is not text:
                number = replace(number, text=as_typed[number.start : number.end])
            found.append(number)
            done = number.end
    return found


def _read(match: re.Match[str], text: str, before: list[Number]) -> Number | None:
    whole, start = match[0], match.start()
    group = match.lastgroup
    if match["date"] is not None:
        if whole[0].isalpha() and not whole[0].isupper():
            return None  # 'may 12 officers'
        return Number(whole, start, Kind.plain, Role.date, _first_digits(whole))
    if match["time"] is not None:
        return Number(whole, start, Kind.plain, Role.time, _first_digits(whole))
    if match["telephone"] is not None or match["reference"] is not None:
        return Number(whole, start, Kind.plain, Role.name, _first_digits(whole))
    if match["ordinal"] is not None:
        return Number(whole, start, Kind.ordinal, Role.name, _first_digits(whole))
    if match["nth"] is not None:
        return Number(whole, start, Kind.ordinal, Role.name, Decimal(_ORDINALS.index(whole.lower()) + 1))
    if match["fraction"] is not None:
        return _fraction(match, text)
    if match["words"] is not None:
        return _in_words(match, text, before)
    assert group is not None
    return _in_digits(match, text, before)


def _in_digits(match: re.Match[str], text: str, before: list[Number]) -> Number:
    low, high = match["low"].replace(",", ""), match["high"]
    # Only a million or a thousand is a scale after any number; 'k' and 'm' need money, '5 m' is a length.
    scale_word = (match["scale"] or "").lower()
    end = match.end()
    if scale_word in ("k", "m", "mn", "bn") and not match["currency"]:
        end, scale_word = match.start("scale"), ""
        while text[end - 1] == " ":
            end -= 1
    scale = _SCALES.get(scale_word, Decimal(1))
    whole = text[match.start() : end]
    decimals = len(low.partition(".")[2])
    upper = None
    if high is not None:
        upper = Decimal(high.replace(",", "")) * scale
        decimals = max(decimals, len(high.partition(".")[2]))
    kind = Kind.plain
    if high is not None:
        kind = Kind.range
    elif match["points"] and scale == 1:
        kind = Kind.points
    elif match["percent"] and scale == 1:
        kind = Kind.percent
    elif match["currency"]:
        kind = Kind.money
    value = Decimal(low) * scale
    role = Role.amount
    if kind in (Kind.plain, Kind.range):
        role = _role(text, match.start(), end, whole, value, before)
    return Number(whole, match.start(), kind, role, value, decimals, scale, upper)


def _fraction(match: re.Match[str], text: str) -> Number | None:
    several = (match["several"] or "").lower()
    part = match["part"].lower()
    part = part if part in _PARTS else part.removesuffix("s")
    above = {"": 1, "a": 1, "one": 1, "two": 2, "three": 3, "four": 4}[several]
    after = text[match.end() : match.end() + 14]
    if part != "half" and not several:
        # 'the third panel', 'last quarter'; 'a third' and 'two thirds' have their number before them.
        return Number(match[0], match.start(), Kind.ordinal, Role.name, Decimal(_PARTS[part]))
    if above > _PARTS[part]:
        return None
    name = (
        part != "half" and several == "a" and re.match(r"\s(?!of\b|were\b|had\b|said\b)[a-z]", after)
    ) or re.match(r"-?\s?(?:year|day|hour|term|time|party|way|an hour|past)", after)
    value = Decimal(above) / Decimal(_PARTS[part])
    return Number(match[0], match.start(), Kind.fraction, Role.name if name else Role.amount, value)


def _in_words(match: re.Match[str], text: str, before: list[Number]) -> Number | None:
    kind = Kind.word
    if match["words_percent"]:
        kind = Kind.points if "point" in match["words_percent"].lower() else Kind.percent
    value = _value(match["words"])
    role = Role.amount
    if kind is Kind.word:
        role = _role(text, match.start(), match.end(), match[0], value, before)
        if value == 1 and role is Role.amount and _ONE_OF.match(text, match.end()) is None:
            role = Role.none
    return Number(match[0], match.start(), kind, role, value)


def _value(words: str) -> Decimal:
    """The value of a number in words.

    >>> _value("two hundred and twenty-six"), _value("three thousand")
    (Decimal('226'), Decimal('3000'))
    """
    total, part = Decimal(0), Decimal(0)
    for word in words.lower().replace("-", " ").split():
        if word in _SCALES:
            if word == "hundred":
                part *= 100
            else:
                total, part = total + part * _SCALES[word], Decimal(0)
        elif word != "and":
            part += _UNITS.get(word, _TENS.get(word, Decimal(0)))
    return total + part


def _role(text: str, start: int, end: int, whole: str, value: Decimal, before: list[Number]) -> Role:
    """What a plain number or range is there for, from the words around it."""
    head = text[max(0, start - 24) : start]
    if _NAMED.search(head):
        return Role.name
    if _one_of_several_names(text, start, before):
        return Role.name
    if start > 0 and text[start - 1] in "-#@/" and (start < 2 or text[start - 2].isalnum()):
        return Role.name  # 'COVID-19', 'ISO-9001'
    if _BASE.search(head) and (_PER_PEOPLE.match(text, end) or value >= 100):
        return Role.base
    if value in (999, 101) and whole.isdigit() and _is_emergency(text, head, end, int(value)):
        return Role.name
    unit = _TIME_UNIT.match(text, end)
    if unit and (unit["hyphen"] or unit["old"] or (unit["space"] and _SPAN_BEFORE.search(head))):
        return Role.duration
    if value == 43 and _FORCES.match(text, end):
        return Role.fixed
    if value < 20 and _AREAS.match(text, end):
        return Role.fixed
    if whole.isdigit() and len(whole) == 4 and _YEAR_ALONE.fullmatch(whole):
        return _year_or_amount(text, head, end)
    if start == 0 and whole.isdigit() and value < 100 and _LIST_ITEM.match(text, end):
        return Role.item
    if _COMPOUND.match(text, end):
        return Role.name  # 'three-year plan', 'two-tier', '24-hour'
    return Role.amount


def _one_of_several_names(text: str, start: int, before: list[Number]) -> bool:
    """Whether this follows on from a name: 'outcomes 15 and 16', and not 'section 1 and 23 officers'."""
    for number in reversed(before):
        if number.role is not Role.name or not number.text.isdigit():
            return False
        if _CHAIN.fullmatch(text, number.end, start) is None:
            return False
        if text.endswith("s", 0, number.start - 1):
            return True
        start = number.start
    return False


def _is_emergency(text: str, head: str, end: int, value: int) -> bool:
    """Whether 999 or 101 is called, not counted: '90 of 101 calls' counts them, 'the number of 101 calls' does not."""
    if _OUT_OF.match(text, end) or _OUT_OF_BEFORE.search(head):
        return False
    return value == 999 or bool(_EMERGENCY_AFTER.match(text, end)) or bool(_EMERGENCY_BEFORE.search(head))


def _year_or_amount(text: str, head: str, end: int) -> Role:
    if _PLURAL_AFTER.match(text, end) and not _YEAR_SURELY.search(head):
        return Role.amount
    follows = text[end : end + 2]
    if _YEAR_BEFORE.search(head) or not follows or follows[0] in ".,;:)?!’'" or follows[1:].isupper():
        return Role.date
    return Role.date if re.match(r"\s(?:[a-z]+)", text[end:]) else Role.amount


def _first_digits(text: str) -> Decimal:
    found = re.search("[0-9]+", text)
    return Decimal(found[0]) if found else Decimal(0)
