from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import pytest

from openpeel.errors import UseError
from openpeel.reference.ethnicity import (
    GROUPS,
    broad_group,
    code_name,
    codes,
    codes_in_group,
    ethnicity_labels,
    group_name,
    to_18_plus_1,
)
from openpeel.reference.tables import read_table

SHARED = Path(__file__).parents[3] / "shared" / "data"
needs_shared_data = pytest.mark.skipif(not SHARED.is_dir(), reason="the folder shared/data is missing")


def test_the_code_sets_have_sixteen_and_eighteen_codes_and_not_stated() -> None:
    assert " ".join(codes("16+1")) == "W1 W2 W9 M1 M2 M3 M9 A1 A2 A3 A9 B1 B2 B9 O1 O9 NS"
    assert " ".join(codes("18+1")) == "W1 W2 W3 W9 M1 M2 M3 M9 A1 A2 A3 A4 A9 B1 B2 B9 O2 O9 NS"
    assert codes() == codes("18+1")


def test_a_person_recorded_as_chinese_changes_group_between_the_code_sets() -> None:
    """The same people: compared without the mapping, Asian would seem to rise and Other to fall."""
    assert broad_group("O1", "16+1") == "other"
    assert to_18_plus_1("O1") == "A4"
    assert broad_group("A4") == "asian"
    assert "A4" in codes_in_group("asian")
    assert "O1" in codes_in_group("other", "16+1")
    assert code_name("O1", "16+1") == code_name("A4", "18+1") == "Chinese"


def test_nobody_but_the_chinese_changes_code_or_group() -> None:
    for code in set(codes("16+1")) - {"O1"}:
        assert to_18_plus_1(code) == code
        assert broad_group(code, "16+1") == broad_group(code, "18+1")


def test_the_two_codes_new_in_18_plus_1_are_reached_from_no_older_code() -> None:
    assert set(codes("18+1")) - {to_18_plus_1(code) for code in codes("16+1")} == {"W3", "O2"}


@pytest.mark.parametrize("code_set", ["16+1", "18+1"])
def test_every_code_is_in_exactly_one_group(code_set: str) -> None:
    assert sorted(code for group in GROUPS for code in codes_in_group(group, code_set)) == sorted(
        codes(code_set)
    )


def test_groups_have_names_to_print() -> None:
    assert [group_name(group) for group in GROUPS] == [
        "White",
        "Mixed",
        "Asian",
        "Black",
        "Other",
        "Not stated",
    ]


def test_a_code_of_the_other_set_is_refused_rather_than_guessed() -> None:
    with pytest.raises(UseError, match="got 'O1'"):
        broad_group("O1")
    with pytest.raises(UseError, match="got 'A4'"):
        to_18_plus_1("A4")


def test_an_unknown_code_set_or_group_is_refused() -> None:
    with pytest.raises(UseError, match=r"expected the code set 16\+1 or 18\+1, got '17\+1'"):
        codes("17+1")
    with pytest.raises(UseError, match="got 'roma'"):
        codes_in_group("roma")
    with pytest.raises(UseError, match="got 'Asian'"):
        group_name("Asian")


def test_an_empty_cell_is_not_the_answer_not_stated() -> None:
    assert "" not in ethnicity_labels()
    assert (
        ethnicity_labels()["Not Stated (NS)"] == ethnicity_labels()["Other ethnic group - Not stated"] == "NS"
    )


def test_the_old_and_the_new_label_for_chinese_are_one_code() -> None:
    assert ethnicity_labels()["Chinese or other ethnic group - Chinese (O1)"] == "A4"
    assert ethnicity_labels()["Asian/Asian British - Chinese"] == "A4"


def test_an_old_label_is_mapped_to_the_code_it_prints() -> None:
    for row in read_table("ethnicity_labels.csv").rows:
        if row["code_set"] == "16+1":
            assert row["label"].endswith(f"({row['code']})")


def test_a_new_label_is_mapped_to_the_group_and_name_it_prints() -> None:
    for row in read_table("ethnicity_labels.csv").rows:
        if row["code_set"] == "18+1":
            heading, name = row["label"].split(" - ")
            code = ethnicity_labels()[row["label"]]
            assert name == code_name(code)
            assert code == "NS" or heading.startswith(group_name(broad_group(code)))


def test_a_stray_blank_in_a_label_changes_nothing() -> None:
    labels = ethnicity_labels()
    for label, code in labels.items():
        if "Black/ African" in label:
            assert labels[label.replace("/ ", "/")] == code


@needs_shared_data
def test_the_labels_are_exactly_those_in_the_published_records() -> None:
    assert set(ethnicity_labels()) == set(_labels_seen()) - {"", "Self-defined ethnicity"}


def _labels_seen() -> Iterator[str]:
    """Every value of the column in every stop-and-search file; one file repeats its column names as rows."""
    for path in sorted((SHARED / "police_uk").rglob("*")):
        if path.suffix == ".csv":
            with path.open(encoding="utf-8-sig", newline="") as file:
                yield from _labels_in(file)
        elif path.name.endswith("stop-and-search.zip"):
            with zipfile.ZipFile(path) as archive:
                for member in archive.namelist():
                    with io.TextIOWrapper(archive.open(member), encoding="utf-8-sig", newline="") as file:
                        yield from _labels_in(file)
        elif path.suffix == ".json":
            for record in json.loads(path.read_text(encoding="utf-8")):
                yield record.get("self_defined_ethnicity") or ""


def _labels_in(file: TextIO) -> set[str]:
    reader = csv.reader(file)
    columns = next(reader)
    if "Self-defined ethnicity" not in columns:
        return set()
    place = columns.index("Self-defined ethnicity")
    return {row[place] for row in reader}
