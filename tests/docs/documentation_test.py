"""The documentation says what the program does: commands, options, fields, defects, and links that lead somewhere."""

import re
import runpy
from dataclasses import fields
from pathlib import Path

import pytest
import typer

from openpeel.audits.instrument_file import read_instrument
from openpeel.cli import app
from openpeel.figures import Comparison, Coverage, Figure
from openpeel.figures.figure import OwnLimits, Similar
from openpeel.intake.checks import ALWAYS, CHECKS
from openpeel.intake.layouts import layouts
from openpeel.standards import load_standard, standard_ids

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), *ROOT.glob("*.md")])
COMMANDS = DOCS / "reference" / "command-line.md"

# Said once for all commands at the head of the page.
SAID_FOR_ALL = {"--help", "--format", "--lake", "--engine", "--release"}


def commands():
    """Every command with its options: ('release create', ['--lake', …])."""

    def walk(command, path):
        if hasattr(command, "commands"):
            for name, sub in command.commands.items():
                yield from walk(sub, [*path, name])
        else:
            yield " ".join(path), [o for p in command.params for o in p.opts if o.startswith("--")]

    return dict(walk(typer.main.get_command(app), []))


@pytest.mark.parametrize("command", commands())
def test_every_command_and_option_has_a_line_in_the_documentation(command):
    text = COMMANDS.read_text(encoding="utf-8")
    assert f"openpeel {command}" in text
    section = text[text.index(f"openpeel {command}") :]
    missing = [o for o in commands()[command] if o not in section and o not in SAID_FOR_ALL and o not in text]
    assert not missing


def test_no_option_is_documented_that_does_not_exist():
    exist = {o for options in commands().values() for o in options} | SAID_FOR_ALL
    assert set(re.findall(r"`(--[a-z-]+)", COMMANDS.read_text(encoding="utf-8"))) <= exist


@pytest.mark.parametrize("command", commands())
def test_every_option_has_a_sentence_of_help(command):
    found = typer.main.get_command(app)
    for name in command.split():
        found = found.commands[name]
    assert found.help
    assert [p.name for p in found.params if not getattr(p, "help", None)] == []


@pytest.mark.parametrize("kind", [Figure, Comparison, Coverage, OwnLimits, Similar])
def test_every_field_of_a_figure_is_explained(kind):
    text = (DOCS / "reference" / "figure.md").read_text(encoding="utf-8")
    assert [f.name for f in fields(kind) if f"`{f.name}`" not in text] == []


def test_every_defect_is_explained_by_name():
    text = (DOCS / "reference" / "layouts.md").read_text(encoding="utf-8")
    assert [name for name in CHECKS if f"`{name}`" not in text] == []
    used = {name for s in standard_ids() for name, _ in load_standard(s).checks}
    assert used | set(ALWAYS) == set(CHECKS), (
        "a check that no standard applies, or a standard that names one there is not"
    )


def test_every_layout_of_a_publisher_is_listed_with_its_header():
    text = (DOCS / "reference" / "layouts.md").read_text(encoding="utf-8")
    for layout in (x for x in layouts() if x.published):
        assert ", ".join(title for title, _ in layout.columns) in text.replace(" (may be missing)", "")


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_lead_to_files_that_are_there(page):
    for target in re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8")):
        if not target.startswith(("http://", "https://", "mailto:")):
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_commands_in_the_documentation_exist(page):
    blocks = "\n".join(re.findall(r"^```\n(.*?)^```", page.read_text(encoding="utf-8"), re.M | re.S))
    for line in re.findall(r"^openpeel ([a-z]+(?: [a-z]+)?)", blocks, re.M):
        assert line in commands() or line.split()[0] in commands(), line


def test_every_page_of_the_documentation_can_be_found_from_the_readme_or_its_index():
    text = (ROOT / "README.md").read_text(encoding="utf-8") + (DOCS / "README.md").read_text(encoding="utf-8")
    pages = [p for p in DOCS.rglob("*.md") if p.name != "README.md"]
    assert [str(p.relative_to(DOCS)) for p in pages if p.name not in text] == []


def test_the_page_of_measures_is_that_of_the_measures_there_are():
    made = runpy.run_path(str(ROOT / "scripts" / "make_measures_page.py"))
    page = (DOCS / "reference" / "measures.md").read_text(encoding="utf-8")
    assert page == made["page"](), "run: python scripts/make_measures_page.py"


def test_the_page_of_instruments_is_that_of_the_instruments_there_are():
    made = runpy.run_path(str(ROOT / "scripts" / "make_instruments_page.py"))
    page = (DOCS / "reference" / "instruments.md").read_text(encoding="utf-8")
    assert page == made["page"](), "run: python scripts/make_instruments_page.py"


def test_the_instrument_in_the_documentation_is_one():
    text = (DOCS / "reference" / "audit-files.md").read_text(encoding="utf-8")
    (written,) = re.findall(r"^```toml\n(.*?)^```", text, re.M | re.S)
    assert read_instrument("mine", written.encode(), name="mine.toml").results[0].id == "in_time"
