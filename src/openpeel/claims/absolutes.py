"""'Always', 'all' and 'never' against the counts that a document gives of the same matter."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from openpeel.claims.claim import Verdict
from openpeel.claims.document import Document
from openpeel.claims.entry import Entry
from openpeel.claims.found import Found, printed
from openpeel.claims.kinds import ClaimKind
from openpeel.claims.parse import Parsed
from openpeel.claims.subject import stems_of
from openpeel.claims.tokens import STOP, Tokens, tokens_of
from openpeel.claims.vocabulary import ALWAYS, NOT, words_of

_TRIGGER = re.compile(r"\b(?:always|never|all|every|none)\b([^.,;:(]*)", re.IGNORECASE)
# Words that make of it a wish, a rule or a denial. After 'all' and 'every' they may come later: 'all officers should'.
_NO_FINDING = NOT | words_of(
    "nor should must need needs needed require requires required expect expects expected aim aims if whether may might "
    "could would will ensure ensuring sure hope nearly almost virtually without unless cannot rarely neither above"
)
_ENDS = frozenset(
    [STOP, ",", ";", ":", "(", "that", "which", "when", "because", "if", "but", "so", "where", "while"]
)
_EARLIER = re.compile(
    r"\b(?:previous|previously|(?:last|earlier) (?:inspection|inspected|year|audit|review))\b", re.IGNORECASE
)
#: The share of the words of an 'always' that must be in the sentence of a count, and the fewest of them.
SHARED, FEWEST = 0.6, 2
SHARED_ALL, FEWEST_ALL = 0.75, 3


@dataclass(frozen=True)
class _Absolute:
    passage: int
    tokens: Tokens
    at: int
    last: int
    stems: frozenset[str]

    @property
    def word(self) -> str:
        return self.tokens.keys[self.at]


def compare_absolutes(document: Document, entries: Sequence[Entry]) -> list[Entry]:
    """The claims that something is always or never so, where a count says how often it was; with their verdict.

    'Always identifies repeat victims' is about the count in whose sentence most of its words stand. A claim about which
    nothing is counted is left out: it has no number.
    """
    counts = [
        entry
        for entry in entries
        if entry.parsed.kind in (ClaimKind.count_of, ClaimKind.share)
        and (a := entry.parsed.number("a")) is not None
        and a.text.lower() != "one"  # 'one of two ways' says what there is, not what was found
        and not _EARLIER.search(entry.sentence)
    ]
    if not counts:
        return []
    by_stem: dict[str, list[int]] = defaultdict(list)
    for i, entry in enumerate(counts):
        for stem in entry.stems:
            by_stem[stem].append(i)
    found = []
    for absolute in _absolutes(document, by_stem.keys()):
        shared, fewest = (
            (SHARED, FEWEST) if absolute.word in ("always", "never") else (SHARED_ALL, FEWEST_ALL)
        )
        hits: dict[int, int] = defaultdict(int)
        for stem in absolute.stems:
            for i in by_stem.get(stem, ()):
                hits[i] += 1
        least = max(fewest, shared * len(absolute.stems))
        about = [counts[i] for i, n in hits.items() if n >= least and not _same_sentence(counts[i], absolute)]
        if about:
            found.append(_judged(document, absolute, about))
    return found


def _same_sentence(entry: Entry, absolute: _Absolute) -> bool:
    if entry.passage != absolute.passage:
        return False
    first, last = entry.parsed.tokens.sentence(entry.parsed.first)
    return first <= absolute.at < last


def _judged(document: Document, absolute: _Absolute, about: Sequence[Entry]) -> Entry:
    parsed = Parsed(
        ClaimKind.absolute, absolute.tokens, absolute.at, absolute.last, (("absolute", absolute.at),)
    )
    always = absolute.word in ALWAYS
    for other in about:
        a, b = other.parsed.amount("a"), other.parsed.amount("b")
        if 0 < a.value < b.value:
            said = f"{absolute.word}: {printed(a)} of {printed(b)}"
            because = f"{absolute.word} is said, and it was {printed(a)} of {printed(b)}"
            arithmetic = f"{a.value:,} of {b.value:,}"
            return Entry(
                document,
                absolute.passage,
                parsed,
                Found(said, Verdict.contradicts, arithmetic, because),
                other,
            )
    a, b = about[0].parsed.amount("a"), about[0].parsed.amount("b")
    holds = a.value == b.value if always else a.value == 0
    verdict = Verdict.holds if holds else Verdict.cannot_be_checked
    return Entry(
        document, absolute.passage, parsed, Found(f"{absolute.word}: {printed(a)} of {printed(b)}", verdict)
    )


def _absolutes(document: Document, counted: Set[str]) -> Iterator[_Absolute]:
    """Those that could be about something that is counted."""
    for number, passage in enumerate(document.passages):
        # Most are not: that is seen from the words that follow, without reading the whole passage.
        if not any(len(stems_of(match[1]) & counted) >= FEWEST for match in _TRIGGER.finditer(passage.text)):
            continue
        tokens = tokens_of(passage.text)
        for at, word in enumerate(tokens.keys):
            if word not in ("always", "never", "all", "every", "none"):
                continue
            first, end = tokens.sentence(at)
            last = at + 1
            while last < end and tokens.keys[last] not in _ENDS:
                last += 1
            looked_at = tokens.keys[first:last] if word not in ("always", "never") else tokens.keys[first:at]
            if _NO_FINDING & set(looked_at) or last == at + 1:
                continue
            stems = stems_of(tokens.text[tokens.ends[at] : tokens.ends[last - 1]])
            if len(stems) >= FEWEST:
                yield _Absolute(number, tokens, at, last, stems)
