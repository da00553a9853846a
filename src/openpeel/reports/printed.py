"""What each reference prints: words and numbers, each number with the figure that it comes from.

How numbers are rounded is said in `figures/rounding.py`, how findings and comparisons are worded in
`figures/wording.py`; nothing is rounded or worded otherwise here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from openpeel.figures.audited import audit_change_sentence, audit_sentence, is_of_audit
from openpeel.figures.figure import WITHHELD, Figure
from openpeel.figures.rounding import number, shown
from openpeel.figures.wording import (
    change_sentence,
    change_words,
    comparison_sentence,
    comparison_words,
    largest_sentence,
    limit_sentence,
    limits_sentence,
    no_value_because,
    not_assessed_because,
    sentence,
)
from openpeel.measures import find_measure
from openpeel.measures.measure import PERCENT, RateRatio
from openpeel.reports.held import Held
from openpeel.reports.problems import RefusedError
from openpeel.reports.references import Reference
from openpeel.reports.which import AuditedFigure, CountedFigure, Which

_PER = "per 1"
_MONEY = "GBP"
_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_IN_SENTENCE = re.compile(
    r"95% confidence interval \S+ (?:to \S+|or more)(?=\))"
    r"|[+-]?£?[0-9][0-9,]*(?:\.[0-9]+)?(?:%|[mk]\b| times\b| percentage points\b)?"
)


@dataclass(frozen=True)
class Run:
    """Some words, and the figure they come from: its id, '' for none."""

    text: str
    figure: str = ""


@dataclass(frozen=True)
class Printed:
    """A reference as it is printed; `figures` are those that stand behind it, with their keys, each once."""

    runs: tuple[Run, ...]
    figures: tuple[tuple[str, Figure], ...]

    @property
    def text(self) -> str:
        """As a reader sees it."""
        return "".join(run.text for run in self.runs)


def print_reference(reference: Reference, wanted: Which, held: Held) -> Printed:
    """What a reference to a figure prints. Raises RefusedError where the figure cannot be printed so."""
    if isinstance(wanted, CountedFigure):
        if reference.name in ("change", "change_verdict"):
            return _change(reference, wanted, held)
        if reference.name == "sentence" and wanted.group is None and wanted.measure.groups:
            return _largest(wanted, held)
    figure = held.figure(wanted)
    if figure.value is None:
        raise _no_value(figure)
    told = _of_audit(reference, wanted, figure, held) if isinstance(wanted, AuditedFigure) else None
    runs = told if told is not None else _TELLERS[reference.name](reference, figure)
    return Printed(tuple(runs), ((wanted.key, figure),))


def _no_value(figure: Figure) -> RefusedError:
    if figure.method == WITHHELD:
        return RefusedError(
            f"'{figure.title}' is withheld, as the number is small or would give a small one away",
            "Say it without the number, or speak of a longer period or a larger group.",
        )
    return RefusedError(f"'{figure.title}' has no value: {no_value_because(figure)}")


def _linked(text: str, figure: Figure) -> tuple[Run, ...]:
    """The sentences about a figure, each number of it linked; numbers that belong to its name are not."""
    about = "" if is_of_audit(figure.measure) else _names_of(figure)
    own = {shown(figure.value, figure.unit), number(figure.value, figure.unit)}
    plain = {m[0] for m in _IN_SENTENCE.finditer(about)} - own
    period = re.compile(r"(?:the year ending )?[0-9]{1,2} [A-Z][a-z]+ [0-9]{4}|[A-Z][a-z]+ [0-9]{4}")
    dates = [m.span() for m in period.finditer(text)]
    runs: list[Run] = []
    at = 0
    for found in _IN_SENTENCE.finditer(text):
        start, end = found.span()
        in_date = any(first <= start < last for first, last in dates)
        part_of_word = start > 0 and (text[start - 1].isalnum() or text[start - 1] in "-/")
        if start < at or in_date or part_of_word or found[0] in plain:
            continue
        if text[at:start]:
            runs.append(Run(text[at:start]))
        runs.append(Run(found[0], figure.id))
        at = end
    if not any(run.figure for run in runs):
        return (Run(text, figure.id),)
    return (*runs, Run(text[at:])) if text[at:] else tuple(runs)


def _names_of(figure: Figure) -> str:
    """The words of a measure that may hold numbers which are no figures, such as '999 calls'."""
    measure = find_measure(figure.measure)
    group = measure.group(figure.group)
    return " ".join(
        (
            measure.title,
            measure.sentence,
            measure.noun,
            figure.limit_source or "",
            group.title if group else "",
        )
    )


def _value(reference: Reference, figure: Figure) -> tuple[Run, ...]:
    return (Run(shown(figure.value, figure.unit), figure.id),)


def _with_unit(wanted: Callable[[str], bool], said: str) -> Callable[[Reference, Figure], tuple[Run, ...]]:
    """Prints the value of a figure in such a unit, and refuses any other."""

    def tell(reference: Reference, figure: Figure) -> tuple[Run, ...]:
        if not wanted(figure.unit):
            raise RefusedError(
                f"'{figure.title}' is in the unit '{figure.unit}', and {reference.name} prints {said}",
                f"Write {name_for(figure)} instead of {reference.name}.",
            )
        return _value(reference, figure)

    return tell


def name_for(figure: Figure) -> str:
    """The name that prints the value of a figure, by its unit."""
    if figure.unit == PERCENT:
        return "share"
    if figure.unit.startswith(_PER):
        return "rate"
    if figure.unit.startswith(_MONEY):
        return "money"
    counts = figure.method == "count"
    return "count" if counts else "value"


def _count(reference: Reference, figure: Figure) -> tuple[Run, ...]:
    of_cases = is_of_audit(figure.measure) or find_measure(figure.measure).whole
    counted = figure.numerator
    if counted is None or not of_cases:  # the numerator of a mean is a sum of something else
        raise RefusedError(
            f"'{figure.title}' is no count of anything, but is in the unit '{figure.unit}'",
            f"Write {name_for(figure)} instead of {reference.name}.",
        )
    return (Run(_whole(counted, reference), figure.id),)


def _of(reference: Reference, figure: Figure) -> tuple[Run, ...]:
    of_cases = is_of_audit(figure.measure) or figure.unit == PERCENT
    if not of_cases or figure.numerator is None or figure.denominator is None:
        raise RefusedError(
            f"'{figure.title}' is no part of a number of cases, but is in the unit '{figure.unit}'",
            f"Write {name_for(figure)} instead of of.",
        )
    return (Run(f"{figure.numerator:,} of {figure.denominator:,}", figure.id),)


def _denominator(reference: Reference, figure: Figure) -> tuple[Run, ...]:
    ratio = not is_of_audit(figure.measure) and isinstance(find_measure(figure.measure), RateRatio)
    if figure.denominator is None or ratio:
        raise RefusedError(
            f"'{figure.title}' has no denominator that could be printed",
            f"Write {name_for(figure)} instead of denominator.",
        )
    return (Run(_whole(figure.denominator, reference), figure.id),)


def _whole(counted: float, reference: Reference) -> str:
    """'1,234', or 'nine' where words are asked for."""
    if reference.options.get("words") and counted < len(_WORDS):
        return _WORDS[int(counted)]
    return f"{counted:,.0f}"


def _interval(reference: Reference, figure: Figure) -> tuple[Run, ...]:
    if figure.lower is None or figure.upper is None:
        raise RefusedError(f"'{figure.title}' has no interval: it is a {figure.method}, and no sample")
    bounds = f"{number(figure.lower, figure.unit)} to {number(figure.upper, figure.unit)}"
    return (Run(bounds, figure.id),)


def _average(reference: Reference, figure: Figure) -> tuple[Run, ...]:
    if figure.comparison.mean is None:
        raise _not_compared(figure)
    return (Run(shown(figure.comparison.mean, figure.unit), figure.id),)


def _england_and_wales(reference: Reference, figure: Figure) -> tuple[Run, ...]:
    if figure.comparison.england_and_wales is None:
        raise RefusedError(
            f"'{figure.title}' has no value for England and Wales: too few forces can be counted"
        )
    return (Run(shown(figure.comparison.england_and_wales, figure.unit), figure.id),)


def _limit(reference: Reference, figure: Figure) -> tuple[Run, ...]:
    if figure.limit is None:
        raise RefusedError(f"'{figure.title}' is held to no standard")
    return (Run(shown(figure.limit, figure.unit), figure.id),)


def _not_compared(figure: Figure) -> RefusedError:
    measure = find_measure(figure.measure)
    why = (
        not_assessed_because(figure) if measure.compared else "a bare number grows with the size of the force"
    )
    return RefusedError(
        f"'{figure.title}' is not compared with other forces: {why}", "Leave the comparison out."
    )


def _verdict(reference: Reference, figure: Figure) -> tuple[Run, ...]:
    words = comparison_words(figure)
    if not words:
        raise _not_compared(figure)
    return (Run(words, figure.id),)


def _comparison(reference: Reference, figure: Figure) -> tuple[Run, ...]:
    if find_measure(figure.measure).compared and not comparison_words(figure):
        raise _not_compared(figure)
    return _sentence_or_refused(comparison_sentence(figure), figure, "is not compared with other forces")


def _standard(reference: Reference, figure: Figure) -> tuple[Run, ...]:
    return _sentence_or_refused(limit_sentence(figure), figure, "is held to no standard")


def _limits(reference: Reference, figure: Figure) -> tuple[Run, ...]:
    return _sentence_or_refused(limits_sentence(figure), figure, "has no limits by chance")


def _sentence(reference: Reference, figure: Figure) -> tuple[Run, ...]:
    return _linked(sentence(figure), figure)


def _sentence_or_refused(said: str, figure: Figure, otherwise: str) -> tuple[Run, ...]:
    if not said:
        raise RefusedError(f"'{figure.title}' {otherwise}")
    return _linked(said, figure)


_TELLERS: Mapping[str, Callable[[Reference, Figure], Sequence[Run]]] = {
    "value": _value,
    "share": _with_unit(lambda unit: unit == PERCENT, "a percentage"),
    "rate": _with_unit(lambda unit: unit.startswith(_PER), "a number per 1,000 or 100,000 people"),
    "money": _with_unit(lambda unit: unit.startswith(_MONEY), "an amount of money"),
    "estimate": _value,
    "count": _count,
    "of": _of,
    "denominator": _denominator,
    "interval": _interval,
    "average": _average,
    "england_and_wales": _england_and_wales,
    "limit": _limit,
    "verdict": _verdict,
    "sentence": _sentence,
    "comparison": _comparison,
    "standard": _standard,
    "limits": _limits,
}


def _of_audit(
    reference: Reference, wanted: AuditedFigure, figure: Figure, held: Held
) -> Sequence[Run] | None:
    """What is told of an audit in another way than of records; None where it is the same."""
    if reference.name in ("change", "change_verdict"):
        change = held.audit_change(wanted)
        if change.verdict == "not assessed":
            raise RefusedError(f"a change of '{figure.title}' is not assessed. {change.note}".strip())
        if reference.name == "change_verdict":
            return (Run(change.verdict, figure.id),)
        return _linked(audit_change_sentence(change), figure)
    if reference.name == "sentence":
        said = audit_sentence(held.audits.outcome(wanted.audit), figure)
        return _sentence_or_refused(said, figure, "has no sentence of its own: print its numbers")
    if reference.name == "estimate" and reference.options.get("interval"):
        estimate = held.estimate(wanted)
        if estimate.published is None:
            raise RefusedError(
                f"'{figure.title}' has no interval: it speaks of the cases audited and of no others"
            )
        if estimate.published_use == "must not be used":
            raise RefusedError(
                f"'+/-' must not be printed of '{figure.title}': too few cases are on one side",
                f'Write {{{{ interval("{wanted.result}", audit="{wanted.audit}") }}}} beside the estimate.',
            )
        plus_minus = number(estimate.published, figure.unit)
        return (Run(f"{shown(figure.value, figure.unit)} (+/- {plus_minus})", figure.id),)
    if reference.name == "share" and figure.unit != PERCENT:
        raise RefusedError(
            f"'{figure.title}' speaks of the cases audited and of no others, and is no estimate of a share",
            f'Write {{{{ of("{wanted.result}", audit="{wanted.audit}") }}}}.',
        )
    return None


def _change(reference: Reference, wanted: CountedFigure, held: Held) -> Printed:
    before = wanted.since
    assert before is not None
    change = held.change(wanted.measure, wanted.group, wanted.period, before)
    figure = held.figure(wanted)
    if figure.value is None:
        raise _no_value(figure)
    if change.verdict == "not assessed":
        raise RefusedError(
            f"a change of '{figure.title}' since {before.label} is not assessed: {change.because}"
        )
    earlier = held.figure(replace(wanted, period=before))
    behind = ((wanted.key, figure), (f"{wanted.key}, since {before.label.removeprefix('the ')}", earlier))
    if reference.name == "change_verdict":
        return Printed((Run(change_words(change), figure.id),), behind)
    runs = list(_linked(change_sentence(change, figure.unit), figure))
    first = next(i for i, run in enumerate(runs) if run.figure)  # the sentence begins with what it was before
    runs[first] = Run(runs[first].text, earlier.id)
    return Printed(tuple(runs), behind)


def _largest(wanted: CountedFigure, held: Held) -> Printed:
    """The largest parts of a breakdown, each linked to its own figure."""
    figures = held.of_force(wanted.measure, wanted.period)
    said = largest_sentence(figures)
    if not said:
        raise _no_value(figures[0])
    runs: list[Run] = []
    told: list[tuple[str, Figure]] = []
    rest = said
    for figure in sorted((f for f in figures if f.value), key=lambda f: -(f.value or 0)):
        mark = f"({shown(figure.value, figure.unit)})"
        title = find_measure(figure.measure).group(figure.group)
        before, found, after = rest.partition(f"'{title.title if title else ''}' {mark}")
        if found:
            runs += [Run(f"{before}{found.removesuffix(mark)}("), Run(mark[1:-1], figure.id)]
            rest = f"){after}"
            told.append(
                (f"{wanted.measure.id} {figure.group}{wanted.key.removeprefix(wanted.measure.id)}", figure)
            )
    return Printed((*runs, Run(rest)), tuple(told))
