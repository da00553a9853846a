"""An audit from a release to its figures on the command line, on invented records and on Hertfordshire's own."""

import csv
import json
from collections import Counter
from pathlib import Path

import pytest

from command_line import done, run
from invented_records import as_csv, write_year

REAL = Path(__file__).parents[2].parent / "shared" / "data" / "police_uk" / "hertfordshire"
DAYS = ("--from", "2020-04-01", "--to", "2021-03-31")
IN_SCOPE = ("Police and Criminal Evidence Act 1984 (section 1)", "Misuse of Drugs Act 1971 (section 23)")


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    folder = tmp_path_factory.mktemp("audit")
    write_year(folder / "files", ("kent", "essex"), count=40)
    path = next((folder / "files").rglob("2020-06-kent*.csv"))
    rows = rows_of(path)
    for row in rows[:7]:
        row["Legislation"] = "Criminal Justice and Public Order Act 1994 (section 60)"
    for row in rows[7:10]:
        row["Legislation"] = ""
    path.write_bytes(as_csv([list(row.values()) for row in rows]))
    done("load", folder / "files", "--lake", folder / "lake")
    done("release", "create", "spring", "--lake", folder / "lake")
    return folder / "lake"


def draw(lake, folder, *more, size=60, seed="2 7 1 8"):
    return done(
        *("audit", "draw", "stop_search", "--release", "spring", "--lake", lake, "--force", "kent", *DAYS),
        *("--size", size, "--seed", seed, "--out", folder / "cases.csv", *more),
    )


