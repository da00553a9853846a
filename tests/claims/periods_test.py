"""A period is read as it is written; days and years that are none name nothing."""

from __future__ import annotations

from datetime import date

import pytest

from openpeel.claims.periods import mentions
from openpeel.reference.periods import Period


@pytest.mark.parametrize(
    ("text", "period", "last"),
    [
        ("In the year ending 31 March 2023", "2022-04-01..2023-03-31", "2023-03"),
        ("in the year ended 29 February 2024", "2023-03-01..2024-02-29", "2024-02"),
        ("in the 12 months to March 2023", "2022-04-01..2023-03-31", "2023-03"),
        ("between January and May 2024", "2024-01-01..2024-05-31", "2024-05"),
        ("Between 1 January 2024 and 31 May 2024", "2024-01-01..2024-05-31", "2024-05"),
        ("from 1 April 2022 to 31 March 2023", "2022-04-01..2023-03-31", "2023-03"),
        ("in 2022/23", "2022-04-01..2023-03-31", "2023-03"),
        ("for 2022–23", "2022-04-01..2023-03-31", "2023-03"),
        ("In April 2024", "2024-04-01..2024-04-30", "2024-04"),
        ("in 2023", "2023-01-01..2023-12-31", "2023-12"),
        ("on 31 March 2024", None, "2024-03"),
        ("since June 2023", None, "2024-05"),
        ("between 24 October 2022 and 22 April 2024", None, "2024-04"),
        ("in the year ending 30 March 2023", None, None),
        ("in the year ending 31 February 2023", None, None),
        ("by April 2025", None, None),
        ("between May 2024 and January 2024", None, None),
        ("in 2022/24", None, None),
    ],
)
def test_a_period_is_read(text, period, last):
    (found,) = mentions(f"It fell {text}, they say.")
    assert (found.period and str(found.period), found.last and str(found.last)) == (period, last)


def test_the_previous_year_is_that_before_the_one_named_last():
    first, second = mentions("In the year ending 31 March 2023 it rose on the previous year.")
    assert second.period == first.period.year_before()
    (alone,) = mentions("It rose on the previous year.", Period.year_ending(date(2022, 3, 31)))
    assert str(alone.period) == "2020-04-01..2021-03-31"
    (nothing,) = mentions("It rose on the previous year.")
    assert nothing.period is None


def test_prose_without_a_period_names_none():
    assert mentions("It may rise to 2,023 in may 12 cases, or section 2023.") == []
