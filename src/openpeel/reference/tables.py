"""Reads the small tables shipped in `data`; what their columns mean is known by the modules that use them."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

_HEADER_ENTRY = re.compile(r"# (?P<key>[a-z]+): (?P<value>.*)")


@dataclass(frozen=True)
class Table:
    """A shipped table: where it comes from (`header`) and its rows, each a mapping of column to text."""

    header: Mapping[str, str]
    rows: tuple[Mapping[str, str], ...]


@cache
def read_table(name: str) -> Table:
    """The table `data/<name>`, read once.

    A table begins with comment lines `# key: value`; an indented comment line continues the one above.

    >>> read_table("population_mid_2020.csv").header["year"]
    '2020'
    """
    lines = (files(__package__) / "data" / name).read_text(encoding="utf-8").splitlines()
    comments = [line for line in lines if line.startswith("#")]
    reader = csv.DictReader(line for line in lines if not line.startswith("#"))
    return Table(MappingProxyType(_header(comments)), tuple(MappingProxyType(row) for row in reader))


def _header(comments: list[str]) -> dict[str, str]:
    header: dict[str, str] = {}
    key = ""
    for comment in comments:
        if entry := _HEADER_ENTRY.fullmatch(comment):
            key = entry["key"]
            header[key] = entry["value"]
        else:
            header[key] = f"{header[key]} {comment.removeprefix('#').strip()}"
    return header
