"""Every line of the published report, counted from the records of the demonstration nation's Hertfordshire.

The records are invented so that they add up to what is printed; nothing that is compared here is stored anywhere but
in them. The lines of audits are in `demo_audits_test.py`, and counted here.
"""

import narwhals as nw
import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from demo_audit_figures import ROWS as AUDITED
from demo_audit_figures import audit_figures
from openpeel.figures import Settings, compute_figures
from openpeel.lake import open_engine
from openpeel.measures import find_measure, measures_on
from openpeel.measures.conditions import AtLeast, Every, Quantity, both
from openpeel.measures.count import count, count_release, wanted_conditions
from openpeel.reference.forces import find_force
from seed_rows import DENOMINATORS, EXCEPTIONS, ROWS, published

HERTFORDSHIRE = find_force("hertfordshire")


def wanted():
    """The measures that the lines need, each once."""
    named = [measure for measure, _, _ in ROWS.values()]
    named += [measure for parts in DENOMINATORS.values() for measure, _ in parts]
    return [find_measure(m) for m in dict.fromkeys(named)]


def all_figures(release, counts):
    """Hertfordshire's figures by measure, group and period."""
    periods = {period for _, _, period in ROWS.values()}
    return {
        (f.measure, f.group, period): f
        for period in periods
        for f in compute_figures(release, counts, period, wanted(), Settings())
        if f.force == HERTFORDSHIRE.code
    }


@pytest.fixture(scope="module")
def figures(nation):
    with open_engine("duckdb") as engine:
        return all_figures(nation, count_release(nation, wanted(), engine))


def printed(value, like):
    """A value with as many digits as the report prints."""
    decimals = len(like.partition(".")[2])
    if not decimals and abs(value) >= 1000 and like.endswith("000") and value != int(value):
        return str(round(value, -3)).partition(".")[0]
    return f"{value:.{decimals}f}"


@pytest.mark.parametrize("line", ROWS)
def test_the_figure_is_the_one_that_is_printed(figures, line):
    row = published()[line]
    measure, group, period = ROWS[line]
    figure = figures[measure, group, period]
    assert figure.value is not None
    if row["numerator"]:
        assert figure.numerator == float(row["numerator"])
    if row["denominator"]:
        parts = DENOMINATORS.get(line)
        denominator = sum(figures[m, g, period].value for m, g in parts) if parts else figure.denominator
        assert denominator == float(row["denominator"])
    if row["value"]:
        got = printed(figure.value, row["value"])
        assert got == EXCEPTIONS.get(line, row["value"])
    assert row["value"] or row["numerator"]


def test_what_is_an_exception_is_one():
    rows = published()
    assert all(rows[line]["value"] != truth for line, truth in EXCEPTIONS.items())
    assert round(100 * 86 / 529, 1) == float(EXCEPTIONS["survey_discriminated"])
    assert len(EXCEPTIONS) <= 3


def without_a_tenth(table, measure, group, chance):
    """The records without a tenth, and at least one, of those that the measure's numerator counts."""
    counted = measure.counted(measure.group(group))
    of = counted.of if isinstance(counted, Quantity) else counted
    if isinstance(counted, Quantity):
        of = both(of, AtLeast(counted.column, 1))  # those that add something
    frame = nw.from_native(pl.from_arrow(table), eager_only=True)
    counts = (
        frame.with_columns(met=of.expression())
        if not isinstance(of, Every)
        else frame.with_columns(met=nw.lit(True))
    )
    where = np.flatnonzero(counts["met"].fill_null(False).to_numpy())
    gone = chance.permutation(where)[: max(1, len(where) // 10)]
    kept = np.setdiff1d(np.arange(len(table)), gone)
    return table.take(pa.array(kept))


@pytest.mark.parametrize("line", ROWS)
def test_the_figure_moves_when_a_tenth_of_its_records_is_gone(nation, figures, line):
    measure_id, group, period = ROWS[line]
    measure = find_measure(measure_id)
    returns = [r for r in nation.of(measure.standard) if r.key.force == HERTFORDSHIRE.code]
    table = pa.concat_tables(pq.read_table(f) for f in nation.files(returns))
    start, end = (pa.scalar(d) for d in (measure.counted_in(period).start, measure.counted_in(period).end))
    month = table["record_month"]
    table = table.filter(pc.and_(pc.greater_equal(month, start), pc.less_equal(month, end)))
    fewer = without_a_tenth(table, measure, group, np.random.default_rng(3))
    assert len(fewer) < len(table)
    frame = nw.from_native(pl.from_arrow(fewer).lazy())
    conditions = wanted_conditions([measure, *measures_on([measure.standard])])
    counts = count(frame, conditions, tallied=any(r.tallied for r in returns))
    found = [
        f
        for f in compute_figures(nation, {measure.standard: counts}, period, [measure], Settings())
        if f.force == HERTFORDSHIRE.code and f.group == group
    ]
    assert found[0].value != figures[measure_id, group, period].value


def test_every_line_of_the_report_is_covered(nation, figures, capsys):
    """68 of 68: those of audits agree with the report in `demo_audits_test.py`, and are the same files here."""
    audited = audit_figures(nation.lake.root / "audits")
    lines = {line for line in ROWS if figures[ROWS[line]].value is not None} | set(audited)
    with capsys.disabled():
        print(f" {len(lines)} of {len(published())} lines of the report are counted from records and cases ")
    assert lines == set(published())
    assert set(audited) == set(AUDITED)
    assert not set(ROWS) & set(audited)
    for line, row in published().items():
        if line in audited:
            assert audited[line].printed(row)
