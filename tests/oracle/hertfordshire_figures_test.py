"""The figures of the real Hertfordshire files, worked out a second time from the files by the csv module alone.

Nothing of openpeel is used for the second way: not its code lists, not its populations, not its formulas.
"""

import csv
import math
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import NormalDist

import pytest

from openpeel.figures import compute_figures
from openpeel.intake.load import load
from openpeel.lake import Lake, create_release, open_engine
from openpeel.measures.count import count_release
from openpeel.measures.powers import MEASURES
from openpeel.reference.periods import Period

SHARED = Path(__file__).parents[3] / "shared" / "data"
FILES = SHARED / "police_uk" / "hertfordshire"
Z = NormalDist().inv_cdf(0.975)

pytestmark = pytest.mark.skipif(not FILES.is_dir(), reason="the real files are not in ../shared/data")

YEARS = [date(2019, 12, 31), date(2020, 12, 31), date(2021, 3, 31), date(2021, 10, 31)]


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    lake = Lake.open(tmp_path_factory.mktemp("oracle") / "lake", create=True)
    report = load(lake, [FILES])
    assert not report.wrong
    return create_release(lake, "herts", at=datetime(2026, 1, 1, tzinfo=UTC))[0]


@pytest.fixture(scope="module")
def rows():
    """Every printed stop-and-search row of the folder."""
    found = []
    for path in sorted(FILES.glob("*-stop-and-search.csv")):
        with path.open(newline="", encoding="utf-8-sig") as handle:
            found += list(csv.DictReader(handle))
    return found


@pytest.fixture(scope="module")
def computed(release):
    with open_engine("duckdb") as engine:
        counts = count_release(release, MEASURES, engine)
    return {
        ending: {
            (f.measure, f.group): f
            for f in compute_figures(release, counts, Period.year_ending(ending), MEASURES)
            if f.force == "E23000027"
        }
        for ending in YEARS
    }


def in_year(rows, ending):
    start = date(ending.year - 1, ending.month, 1).replace(day=28)
    first = date(start.year + (start.month == 12), start.month % 12 + 1, 1)
    return [r for r in rows if first.isoformat() <= r["Date"][:10] <= ending.isoformat()]


def wilson(x, n):
    p, z2 = x / n, Z * Z
    middle, half = (
        (p + z2 / (2 * n)) / (1 + z2 / n),
        Z / (1 + z2 / n) * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n)),
    )
    return 100 * (middle - half), 100 * (middle + half)


def population():
    """Mid-2020 residents of the Hertfordshire districts."""
    with (SHARED / "lookups" / "lookup_ltla24_csp24_pfa24.csv").open(newline="") as handle:
        districts = {r["ltla24_code"] for r in csv.DictReader(handle) if r["pfa24_code"] == "E23000027"}
    with (SHARED / "lookups" / "population20_ltla21.csv").open(newline="") as handle:
        return sum(
            int(r["total_population"]) for r in csv.DictReader(handle) if r["ltla21_code"] in districts
        )


def census():
    with (SHARED / "census" / "population-by-force-by-ethnicity.csv").open(newline="") as handle:
        return {
            r["Self-defined ethnicity"].split()[0].lower(): int(r["Population"].replace(",", ""))
            for r in csv.DictReader(handle)
            if r["Geocode"] == "E23000027" and r["Census Year"] == "2021"
        }


def check(figure, numerator, denominator, value, bounds=None):
    assert figure.numerator == numerator
    if denominator is not None:
        assert figure.denominator == pytest.approx(denominator, rel=1e-12)
    assert figure.value == pytest.approx(value, rel=1e-12)
    if bounds:
        assert (figure.lower, figure.upper) == pytest.approx(bounds, rel=1e-9)


@pytest.mark.parametrize("ending", YEARS, ids=str)
def test_the_count_and_the_rate_are_those_of_the_printed_rows(rows, computed, ending):
    n, people = len(in_year(rows, ending)), population()
    check(computed[ending]["searches", None], n, None, n)
    low = n * (1 - 1 / (9 * n) - Z / (3 * math.sqrt(n))) ** 3  # Byar
    high = (n + 1) * (1 - 1 / (9 * (n + 1)) + Z / (3 * math.sqrt(n + 1))) ** 3
    check(
        computed[ending]["searches_per_1000", None],
        n,
        people,
        1000 * n / people,
        (1000 * low / people, 1000 * high / people),
    )


