"""A column of times that are all written in one way is read at once, as each of its cells would be by itself."""

from datetime import datetime

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openpeel.intake.coding import _READERS, _read_texts
from openpeel.intake.columns import Distinct, _read_by_arrow, by_text, timestamps
from openpeel.intake.row_hashes import as_rows

KIND = pa.timestamp("us")
FORMS = (
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%SZ",
    "%Y-%m-%dT%H:%M:%S+00:00",
    "%Y-%m-%dT%H:%M:%S+01:00",
    "%Y-%m-%dT%H:%M:%S-0500",
    "%Y-%m-%dT%H+00:00",
    "%Y-%m-%d",
)
#: As long as a time in one of the forms, and none.
NONE = {
    16: ("2021-02-29T11:27", "2021-03-01T24:00", "2021-03-01t11:27", "2021-03-01T11+01"),
    19: ("2021-03-01T11:27:60", "2021-13-01T11:27:00", "2021-03-01T11:27+00", "1880-03-01T11:27:00"),
    20: ("2021-03-01T11:27:00z", "2021-03-01T25:27:00Z", "0021-03-01T11:27:00Z"),
    25: ("2021-03-01T11:27:00-00:00", "2021-03-32T11:27:00+00:00", "2121-03-01T11:27:00+00:00"),
}


@st.composite
def columns(draw):
    form = draw(st.sampled_from(FORMS))
    times = st.datetimes(datetime(1989, 12, 30), datetime(2100, 1, 3)).map(lambda t: t.strftime(form))
    texts = draw(st.lists(times, min_size=1, max_size=12))
    if draw(st.booleans()):
        texts.append("")
    odd = NONE.get(len(texts[0]))
    if odd and draw(st.integers(0, 3)) == 0:
        texts.insert(draw(st.integers(0, len(texts))), draw(st.sampled_from(odd)))
    return texts


@settings(max_examples=400, deadline=None)
@given(columns())
def test_times_of_one_form_are_read_as_each_by_itself(texts):
    read = _read_texts(_READERS["timestamp"])
    cells = pa.array(texts)
    found, wrong = timestamps(cells, KIND, read)
    expected, expected_wrong = by_text(Distinct(cells), KIND, read)
    assert found.to_pylist() == expected.to_pylist()
    assert (wrong is not None and list(wrong)) == (expected_wrong is not None and list(expected_wrong))


@pytest.mark.parametrize("form", FORMS[:4])
def test_the_common_forms_are_read_at_once(form):
    cells = pa.array([datetime(2021, 3, 1, 11, 27, second).strftime(form) for second in (0, 59)] + [""])
    rows = as_rows(cells)
    assert _read_by_arrow(cells, rows.lengths > 0, [int(rows.lengths[0])]) is not None
