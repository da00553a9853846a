"""What more than one test needs and what takes long to make, made once."""

from datetime import UTC, datetime

import pytest
from hypothesis import settings

from openpeel.demo import make_nation
from openpeel.lake import Lake, create_release
from report_lake import make_report_lake

# No test is about how long something takes: on a busy machine any of them may take long once.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def nation(tmp_path_factory):
    """A release of the whole demonstration nation: 43 forces, in real size. Tests only read it."""
    folder = tmp_path_factory.mktemp("nation") / "lake"
    make_nation(folder)
    return create_release(Lake.open(folder), "first", at=datetime(2024, 6, 1, tzinfo=UTC))[0]


@pytest.fixture(scope="session")
def report_lake(tmp_path_factory):
    """A small lake with the releases 'first' and 'second', and the audits of Hertfordshire. Tests only read it."""
    return make_report_lake(tmp_path_factory.mktemp("report_lake"))
