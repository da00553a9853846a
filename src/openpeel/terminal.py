"""The terminal: rows, JSON and lines of text to the output, messages and progress beside it.

What is printed about loads, figures and the rest is in `printing.py`.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from openpeel.spreadsheet import spreadsheet_cell

#: Messages and progress go to the error stream, so that what is printed can be piped.
messages = Console(stderr=True, highlight=False, soft_wrap=True)


class Format(StrEnum):
    """How to print data."""

    table = "table"
    json = "json"
    csv = "csv"


def print_rows(rows: Sequence[Mapping[str, Any]], how: Format, *, title: str = "") -> None:
    """Print rows that all have the same keys. Numbers stand to the right; nothing is shortened."""
    if how is Format.json:
        print_json(list(rows))
        return
    if how is Format.csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        if rows:
            writer.writerow(rows[0].keys())
        writer.writerows([spreadsheet_cell(value) for value in row.values()] for row in rows)
        return
    table = Table(
        title=title or None,
        title_justify="left",
        title_style="bold",
        box=None,
        header_style="bold",
        pad_edge=False,
    )
    for name in rows[0] if rows else ():
        numbers = all(isinstance(row[name], int | float | None) for row in rows)
        table.add_column(name.replace("_", " "), justify="right" if numbers else "left", overflow="fold")
    for row in rows:
        table.add_row(*(_cell(value) for value in row.values()))
    _console().print(table)


def print_json(content: Any) -> None:
    """Print plain JSON values."""
    json.dump(content, sys.stdout, ensure_ascii=False, indent=1, allow_nan=False)
    sys.stdout.write("\n")


def print_text(text: str = "", *, bold: bool = False, style: str = "") -> None:
    """Print a line for people."""
    _console().print(text, style="bold" if bold else style, markup=False)


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar, told what is done and how much there is; shown on a terminal after the first second."""
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        console=messages,
        transient=True,
        disable=not messages.is_terminal,
    )
    task = bar.add_task(what, total=None)
    started = False

    def tell(done: int, total: int) -> None:
        nonlocal started
        bar.update(task, completed=done, total=total)
        if not started and (bar.tasks[0].elapsed or 0) > 1:
            bar.start()
            started = True

    try:
        yield tell
    finally:
        if started:
            bar.stop()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, int):
        return f"{value:,}"
    return "; ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _console() -> Console:
    # Wide where nobody looks at a terminal, so that a line of a table stays a line in a pipe.
    return Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else 250)
