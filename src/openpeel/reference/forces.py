"""The police forces: their codes, names and every spelling met so far. What they recorded is in the lake."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Literal, cast

from openpeel.errors import UseError
from openpeel.reference.tables import read_table

Kind = Literal["territorial", "british_transport", "northern_ireland"]


@dataclass(frozen=True)
class Force:
    """A police force.

    `code` is the ONS code of its police force area ('E23000027'). British Transport Police and the Police
    Service of Northern Ireland have none in our sources and carry codes of ours, 'BTP' and 'PSNI'.
    `name` is the short name ('Hertfordshire'), `full_name` the one data.police.uk prints under 'Reported
    by' ('Hertfordshire Constabulary'), `slug` the one in its file names ('hertfordshire'), and `spellings`
    are all others seen in published tables. `region` is the English region, or Wales.
    """

    code: str
    name: str
    slug: str
    region: str
    full_name: str
    spellings: tuple[str, ...]
    kind: Kind


@cache
def forces() -> tuple[Force, ...]:
    """The 43 territorial forces of England and Wales, in the order of their codes.

    These are the forces that are compared with one another.

    >>> len(forces())
    43
    """
    return tuple(force for force in all_forces() if force.kind == "territorial")


@cache
def all_forces() -> tuple[Force, ...]:
    """The 43 territorial forces, then British Transport Police and the Police Service of Northern Ireland."""
    return tuple(
        Force(
            code=row["code"],
            name=row["name"],
            slug=row["slug"],
            region=row["region"],
            full_name=row["full_name"],
            spellings=tuple(row["spellings"].split(";")) if row["spellings"] else (),
            kind=cast(Kind, row["kind"]),
        )
        for row in read_table("forces.csv").rows
    )


@lru_cache(maxsize=1024)  # a column of names has few different values, but what people type has no end
def find_force(text: str) -> Force:
    """The force that `text` names by its code, name, full name, slug or another known spelling.

    Upper and lower case and punctuation make no difference, and '&' is 'and'. 'West Midlands' is the force;
    in a table that has rows for regions too, whoever reads it has to leave those out first. Raises UseError,
    with the nearest names, when no force is called that.

    >>> find_force("devon & cornwall").code
    'E23000035'
    """
    by_key = _forces_by_key()
    key = _key(text)
    if key in by_key:
        return by_key[key]
    near = dict.fromkeys(by_key[match].name for match in get_close_matches(key, by_key, n=5))
    advice = (
        f"Did you mean {' or '.join(near)}?"
        if near
        else "Give a name such as 'Hertfordshire' or 'avon-and-somerset', or a code such as 'E23000027'."
    )
    raise UseError(f"expected a police force, got {text!r}.", advice=advice)


@cache
def _forces_by_key() -> Mapping[str, Force]:
    return MappingProxyType(
        {
            _key(text): force
            for force in all_forces()
            for text in (force.code, force.name, force.slug, force.full_name, *force.spellings)
        }
    )


def _key(text: str) -> str:
    """What is left of a name when case and punctuation make no difference."""
    return re.sub(r"[^a-z0-9]+", " ", text.casefold().replace("&", " and ")).strip()
