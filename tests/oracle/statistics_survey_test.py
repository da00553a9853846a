"""Our design-based estimates against those of R's package survey from its own example data.

The numbers in survey_results.json were made by r/survey_results.R. Sampling within the clusters of apiclus2
is not part of our designs: its first stage alone is compared, with and without a population size.
"""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from openpeel.statistics.design import Design, post_stratify, survey_design
from openpeel.statistics.replication import jackknife_variance
from openpeel.statistics.survey import SurveyEstimate, mean, proportion, ratio, total
from openpeel.statistics.survey_interval import korn_graubard, logit_interval, survey_wald

FOLDER = Path(__file__).parents[2].parent / "shared" / "data" / "oracles" / "survey"
SCRIPT = Path(__file__).parent / "r" / "survey_results.R"
PUBLISHED = json.loads((Path(__file__).parent / "survey_results.json").read_text(encoding="utf-8"))
# Without an estimate there is null, here NaN.
R = {name: np.array(numbers, dtype=np.float64) for name, numbers in PUBLISHED["results"].items()}
SAME = {"rtol": 1e-9, "atol": 0.0}
SCHOOL_TYPES = {"E": 4421, "H": 755, "M": 1018}


@cache
def data(name: str) -> dict[str, np.ndarray]:
    """The columns of one of the package's data sets; NA becomes NaN among numbers."""
    path = FOLDER / f"{name}.csv"
    if not path.is_file():
        pytest.skip(f"the example data of R's package survey are not here: {path.name}")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {column: _column([row[column] for row in rows]) for column in rows[0]}


def _column(cells: list[str]) -> np.ndarray:
    try:
        return np.array([np.nan if cell == "NA" else float(cell) for cell in cells])
    except ValueError:
        return np.array(cells)


@cache
def school_design(name: str) -> tuple[Design, dict[str, np.ndarray]]:
    schools = data(name.split()[0])
    clusters = schools["dnum"] if name.startswith("apiclus") else None
    strata = schools["stype"] if name.startswith("apistrat") else None
    weights, population = schools["pw"], None
    if name == "apiclus1 in strata":
        strata = schools["dnum"] > 400
        weights = np.where(strata, 2 * weights, weights)
    elif "without fpc" not in name:
        population = schools["fpc1" if name.startswith("apiclus2") else "fpc"]
    design = survey_design(weights=weights, clusters=clusters, strata=strata, population=population)
    if name == "apistrat post-stratified":
        design = post_stratify(design, schools["comp.imp"], {"No": 1700, "Yes": 4494})
    elif name.endswith("post-stratified"):
        design = post_stratify(design, schools["stype"], SCHOOL_TYPES)
    return design, schools


SCHOOL_DESIGNS = [
    "apisrs",
    "apisrs without fpc",
    "apistrat",
    "apiclus1",
    "apiclus2 first stage",
    "apiclus2 without fpc",
    "apiclus1 post-stratified",
    "apisrs post-stratified",
    "apistrat post-stratified",
    "apiclus1 in strata",
]


def same_as_r(ours: SurveyEstimate, name: str) -> None:
    np.testing.assert_allclose(ours.value, np.squeeze(R[f"{name} value"]), **SAME, err_msg=name)
    np.testing.assert_allclose(ours.se, np.squeeze(R[f"{name} se"]), **SAME, err_msg=name)
    if f"{name} deff" in R:
        np.testing.assert_allclose(ours.deff, np.squeeze(R[f"{name} deff"]), **SAME, err_msg=name)
    if f"{name} deff with replacement" in R:
        np.testing.assert_allclose(
            ours.deff_with_replacement, np.squeeze(R[f"{name} deff with replacement"]), **SAME, err_msg=name
        )


@pytest.mark.parametrize("name", SCHOOL_DESIGNS)
def test_totals_means_proportions_and_ratios_are_those_of_r(name: str):
    design, schools = school_design(name)
    known = ~np.isnan(schools["enroll"])
    same_as_r(total(design, schools["enroll"], where=known), f"{name} total enroll")
    same_as_r(mean(design, schools["api00"]), f"{name} mean api00")
    same_as_r(proportion(design, schools["awards"] == "Yes"), f"{name} proportion award")
    same_as_r(ratio(design, schools["api.stu"], schools["enroll"], where=known), f"{name} ratio tested")


@pytest.mark.parametrize("name", SCHOOL_DESIGNS)
def test_domains_are_those_of_r(name: str):
    design, schools = school_design(name)
    by, known = schools["stype"], ~np.isnan(schools["enroll"])
    same_as_r(mean(design, schools["api00"], by=by), f"{name} mean by stype")
    same_as_r(total(design, schools["api00"], by=by), f"{name} total by stype")
    same_as_r(
        ratio(design, schools["api.stu"], schools["enroll"], by=by, where=known), f"{name} ratio by stype"
    )
    enrolled = mean(design, schools["enroll"], by=schools["comp.imp"], where=known)
    same_as_r(enrolled, f"{name} mean by improvement")


@pytest.mark.parametrize("name", SCHOOL_DESIGNS)
def test_degrees_of_freedom_are_those_of_r(name: str):
    design, schools = school_design(name)
    assert design.degrees_of_freedom == R[f"{name} df"]
    by_type = mean(design, schools["api00"], by=schools["stype"])
    assert by_type.df.tolist() == R[f"{name} df by stype"].tolist()


