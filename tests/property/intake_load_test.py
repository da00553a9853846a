"""Whatever the rows: each is accepted or rejected, what is personal is not told, and order makes no difference."""

import tempfile
from collections import Counter
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake_sample import CRIME, HERTS, MARCH, OUTCOME, STOP, stop, write
from openpeel.intake.load import LoadOptions, load
from openpeel.intake.naming import parse_months
from openpeel.lake import Lake, ReturnKey
from openpeel.reference.forces import all_forces, find_force
from openpeel.standards import load_standard

# Each example makes a lake of its own on the disk.
slow = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
FOR_MARCH = LoadOptions(force=find_force("hertfordshire"), months=parse_months("2021-03"))


@contextmanager
def somewhere():
    with tempfile.TemporaryDirectory() as folder:
        yield Lake.open(Path(folder) / "lake", create=True), Path(folder) / "files"


minutes = st.integers(0, 59).map("2021-03-12T14:{:02}:00+00:00".format)
good = minutes.map(stop)
#: Rows with what is wrong with them; the first column that is wrong is the one named.
bad = st.one_of(
    st.just((["too", "short"], "")),
    st.just(([*STOP.values(), "too long"], "")),
    st.just((list(STOP), "")),
    st.just((["\x00", *list(STOP.values())[1:]], "Type")),
    st.sampled_from(["", "2021-02-30T10:00:00", "12/03/2021", "51.8"]).map(lambda d: (stop(d), "Date")),
    st.sampled_from(["north", "nan"]).map(lambda x: (stop(latitude=x), "Latitude")),
    st.just((stop(outcome_linked="Yes"), "Outcome linked to object of search")),
)
odd = st.sampled_from(
    [stop(gender="?"), stop(outcome="Suspect arrested"), stop(outcome_linked=""), stop(latitude="")]
)
rows = st.lists(st.one_of(good.map(lambda r: (r, None)), odd.map(lambda r: (r, None)), bad), max_size=30)


@slow
@given(rows=rows)
def test_every_row_is_accepted_or_rejected_and_stands_where_it_stood(rows):
    with somewhere() as (lake, files):
        report = load(lake, [write(files / MARCH, [row for row, _ in rows])])
        wrong = {number: column for number, (_, column) in enumerate(rows, 2) if column is not None}
        if rows and len(wrong) == len(rows):
            assert not report.loaded
            return
        (item,) = report.loaded
        found = item.found
        assert found.rows == len(rows) == found.accepted + found.rejected
        records = pq.read_table(lake.part_path("stop_search", found.part))
        assert records["row"].to_pylist() == [n for n in range(2, len(rows) + 2) if n not in wrong]
        if wrong:
            listed = [line.split(",") for line in lake.rejected_path(found.id).read_text().splitlines()[1:]]
            assert {int(cells[1]): cells[2] for cells in listed} == wrong


@slow
@given(rows=st.lists(st.one_of(good, odd), min_size=1, max_size=30))
def test_all_but_the_first_of_equal_rows_are_duplicates(rows):
    with somewhere() as (lake, files):
        (item,) = load(lake, [write(files / MARCH, rows)]).loaded
        flagged = pq.read_table(lake.part_path("stop_search", item.found.part))["duplicate"].to_pylist()
        seen = []
        for row, duplicate in zip(rows, flagged, strict=True):
            assert duplicate == (row in seen)
            seen.append(row)
        assert item.found.duplicates == sum(flagged)


@slow
@given(
    parts=st.lists(st.lists(good, min_size=1, max_size=6), min_size=2, max_size=4, unique_by=str),
    data=st.data(),
)
def test_parts_in_any_order_are_the_same_return(parts, data):
    order = data.draw(st.permutations(range(len(parts))))
    with somewhere() as (lake, files), somewhere() as (other, _):
        paths = [write(files / str(i) / MARCH, part) for i, part in enumerate(parts)]
        options = LoadOptions(parts=True)
        (one,) = load(lake, paths, options).loaded
        (same,) = load(other, [paths[i] for i in order], options).loaded
        assert (one.found.id, one.found.part) == (same.found.id, same.found.part)
        together = Counter(str(row) for part in parts for row in part)
        assert one.found.duplicates == sum(n - 1 for n in together.values())


