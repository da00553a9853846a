"""The page of permissions is that of the permissions there are."""

import runpy
from pathlib import Path

from openpeel.web.accounts.permissions import Permission, Role

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "permissions.md"


def test_the_page_of_permissions_is_that_of_the_permissions_there_are():
    made = runpy.run_path(str(ROOT / "scripts" / "make_permissions_page.py"))
    assert PAGE.read_text(encoding="utf-8") == made["page"](), "run: python scripts/make_permissions_page.py"


def test_every_permission_and_every_role_stands_on_the_page():
    text = PAGE.read_text(encoding="utf-8")
    assert [p.name for p in Permission if f"| {p.sentence} |" not in text] == []
    assert [r.value for r in Role if f"**{r.value.capitalize()}**" not in text] == []
