"""The checks: one rule on data in one file, and the list of them, which is the registry.

A check takes a `Batch` and the settings that the standard gives it, and returns what it found. A check here
is soft: it asks and flags. What makes a row impossible to keep is found on reading (`delimited.py`,
`police_api.py`) and on coding (`coding.py`).
"""

from collections.abc import Callable

from openpeel.intake.checks import (
    blank_column,
    exact_duplicate,
    fraction_of_second,
    invented,
    midnight,
    minute_is_month,
    no_coordinates,
    other_force,
    outside_month,
    repeated_header,
    same_key_twice,
    superseded_label,
    unrecognised_label,
)
from openpeel.intake.checks.batch import Batch
from openpeel.lake import Defect

CHECKS: dict[str, Callable[..., list[Defect]]] = {
    module.__name__.rpartition(".")[2]: module.check
    for module in (
        blank_column,
        exact_duplicate,
        fraction_of_second,
        invented,
        midnight,
        minute_is_month,
        no_coordinates,
        other_force,
        outside_month,
        repeated_header,
        same_key_twice,
        superseded_label,
        unrecognised_label,
    )
}


def run_checks(batch: Batch) -> tuple[Defect, ...]:
    """What the checks of the batch's standard find, in the order the standard names them."""
    return tuple(
        defect for name, settings in batch.standard.checks for defect in CHECKS[name](batch, **dict(settings))
    )


__all__ = ["CHECKS", "Batch", "run_checks"]
