"""The engines count alike: plain Python over the rows is the truth, and DuckDB, Polars and Spark agree with it."""

import json
import random
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from openpeel.figures import compute_figures
from openpeel.intake.load import load
from openpeel.lake import ENGINES, Lake, create_release, open_engine
from openpeel.measures.conditions import EVERY, AtMost, Blank, Both, Every, Filled, In, NotTrue, Quantity
from openpeel.measures.count import count, count_release
from openpeel.measures.powers import MEASURES
from openpeel.measures.together import counted_together
from openpeel.reference.periods import Period

SHARED = Path(__file__).parents[3] / "shared" / "data" / "police_uk"
FORCES = ("E23000027", "E23000001")
MONTHS = (date(2021, 1, 1), date(2021, 2, 1))


@pytest.fixture(scope="module")
def engines():
    """All engines, open: a Spark takes seconds to start."""
    from contextlib import ExitStack

    with ExitStack() as stack:
        yield {name: stack.enter_context(open_engine(name)) for name in ENGINES}


cells = st.fixed_dictionaries(
    {
        "force": st.sampled_from(FORCES),
        "record_month": st.sampled_from(MONTHS),
        "duplicate": st.booleans(),
        "tally": st.integers(-2, 5),
        "outcome": st.sampled_from(["arrest", "caution", "", None]),
        "linked": st.sampled_from([True, False, None]),
    }
)
SCHEMA = pa.schema(
    [
        ("force", pa.string()),
        ("record_month", pa.date32()),
        ("duplicate", pa.bool_()),
        ("tally", pa.int32()),
        ("outcome", pa.string()),
        ("linked", pa.bool_()),
    ]
)
simple = st.one_of(
    st.just(EVERY),
    st.lists(st.sampled_from(["arrest", "caution", ""]), min_size=1, max_size=3, unique=True).map(
        lambda v: In("outcome", tuple(v))
    ),
    st.sampled_from([(True,), (False,), (True, False)]).map(lambda v: In("linked", v)),
    st.sampled_from([Blank("outcome"), Filled("outcome"), Blank("linked"), Filled("linked")]),
)
conditions = st.one_of(simple, st.lists(simple, min_size=1, max_size=3).map(lambda c: Both(tuple(c))))


def holds(condition, row):
    """What a condition means, said in plain Python."""
    match condition:
        case Every():
            return True
        case In(column, values):
            return row[column] is not None and row[column] in values
        case Blank(column):
            return row[column] is None
        case Filled(column):
            return row[column] is not None
        case NotTrue(column):
            return row[column] is not True
        case Both(parts):
            return all(holds(part, row) for part in parts)


def truth(rows, wanted, *, tallied):
    found = {}
    for row in rows:
        key = (row["force"], row["record_month"].isoformat(), row["duplicate"])
        found.setdefault(key, [0] * len(wanted))
        for i, condition in enumerate(wanted):
            times = row["tally"] if tallied else 1
            if isinstance(condition, Quantity):
                times *= round(100 * (row[condition.column] or 0))
                condition = condition.of
            found[key][i] += holds(condition, row) * times
    return found


def counted(engine, path, wanted, *, tallied):
    got = count(engine.scan([path]), wanted, tallied=tallied)
    return {
        (str(f), str(m), bool(d)): [int(n) for n in numbers]
        for f, m, d, numbers in zip(got.force, got.month, got.duplicate, got.table, strict=True)
    }


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(cells, min_size=1, max_size=30),
    wanted=st.lists(conditions, min_size=1, max_size=6, unique=True),
    tallied=st.booleans(),
)
def test_any_condition_counts_the_same_records_on_duckdb_polars_and_in_plain_python(
    engines, tmp_path_factory, rows, wanted, tallied
):
    path = tmp_path_factory.mktemp("rows") / "rows.parquet"
    pq.write_table(pa.Table.from_pylist(rows, SCHEMA), path)
    expected = truth(rows, wanted, tallied=tallied)
    assert counted(engines["duckdb"], path, wanted, tallied=tallied) == expected
    assert counted(engines["polars"], path, wanted, tallied=tallied) == expected


@pytest.mark.spark
@pytest.mark.parametrize("tallied", [False, True])
def test_many_conditions_count_the_same_records_on_spark_and_in_plain_python(engines, tmp_path, tallied):
    draw = random.Random(20210331)
    rows = [
        {
            "force": draw.choice(FORCES),
            "record_month": draw.choice(MONTHS),
            "duplicate": draw.random() < 0.1,
            "tally": draw.randint(-2, 5),
            "outcome": draw.choice(["arrest", "caution", "", None]),
            "linked": draw.choice([True, False, None]),
        }
        for _ in range(500)
    ]
    leaves = [
        EVERY,
        *(In("outcome", v) for v in (("arrest",), ("caution", ""), ("arrest", "caution", ""))),
        *(In("linked", v) for v in ((True,), (False,), (True, False))),
        *(test(column) for test in (Blank, Filled) for column in ("outcome", "linked")),
    ]
    wanted = [*leaves, *(Both((a, b)) for a in leaves for b in leaves if a != b)]
    path = tmp_path / "rows.parquet"
    pq.write_table(pa.Table.from_pylist(rows, SCHEMA), path)
    assert counted(engines["spark"], path, wanted, tallied=tallied) == truth(rows, wanted, tallied=tallied)


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    if not SHARED.is_dir():
        pytest.skip("the real files are not in ../shared/data")
    lake = Lake.open(tmp_path_factory.mktemp("parity") / "lake", create=True)
    load(lake, [SHARED / "all_forces_2021-03"])
    return create_release(lake, "march", at=datetime(2026, 1, 1, tzinfo=UTC))[0]


