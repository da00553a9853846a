"""The commands about standards: which there are, and the templates by which returns are handed in.

Like `cli.py`, which adds them to the command line: each parses, calls the library and prints.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from openpeel.errors import UseError
from openpeel.options import FormatOption
from openpeel.publishing.add_files import add_files
from openpeel.standards import Standard, load_standard, standard_ids
from openpeel.standards.instructions import instructions, record_is
from openpeel.terminal import Format, print_json, print_rows, print_text, progress


def template(
    out: Annotated[Path, typer.Option("--out", help="The folder to write the files to.")],
    standard: Annotated[
        str | None, typer.Argument(help="The id of a standard, as 'openpeel standards' prints it.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Write the templates of all standards.")] = False,
    format_: FormatOption = Format.table,
) -> None:
    """Write what a force needs to hand in a return: a CSV header, a workbook and a Table Schema."""
    if (standard is None) is not every:
        raise UseError(
            "expected the id of a standard or --all, got " + ("both" if every else "neither"),
            advice="'openpeel standards' lists the standards.",
        )
    # The workbook's library takes a fifth of a second to import, which the other commands need not wait for.
    from openpeel.standards.template import template_files

    chosen = standard_ids() if standard is None else (standard,)
    files: dict[str, bytes] = {}
    with progress("Writing") as tell:
        for done, standard_id in enumerate(chosen, start=1):
            files.update(template_files(load_standard(standard_id)))
            tell(done, len(chosen))
    written = add_files(files, out)
    print_rows(
        [{"file": str(path), "written": "new" if new else "there already"} for path, new in written.items()],
        format_,
    )


def standards(
    standard: Annotated[
        str | None, typer.Argument(help="The id of a standard, to see what its columns hold.")
    ] = None,
    format_: FormatOption = Format.table,
) -> None:
    """List the standards, or the columns of one: what a record is and what to write."""
    if standard is not None:
        _print_standard(load_standard(standard), format_)
        return
    print_rows(
        [
            {
                "id": found.id,
                "title": found.title,
                "area": found.area,
                "columns": len(found.columns),
                "personal_columns": sum(c.personal for c in found.columns),
            }
            for found in map(load_standard, standard_ids())
        ],
        format_,
    )


def _print_standard(standard: Standard, how: Format) -> None:
    columns = [
        {
            "column": told.title,
            "name": column.name,
            "type": column.type,
            "needed": told.needed,
            "personal": told.personal,
            "unit": told.unit,
            "least": column.least,
            "most": column.most,
            "write": told.write,
            "values": list(told.values),
        }
        for column, told in zip(standard.columns, instructions(standard), strict=True)
    ]
    if how is Format.json:
        print_json(
            {
                "id": standard.id,
                "title": standard.title,
                "version": standard.version,
                "hash": standard.hash,
                "area": standard.area,
                "about": standard.about,
                "date": standard.date,
                "key": list(standard.key),
                "columns": columns,
            }
        )
        return
    if how is Format.csv:
        print_rows(columns, how)
        return
    print_text(standard.title, bold=True)
    for heading, text in record_is(standard):
        print_text(f"{heading}: {text}")
    print_text()
    print_rows(
        [
            {
                "column": c["column"],
                "needed": "yes" if c["needed"] else "",
                "personal": "yes" if c["personal"] else "",
                "what_to_write": c["write"],
            }
            for c in columns
        ],
        how,
    )
