"""A backup made while people work comes back whole, elsewhere, with the same rows and files; a damaged one does not."""

from __future__ import annotations

import contextlib
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import web_backups
from openpeel.errors import DataError, UseError
from openpeel.web.operations.keeping import new_backup, opened
from web_service import Service, wait_for

pytestmark = pytest.mark.both_databases

WORK = (
    "from pathlib import Path\nimport web_backups\nweb_backups.hand_in_and_accept(Path('/nowhere'), most={})"
)
WHOLE = "import web_backups\nprint(web_backups.is_whole())"


@pytest.fixture
def second(service: Service, tmp_path: Path) -> Iterator[Service]:
    """Another service, without anything in it: another home, SQLite whatever the first one has."""
    home = tmp_path / "second"
    home.mkdir()
    made = Service(home)
    yield made
    made.end()


def test_a_backup_made_while_returns_come_in_and_are_accepted_comes_back_whole(
    service: Service, second: Service, tmp_path: Path
) -> None:
    stop, kept = tmp_path / "stop", tmp_path / "kept.tar.zst"
    working = subprocess.Popen(
        [sys.executable, web_backups.__file__, str(stop)],
        env=service.environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        count = "from openpeel.web.returns.models import Return\nprint(Return.objects.count())"
        wait_for(lambda: int(service.python(count)) >= 3)
        made = service.command("backup", str(kept))
        assert made.returncode == 0, made.stderr
        assert working.poll() is None, working.stderr
    finally:
        stop.touch()
        assert working.wait(60) == 0, working.stderr
        assert working.stderr is not None
        working.stderr.close()
    assert service.python(WHOLE).startswith("whole")
    back = second.command("restore", str(kept))
    assert back.returncode == 0, back.stderr
    number = int(second.python(WHOLE).removeprefix("whole "))
    assert 3 <= number <= int(service.python(count))
    assert oct(kept.stat().st_mode)[-3:] == "600"


def test_what_came_back_gives_the_same_backup_again(
    service: Service, second: Service, tmp_path: Path
) -> None:
    service.python(WORK.format(2))
    assert service.command("backup", str(tmp_path / "first")).returncode == 0
    back = second.command("restore", str(tmp_path / "first"))
    assert back.returncode == 0, back.stderr
    assert second.command("backup", str(tmp_path / "again")).returncode == 0
    first, again = (json.loads((tmp_path / n / "manifest.json").read_text()) for n in ("first", "again"))
    moved = {"database.jsonl"}
    assert {k: v for k, v in first["files"].items() if k not in moved} == {
        k: v for k, v in again["files"].items() if k not in moved
    }

    def rows(name: str) -> list[str]:
        lines = (tmp_path / name / "database.jsonl").read_text().splitlines()
        return [line for line in lines if '"trail.head"' not in line and "service" not in line]

    assert rows("first") == rows("again")
    assert len(rows("first")) > 10
    # Numbers go on where they were, and the trail is guarded again.
    second.python(
        "from openpeel.web.accounts.models import Organisation\n"
        "Organisation.objects.create(kind='FORCE', force='E99999999', name='another')"
    )
    changed = second.python(
        "from django.db import connection, DatabaseError\n"
        "try: connection.cursor().execute(\"UPDATE trail_event SET said = 'x'\")\n"
        "except DatabaseError as error: print('refused')"
    )
    assert changed == "refused"


def test_a_service_that_is_not_empty_is_replaced_only_when_told_so(service: Service, tmp_path: Path) -> None:
    service.python(WORK.format(1))
    kept = tmp_path / "kept"
    assert service.command("backup", str(kept)).returncode == 0
    refused = service.command("restore", str(kept))
    assert refused.returncode == 2
    assert "is not empty" in refused.stderr
    back = service.command("restore", str(kept), "--replace")
    assert back.returncode == 0, back.stderr
    assert service.python(WHOLE) == "whole 1"
    (aside,) = service.home.glob("before-restore-*")
    assert (aside / "lake" / "held.json").exists()


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("damage", ["none", "changed", "missing", "added", "unfinished"])
def test_a_backup_that_is_not_whole_is_found_out(tmp_path: Path, packed: bool, damage: str) -> None:
    folder, place = tmp_path / "folder", tmp_path / "kept.tar.zst"
    with new_backup(folder) as backup:
        for name in ("database.jsonl", "lake/held.json"):
            backup.keep(name, io.BytesIO(b"rows"), 4)
        backup.end({"at": "now"})
    if damage == "changed":
        (folder / "lake" / "held.json").write_bytes(b"rowz")
    elif damage == "missing":
        (folder / "lake" / "held.json").unlink()
    elif damage == "added":
        (folder / "lake" / "more").touch()
    elif damage == "unfinished":
        (folder / "manifest.json").unlink()
    if packed:
        with new_backup(place) as again:
            for path in sorted(p for p in folder.rglob("*") if p.is_file()):
                again.keep(str(path.relative_to(folder)), io.BytesIO(path.read_bytes()), path.stat().st_size)
    with contextlib.ExitStack() as stack:
        if damage != "none":
            stack.enter_context(pytest.raises(DataError, match="kept" if packed else "folder"))
        kept = stack.enter_context(opened(place if packed else folder, within=tmp_path / "home"))
        assert (kept.folder / "lake" / "held.json").read_bytes() == b"rows"
    assert not list((tmp_path / "home").iterdir())


def test_a_backup_that_is_cut_off_is_found_out(tmp_path: Path) -> None:
    place = tmp_path / "kept.tar.zst"
    with new_backup(place) as backup:
        backup.keep("database.jsonl", io.BytesIO(bytes(range(256)) * 4000), 1_024_000)
        backup.end({})
    place.write_bytes(place.read_bytes()[:-40])
    with pytest.raises(DataError), opened(place, within=tmp_path / "home"):
        pass


def test_a_backup_that_fails_on_the_way_leaves_nothing(tmp_path: Path) -> None:
    for place in (tmp_path / "kept.tar.zst", tmp_path / "kept"):
        with pytest.raises(RuntimeError, match="the disk"), new_backup(place):
            raise RuntimeError("the disk")
    assert not list(tmp_path.iterdir())


def test_no_backup_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "kept.tar.zst").touch()
    with pytest.raises(UseError, match="there already"), new_backup(tmp_path / "kept.tar.zst"):
        pass


def test_a_backup_whose_trail_was_written_anew_is_refused(
    service: Service, second: Service, tmp_path: Path
) -> None:
    service.python(WORK.format(1))
    service.python(
        "from django.db import connection\nfrom openpeel.web.trail.guarding import unguard\n"
        "unguard(connection)\nconnection.cursor().execute(\"UPDATE trail_event SET said = 'other' WHERE number = 1\")"
    )
    assert service.command("backup", str(tmp_path / "kept")).returncode == 0
    refused = second.command("restore", str(tmp_path / "kept"))
    assert refused.returncode == 1
    assert "audit trail" in refused.stderr
    empty = second.python("from openpeel.web.returns.models import Return\nprint(Return.objects.count())")
    assert empty == "0"
    assert not (second.home / "lake").exists()