@pytest.fixture(scope="module")
def figures(release, engines):
    """The figures of March 2021 for all forces, by engine."""
    period = Period(date(2021, 3, 1), date(2021, 3, 31))
    return {
        name: compute_figures(release, count_release(release, MEASURES, engine), period, MEASURES)
        for name, engine in engines.items()
    }


@pytest.mark.spark
@pytest.mark.parametrize("engine", ["polars", "spark"])
def test_the_figures_of_real_files_are_the_same_to_the_last_digit(figures, engine):
    # JSON writes every digit of a float, and equal ids mean equal digests.
    ours, theirs = ([json.dumps(f.as_json()) for f in figures[e]] for e in ("duckdb", engine))
    assert len(ours) > 1500
    assert theirs == ours


def test_march_2021_has_a_figure_with_a_value_for_every_force_that_published(figures):
    have = Counter(f.force for f in figures["duckdb"] if f.measure == "searches" and f.value)
    missing = {f.force_name for f in figures["duckdb"] if f.measure == "searches" and f.value is None}
    assert len(have) == 42
    assert missing == {
        "Metropolitan Police Service",
        "Greater Manchester Police",
        "Police Service of Northern Ireland",
    }


OUTCOMES = tuple(f"outcome {i}" for i in range(12))
OUTCOMES_ALONE = tuple(In("outcome", (outcome,)) for outcome in OUTCOMES)
many = st.fixed_dictionaries(
    {
        "force": st.sampled_from(FORCES),
        "record_month": st.sampled_from(MONTHS),
        "duplicate": st.booleans(),
        "tally": st.integers(-2, 5),
        "outcome": st.sampled_from([*OUTCOMES, None]),
        "linked": st.sampled_from([True, False, None]),
        "told": st.sampled_from([True, False, None]),
        "minutes": st.sampled_from([None, 0.0, 0.25, 7.5, 1200.0]),
    }
)
MANY = SCHEMA.append(pa.field("told", pa.bool_())).append(pa.field("minutes", pa.float64()))
of_many = st.lists(st.sampled_from(OUTCOMES), min_size=1, max_size=12, unique=True).map(
    lambda v: In("outcome", tuple(v))
)
of_others = st.sampled_from(
    [In("linked", (True,)), Filled("linked"), Blank("told"), NotTrue("told"), In("told", (True, False))]
)
wide = st.builds(
    lambda one, others: Both((one, *others)), of_many, st.lists(of_others, min_size=1, max_size=3)
)


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(many, min_size=1, max_size=40),
    wanted=st.lists(
        st.one_of(wide, of_many, of_others, st.one_of(wide, of_others).map(lambda c: Quantity("minutes", c))),
        min_size=2,
        max_size=8,
        unique=True,
    ),
    tallied=st.booleans(),
)
@example(  # sums alone, and no count of records
    rows=[
        {
            "force": "E23000027",
            "record_month": MONTHS[0],
            "duplicate": False,
            "tally": 1,
            "outcome": OUTCOMES[0],
            "linked": True,
            "told": True,
            "minutes": 7.5,
        }
    ],
    wanted=[
        Quantity("minutes", Both((In("outcome", OUTCOMES[:1]), In("linked", (True,))))),
        Quantity("minutes", Both((In("outcome", OUTCOMES[:6]), NotTrue("told")))),
    ],
    tallied=False,
)
def test_conditions_on_several_columns_of_many_values_are_counted_together_and_alike(
    engines, tmp_path_factory, rows, wanted, tallied
):
    path = tmp_path_factory.mktemp("rows") / "rows.parquet"
    pq.write_table(pa.Table.from_pylist(rows, MANY), path)
    expected = truth(rows, wanted, tallied=tallied)
    for name in ("duckdb", "polars"):
        assert counted(engines[name], path, wanted, tallied=tallied) == expected


def test_they_are_counted_together_only_where_it_is_worth_it():
    wide_ones = [Both((In("outcome", OUTCOMES), In(name, (True, False)))) for name in ("linked", "told")]
    (grouping,) = counted_together(wide_ones)
    assert (grouping.values, grouping.counted) == (("linked", "outcome", "told"), tuple(wide_ones))
    assert counted_together(wide_ones[:1]) != []
    assert counted_together([Both((In("outcome", OUTCOMES[:2]), In("linked", (True,))))]) == []
    assert counted_together([AtMost("seconds", 10), *OUTCOMES_ALONE]) == []
