"""The page on the source of a report names every reference, option and grade, and its example is one."""

import re
import tomllib
from pathlib import Path

import pytest

from openpeel.reports.front_matter import read_front_matter
from openpeel.reports.references import NAMES, WHICH
from openpeel.reports.source import CONTAINERS, GRADES

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "reference" / "report-source.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_every_reference_is_in_the_table_as_the_command_lists_it(name):
    found = NAMES[name]
    options = ", ".join(f"`{o}`" for o in found.options if o not in WHICH)
    assert f"| `{name}` | {found.prints} | {options} |" in PAGE


def test_every_option_grade_and_box_is_named():
    assert [o for o in WHICH if f"| `{o}` |" not in PAGE] == []
    assert ", ".join(GRADES[:-1]) + f" or {GRADES[-1]}" in PAGE
    assert [c for c in CONTAINERS if f"::: {c} Title" not in PAGE] == []


def test_the_head_in_the_page_is_one():
    (written,) = re.findall(r"^```toml\n(.*?)^```", PAGE, re.M | re.S)
    assert tomllib.loads(written)
    head, _ = read_front_matter(f"+++\n{written}+++\nText.", "report.md")
    assert head.force is not None
    assert len(head.corrections) == 1
