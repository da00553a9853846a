"""An attacker with every table that leaves a force: planted small numbers must have more than one possible value.

The attacker knows the kinds of record (three columns, listed in full here), adds an equation for every number printed
in any output about the force, and asks an integer program whether the planted number could be another one. Nothing
of how openpeel decides is used.
"""

import csv
import io
import json
from itertools import product

import numpy as np
import pytest
from scipy.optimize import LinearConstraint, linprog, milp

from command_line import done, run
from measure_sample import release_of
from openpeel.measures import find_measure
from openpeel.measures.conditions import Both, Every, In
from openpeel.standards import load_standard

FORCES = ("hertfordshire", "kent", "essex", "surrey")
#: Of each record: professional consulted, conveyance, place, handed over in time. None is a blank.
COLUMNS = ("advice_sought", "conveyed_by", "place", "handed_over_in_target")
#: What is planted: a measure and group of hertfordshire, whose number lies between 1 and 4.
PLANTED = [
    ("detention_136_advice_sought", None, "rest"),
    ("detention_136_ambulance", None, "rest"),
    ("detention_136_places", 1, "counted"),
]


def codes(column):
    found = load_standard("detention_136").column(column)
    return [True, False] if found.codes is None else [c.code for c in found.codes.codes]


def titles(column):
    found = load_standard("detention_136").column(column)
    return {None: "", True: "true", False: "false"} | (
        {} if found.codes is None else {c.code: c.title for c in found.codes.codes}
    )


#: Every kind of record the attacker tells apart.
KINDS = [dict(zip(COLUMNS, kind, strict=True)) for kind in product(*([*codes(c)[:3], None] for c in COLUMNS))]


def meets(condition, kind):
    if isinstance(condition, Every):
        return True
    if isinstance(condition, Both):
        return all(meets(c, kind) for c in condition.conditions)
    if isinstance(condition, In):
        return kind[condition.column] in condition.values
    return {"Blank": kind.get(condition.column) is None, "Filled": kind.get(condition.column) is not None}[
        type(condition).__name__
    ]


def numbers_of(force):
    """So many records of each kind: few of some, many of others, none of most."""
    rng = np.random.default_rng(FORCES.index(force) + 1)
    amount = np.zeros(len(KINDS), dtype=int)
    for i, kind in enumerate(KINDS):
        common = kind["advice_sought"] is True and kind["conveyed_by"] == codes("conveyed_by")[0]
        place = codes("place").index(kind["place"]) if kind["place"] else 3
        if common and kind["handed_over_in_target"] is not None and place in (0, 1):
            amount[i] = 40 + rng.integers(20) if place == 0 else 1
        elif common and place == 2 and kind["handed_over_in_target"]:
            amount[i] = 12
    # Three people of whom nobody consulted a professional first, and two who came by police car.
    amount[KINDS.index({**KINDS[0], "advice_sought": False})] = 3
    amount[KINDS.index({**KINDS[0], "conveyed_by": codes("conveyed_by")[1]})] = 2
    return amount


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    folder = tmp_path_factory.mktemp("small")
    returns = {
        ("detention_136", force): [
            {
                "detained_at": f"{('2023-07', '2024-01', '2024-03')[i % 3]}-02T10:00:00+00:00",
                "tally": int(n),
                **{c: titles(c)[kind[c]] for c in COLUMNS},
            }
            for i, (kind, n) in enumerate(zip(KINDS, numbers_of(force), strict=True))
            if n
        ]
        for force in FORCES
    }
    release_of(folder, returns)
    return folder / "lake"


def equations_of(figures):
    """(condition, number) for every number that is printed in figures, their notes included."""
    for figure in figures:
        measure = find_measure(figure["measure"])
        group = measure.group(figure["group"])
        if measure.kind not in ("count", "rate", "share"):
            continue
        condition = measure.counted(group)
        if figure["numerator"] is not None:
            yield condition, figure["numerator"]
        if measure.kind == "share" and figure["denominator"] is not None:
            yield measure.base, figure["denominator"]
            # The value and its base alone would do.
            if figure["value"] is not None:
                yield condition, round(figure["value"] * figure["denominator"] / 100)
        note = figure["coverage"]["note"]
        if "Not known for " in note:
            said = note.partition("Not known for ")[2].split(" of ")
            yield Every(), int(said[1].split()[0].replace(",", ""))
            yield measure.base, int(said[1].split()[0].replace(",", "")) - int(said[0].replace(",", ""))


