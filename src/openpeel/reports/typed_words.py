"""Words of comparison that a writer typed, held against the verdicts of the figures beside them.

'In line with', 'higher than', 'improved' say something of figures where a figure, other forces or an earlier time
stands in the sentence; elsewhere they are prose like any other ('areas for improvement'). What is right is decided in
`figures/` and `audits/`; only the words are found here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice
from typing import Literal

from openpeel.errors import ReaderError
from openpeel.figures.figure import Figure, Verdict
from openpeel.figures.wording import comparison_words
from openpeel.measures import find_measure
from openpeel.reference.periods import Period
from openpeel.reports.held import Held
from openpeel.reports.passage import Passage
from openpeel.reports.problems import RefusedError
from openpeel.reports.references import NAMES, Reference
from openpeel.reports.which import AuditedFigure, CountedFigure, Which

Direction = Literal["above", "below", "in range", "better", "worse", "different"]
Course = Literal["rise", "fall", "improvement", "deterioration", "none"]

_FORCES = (
    r"(?:average|mean|norm)\b|(?:all|most|many|other|similar|neighbouring)(?: \w+)? forces\b"
    r"|forces (?:in|across|of) england|england and wales|national (?:rate|figure|level|picture)|normal range"
    r"|expected range"
)
_STANDARD = r"\b(?:standard|target|expectation)\b"
_BEFORE = (
    r"compared (?:to|with)|(?:previous|preceding|prior|last) (?:year|audit|review|period|inspection)\b|year before\b"
    r"|since (?:the year|20[0-9]{2}|our (?:last|previous)|then)|over (?:the )?(?:last|past)|audit before\b"
    r"|when we last"
)
_ACROSS = re.compile(
    r"(?P<sig>(?:statistically )?significantly )?(?:"
    r"(?P<in_range>in line with|similar to|comparable (?:to|with)|close to)"
    r"|(?P<above>above\b|(?:higher|greater|more|longer)\b[^.;]{0,60}?\bthan\b)"
    r"|(?P<below>below\b|(?:lower|fewer|less|shorter)\b[^.;]{0,60}?\bthan\b)"
    r"|(?P<better>better\b[^.;]{0,60}?\bthan\b)|(?P<worse>worse\b[^.;]{0,60}?\bthan\b)"
    r"|(?P<different>different (?:from|to)))",
    re.IGNORECASE,
)
#: These compare two figures by themselves; the others only what they are said of.
_OF_TWO = re.compile(r"in line with|similar to|(?:higher|lower|greater)\b.*\bthan", re.IGNORECASE)
_COURSE = re.compile(
    r"\b(?:(?P<article>an?|the|no)\s)?(?P<sig>(?:statistically )?significant(?:ly)?\s)?(?:"
    r"(?P<rise>rose|risen|increased|grew|grown|went up|gone up|climbed|increase|rise)"
    r"|(?P<fall>fell|fallen|decreased|dropped|declined|reduced|went down|gone down"
    r"|decrease|fall|reduction|drop|decline)"
    r"|(?P<improvement>improved|improvement)|(?P<deterioration>worsened|deteriorated|deterioration)"
    r"|(?P<none>change\b(?=)|unchanged|remained (?:stable|steady|the same)))\b",
    re.IGNORECASE,
)
_NOUNS = (
    "increase",
    "rise",
    "decrease",
    "fall",
    "reduction",
    "drop",
    "decline",
    "improvement",
    "deterioration",
)
_SAID_OF = re.compile(
    r"(?:\b(?:this|that|it|which) (?:is|was|represents|means)(?: only)?|,|:)\s*$", re.IGNORECASE
)
_OF_A_NUMBER = re.compile(
    r"\b(?:rates?|shares?|numbers?|proportions?|percentages?|figures?)\b", re.IGNORECASE
)
_BACK = re.compile(
    r"(?:this|that|these|it|both)\s(?:is|was|are|were|represents?|means|has|had|rose|fell)\b", re.IGNORECASE
)
#: So many words of one sentence are told.
MOST = 10
_MARK = 'Words that compare no figures are marked: {{ fixed("the words", because="why") }}.'


@dataclass(frozen=True)
class TypedWords:
    """Words of comparison that do not hold: where in the passage, what is wrong, what to write."""

    at: int
    message: str
    advice: str


@dataclass(frozen=True)
class _Scope:
    """A sentence, and the figures that its words may speak of: its own, and with 'This is …' those before it."""

    text: str
    references: tuple[tuple[int, Reference, Which], ...]
    before: tuple[tuple[Reference, Which], ...]

    @cached_property
    def tells_of_before(self) -> bool:
        """Whether an earlier time is named."""
        return re.search(_BEFORE, self.text, re.IGNORECASE) is not None

    @cached_property
    def periods(self) -> int:
        """In how many periods at most one measure is printed."""
        found: dict[tuple[str, str | None], set[Period]] = {}
        for _, wanted in self.figures:
            if isinstance(wanted, CountedFigure):
                found.setdefault((wanted.measure.id, wanted.group), set()).update(_spans(wanted))
        return max(map(len, found.values()), default=0)

    @cached_property
    def figures(self) -> tuple[tuple[Reference, Which], ...]:
        own = tuple((reference, wanted) for _, reference, wanted in self.references)
        return own + self.before


def typed_words(passage: Passage, wanted: dict[tuple[int, int], Which], held: Held) -> Iterator[TypedWords]:
    """The words of a passage that compare figures and are not borne out by a verdict."""
    before: tuple[tuple[Reference, Which], ...] = ()
    for start, end in passage.sentences(lambda r: NAMES[r.name].sentence):
        text = passage.plain[start:end]
        own = tuple(
            (i, r, wanted[r.place])
            for i, c in enumerate(text)
            if (r := passage.references.get(c)) is not None and r.place in wanted
        )
        back = _BACK.match(text) is not None
        scope = _Scope(text, own, before if back else ())
        for at, message, advice in islice(chain(_across(scope, held), _over_time(scope, held)), MOST):
            yield TypedWords(start + at, message, advice)
        before = scope.figures if own or back else ()


def _across(scope: _Scope, held: Held) -> Iterator[tuple[int, str, str]]:
    for found in _ACROSS.finditer(scope.text):
        direction = _direction(found)
        rest = scope.text[found.end() : found.end() + 90]
        named = {r.name for i, r, _ in scope.references if found.end() <= i < found.end() + 40}
        words = found[0].strip()
        if named & {"average", "england_and_wales"} or re.search(_FORCES, rest[:60], re.IGNORECASE):
            if (wrong := _against_forces(words, direction, bool(found["sig"]), scope, held)) is not None:
                yield found.start(), *wrong
        elif "limit" in named or re.search(_STANDARD, rest[:60], re.IGNORECASE):
            if (wrong := _against_standard(words, direction, scope, held)) is not None:
                yield found.start(), *wrong
        elif re.search(_BEFORE, rest, re.IGNORECASE) and scope.figures:
            course: dict[Direction, Course] = {
                "above": "rise",
                "below": "fall",
                "better": "improvement",
                "worse": "deterioration",
                "in range": "none",
            }
            if (
                direction in course
                and (wrong := _against_past(words, course[direction], scope, held)) is not None
            ):
                yield found.start(), *wrong
        elif _OF_TWO.match(words) and (wrong := _of_two(found, direction, scope, held)) is not None:
            yield found.start(), *wrong


def _direction(found: re.Match[str]) -> Direction:
    for name in ("above", "below", "better", "worse", "different"):
        if found[name]:
            return name
    return "in range"


def _figure(wanted: Which, held: Held) -> Figure | None:
    try:
        return held.figure(wanted)
    except (RefusedError, ReaderError):  # said where it is printed
        return None


def _against_forces(
    words: str, direction: Direction, significant: bool, scope: _Scope, held: Held
) -> tuple[str, str] | None:
    """What is wrong with words on how the force stands to others; None where a verdict bears them out."""
    figures = [
        figure
        for _, wanted in scope.figures
        if isinstance(wanted, CountedFigure) and (figure := _figure(wanted, held)) is not None
    ]
    if not figures:
        return (
            f"'{words}' compares a figure with other forces, and no figure stands beside it",
            f'Print the figure and write {{{{ verdict("measure") }}}} for the words. {_MARK}',
        )
    said = []
    for figure in figures:
        verdict = figure.comparison.verdict
        if significant:
            by_chance = figure.comparison.control.verdict
            verdict = (
                verdict if verdict == by_chance else "in range" if by_chance != "not assessed" else by_chance
            )
        if _agrees(direction, verdict, figure):
            return None
        said.append(f"{figure.title}: {comparison_words(figure) or 'not compared with other forces'}")
    first = figures[0]
    group = f', group="{first.group}"' if first.group else ""
    more = " by chance and by one standard deviation" if significant else ""
    return (
        f"'{words}' is typed, and the verdict{more} is another ({'; '.join(dict.fromkeys(said))})",
        f'Write {{{{ verdict("{first.measure}"{group}) }}}} for the words, or leave them out. {_MARK}',
    )


def _agrees(direction: Direction, verdict: Verdict, figure: Figure) -> bool:
    if verdict == "not assessed":
        return False
    if direction == "different":
        return verdict != "in range"
    if direction in ("better", "worse"):
        good = find_measure(figure.measure).better
        if good == "neither" or verdict == "in range":
            return False
        return (verdict == "above") == ((good == "higher") == (direction == "better"))
    return direction == verdict


def _against_standard(words: str, direction: Direction, scope: _Scope, held: Held) -> tuple[str, str] | None:
    limited = [
        f
        for _, w in scope.figures
        if (f := _figure(w, held)) is not None and f.limit is not None and f.value is not None
    ]
    if not limited:
        return None  # a standard that no figure here is held to: prose
    for figure in limited:
        value, limit = figure.value or 0.0, figure.limit or 0.0
        if {"above": value > limit, "below": value < limit, "in range": bool(figure.limit_met)}.get(
            direction, False
        ):
            return None
    return (
        f"'{words}' is typed of a standard, and {limited[0].title} does not stand so to it",
        f'Write {{{{ standard("{limited[0].measure}") }}}} as a sentence, or leave the words out.',
    )


def _of_two(found: re.Match[str], direction: Direction, scope: _Scope, held: Held) -> tuple[str, str] | None:
    """Two figures printed around the words are held against one another."""
    before = [(w, r) for i, r, w in scope.references if i < found.start()]
    after = [(w, r) for i, r, w in scope.references if i >= found.end()]
    if not before or not after or before[-1][0] == after[0][0]:
        return None
    one, other = _figure(before[-1][0], held), _figure(after[0][0], held)
    if one is None or other is None or one.value is None or other.value is None or one.unit != other.unit:
        return None
    right = {"above": one.value > other.value, "below": one.value < other.value}.get(direction, False)
    if right:
        return None
    return (
        f"'{found[0].strip()}' stands between {one.title} and {other.title}, which do not stand so to one another",
        f"Leave the words out: the numbers say it. {_MARK}",
    )


def _over_time(scope: _Scope, held: Held) -> Iterator[tuple[int, str, str]]:
    for found in _COURSE.finditer(scope.text):
        course = next(c for c in _COURSES if found[c])
        word = found[course].lower()
        significant = bool(found["sig"])
        if word in ("change",) and (found["article"] or "").lower() != "no":
            continue
        if "statistically" in (found["sig"] or "").lower() and not scope.figures:
            yield (
                found.start(),
                f"'{found[0].strip()}' says something of a figure, and none stands beside it",
                f'Print the figure and write {{{{ change_verdict("measure") }}}} for the words. {_MARK}',
            )
            continue
        if not scope.figures or not _is_claim(found, word, scope, significant):
            continue
        if (found["article"] or "").lower() == "no":
            course = "none"
        if (wrong := _against_past(found[0].strip(), course, scope, held)) is not None:
            yield found.start(), *wrong


_COURSES: tuple[Course, ...] = ("rise", "fall", "improvement", "deterioration", "none")


def _is_claim(found: re.Match[str], word: str, scope: _Scope, significant: bool) -> bool:
    """Whether words on a course say something of a figure, and not of what people did."""
    text = scope.text
    if significant or word == "change" or scope.tells_of_before or scope.periods > 1:
        return bool(found["article"]) or word not in _NOUNS
    if word in _NOUNS:
        return (
            bool(found["article"])
            and _SAID_OF.search(text[max(0, found.start() - 40) : found.start()]) is not None
        )
    places = [i for i, _, _ in scope.references]
    follows = re.match(
        r"(?: \w+)?\s(?:to|by|from|between)\s(?:\w+\s){0,2}", text[found.end() : found.end() + 80]
    )
    if follows is not None and found.end() + follows.end() in places:
        return True
    return _OF_A_NUMBER.search(text[max(0, found.start() - 50) : found.start()]) is not None


def _spans(wanted: CountedFigure) -> Sequence[Period]:
    return [wanted.period, *([wanted.since] if wanted.since else [])]


def _against_past(words: str, course: Course, scope: _Scope, held: Held) -> tuple[str, str] | None:
    """What is wrong with words on a change; None where the verdict on one of the figures bears them out."""
    said: list[str] = []
    write = ""
    for measured, wanted in _measured(scope).items():
        try:
            verdicts, told, reference = _verdicts(measured, wanted, held)
        except (RefusedError, ReaderError) as error:
            said.append(str(error))
            continue
        if course in verdicts:
            return None
        said.append(told)
        write = write or reference
    because = "; ".join(dict.fromkeys(said)) or "nothing is said of a change"
    return (
        f"'{words}' is typed, and the verdict is another ({because})",
        f"{f'Write {write} for the words, or leave' if write else 'Leave'} them out. {_MARK}",
    )


def _measured(scope: _Scope) -> dict[str, list[Which]]:
    found: dict[str, list[Which]] = {}
    for _, wanted in scope.figures:
        name = wanted.measure.id if isinstance(wanted, CountedFigure) else f"{wanted.audit} {wanted.result}"
        found.setdefault(f"{name} {wanted.group or ''}", []).append(wanted)
    return found


def _verdicts(measured: str, wanted: Sequence[Which], held: Held) -> tuple[set[Course], str, str]:
    """What may be said of a change, in words for a message, and the reference that prints it."""
    first = wanted[0]
    if isinstance(first, AuditedFigure):
        change = held.audit_change(first)
        write = f'{{{{ change_verdict("{first.result}", audit="{first.audit}") }}}}'
        told = f"{first.result}: {change.verdict}"
        if change.verdict == "no significant change":
            return {"none"}, told, write
        if change.verdict == "not assessed":
            return set(), told, write
        better: Course = "improvement" if "improvement" in change.verdict else "deterioration"
        return {better, "rise" if change.difference > 0 else "fall"}, told, write
    spans = sorted(
        {p for w in wanted if isinstance(w, CountedFigure) for p in _spans(w)}, key=lambda p: p.end
    )
    now = spans[-1]
    before = spans[0] if len(spans) > 1 else now.year_before()
    found = held.change(first.measure, first.group, now, before)
    group = f', group="{first.group}"' if first.group else ""
    write = f'{{{{ change_verdict("{first.measure.id}"{group}, since="{before.end}") }}}}'
    told = f"{first.measure.title} since {before.label}: {found.verdict}"
    if found.verdict == "not assessed":
        return set(), f"{told}, {found.because}", write
    if found.verdict == "no significant change":
        return {"none"}, told, write
    course: Course = "rise" if found.verdict == "rise" else "fall"
    if first.measure.better == "neither":
        return {course}, told, write
    good = (course == "rise") == (first.measure.better == "higher")
    return {course, "improvement" if good else "deterioration"}, told, write
