"""Every label in the real files is in a code list. The files are read here by the csv module alone."""

import csv
import io
import zipfile
from collections import defaultdict
from pathlib import Path

import pytest

from openpeel.standards import load_standard

FILES = Path(__file__).parents[3] / "shared" / "data" / "police_uk"

pytestmark = pytest.mark.skipif(not FILES.is_dir(), reason="the real files are not in ../shared/data")


def texts():
    for path in sorted(FILES.rglob("*.csv")):
        with path.open(newline="", encoding="utf-8-sig") as handle:
            yield handle
    for path in sorted(FILES.rglob("*.zip")):
        with zipfile.ZipFile(path) as archive:
            for member in archive.namelist():
                if member.endswith(".csv"):
                    with archive.open(member) as raw:
                        yield io.TextIOWrapper(raw, encoding="utf-8-sig", newline="")


@pytest.fixture(scope="module")
def printed():
    """The different cells of each column, by the titles of the header it stands under."""
    found = defaultdict(lambda: defaultdict(set))
    for text in texts():
        rows = csv.reader(text)
        header = next(rows)
        # Only whole rows, and no header that stands again among them.
        columns = zip(*(r for r in rows if len(r) == len(header) and r != header), strict=True)
        for title, cells in zip(header, columns, strict=False):
            found[frozenset(header)][title] |= set(cells)
    return found


@pytest.mark.parametrize("standard_id", ["crime", "outcome", "stop_search"])
def test_every_label_in_the_real_files_is_recognised(printed, standard_id):
    standard = load_standard(standard_id)
    titles = {c.title for c in standard.columns}
    alike = [columns for header, columns in printed.items() if header in (titles, titles - {"Context"})]
    assert alike, "no real file of this kind was found"
    for column in standard.columns:
        if column.codes:
            cells = set().union(*(columns[column.title] for columns in alike))
            assert len(cells - {""}) > 1
            assert cells - {""} <= column.codes.by_label().keys(), column.name
