"""How often an interval would hold the truth in an audit that is being planned."""

import pytest

from openpeel.audits.sizing import Sizing, audit_coverage
from openpeel.audits.strata_file import PlannedStratum
from openpeel.errors import UseError


def test_walds_interval_fails_an_audit_of_23_and_wilsons_does_not():
    found = audit_coverage(Sizing(0.5, 22 / 23, 5000), 23, replicates=2000).methods
    assert found["Wald"].held < 0.7
    assert found["Wilson, effective n"].held > 0.9


def test_strata_are_drawn_from_as_the_audit_would():
    strata = (PlannedStratum("log", 8000, 0.8, None), PlannedStratum("direct", 2000, 0.95, None))
    found = audit_coverage(Sizing(0.5, None, None, "equal"), 400, strata, replicates=300)
    assert found.truth == pytest.approx(0.83)
    assert found.methods["Korn-Graubard"].held > 0.9
    again = audit_coverage(Sizing(0.5, None, None, "equal"), 400, strata, replicates=300)
    assert again == found


def test_what_cannot_be_simulated_is_wrong_use():
    with pytest.raises(UseError, match="--expected"):
        audit_coverage(Sizing(0.5, None, None), 50)
    with pytest.raises(UseError, match="the 20 cases there are"):
        audit_coverage(Sizing(0.5, 0.9, 20), 50)
