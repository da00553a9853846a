"""What a claim is about and of when: the words around its numbers, and the dates among them."""

from __future__ import annotations

import re
from functools import lru_cache

from openpeel.claims.numbers import Role
from openpeel.claims.tokens import AMOUNT, STOP, Tokens
from openpeel.reference.periods import MONTH_NAMES

_EMPTY = (
    "a an the this that these those of in on at to for from by with and or as it its is are was were be been being has "
    "have had we our they their them he she his her which who whom whose when where while than then there also but so "
    "not no only more most very each all both some any such other into out up down over under during within after "
    "before between about around per percent cent found said told us did do does would could can may will one two "
    "case cases relevant use used using year years ending month constabulary force forces police"
)
_STOPWORDS = frozenset(_EMPTY.split())
_WORD = re.compile(r"[^\W\d_]+(?:[-‑][^\W\d_]+)*")
_BOUNDS = frozenset([STOP, ",", ";", ":", "(", ")"])
#: A clause that begins so says for which cases something holds, not what was found.
_CONDITIONS = frozenset(["when", "where", "if", "once", "whenever", "of"])
_LINKS = frozenset(["to", "and", "until", "–", "-"])


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """The beginning of a word, by which its forms are taken to be one: 'identify', 'identified'.

    >>> stem("victims") == stem("victim"), stem("funding") == stem("fund")
    (True, True)
    """
    if word.endswith(("’s", "'s")):
        word = word[:-2]
    for ending, instead in (
        ("ies", ""),
        ("ied", ""),
        ("ing", ""),
        ("ed", ""),
        ("es", ""),
        ("s", ""),
        ("y", ""),
        ("e", ""),
    ):
        if len(word) > len(ending) + 3 and word.endswith(ending) and not word.endswith("ss"):
            word = word[: -len(ending)] + instead
            break
    return word[:7]


def stems_of(text: str) -> frozenset[str]:
    """The stems of the words in a text that carry meaning."""
    return frozenset(
        stem(word) for word in map(str.lower, _WORD.findall(text)) if word not in _STOPWORDS and len(word) > 2
    )


def clause(tokens: Tokens, first: int, last: int) -> str:
    """The words around a claim from its tokens: back to the last mark or other amount, and on to the next.

    Words that come before a comma are part of it too where the claim begins right after it: 'Of the records, 65 of 68'.
    """
    start, end = first, last
    while start > 0 and tokens.keys[start - 1] not in _BOUNDS and tokens.keys[start - 1][0] != AMOUNT:
        start -= 1
    while end < len(tokens.keys) and tokens.keys[end] not in _BOUNDS and tokens.keys[end][0] != AMOUNT:
        end += 1
    if end < len(tokens.keys) and tokens.keys[end] == ")":  # '(86 of 529 respondents) had felt'
        end += 1
        while end < len(tokens.keys) and tokens.keys[end] not in _BOUNDS and tokens.keys[end][0] != AMOUNT:
            end += 1
    text = tokens.text
    before = text[tokens.starts[start] : tokens.starts[first]] if start < first else ""
    after = text[tokens.ends[last - 1] : tokens.ends[end - 1]] if end > last else ""
    return " ".join(f"{before} {after}".replace(")", " ").split())


def main_clauses(text: str) -> str:
    """A sentence without the clauses at its head that say for which cases: 'When it knew, it acted' → 'it acted'."""
    head, comma, rest = text.partition(",")
    first = head.split(maxsplit=1)[:1]
    words = {w.lower() for w in first} | ({head.split()[1].lower()} if len(head.split()) > 1 else set())
    return main_clauses(rest) if comma and words & _CONDITIONS else text


def period(tokens: Tokens, first: int) -> str:
    """The dates in the sentence of this token that stand nearest to it, with the words that belong to them."""
    begin, end = tokens.sentence(first)
    dates = [at for at in range(begin, end) if (n := tokens.numbers[at]) is not None and n.role is Role.date]
    if not dates:
        return ""
    before = [at for at in dates if at < first]
    years = [at for at in before if tokens.keys[at - 1] == "ending"]
    after = [at for at in dates if first < at <= first + 14]
    if not before and not after:
        return ""
    at = years[-1] if years else before[-1] if before else after[0]
    left = at
    while left - 2 in dates and tokens.keys[left - 1] in _LINKS:
        left -= 2
    right = at
    while right + 2 in dates and tokens.keys[right + 1] in _LINKS:
        right += 2
    if left >= 2 and tokens.keys[left - 2 : left] == ["year", "ending"]:
        left -= 2
    return " ".join(tokens.text[tokens.starts[left] : tokens.ends[right]].split())


def year_of(period_said: str) -> float | None:
    """When a period was, in years: '31 March 2023' is 2023.25. None where no year is said."""
    years = re.findall(r"(?:1[89]|20)\d\d", period_said)
    if not years:
        return None
    months = re.findall("|".join(MONTH_NAMES), period_said)
    part = (MONTH_NAMES.index(months[-1]) + 1) / 12 if months else 0.5
    return int(years[-1]) + part
