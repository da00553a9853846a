"""The words of the measures, and how far those of a sentence are the words of one of them."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from openpeel.measures import MEASURES, Measure
from openpeel.measures.measure import Group

_WORD = re.compile(r"[^\W_]+(?:[-‑'’][^\W_]+)*")
_PER = re.compile(r"\b(?:per|for every) (?:1,000|100,000|100)(?: population| people)?")
_BY = re.compile(r",? by [\w ]+$")
_CAPITALS = re.compile(r"\b(?:[A-Z][a-z]+ ){2,}[A-Z][a-z]+\b")
_EMPTY = frozenset(
    re.findall(
        r"\w+",
        "a all an and are as at be been by can did for from had has have he how if in into is it its of on or other "
        "out over per say she said so some than that the their them then there these they this those to was we were "
        "what when where which who whose why will with within would",
    )
)
_ENDS = re.compile(r"(?:ation|ment|ing|ion|ed|es|ly|s|e)s?$")
#: A hyphen behind such a word is a matter of taste: 'anti-social', 'well-being'.
_JOINED = frozenset(["anti", "co", "non", "pre", "re", "well"])
#: A word further off than the sentence says less of the number.
_FARTHER = 0.5
#: The title of a measure beside that of one of its groups: 'Volunteers by scheme' beside 'Police cadet'.
_TITLE_OF_GROUP = 0.35


@cache
def stem(word: str) -> str:
    """The part of a word that its forms share.

    >>> stem("searches") == stem("searched"), stem("abandonment") == stem("abandoned")
    (True, True)
    """
    word = word.lower().removesuffix("'s").removesuffix("’s")
    short = _ENDS.sub("", word) if len(word) > 4 else word
    if len(word) == 4 and word.endswith("s"):
        short = word[:-1]
    return (short if len(short) >= 3 else word)[:7]


def stems(text: str) -> list[str]:
    """What is said in a text, word by word, empty words left out; a word with a hyphen also as its parts."""
    return [one for word in _WORD.findall(text) for one in stems_of(word)]


@lru_cache(maxsize=100_000)
def stems_of(word: str) -> tuple[str, ...]:
    """What one word says."""
    parts = re.split("[-‑]", word.lower())
    said = parts if len(parts) == 1 else ["".join(parts)]
    if len(parts) > 1 and parts[0] not in _JOINED:
        said += parts
    return tuple(found for part in said if part not in _EMPTY and (found := stem(part)) not in _EMPTY)


@dataclass(frozen=True)
class Entry:
    """A measure in one of its groups, or None, with the weight of each of its words; they add up to `total`.

    `own` are all words that may stand in a sentence about it: also those of its sentence and its group.
    """

    measure: Measure
    group: Group | None
    weights: Mapping[str, float]
    total: float
    own: frozenset[str]


@dataclass(frozen=True)
class Likeness:
    """How far a sentence has the words of an entry: `share` of their weight, and `weight` itself."""

    entry: Entry
    share: float
    weight: float


class MeasureWords:
    """The entries of all measures, found by their words. Rare words weigh more: most titles say 'people'."""

    def __init__(self, measures: Sequence[Measure] = MEASURES) -> None:
        said = [set(stems(_title(m))) | {s for g in m.groups for s in stems(g.title)} for m in measures]
        in_so_many = Counter(word for words in said for word in words)
        self._rarity = {word: math.log(1 + len(measures) / n) for word, n in in_so_many.items()}
        self.words = frozenset(in_so_many)
        self._entries = [
            self._entry(m, group)
            for m in measures
            for group in (m.groups or (None,))
            if not (group and group.key in ("blank", "unrecognised"))
        ]
        self._by_word: dict[str, list[int]] = defaultdict(list)
        for i, entry in enumerate(self._entries):
            for word in entry.weights:
                self._by_word[word].append(i)
        # 'Domestic Violence Protection Orders' are DVPOs in every text.
        names = {name for m in measures for name in _CAPITALS.findall(m.title)}
        self._short = {stem("".join(w[0] for w in name.split()).lower()): stems(name) for name in names}

    def _entry(self, measure: Measure, group: Group | None) -> Entry:
        weights: dict[str, float] = {}
        title = _title(measure)
        for word in stems(title if group is None else _BY.sub("", title)):
            weights[word] = self._rarity[word] * (1.0 if group is None else _TITLE_OF_GROUP)
        for word in stems(group.title) if group else ():
            weights[word] = self._rarity[word]
        about = (
            f"{measure.title} {measure.sentence} {measure.noun} {measure.unit} {group.title if group else ''}"
        )
        return Entry(measure, group, weights, sum(weights.values()), frozenset(stems(about)))

    def in_full(self, words: Iterable[str]) -> set[str]:
        """These words, and those that a known abbreviation among them stands for."""
        found = set(words)
        for short, full in self._short.items():
            if short in found:
                found.update(full)
        return found

    @lru_cache(maxsize=256)  # noqa: B019 - there is one of these, and each number of a sentence asks the same
    def like(self, near: frozenset[str], farther: frozenset[str], least: float) -> list[Likeness]:
        """The entries whose words are said `near` a number, or `farther` off, by at least this share; best first."""
        weight: dict[int, float] = defaultdict(float)
        for words, counts in ((near, 1.0), (farther - near, _FARTHER)):
            for word in words:
                for i in self._by_word.get(word, ()):
                    weight[i] += counts * self._entries[i].weights[word]
        found = [
            Likeness(entry, w / entry.total, w)
            for i, w in weight.items()
            if w >= least * (entry := self._entries[i]).total
        ]
        return sorted(found, key=lambda one: (-one.weight, -one.share))


@cache
def measure_words() -> MeasureWords:
    """Those of all measures."""
    return MeasureWords()


def _title(measure: Measure) -> str:
    return _PER.sub("", measure.title)
