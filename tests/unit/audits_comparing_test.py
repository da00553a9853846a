"""Audits beside an earlier one, a standard and other forces: what may be said, and when nothing may."""

import json

import pytest

from audit_sample import HERTFORDSHIRE, begin
from openpeel.audits.comparing import compare_forces
from openpeel.audits.earlier import read_earlier
from openpeel.audits.outcome import Options
from openpeel.errors import DataError, UseError

SEARCH = {
    "grounds_recorded": "yes",
    "self_defined_ethnicity": "white",
    "item_found": "no",
    "further_action": "no",
    "clip": "not_chosen",
}


@pytest.fixture
def audited(tmp_path):
    """An audit of so many searches of which so many had grounds."""

    def make(grounds, of=200, name="cases"):
        audit = begin(tmp_path, "stop_search", {(): 5000}, of, name=f"{name}.csv")
        rows = [
            {"case": case, **SEARCH, "reasonable_grounds": "yes" if n < grounds else "no"}
            for n, (case, _) in enumerate(audit.cases)
        ]
        return audit, audit.code(rows, f"{name}-coded.csv")

    return make


def earlier(tmp_path, **result):
    path = tmp_path / "earlier.json"
    path.write_text(json.dumps({"results": [{"id": "reasonable_grounds", **result}]}))
    return path


def change(audited, tmp_path, grounds, of=200, **before):
    audit, coded = audited(grounds, of)
    (found,) = audit.estimate(coded, previous=earlier(tmp_path, **before)).changes
    return found


def test_a_fall_is_a_deterioration_where_higher_is_better(audited, tmp_path):
    found = change(audited, tmp_path, 140, value=85, half_width=4)
    assert found.verdict == "statistically significant deterioration"
    assert found.upper < 0


def test_a_difference_that_chance_explains_is_no_significant_change(audited, tmp_path):
    assert change(audited, tmp_path, 170, value=83, half_width=5).verdict == "no significant change"


def test_the_z_of_a_published_pair_is_that_of_the_half_widths(audited, tmp_path):
    found = change(audited, tmp_path, 150, value=85, half_width=4)
    # 75 % of 200 of 5,000, against 85 ± 4
    se = ((1 - 200 / 5000) * 0.75 * 0.25 / 199) ** 0.5 * 100
    z = (75 - 85) / (se**2 + (4 / 1.959964) ** 2) ** 0.5
    assert found.difference / ((found.upper - found.lower) / (2 * 1.959964)) == pytest.approx(z, rel=1e-6)


@pytest.mark.parametrize("grounds", [200, 198, 196])
def test_with_too_few_cases_on_one_side_nothing_is_said_of_a_change(audited, tmp_path, grounds):
    found = change(audited, tmp_path, grounds, value=80, half_width=6)
    assert found.verdict == "not assessed"
    assert "Too few cases" in found.note


def test_an_earlier_rate_of_100_percent_without_error_proves_nothing(audited, tmp_path):
    assert change(audited, tmp_path, 150, value=100, half_width=0).verdict == "not assessed"


def test_two_simple_samples_are_compared_by_their_counts_even_near_100_percent(audited, tmp_path):
    before, coded_before = audited(160, name="before")
    path = tmp_path / "before.json"
    path.write_text(json.dumps(before.estimate(coded_before).as_json()))
    after, coded_after = audited(200, name="after")
    (found,) = [
        c for c in after.estimate(coded_after, previous=path).changes if c.result == "reasonable_grounds"
    ]
    # Newcombe (1998), method 10, of 200/200 and 160/200, worked out from Wilson's bounds.
    assert found.newcombe == pytest.approx((14.7, 26.1), abs=0.1)
    assert found.verdict == "statistically significant improvement"