def rows_of(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def estimated(folder, *more):
    shown = done(
        *("audit", "estimate", "stop_search", "--codings", folder / "coded.csv"),
        *("--frame", folder / "cases.frame.json", *more, "--format", "json"),
    )
    return shown.json


@pytest.fixture
def drawn(lake, tmp_path):
    draw(lake, tmp_path)
    done("audit", "invent", "stop_search", tmp_path / "cases.draw.json", "--out", tmp_path / "coded.csv")
    return tmp_path


def test_the_frame_holds_every_record_in_scope_of_the_force_and_days_and_no_other(lake, drawn):
    frame = json.loads((drawn / "cases.frame.json").read_text())
    cases = [case for stratum in frame["strata"] for case in stratum["cases"]]
    begins = {f["begins"]: f["name"] for f in frame["source"]["files"]}
    found = {(begins[case.rpartition("-")[0]], int(case.rpartition("-")[2])) for case in cases}
    in_scope, every = set(), 0
    for path in (lake.parent / "files").rglob("*kent*.csv"):
        for number, row in enumerate(rows_of(path), start=2):
            every += 1
            if row["Legislation"] in IN_SCOPE:
                in_scope.add((path.name, number))
    assert found == in_scope
    assert len(cases) == len(found)
    assert frame["source"]["records"] == every
    left_out = frame["source"]["left_out"]
    assert (left_out["outside_scope"], left_out["scope_not_known"]) == (7, 3)
    assert every == len(found) + 10


def test_the_sheet_says_where_the_record_of_each_case_stands(drawn):
    sheet = rows_of(drawn / "cases.csv")
    assert Counter(row["list"] for row in sheet) == {"sample": 60, "reserve": 6}
    assert all(row["case"].endswith(f"-{row['row']}") and row["file"].endswith(".csv") for row in sheet)
    assert [row["order"] for row in sheet[:3]] == ["1", "2", "3"]
    assert not any(row["reasonable_grounds"] for row in sheet)


def test_the_same_seed_draws_the_same_cases_and_another_seed_others(lake, tmp_path):
    folders = [tmp_path / name for name in ("one", "two", "three")]
    for folder, seed in zip(folders, ("a", "a", "b"), strict=True):
        folder.mkdir()
        draw(lake, folder, seed=seed)
    one, two, three = ((f / "cases.csv").read_bytes() for f in folders)
    assert one == two
    assert one != three


def test_the_commitment_can_be_published_before_the_draw_and_is_held_to(lake, tmp_path):
    framed = done(
        *("audit", "frame", "stop_search", "--release", "spring", "--lake", lake, "--force", "kent", *DAYS),
        *("--out", tmp_path / "cases.frame.json", "--seed", "six dice", "--format", "json"),
    ).json
    options = ("--frame", tmp_path / "cases.frame.json", "--size", "30", "--out", tmp_path / "cases.csv")
    committed = ("--commitment", framed["commitment"])
    refused = run("audit", "draw", "stop_search", *options, "--seed", "other dice", *committed)
    assert refused.code == 2
    assert "Nothing was drawn" in refused.err
    assert not (tmp_path / "cases.csv").exists()
    done("audit", "draw", "stop_search", *options, "--seed", "six dice", *committed)
    verified = done("audit", "verify", tmp_path / "cases.draw.json", *committed)
    assert "the same 30 of" in verified.out
    assert run("audit", "verify", tmp_path / "cases.draw.json", "--commitment", "0" * 64).code == 1


def test_a_draw_in_which_one_case_was_exchanged_is_found_out(drawn):
    path = drawn / "cases.draw.json"
    draw_of = json.loads(path.read_text())
    sample, reserves = draw_of["strata"][0]["sample"], draw_of["strata"][0]["reserves"]
    sample[0], reserves[0] = reserves[0], sample[0]
    path.write_text(json.dumps(draw_of))
    verified = run("audit", "verify", path)
    assert verified.code == 1
    assert "NOT what frame and seed give" in verified.out
    refused = run(
        *("audit", "estimate", "stop_search", "--codings", drawn / "coded.csv"),
        *("--frame", drawn / "cases.frame.json"),
    )
    assert refused.code == 1


def test_figures_of_an_audit_are_figures_like_any_other(drawn):
    found = estimated(drawn)
    figure = next(r["figure"] for r in found["results"] if r["id"] == "reasonable_grounds")
    assert figure["id"].startswith("stop_search-reasonable_grounds.kent.2020-04.2021-03.all.")
    assert figure["unit"] == "percent"
    assert figure["lower"] < figure["value"] < figure["upper"]
    assert "invented" in figure["coverage"]["note"].lower()
    assert figure["definition"] == found["audit"]["definition"]
    as_table = done(
        *("audit", "estimate", "stop_search", "--codings", drawn / "coded.csv"),
        *("--frame", drawn / "cases.frame.json", "--format", "csv"),
    ).out
    assert figure["id"] in as_table


def test_a_figure_is_explained_from_its_codings_and_the_cases_that_count_are_listed(drawn):
    result = next(r for r in estimated(drawn, "--interval", "logit")["results"] if r["id"] == "item_found")
    figure = result["figure"]
    files = ("--codings", drawn / "coded.csv", "--frame", drawn / "cases.frame.json")
    explained = done("explain", figure["id"], *files, "--rows", drawn / "rows.csv")
    assert "it agrees to the last digit" in explained.out
    counted = rows_of(drawn / "rows.csv")
    assert len(counted) == figure["denominator"]
    assert sum(row["counted"] == "yes" for row in counted) == figure["numerator"]
    weight = sum(float(row["weight"]) for row in counted)
    weighted = sum(float(row["weight"]) for row in counted if row["counted"] == "yes")
    assert 100 * weighted / weight == pytest.approx(figure["value"])


def test_a_figure_whose_codings_were_changed_is_explained_as_not_agreeing(drawn):
    figure = next(r["figure"] for r in estimated(drawn)["results"] if r["id"] == "reasonable_grounds")
    sheet = (drawn / "coded.csv").read_text(encoding="utf-8-sig").splitlines()
    column = sheet[0].split(",").index("reasonable_grounds")
    at = next(i for i, line in enumerate(sheet) if line.split(",")[column] == "yes")
    cells = sheet[at].split(",")
    cells[column] = "no"
    sheet[at] = ",".join(cells)
    (drawn / "coded.csv").write_text("\n".join(sheet), encoding="utf-8")
    explained = run(
        "explain", figure["id"], "--codings", drawn / "coded.csv", "--frame", drawn / "cases.frame.json"
    )
    assert explained.code == 1
    assert "does NOT agree" in explained.out


def test_a_figure_of_an_audit_without_its_codings_says_what_it_needs(drawn):
    asked = run("explain", "stop_search-item_found.kent.2020-04.2021-03.all.00000000.0000000000")
    assert asked.code == 2
    assert "--codings" in asked.err
    assert "--frame" in asked.err


def test_an_earlier_audit_is_compared_by_newcombes_interval_and_its_words_say_so(lake, tmp_path):
    for name, seed in (("before", "1"), ("after", "2")):
        (tmp_path / name).mkdir()
        draw(lake, tmp_path / name, seed=seed)
        done(
            *("audit", "invent", "stop_search", tmp_path / name / "cases.draw.json", "--seed", seed),
            *("--out", tmp_path / name / "coded.csv"),
        )
    earlier = tmp_path / "earlier.json"
    earlier.write_text(json.dumps(estimated(tmp_path / "before")), encoding="utf-8")
    found = estimated(tmp_path / "after", "--previous", earlier)["changes"]
    grounds = next(c for c in found if c["result"] == "reasonable_grounds")
    assert grounds["newcombe"] is not None
    assert grounds["verdict"] in (
        "statistically significant improvement",
        "statistically significant deterioration",
        "no significant change",
    )
    lower, upper = grounds["newcombe"]
    assert (grounds["verdict"] == "no significant change") == (lower <= 0 <= upper)


def test_an_earlier_audit_by_other_rules_or_of_another_force_is_not_compared(drawn):
    found = estimated(drawn)
    for change, said in (
        ({"series": 2}, "cannot be compared"),
        ({"force": "E23000027"}, "E23000027"),
        ({"instrument": "victim_service"}, "victim_service"),
    ):
        earlier = drawn / "earlier.json"
        earlier.write_text(json.dumps({**found, "audit": {**found["audit"], **change}}), encoding="utf-8")
        refused = run(
            *("audit", "estimate", "stop_search", "--codings", drawn / "coded.csv"),
            *("--frame", drawn / "cases.frame.json", "--previous", earlier),
        )
        assert refused.code == 1
        assert said in refused.err


def test_a_rate_is_set_against_a_standard(drawn):
    found = estimated(drawn, "--standard", "reasonable_grounds=20", "--standard", "item_found=100")[
        "standards"
    ]
    assert [s["verdict"] for s in found] == ["above", "below"]


def test_two_coders_who_differ_need_a_third_and_their_agreement_is_told(drawn):
    sheet = rows_of(drawn / "coded.csv")
    names = list(sheet[0])
    second = [{**row, "coder": "B"} for row in sheet if not row["unusable"]][:30]
    differ = second[0]
    differ["reasonable_grounds"] = "no" if differ["reasonable_grounds"] == "yes" else "yes"
    write = drawn / "second.csv"

    def written(rows):
        with write.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, names)
            writer.writeheader()
            writer.writerows(rows)

    written(second)
    files = ("--codings", drawn / "coded.csv", "--codings", write, "--frame", drawn / "cases.frame.json")
    refused = run("audit", "estimate", "stop_search", *files)
    assert refused.code == 1
    assert f"case {differ['case']}, column 'reasonable_grounds': the two codings disagree" in refused.err
    written([*second, {**differ, "coder": "reconciled"}])
    found = done("audit", "estimate", "stop_search", *files, "--format", "json").json
    agreed = {a["question"]: a for a in found["agreement"]}
    assert agreed["reasonable_grounds"]["coded_twice"] == 30
    assert agreed["reasonable_grounds"]["observed"] == pytest.approx(29 / 30)
    assert agreed["item_found"]["observed"] == 1