@slow
@given(before=st.lists(good, min_size=1, max_size=12), after=st.lists(good, min_size=1, max_size=12))
def test_what_changed_is_counted_record_by_record(before, after):
    with somewhere() as (lake, files):
        (first,) = load(lake, [write(files / MARCH, before)]).loaded
        (second,) = load(lake, [write(files / MARCH, after)]).loaded
        old, new = (Counter(str(row) for row in some) for some in (before, after))
        added, gone, kept = (new - old).total(), (old - new).total(), (new & old).total()
        if before == after:
            assert second.how == "already held"
        elif not added and not gone:
            assert second.changed == "the same records in another file"
        else:
            s = "" if added == 1 else "s"
            assert second.changed == f"{added} record{s} new, {gone} gone, {kept} as before"
        assert lake.read_return(first.found.id) == first.found


@slow
@given(force=st.sampled_from(all_forces()), year=st.integers(2015, 2030), month=st.integers(1, 12))
def test_a_publishers_name_is_all_that_needs_to_be_said(force, year, month):
    with somewhere() as (lake, files):
        printed = f"{year}-{month:02}"
        row = stop(f"{printed}-12T14:00:00+00:00")
        (item,) = load(lake, [write(files / f"{printed}-{force.slug}-stop-and-search.csv", [row])]).loaded
        assert item.found.key == ReturnKey("stop_search", force.code, (printed,))


KINDS = {"stop_search": STOP, "crime": CRIME, "outcome": OUTCOME}
#: What could be known of a person: words, numbers with digits enough to be told, a date of birth, a place.
secrets = st.one_of(
    st.text("QXZqxz", min_size=3, max_size=12),
    st.integers(10**4, 10**11).map(str),
    st.dates(max_value=date(2010, 12, 31)).map(str),
    st.tuples(st.integers(0, 89), st.integers(1_000, 999_999)).map(lambda p: f"{p[0]}.{p[1]}"),
    st.integers(10**9, 10**10 - 1).map("+44 {}".format),
)


@settings(slow, max_examples=150)
@given(
    kind=st.sampled_from(sorted(KINDS)),
    cells=st.data(),
    shift=st.integers(-3, 3),
    damage=st.sampled_from(["none", "too few cells", "too many cells", "NUL", "quote", "bad bytes"]),
)
def test_what_is_personal_is_told_nowhere(kind, cells, shift, damage):
    """Not even where cells slipped into other columns, and whether the row is rejected or not."""
    standard = load_standard(kind)
    personal = [c.title for c in standard.columns if c.personal]
    hidden = {title: cells.draw(secrets) for title in personal}
    row = list({**KINDS[kind], **hidden}.values())
    row = row[shift:] + row[:shift]
    if damage == "too few cells":
        row = row[:-1]
    if damage == "too many cells":
        row = [*row, hidden[personal[0]]]
    if damage == "NUL":
        row[-1] += "\x00"
    with somewhere() as (lake, files):
        path = write(files / "a.csv", [KINDS[kind], row, row])
        if damage == "quote":
            path.write_bytes(path.read_bytes() + b'"' + hidden[personal[0]].encode() + b'"x,"\n')
        if damage == "bad bytes":
            path.write_bytes(path.read_bytes().replace(b"False", b"\xff").replace(b"Herts", b"\xff"))
        report = load(lake, [path], FOR_MARCH)
        told = [n.reason for n in report.not_taken]
        for item in report.loaded:
            told += [d.message for d in item.found.defects]
            if item.found.rejected:
                told.append(lake.rejected_path(item.found.id).read_text())
        text = "\n".join(told).replace(str(path), "")
        assert not [secret for secret in hidden.values() if secret in text]


def test_the_force_of_the_examples_is_hertfordshire():
    assert find_force("hertfordshire").code == HERTS
