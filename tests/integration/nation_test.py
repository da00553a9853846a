"""The demonstration nation, small and of a dozen forces: what they hand in, what the checks find, what is counted."""

import json
from datetime import UTC, date, datetime

import pytest

from command_line import done, finish, run, start
from openpeel.demo import make_nation
from openpeel.demo.handing_in import hand_in
from openpeel.demo.plan import plans
from openpeel.figures import Settings, compute_figures
from openpeel.intake.load import LoadOptions, load
from openpeel.lake import Lake, create_release, open_engine
from openpeel.measures import MEASURES, find_measure
from openpeel.measures.count import count_release
from openpeel.reference.forces import find_force
from openpeel.reference.periods import Period
from seed_rows import ROWS, published

YEAR = Period.year_ending(date(2024, 3, 31))
#: Enough to be compared, with those that have something wrong.
SOME = (
    *(
        "hertfordshire",
        "bedfordshire",
        "cambridgeshire",
        "warwickshire",
        "norfolk",
        "suffolk",
        "metropolitan",
    ),
    *("surrey", "gwent", "west-yorkshire", "city-of-london", "dorset"),
)


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    folder = tmp_path_factory.mktemp("nation") / "lake"
    make_nation(folder, scale=0.02, only=[find_force(f) for f in SOME])
    return create_release(Lake.open(folder), "demo", at=datetime(2024, 6, 1, tzinfo=UTC))[0]


@pytest.fixture(scope="module")
def counts(release):
    found = {}
    for name in ("duckdb", "polars", "spark"):
        with open_engine(name) as engine:
            found[name] = count_release(release, MEASURES, engine)
    return found


@pytest.fixture(scope="module")
def figures(release, counts):
    return compute_figures(release, counts["duckdb"], YEAR, MEASURES, Settings())


@pytest.mark.spark
@pytest.mark.parametrize("engine", ["polars", "spark"])
def test_every_measure_has_the_same_figures_on_every_engine_to_the_last_digit(
    release, counts, figures, engine
):
    theirs = compute_figures(release, counts[engine], YEAR, MEASURES, Settings())
    assert {f.measure for f in figures} == {m.id for m in MEASURES}
    assert [json.dumps(f.as_json()) for f in theirs] == [json.dumps(f.as_json()) for f in figures]


def test_each_force_hands_in_every_standard_and_no_row_is_rejected(release):
    standards = {m.standard for m in MEASURES}
    for standard in standards:
        returns = release.of(standard)
        assert {r.key.force for r in returns} == {find_force(f).code for f in SOME}
        assert sum(r.rejected for r in returns) == 0
        assert all(r.invented or r.rows == 0 for r in returns)


def test_hertfordshire_and_two_neighbours_hand_in_records_and_others_tallies(release):
    calls = release.of("call")
    records = {r.key.force for r in calls if not r.tallied}
    assert records >= {find_force(f).code for f in SOME[:3]}
    tallied = {r.key.force for r in calls if r.tallied}
    assert tallied >= {find_force(f).code for f in ("metropolitan", "surrey", "west-yorkshire")}


def test_what_is_wrong_on_purpose_is_found(release, figures):
    def found(standard, force):
        return {d.check for r in release.of(standard, find_force(force).code) for d in r.defects}

    assert "blank_column" in found("stop_search", "suffolk")
    assert "blank_column" not in found("stop_search", "surrey")
    late = next(
        f for f in figures if f.measure == "calls_999_per_1000" and f.force == find_force("warwickshire").code
    )
    assert late.coverage.months_present == late.coverage.months_expected == 12
    may = Period.year_ending(date(2024, 5, 31))
    with open_engine("duckdb") as engine:
        wanted = [find_measure("calls_999_per_1000")]
        later = compute_figures(release, count_release(release, wanted, engine), may, wanted, Settings())
    late = next(f for f in later if f.force == find_force("warwickshire").code)
    assert late.coverage.months_present == 10
    assert "April 2024 and May 2024" in late.coverage.note