def test_audits_of_several_forces_are_compared_with_a_correction(lake, tmp_path):
    audits = []
    for force, seed in (("kent", "1"), ("essex", "2")):
        folder = tmp_path / force
        folder.mkdir()
        done(
            *("audit", "draw", "stop_search", "--release", "spring", "--lake", lake, "--force", force, *DAYS),
            *("--size", 60, "--seed", seed, "--out", folder / "cases.csv"),
        )
        done(
            *("audit", "invent", "stop_search", folder / "cases.draw.json", "--seed", seed),
            *("--out", folder / "coded.csv"),
        )
        audits.append(folder / "audit.json")
        audits[-1].write_text(json.dumps(estimated(folder)), encoding="utf-8")
    compared = ("audit", "compare", *audits, "--result", "reasonable_grounds", "--format", "json")
    with_mean = done(*compared).json
    assert [row["force_name"] for row in with_mean] == ["Kent", "Essex"]
    assert with_mean[0]["difference"] == pytest.approx(-with_mean[1]["difference"])
    (pair,) = done(*compared, "--against", "each other", "--correction", "none").json
    assert pair["difference"] == pytest.approx(2 * with_mean[0]["difference"])
    assert pair["p"] == pytest.approx(with_mean[0]["p"])
    assert run("audit", "compare", audits[0], audits[0], "--result", "reasonable_grounds").code == 1


