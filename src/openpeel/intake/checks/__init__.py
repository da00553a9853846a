"""The checks: one rule on data in one file, and the list of them, which is the registry.

A check takes a `Batch` and the settings that the standard gives it, and returns what it found; one that
compares a return with others takes a `Beside`. A check here is soft: it asks and flags. What makes a row impossible
to keep is found on reading (`delimited.py`, `workbook.py` and the other readers) and on coding (`coding.py`).
"""

from collections.abc import Callable, Iterator
from typing import Any

from openpeel.intake.checks import (
    adds_up,
    blank_column,
    dates_in_order,
    exact_duplicate,
    fraction_of_second,
    invented,
    left_out_column,
    midnight,
    minute_is_month,
    no_coordinates,
    other_force,
    outside_month,
    repeated_header,
    same_key_twice,
    superseded_label,
    tally_negative,
    unlike_other_forces,
    unlike_own_past,
    unrecognised_label,
)
from openpeel.intake.checks.batch import Batch
from openpeel.intake.checks.beside import Beside
from openpeel.lake import Defect
from openpeel.standards import Standard

CHECKS: dict[str, Callable[..., list[Defect]]] = {
    module.__name__.rpartition(".")[2]: module.check
    for module in (
        adds_up,
        blank_column,
        dates_in_order,
        exact_duplicate,
        fraction_of_second,
        invented,
        left_out_column,
        midnight,
        minute_is_month,
        no_coordinates,
        other_force,
        outside_month,
        repeated_header,
        same_key_twice,
        superseded_label,
        tally_negative,
        unlike_other_forces,
        unlike_own_past,
        unrecognised_label,
    )
}

#: What is checked in every return, whether its standard names it or not; naming it is how to change its settings.
ALWAYS = ("invented", "left_out_column", "tally_negative", "unlike_own_past", "unlike_other_forces")

#: Those that take a `Beside`.
COMPARING = ("unlike_own_past", "unlike_other_forces")


def run_checks(batch: Batch) -> tuple[Defect, ...]:
    """What the checks of the batch's standard find in the return itself, in the order the standard names them."""
    return tuple(
        defect
        for name, settings in _asked_for(batch.standard)
        if name not in COMPARING
        for defect in CHECKS[name](batch, **settings)
    )


def run_comparisons(beside: Beside) -> tuple[Defect, ...]:
    """What they find in comparing the return with what is held; where too little is held, nothing."""
    return tuple(
        defect
        for name, settings in _asked_for(beside.standard)
        if name in COMPARING
        for defect in CHECKS[name](beside, **settings)
    )


def _asked_for(standard: Standard) -> Iterator[tuple[str, dict[str, Any]]]:
    named = {name for name, _ in standard.checks}
    yield from ((name, dict(settings)) for name, settings in standard.checks)
    yield from ((name, {}) for name in ALWAYS if name not in named)


__all__ = ["ALWAYS", "CHECKS", "COMPARING", "Batch", "Beside", "run_checks", "run_comparisons"]
