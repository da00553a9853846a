"""The page on claims tells of the kinds there are, and of how well they are found as the code stands."""

import runpy
from pathlib import Path

from openpeel.claims import ClaimKind, Verdict

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "explanation" / "claims.md"


def test_the_tables_of_the_page_are_those_of_the_labelled_sentences():
    made = runpy.run_path(str(ROOT / "scripts" / "make_claims_page.py"))
    text = PAGE.read_text(encoding="utf-8")
    assert text == made["page"](text), "run: PYTHONPATH=src python scripts/make_claims_page.py"


def test_every_kind_and_every_verdict_is_explained():
    text = PAGE.read_text(encoding="utf-8").partition("## How well")[0]
    missing = [str(name) for name in (*ClaimKind, *Verdict) if f"| {name}" not in text]
    assert missing == ["amount"]  # which stands with 'percentage'