def test_what_a_published_result_does_not_say_of_itself_is_noted(audited, tmp_path):
    assert "same rules" in change(audited, tmp_path, 150, value=80, half_width=5).note


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[]", "expected a list of 'results'"),
        ("not json", "expected JSON"),
        ('{"results": []}', "expected a list of 'results'"),
        ('{"results": [5]}', "result 1"),
        ('{"results": [{"id": "a", "value": 180}]}', "'value' of the result 'a'"),
        ('{"results": [{"id": "a", "value": 80}]}', "'half_width' of the result 'a'"),
        ('{"results": [{"id": "a", "value": 80, "half_width": -1}]}', "from 0 to 100, got -1"),
        ('{"results": [{"id": "a", "value": true, "half_width": 1}]}', "got True"),
        ('{"results": [{"id": "a", "value": 80, "half_width": NaN}]}', "got nan"),
        ('{"results": [{"id": "a", "value": 80, "half_width": 3, "level": 95}]}', "level"),
        ("[" * 100_000, "expected JSON"),
    ],
)
def test_an_earlier_audit_that_cannot_be_read_says_what_was_expected(tmp_path, content, said):
    path = tmp_path / "earlier.json"
    path.write_text(content)
    with pytest.raises(DataError, match=said.replace("[", r"\[")) as refused:
        read_earlier(path)
    assert "half_width" in str(refused.value)  # an example of what can be given


def test_a_rate_is_shown_above_a_standard_or_not(audited, tmp_path):
    audit, coded = audited(190)
    options = Options(standards=(("reasonable_grounds", 90.0), ("item_found", 50.0)))
    above, below = audit.estimate(coded, options=options).standards
    assert (above.verdict, below.verdict) == ("above", "below")
    near = Options(standards=(("reasonable_grounds", 94.0),))
    assert audit.estimate(coded, options=near).standards[0].verdict == "not shown"
    with pytest.raises(UseError, match="reasonable_grounds"):
        audit.estimate(coded, options=Options(standards=(("grounds_minority", 90.0),)))


def forces(tmp_path, **rates):
    paths = []
    for force, (value, se) in rates.items():
        audit = {"instrument": "stop_search", "series": 1, "force": force}
        result = {"id": "reasonable_grounds", "group": "", "value": value, "se": se, "refused": ""}
        path = tmp_path / f"{force}.json"
        path.write_text(json.dumps({"audit": audit, "results": [result]}))
        paths.append(path)
    return paths


def test_a_force_that_stands_out_among_several_does_so_after_the_correction(tmp_path):
    paths = forces(tmp_path, kent=(94.2, 1.5), essex=(91.0, 1.6), surrey=(80.8, 2.9))
    kent, essex, surrey = compare_forces(paths, "reasonable_grounds")
    assert (kent.differs, essex.differs, surrey.differs) == (True, False, True)
    assert kent.difference == pytest.approx(94.2 - (94.2 + 91.0 + 80.8) / 3)
    assert all(f.adjusted_p >= f.p for f in (kent, essex, surrey))


def test_each_pair_of_forces_is_compared_once(tmp_path):
    paths = forces(tmp_path, kent=(94.2, 1.5), essex=(91.0, 1.6), surrey=(80.8, 2.9))
    pairs = compare_forces(paths, "reasonable_grounds", against="each other")
    assert [(p.first, p.second) for p in pairs] == [
        ("Kent", "Essex"),
        ("Kent", "Surrey"),
        ("Essex", "Surrey"),
    ]


def test_what_cannot_be_compared_is_refused(tmp_path):
    kent, essex = forces(tmp_path, kent=(94.2, 1.5), essex=(None, None))
    with pytest.raises(UseError, match="two forces"):
        compare_forces([kent], "reasonable_grounds")
    with pytest.raises(DataError, match="Kent comes twice"):
        compare_forces([kent, kent], "reasonable_grounds")
    with pytest.raises(DataError, match="no rate 'reasonable_grounds'"):
        compare_forces([kent, essex], "reasonable_grounds")
    other = tmp_path / "other.json"
    other.write_text(kent.read_text().replace('"series": 1', '"series": 2').replace("kent", HERTFORDSHIRE))
    with pytest.raises(DataError, match="same rules"):
        compare_forces([kent, other], "reasonable_grounds")
    other.write_text("{}")
    with pytest.raises(DataError, match="estimate --format json"):
        compare_forces([kent, other], "reasonable_grounds")