def outputs(lake, tmp_path, *options):
    """Every figure about the force in every output that leaves it, read back from what was written."""
    about = ("--release", "sample", "--lake", lake, "--ending", "2024-03-31", *options)
    printed = done("figures", *about, "--force", "hertfordshire", "--format", "json").json
    table = done("figures", *about, "--force", "hertfordshire").out
    rows = list(csv.DictReader(io.StringIO(done("figures", *about, "--format", "csv").out)))
    out = tmp_path / "page"
    done("inspect", "hertfordshire", *about, "--out", out, "--made-on", "2024-05-01")
    written = json.loads((out / "figures.json").read_text())
    every = list(csv.DictReader(io.StringIO((out / "all-forces.csv").read_text())))
    one_by_one = [
        f
        for m in dict.fromkeys(f["measure"] for f in printed)
        for f in done("figures", *about, "--force", "hertfordshire", "--measure", m, "--format", "json").json
    ]
    return printed, table, rows, written, every, one_by_one, (out / "index.html").read_text()


def possible(equations, target):
    """The other whole number that the target can be, or None."""
    kinds = KINDS
    a = np.array([[meets(c, k) for k in kinds] for c, _ in equations], dtype=float)
    b = np.array([n for _, n in equations], dtype=float)
    wanted = np.array([bool(meets_target) for meets_target in target], dtype=float)
    bounds = [linprog(way * wanted, A_eq=a, b_eq=b, bounds=(0, None)).fun * way for way in (1, -1)]
    whole = [
        milp(way * wanted, constraints=LinearConstraint(a, b, b), integrality=np.ones(len(kinds))).fun * way
        for way in (1, -1)
    ]
    return bounds, [round(v) for v in whole]


def planted():
    amount = numbers_of("hertfordshire")
    for measure_id, place, part in PLANTED:
        measure = find_measure(measure_id)
        counted = measure.counted(None if place is None else measure.groups[place])
        target = [
            meets(counted, k) if part == "counted" else meets(measure.base, k) and not meets(counted, k)
            for k in KINDS
        ]
        yield measure_id, target, int(amount[target].sum())


def test_an_attacker_with_every_output_finds_none_of_the_planted_numbers(lake, tmp_path):
    printed, table, rows, written, every, one_by_one, page = outputs(lake, tmp_path)
    by_id = {f["id"]: f for f in printed}
    assert all(by_id[f["id"]] == f for f in (*written, *one_by_one)), "two tables of one release differ"
    for table_of_all in (rows, every):
        for row in table_of_all:
            if row["id"] in by_id:
                assert row["numerator"] == (
                    "" if by_id[row["id"]]["numerator"] is None else str(by_id[row["id"]]["numerator"])
                )
    equations = list(equations_of(printed))
    assert len(equations) > 10, "so much is withheld that nothing is tested"
    for measure, target, truth in planted():
        assert 0 < truth < 5, (measure, truth)
        (low, high), whole = possible(equations, target)
        assert high - low >= 1, (measure, truth)
        assert whole[0] < whole[1], (measure, truth, whole)
    assert "withheld" in table
    assert "withheld" in page


def test_the_attacker_finds_them_where_small_numbers_are_shown(lake, tmp_path):
    """Else the test above would pass whatever is printed."""
    printed, *_ = outputs(lake, tmp_path, "--smallest", "1")
    equations = list(equations_of(printed))
    for measure, target, truth in planted():
        _, whole = possible(equations, target)
        assert whole == [truth, truth], measure


def test_nothing_is_added_by_what_explains_a_figure(lake, tmp_path):
    about = ("--release", "sample", "--lake", lake, "--ending", "2024-03-31", "--force", "hertfordshire")
    for figure in done("figures", *about, "--format", "json").json:
        found = done("explain", figure["id"], "--lake", lake, "--format", "json").json
        assert found["agrees"]
        months = [m["numerator"] for m in found["months"]]
        if figure["method"] == "withheld":
            assert set(months) == {None}
            ran = run("explain", figure["id"], "--lake", lake, "--rows", tmp_path / "rows.csv")
            assert ran.code == 2
            assert not (tmp_path / "rows.csv").exists()
        elif find_measure(figure["measure"]).of_people:
            assert not [m for m in months if m and m < 5]
            assert months.count(None) != 1, "a single month that is withheld is the total less the rest"


@pytest.mark.parametrize("options", [("--smallest", "10"), ("--round-to", "5")])
def test_a_figure_made_with_other_settings_is_explained_with_them(lake, options):
    about = ("--release", "sample", "--lake", lake, "--ending", "2024-03-31", "--force", "hertfordshire")
    plain = {f["id"] for f in done("figures", *about, "--format", "json").json}
    for figure in done("figures", *about, *options, "--format", "json").json[:6]:
        assert figure["id"] not in plain
        assert done("explain", figure["id"], "--lake", lake, "--format", "json").json["agrees"]
        if options[0] == "--round-to" and figure["numerator"] is not None:
            assert figure["numerator"] % 5 == 0
