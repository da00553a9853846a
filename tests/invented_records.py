"""Invented stop-and-search records, laid out as data.police.uk does, for the tests. No assertion lives here.

The same seed gives the same records. All that they say of people and places is made up.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random

HEADER = (
    "Type",
    "Date",
    "Part of a policing operation",
    "Policing operation",
    "Latitude",
    "Longitude",
    "Gender",
    "Age range",
    "Self-defined ethnicity",
    "Officer-defined ethnicity",
    "Legislation",
    "Object of search",
    "Outcome",
    "Outcome linked to object of search",
    "Removal of more than just outer clothing",
)
ETHNICITIES = (
    "White - English/Welsh/Scottish/Northern Irish/British",
    "White - English/Welsh/Scottish/Northern Irish/British",
    "Black/African/Caribbean/Black British - African",
    "Asian/Asian British - Indian",
    "Mixed/Multiple ethnic groups - White and Asian",
    "Other ethnic group - Not stated",
    "",
)
OUTCOMES = ("A no further action disposal", "A no further action disposal", "Arrest", "Community resolution")
YEAR = (*(f"2020-{m:02}" for m in range(4, 13)), "2021-01", "2021-02", "2021-03")


def records(month: str, count: int, seed: int = 1) -> list[list[str]]:
    """`count` records of one month, all different, each as the cells of a row."""
    random = Random(f"{month} {seed}")
    return [
        [
            random.choice(("Person search", "Person and Vehicle search")),
            f"{month}-{1 + i % 28:02}T{random.randrange(24):02}:{random.randrange(60):02}:00+00:00",
            "False",
            "",
            f"51.{i:06}",
            f"-0.{random.randrange(10**6):06}",
            random.choice(("Male", "Female")),
            random.choice(("10-17", "18-24", "25-34", "over 34")),
            random.choice(ETHNICITIES),
            random.choice(("White", "Black", "Asian")),
            random.choice(
                ("Police and Criminal Evidence Act 1984 (section 1)", "Misuse of Drugs Act 1971 (section 23)")
            ),
            random.choice(("Controlled drugs", "Article for use in theft", "Stolen goods")),
            random.choice(OUTCOMES),
            random.choice(("True", "False", "")),
            "False",
        ]
        for i in range(count)
    ]


def as_csv(rows: Iterable[Sequence[str]], header: Sequence[str] = HEADER) -> bytes:
    """Rows under their header, as the publisher writes them."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows([header, *rows])
    return text.getvalue().encode()


def file_name(force: str, month: str) -> str:
    """As the publisher names the file of a force (its slug) and a month."""
    return f"{month}-{force}-stop-and-search.csv"


def write_month(
    folder: Path, force: str = "hertfordshire", month: str = "2021-03", count: int = 20, seed: int = 1
) -> Path:
    """A file of one force and month."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / file_name(force, month)
    path.write_bytes(as_csv(records(month, count, seed)))
    return path


def write_year(folder: Path, forces: Sequence[str] = ("hertfordshire",), count: int = 20) -> Path:
    """A folder with a file for each month of the year ending 31 March 2021 and each of the forces."""
    for number, force in enumerate(forces):
        for month in YEAR:
            write_month(folder, force, month, count + number, seed=number)
    return folder


def write_zip(path: Path, folder: Path) -> Path:
    """The files of a folder as a zip."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.iterdir()):
            archive.write(file, file.name)
    return path
