"""Measures of leadership: changes understood, work with others, money, side effects. The rows are invented."""

from datetime import date

import pytest

from measure_sample import figures_of, release_of
from openpeel.figures.rounding import shown
from openpeel.measures import MEASURES
from openpeel.measures.leadership import MEASURES as LEADERSHIP
from openpeel.reference.periods import Period

HERTS = "E23000027"
TWO_THIRDS = 100 * 2 / 3
DAY = "2023-09-01"


@pytest.fixture(autouse=True)
def _known(monkeypatch):
    monkeypatch.setattr("openpeel.measures.MEASURES", (*MEASURES, *LEADERSHIP))


def told(tally, **more):
    return {"policy": "Needs assessment", "told_on": DAY, "tally": tally, **more}


def money(year, kind, basis, amount):
    return {"year": year, "kind": kind, "basis": basis, "amount": amount}


READERS = [
    told(60, read="true", in_time="true", understood="true", practice="followed"),
    told(20, read="true", in_time="false", understood="false", practice="in_part"),
    told(20, read="false", in_time="false", practice="not_checked"),
    told(5),
]
AGREEMENTS = [
    {
        "as_at": "2024-03-31",
        "agreement_reference": name,
        "reviewed_on": reviewed,
        "saving": saving,
        "cost": cost,
    }
    for name, reviewed, saving, cost in (
        ("C1", "2023-05-01", 100000.5, 50000),
        ("C2", "2022-05-01", -20000, 30000),
        ("C3", "", "", ""),
    )
]
CHANGES = [
    {"change_reference": reference, "begins_on": DAY, **held}
    for reference, held in (
        (
            "A",
            {
                "dependency": "Front office",
                "measure": "searches",
                "considered": "true",
                "expected": "better",
                "found": "better",
                "reviewed_on": "2023-12-01",
            },
        ),
        (
            "A",
            {
                "dependency": "Custody",
                "considered": "true",
                "expected": "none",
                "found": "worse",
                "reviewed_on": "2023-12-01",
            },
        ),
        ("B", {"dependency": "Shifts", "considered": "false", "expected": "worse", "found": "worse"}),
        ("C", {"expected": "better", "found": "not_known"}),
    )
]
ACCOUNTS = [
    money("2024-03", "total_funding", "actual", 200_000_000),
    money("2024-03", "total_funding", "budget", 190_000_000),
    money("2024-03", "overtime", "actual", 5_000_000),
    money("2024-03", "savings_planned", "budget", 4_000_000),
    money("2024-03", "savings_made", "actual", 3_000_000),
    money("2024-03", "general_reserve", "actual", 9_000_000),
    money("2024-03", "general_budget", "budget", 180_000_000),
]


@pytest.fixture(scope="module")
def year(tmp_path_factory):
    """A year of readers, agreements, changes and accounts."""
    rows = {
        "policy_acknowledgement": READERS,
        "collaboration": AGREEMENTS,
        "change": CHANGES,
        "finance": ACCOUNTS,
    }
    folder = tmp_path_factory.mktemp("year")
    return release_of(folder, {(standard, "hertfordshire"): r for standard, r in rows.items()})


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        ("policy_read", 80.0),
        ("policy_read_in_time", 60.0),
        ("policy_understood", 75.0),
        ("policy_practice_followed", 75.0),
        ("collaborations", 3),
        ("collaborations_reviewed", TWO_THIRDS),
        ("collaboration_savings", 80_000.5),
        ("collaboration_cost", 80_000),
        ("funding", 200_000_000),
        ("overtime", 5_000_000),
        ("overtime_share", 2.5),
        ("savings_made_share", 75.0),
        ("general_reserve", 9_000_000),
        ("general_reserve_share", 5.0),
        ("change_dependencies", 3),
        ("change_side_effects_considered", TWO_THIRDS),
        ("change_watched", 100 / 3),
        ("change_reviewed", 50.0),
        ("change_harm", TWO_THIRDS),
        ("change_harm_unexpected", 50.0),
    ],
)
def test_what_the_year_comes_to(year, measure, expected):
    assert figures_of(year, measure)[measure].value == pytest.approx(expected, rel=1e-12)


def test_a_budget_adds_nothing_to_what_was_received(year):
    assert figures_of(year, "funding")["funding"].numerator == 200_000_000


def test_a_person_told_and_not_looked_at_is_not_known_to_have_understood(year):
    figure = figures_of(year, "policy_understood")["policy_understood"]
    assert (figure.numerator, figure.denominator) == (60, 80)
    assert figure.coverage.note.endswith("Not known for 25 of 105 records (23.8%).")


def test_a_tally_and_the_same_readers_one_by_one_are_the_same(tmp_path):
    records = [
        {"policy": "P", "reader_reference": f"R{i}", "told_on": DAY, "read": "true", "in_time": in_time}
        for i, in_time in enumerate(("true", "true", "true", "false"))
    ]
    tally = [told(3, read="true", in_time="true"), told(1, read="true", in_time="false")]
    for name, rows in (("tally", tally), ("records", records)):
        release = release_of(tmp_path / name, {("policy_acknowledgement", "hertfordshire"): rows})
        assert figures_of(release, "policy_read_in_time")["policy_read_in_time"].value == 75.0


PUBLISHED = [
    money("2023-03", "total_funding", "actual", 251_800_000),
    money("2023-03", "precept", "actual", 102_600_000),
    money("2023-03", "reserves", "actual", 24_300_000),
    money("2023-03", "general_reserve", "actual", 12_600_000),
    money("2023-03", "general_budget", "budget", 252_000_000),
    money("2024-03", "reserves", "projected", 19_700_000),
    money("2024-03", "precept", "budget", 110_000_000),
]
NOW = Period.financial_year("2022/23")
NEXT = Period.financial_year("2023/24")


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """The money that the published report speaks of, and a budget that it does not."""
    rows = {("finance", "hertfordshire"): PUBLISHED}
    return release_of(tmp_path_factory.mktemp("published"), rows, months="2022-04..2024-03")


@pytest.mark.parametrize(
    ("row", "measure", "period", "printed"),
    [
        ("funding", "funding", NOW, "£251.8m"),
        ("funding_rate", "funding_per_1000", NOW, "£209k"),
        ("precept", "precept", NOW, "£102.6m"),
        ("precept", "precept_share", NOW, "40.7%"),
        ("reserves", "reserves", NOW, "£24.3m"),
        ("reserves_projected", "reserves_projected", NEXT, "£19.7m"),
        ("general_reserve", "general_reserve", NOW, "£12.6m"),
        ("general_reserve", "general_reserve_share", NOW, "5.0%"),
    ],
)
def test_a_published_figure_comes_out_to_the_printed_digit(published, row, measure, period, printed):
    figure = figures_of(published, measure, period=period)[measure]
    assert shown(figure.value, figure.unit) == printed, row


def test_reserves_are_those_of_the_end_of_the_period_and_funding_that_of_all_its_years(published):
    both = Period(date(2022, 4, 1), date(2024, 3, 31))
    found = figures_of(published, "funding", "reserves_projected", period=both)
    assert found["funding"].value == 251_800_000
    assert found["reserves_projected"].value == 19_700_000


def test_any_twelve_months_hold_one_financial_year(published):
    calendar = Period.year_ending(date(2023, 12, 31))
    assert figures_of(published, "funding", period=calendar)["funding"].value == 251_800_000