def test_the_cases_are_the_same_whichever_engine_lists_them(lake, tmp_path):
    pytest.importorskip("pyspark")
    for engine in ("duckdb", "spark"):
        (tmp_path / engine).mkdir()
        draw(lake, tmp_path / engine, "--engine", engine)
    assert (tmp_path / "duckdb" / "cases.frame.json").read_bytes() == (
        tmp_path / "spark" / "cases.frame.json"
    ).read_bytes()


def test_closed_cases_of_hertfordshire_are_drawn_each_crime_once(tmp_path):
    """Counted by the csv module alone: the last closing outcome of each crime in the year."""
    if not REAL.is_dir():
        pytest.skip("the published files of Hertfordshire are not here")
    for month in range(1, 13):
        name = f"2021-{month:02}-hertfordshire-outcomes.csv"
        done("load", REAL / name, "--lake", tmp_path / "lake")
    done("release", "create", "r", "--lake", tmp_path / "lake")
    done(
        *("audit", "draw", "victim_service", "--release", "r", "--lake", tmp_path / "lake"),
        *("--force", "hertfordshire", "--from", "2021-01-01", "--to", "2021-12-31"),
        *("--size", 100, "--seed", "1", "--out", tmp_path / "cases.csv"),
    )
    closing = {
        "Investigation complete; no suspect identified",
        "Unable to prosecute suspect",
        "Local resolution",
        "Action to be taken by another organisation",
        "Further investigation is not in the public interest",
        "Further action is not in the public interest",
        "Formal action is not in the public interest",
        "Suspect charged",
        "Suspect charged as part of another case",
        "Offender given a caution",
        "Offender given a drugs possession warning",
        "Offender given penalty notice",
    }
    last, rows = {}, 0
    for month in range(1, 13):
        with (REAL / f"2021-{month:02}-hertfordshire-outcomes.csv").open(
            encoding="utf-8", newline=""
        ) as file:
            for row in csv.DictReader(file):
                rows += 1
                if row["Outcome type"] in closing:
                    last[row["Crime ID"]] = row["Outcome type"]
    frame = json.loads((tmp_path / "cases.frame.json").read_text())
    sizes = {s["values"]["closed_as"]: len(s["cases"]) for s in frame["strata"]}
    none_identified = sum(o == "Investigation complete; no suspect identified" for o in last.values())
    assert sizes == {"outcome_18": none_identified, "other": len(last) - none_identified}
    assert frame["source"]["records"] == rows
    drawn = Counter(row["closed_as"] for row in rows_of(tmp_path / "cases.csv") if row["list"] == "sample")
    assert drawn["outcome_18"] >= 20
    assert sum(drawn.values()) == 100
    text = (tmp_path / "cases.csv").read_text() + (tmp_path / "cases.frame.json").read_text()
    assert not any(crime in text for crime in list(last)[:200])  # the crime's id stays in the lake
