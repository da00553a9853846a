"""An audit of crime recording, from its coding sheet to its intervals, against R's package survey on the same crimes.

Reports are clusters of none to three crimes in five strata. The numbers in audit_results.json were made by
r/audit_results.R from the table that `crimes` writes.
"""

import csv
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from audit_sample import begin

HERE = Path(__file__).parent
R = json.loads((HERE / "audit_results.json").read_text(encoding="utf-8"))["results"]

SIZES = {
    ("incident", "violence"): 1400,
    ("incident", "sexual"): 90,
    ("incident", "other"): 5200,
    ("direct", "violence"): 310,
    ("direct", "other"): 2200,
}
CLASSES = ("violence_with_injury", "other_sexual", "burglary", "fraud")


def listed(place):
    """The crimes of the report at this place in the draw: class, and whether recorded; by arithmetic, not by chance."""
    number = (place * 7 + place // 5) % 4
    return [
        (CLASSES[(place * 3 + n * n) % 4], (place * 5 + n * 11) % 13 > 1 + place % 2) for n in range(number)
    ]


@pytest.fixture(scope="module")
def audit(tmp_path_factory):
    begun = begin(tmp_path_factory.mktemp("r"), "crime_data_integrity", SIZES, 420)
    rows = []
    for place, (case, _) in enumerate(begun.cases):
        crimes = listed(place)
        rows.append({"case": case, "crime_due": "yes" if crimes else "no"})
        for number, (name, recorded) in enumerate(crimes, start=1):
            found = {"recorded_when": "later", "right_class": "no"} if recorded else {}
            yes_no = "yes" if recorded else "no"
            rows.append({"case": case, "crime": str(number), "class": name, "recorded": yes_no, **found})
    return begun, begun.estimate(begun.code(rows))


def crimes(begun, path):
    """Write what R reads: the draw and the rule of `listed`, without anything of ours in between."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["case", "stratum", "size", "due", "class", "recorded"])
        sizes = {" / ".join(values): size for values, size in SIZES.items()}
        for place, (case, stratum) in enumerate(begun.cases):
            for name, recorded in listed(place) or [("none", False)]:
                writer.writerow(
                    [case, stratum, sizes[stratum], int(name not in ("none", "fraud")), name, int(recorded)]
                )


@pytest.mark.parametrize("result", ["all_crime", "violence", "sexual"])
def test_the_audit_gives_what_r_gives(audit, result):
    found = audit[1].estimate(result)
    same = {"rel": 1e-9, "abs": 0}
    assert found.value / 100 == pytest.approx(R[f"{result} value"][0], **same)
    assert found.se / 100 == pytest.approx(R[f"{result} se"][0], **same)
    assert found.deff == pytest.approx(R[f"{result} deff"][0], **same)
    assert found.df == R[f"{result} df"][0]
    korn_graubard = [bound / 100 for bound in found.intervals["korn_graubard"]]
    assert korn_graubard == pytest.approx(R[f"{result} beta"], **same)
    # R finds this one by iteration.
    assert [bound / 100 for bound in found.intervals["logit"]] == pytest.approx(
        R[f"{result} logit"], rel=1e-7
    )


def test_the_reports_hold_crimes_in_clusters(audit):
    found = audit[1].estimate("all_crime")
    reports = {seen.case.case for seen in found.observations}
    assert found.denominator > 1.5 * len(reports)
    assert found.df < len(reports)
    assert not found.simple


def test_r_still_gives_the_recorded_numbers(audit, tmp_path):
    rscript = shutil.which("Rscript")
    if rscript is None or subprocess.run([rscript, "-e", "library(survey)"], capture_output=True).returncode:
        pytest.skip(
            "R with its package survey is not installed: only the recorded numbers were compared with"
        )
    crimes(audit[0], tmp_path / "crimes.csv")
    run = subprocess.run(
        [rscript, str(HERE / "r" / "audit_results.R"), str(tmp_path / "crimes.csv")],
        capture_output=True,
        check=True,
        text=True,
        timeout=120,
    )
    live = json.loads(run.stdout)["results"]
    assert live.keys() == R.keys()
    for name, numbers in live.items():
        assert numbers == pytest.approx(R[name], rel=1e-9), name
