"""A folder with a list, a draw from it and a coding of every case, to be spoilt by tests. All of it is invented."""

import csv
import json
import os
import shutil
from hashlib import sha256
from pathlib import Path

import pytest

from command_line import done, run

CDI = "crime_data_integrity"
OF_KENT = ("--force", "kent", "--from", "2023-01-01", "--to", "2023-12-31")
DRAW = ("audit", "draw", CDI, *OF_KENT, "--list", "list.csv")
OF_SEED = ("--size", "12", "--seed", "3 1 4")
ESTIMATE = ("audit", "estimate", CDI, "--codings", "coded.csv", "--frame", "cases.frame.json")
SECRET = "Zebedee Quickfoot"

LIST = [
    ["case", "route", "incident_type", "victim"],
    *([f"D{n}", "direct", "theft", SECRET] for n in range(20)),
    *([f"I{n}", "incident", "violence", SECRET] for n in range(30)),
]


def write(name, rows):
    with Path(name).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def read(name):
    with Path(name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def ready(tmp_path_factory):
    """A folder with a list, a draw from it, and an invented coding of every case drawn."""
    folder = tmp_path_factory.mktemp("ready")
    here = Path.cwd()
    os.chdir(folder)
    try:
        write("list.csv", LIST)
        done(*DRAW, *OF_SEED, "--out", "cases.csv")
        done("audit", "invent", CDI, "cases.draw.json", "--out", "coded.csv")
    finally:
        os.chdir(here)
    return folder


@pytest.fixture
def folder(ready, tmp_path, monkeypatch):
    """The working folder of each test: a list, a draw and a coding of its own."""
    for path in ready.iterdir():
        shutil.copy(path, tmp_path / path.name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def everything(folder="."):
    return {
        str(path): sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        for path in sorted(Path(folder).rglob("*"))
    }


def refused(*arguments, code, says):
    """The command leaves with that code, says these things on the error stream and leaves all files as they were."""
    before = everything()
    ran = run(*arguments)
    assert ran.code == code, ran
    assert ran.out == "", ran
    for words in [says] if isinstance(says, str) else says:
        assert words in ran.said, ran
    assert "Traceback" not in ran.said
    assert everything() == before
    return ran


def listed(*more, at=None, row=None):
    rows = [list(r) for r in LIST] + [list(r) for r in more]
    if at is not None:
        rows[at] = row
    return rows


def not_json(name):
    """The file as it could come back from somebody, and what it then is."""
    text = Path(name).read_text(encoding="utf-8")
    whole = json.loads(text)
    return {
        "truncated": text[: len(text) // 2],
        "empty": "",
        "null": "null",
        "a list": json.dumps([whole]),
        "a number": "1",
        "nested": "[" * 100_000,
        "bytes": b"\xff\xfe\x00{",
        "no format": json.dumps({k: v for k, v in whole.items() if k != "format"}),
        "another format": json.dumps(whole | {"format": whole["format"].replace("1", "2")}),
        "nothing else": json.dumps({"format": whole["format"]}),
        "no strata": json.dumps(whole | {"strata": None}),
        "strata of text": json.dumps(whole | {"strata": "direct"}),
        "no day": json.dumps(whole | {"from": "2023-13-01"}),
    }


def put(name, content):
    Path(name).write_bytes(content if isinstance(content, bytes) else content.encode())


def edit(name, change):
    content = json.loads(Path(name).read_text(encoding="utf-8"))
    change(content)
    Path(name).write_text(json.dumps(content), encoding="utf-8")
