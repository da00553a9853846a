"""Writes docs/reference/standards.md from the standards themselves: `python scripts/make_standards_page.py`."""

from __future__ import annotations

from pathlib import Path

from openpeel.standards import CodeList, Column, Standard, load_standard, standard_ids
from openpeel.standards.instructions import form, label_to_write, record_is, sentence

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "standards.md"

HEAD = """# Standards

What a record is, and what each of its columns holds. This page is made from the standards by
`scripts/make_standards_page.py`, and a test holds it to them. `openpeel standards` prints the same, and
`openpeel template` writes the files in which a force [hands in a return](../how-to/hand-in-a-return.md).

A column that is *needed* cannot be blank: the row is not taken. A column that is *personal* is about a person or
leads to one: it is checked and counted, and never repeated in a message, a log or a figure.
"""

LISTS = """## Lists

The values of each list as they are written in a return, and the codes under which they are stored. A code is read
as well, and so are the other labels named here. Capitals and spacing make no difference.
"""


def page() -> str:
    """The whole page."""
    standards = sorted(map(load_standard, standard_ids()), key=lambda s: (not s.area, s.area, s.id))
    lists = {c.codes.id: c.codes for s in standards for c in s.columns if c.codes}
    sections = [_section(standard) for standard in standards]
    return "\n".join(
        [HEAD, _contents(standards), *sections, LISTS, *(_list(lists[i]) for i in sorted(lists))]
    )


def _contents(standards: list[Standard]) -> str:
    rows = [
        (s.area, f"[`{s.id}`](#{s.id})", s.title, len(s.columns), sum(c.personal for c in s.columns))
        for s in standards
    ]
    return _table(("area", "standard", "what a record is", "columns", "personal"), rows)


def _section(standard: Standard) -> str:
    said = dict(record_is(standard))
    about = " ".join(said[heading] for heading in ("One record", "When", "Which") if heading in said)
    rows = [
        (
            column.title,
            f"`{column.name}`",
            "yes" if column.required else "",
            "yes" if column.personal else "",
            _what_to_write(column),
        )
        for column in standard.columns
    ]
    table = _table(("column", "name", "needed", "personal", "what to write"), rows)
    return (
        f"## `{standard.id}`\n\n**{standard.title}**, version {standard.version}. {_cell(about)}\n\n{table}"
    )


def _what_to_write(column: Column) -> str:
    linked = f"[{column.codes.title}](#list-{column.codes.id})." if column.codes else form(column)
    return f"{linked} {sentence(column.about)}".rstrip()


def _list(codes: CodeList) -> str:
    rows = [
        (
            label_to_write(code),
            f"`{code.code}`",
            "; ".join(x for x in (*code.labels, *code.superseded) if x != label_to_write(code)),
        )
        for code in codes.codes
    ]
    table = _table(("to write", "stored as", "read as well"), rows)
    return f'<a id="list-{codes.id}"></a>\n\n### {codes.title}\n\n{table}'


def _table(header: tuple[str, ...], rows: list[tuple[object, ...]]) -> str:
    lines = [header, ("---",) * len(header), *rows]
    return "".join(f"| {' | '.join(_cell(str(c)) for c in line)} |\n" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", r"\|").replace("<", "&lt;")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
