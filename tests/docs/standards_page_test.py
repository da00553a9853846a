"""The page of standards is that of the standards there are."""

import runpy
from pathlib import Path

from openpeel.standards import load_standard, standard_ids

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "standards.md"


def test_the_page_of_standards_is_that_of_the_standards_there_are():
    made = runpy.run_path(str(ROOT / "scripts" / "make_standards_page.py"))
    assert PAGE.read_text(encoding="utf-8") == made["page"](), "run: python scripts/make_standards_page.py"


def test_every_column_and_every_label_that_is_read_stands_on_the_page():
    text = PAGE.read_text(encoding="utf-8")
    for standard in map(load_standard, standard_ids()):
        section = text[text.index(f"## `{standard.id}`") :]
        for column in standard.columns:
            assert f"| {column.title} | `{column.name}` |" in section
            for code in column.codes.codes if column.codes else ():
                assert all(label in text for label in (code.code, *code.labels, *code.superseded))