def test_a_month_that_breaks_off_is_found_at_the_real_size(tmp_path):
    (plan,) = (p for p in plans() if p.standard.id == "asb_incident")
    for force, breaks_off in (("norfolk", True), ("dorset", False)):
        (file,) = hand_in(plan, find_force(force), tmp_path, seed=1, scale=1.0)
        lake = Lake.open(tmp_path / force, create=True)
        (item,) = load(lake, [file.path], LoadOptions(months=file.months)).loaded
        said = [d.message for d in item.found.defects if d.check == "unlike_own_past"]
        assert any("2023-09" in message for message in said) is breaks_off


def test_a_figure_says_that_it_is_of_invented_records(figures):
    assert all("invented" in f.coverage.note for f in figures if f.value is not None)


def test_hertfordshire_has_a_value_for_every_measure_but_in_groups_without_records(figures):
    ours = [f for f in figures if f.force == find_force("hertfordshire").code]
    have = {f.measure for f in ours if f.value is not None or f.method == "withheld"}
    # At a fiftieth of the size some things happen to nobody.
    assert len({m.id for m in MEASURES} - have) < 0.25 * len(MEASURES)


def test_a_lake_with_other_records_is_left_alone_and_an_earlier_demonstration_is_replaced(tmp_path):
    lake = tmp_path / "lake"
    make_nation(lake, scale=0.001, only=[find_force("hertfordshire")])
    before = sorted(Lake.open(lake).held().values())
    make_nation(lake, scale=0.001, seed=2, only=[find_force("hertfordshire")])
    after = sorted(Lake.open(lake).held().values())
    assert before != after
    assert (lake / "audits" / "README.txt").is_file()
    other = tmp_path / "other"
    other.mkdir()
    (other / "notes.txt").write_text("mine")
    ran = run("demo", "--lake", other, "--scale", "0.001")
    assert ran.code == 2
    assert "expected an empty folder" in ran.said
    assert (other / "notes.txt").read_text() == "mine"
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


def test_one_of_lake_and_out_is_asked_for(tmp_path):
    for arguments in ([], ["--lake", tmp_path / "a", "--out", tmp_path / "b"]):
        ran = run("demo", *arguments)
        assert ran.code == 2
        assert "expected one of --lake and --out" in ran.said
    assert list(tmp_path.iterdir()) == []
    ran = done("demo", "--out", tmp_path / "files", "--scale", "0.001", "--months", "1")
    assert "files of invented records" in ran.said


def test_beside_all_forces_hertfordshire_is_where_the_report_has_it(tmp_path):
    """The values of England and Wales and of the average force that the report prints, and its verdicts."""
    standards = ("stop_search", "protection_order", "finance", "asb_incident")
    make_nation(tmp_path / "lake", standards=standards)
    release = create_release(Lake.open(tmp_path / "lake"), "all", at=datetime(2024, 6, 1, tzinfo=UTC))[0]
    rows = published()

    def comparison(line):
        measure_id, group, period = ROWS[line]
        measure = find_measure(measure_id)
        with open_engine("duckdb") as engine:
            counts = count_release(release, [measure], engine)
        code = find_force("hertfordshire").code
        found = compute_figures(release, counts, period, [measure], Settings())
        return next(f for f in found if f.force == code and f.group == group).comparison

    linked, black, breaches = map(
        comparison, ("linked_outcome", "disproportionality_black", "dvpo_breach_rate")
    )
    assert f"{linked.england_and_wales:.1f}" == rows["linked_outcome"]["reference_value"] == "24.6"
    assert f"{black.england_and_wales:.1f}" == rows["disproportionality_black"]["reference_value"] == "4.1"
    assert f"{breaches.mean:.1f}" == rows["dvpo_breach_rate"]["reference_value"] == "4.2"
    assert (linked.verdict, breaches.verdict) == ("in range", "below")
    for line in ("stop_search_rate", "asb_rate", "funding_rate"):
        assert comparison(line).verdict == "in range", line


def test_on_a_full_disk_nothing_is_changed_and_it_is_said(tmp_path):
    process = start("demo", "--lake", tmp_path / "lake", "--scale", "0.001", largest_file=20_000)
    ran = finish(process)
    assert ran.code == 2
    assert "the disk is full or a file would be larger than allowed" in ran.said
    assert list(tmp_path.iterdir()) == []