@pytest.mark.parametrize("level", [0.95, 0.998])
@pytest.mark.parametrize("name", SCHOOL_DESIGNS)
def test_intervals_for_a_proportion_are_those_of_svyciprop(name: str, level: float):
    design, schools = school_design(name)
    award = proportion(design, schools["awards"] == "Yes")
    for method, ours in [
        ("mean", survey_wald(award, level)),
        ("xlogit", logit_interval(award, level)),
        ("beta", korn_graubard(award, level)),
    ]:
        expected = R[f"{name} {method} {level:g}"]
        np.testing.assert_allclose([ours.lower, ours.upper], expected, **SAME, err_msg=method)
    # R fits method 'logit' as a model by iteration, which stops near 1e-8.
    logit = logit_interval(award, level)
    np.testing.assert_allclose([logit.lower, logit.upper], R[f"{name} logit {level:g}"], rtol=1e-7)


@pytest.mark.parametrize("name", ["hospital", "hospital without fpc"])
def test_the_births_in_sampled_hospitals_are_those_of_r(name: str):
    hospitals = data("hospital")
    population = hospitals["tothosp"] if name == "hospital" else None
    design = survey_design(weights=hospitals["weighta"], strata=hospitals["oblevel"], population=population)
    same_as_r(total(design, hospitals["births"]), f"{name} total births")
    same_as_r(mean(design, hospitals["births"]), f"{name} mean births")


@pytest.mark.parametrize("name", ["withreplacement", "withoutreplacement"])
def test_the_small_sample_with_nested_clusters_is_that_of_r(name: str):
    units = data("fpc")
    design = survey_design(
        weights=units["weight"],
        strata=units["stratid"],
        clusters=units["psuid"],
        population=units["Nh"] if name == "withoutreplacement" else None,
        nest=True,
    )
    same_as_r(total(design, units["x"]), f"fpc {name} total")
    same_as_r(mean(design, units["x"]), f"fpc {name} mean")
    above = units["x"] > 4
    same_as_r(mean(design, units["x"], where=above), f"fpc {name} mean of x above 4")


def test_municipalities_sampled_in_clusters_are_those_of_r():
    units = data("mu284")
    weights = units["n1"] / 5 * units["n2"] / 3
    design = survey_design(weights=weights, clusters=units["id1"], population=units["n1"])
    same_as_r(total(design, units["y1"]), "mu284 first stage total")
    same_as_r(mean(design, units["y1"]), "mu284 first stage mean")


def test_the_survival_of_people_in_ambulances_is_that_of_r():
    units = data("scd")
    design = survey_design(weights=np.ones(6), strata=units["ESA"], clusters=units["ambulance"], nest=True)
    same_as_r(ratio(design, units["alive"], units["arrests"]), "scd ratio")


@pytest.mark.parametrize("rule", ["certainty", "adjust", "average"])
def test_a_stratum_with_a_single_psu_counts_as_in_r(rule: Any):
    units = {column: np.r_[cells[:6], cells[:3]] for column, cells in data("fpc").items()}
    units["stratid"][6:], units["x"][6:] = 3, units["x"][6:] * 1.5
    design = survey_design(
        weights=units["weight"],
        strata=units["stratid"],
        clusters=units["psuid"],
        population=units["Nh"],
        nest=True,
        single_psu=rule,
    )
    x = units["x"]
    for name, ours in [
        ("total", total(design, x)),
        ("mean", mean(design, x)),
        ("mean of x above 4", mean(design, x, where=x > 4)),
        ("total of x below 4", total(design, x, where=x < 4)),
    ]:
        np.testing.assert_allclose(ours.se, R[f"single {rule} {name}"][0], **SAME, err_msg=name)


@pytest.mark.parametrize("name", ["apistrat", "apiclus1", "apisrs post-stratified"])
def test_the_jackknife_is_that_of_r(name: str):
    design, schools = school_design(name)
    tested, enrolled = schools["api.stu"], schools["enroll"]
    for statistic, estimator in {
        "mean": lambda changed: mean(changed, schools["api00"]).value,
        "ratio": lambda changed: ratio(changed, tested, enrolled).value,
        "total": lambda changed: total(changed, tested).value,
    }.items():
        ours = np.sqrt(jackknife_variance(design, estimator))
        np.testing.assert_allclose(ours, R[f"{name} jackknife {statistic}"][0], **SAME, err_msg=statistic)


def test_r_still_gives_the_recorded_numbers():
    rscript = shutil.which("Rscript")
    if rscript is None:
        pytest.skip("R is not installed: the recorded numbers were compared with, R was not run")
    if subprocess.run([rscript, "-e", "library(survey)"], capture_output=True, check=False).returncode:
        pytest.skip("R's package survey is not installed: only the recorded numbers were compared with")
    if not FOLDER.is_dir():
        pytest.skip("the example data of R's package survey are not here")
    run = subprocess.run(
        [rscript, str(SCRIPT), str(FOLDER)], capture_output=True, check=True, text=True, timeout=120
    )
    live = json.loads(run.stdout)["results"]
    assert live.keys() == R.keys()
    for name, numbers in live.items():
        np.testing.assert_allclose(np.array(numbers, dtype=np.float64), R[name], **SAME, err_msg=name)