@pytest.mark.parametrize("ending", YEARS, ids=str)
def test_the_shares_are_those_of_the_printed_rows(rows, computed, ending):
    year, own = in_year(rows, ending), computed[ending]
    linked = [r["Outcome linked to object of search"] for r in year]
    power = [r["Legislation"] for r in year]
    ethnicity = [r["Self-defined ethnicity"] for r in year]
    audited = ("Police and Criminal Evidence Act 1984 (section 1)", "Misuse of Drugs Act 1971 (section 23)")
    for measure, x, n in [
        ("linked_outcome", linked.count("True"), len(year) - linked.count("")),
        ("linked_outcome_unknown", linked.count(""), len(year)),
        ("self_defined_ethnicity_missing", ethnicity.count(""), len(year)),
        ("self_defined_ethnicity_not_stated", ethnicity.count("Other ethnic group - Not stated"), len(year)),
        ("audit_scope", sum(p in audited for p in power), len(year) - power.count("")),
    ]:
        check(own[measure, None], x, n, 100 * x / n, wilson(x, n))


@pytest.mark.parametrize("ending", YEARS, ids=str)
@pytest.mark.parametrize(
    ("measure", "column", "codes"),
    [
        (
            "outcome",
            "Outcome",
            {
                "A no further action disposal": "no_further_action",
                "Arrest": "arrest",
                "Community resolution": "community_resolution",
                "Khat or Cannabis warning": "drugs_warning",
                "Summons / charged by post": "summons",
                "Penalty Notice for Disorder": "penalty_notice",
                "Caution (simple or conditional)": "caution",
                "": "blank",
            },
        ),
        (
            "object_of_search",
            "Object of search",
            {
                "Controlled drugs": "controlled_drugs",
                "Offensive weapons": "offensive_weapons",
                "Article for use in theft": "theft_articles",
                "Stolen goods": "stolen_goods",
                "Articles for use in criminal damage": "criminal_damage_articles",
                "Anything to threaten or harm anyone": "threat_or_harm",
                "Firearms": "firearms",
                "Psychoactive substances": "psychoactive_substances",
                "Evidence of offences under the Act": "evidence_of_offences",
                "Fireworks": "fireworks",
                "Game or poaching equipment": "poaching_equipment",
                "Goods on which duty has not been paid etc.": "unpaid_duty",
                "": "blank",
            },
        ),
    ],
)
def test_the_groups_are_those_of_the_printed_labels(rows, computed, ending, measure, column, codes):
    year = in_year(rows, ending)
    printed = Counter(r[column] for r in year)
    assert set(printed) <= set(codes), "a label that this test does not know"
    for label, code in codes.items():
        figure, n = computed[ending][measure, code], printed[label]
        if 0 < n < 5:
            assert (figure.value, figure.numerator, figure.method) == (None, None, "withheld")
        elif figure.method != "withheld":  # withheld to protect another one
            check(figure, n, len(year), 100 * n / len(year), wilson(n, len(year)) if n else None)
    shown = [f for (m, _), f in computed[ending].items() if m == measure and f.method != "withheld"]
    small = any(0 < n < 5 for n in printed.values())
    assert len(shown) >= len([n for n in printed.values() if n >= 5]) - small


@pytest.mark.parametrize("ending", YEARS, ids=str)
def test_disproportionality_is_the_ratio_of_two_rates(rows, computed, ending):
    year, people = in_year(rows, ending), census()

    def group_of(label):
        if label.startswith("White"):
            return "white"
        if label == "Other ethnic group - Not stated":
            return None
        return next((g for g in ("asian", "black", "mixed", "other") if label.lower().startswith(g)), None)

    n = Counter(group_of(r["Self-defined ethnicity"]) for r in year)
    for group in ("asian", "black", "mixed", "other"):
        ratio = (n[group] / people[group]) / (n["white"] / people["white"])
        factor = math.exp(Z * math.sqrt(1 / n[group] + 1 / n["white"]))
        check(
            computed[ending]["disproportionality", group],
            n[group],
            n["white"] * people[group] / people["white"],
            ratio,
            (ratio / factor, ratio * factor),
        )
