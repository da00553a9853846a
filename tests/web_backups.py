"""Writes to a service without a stop, as when forces hand in and analysts accept: run in a process of its own."""

from __future__ import annotations

import hashlib
import itertools
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def hand_in_and_accept(stop: Path, most: int = 1000) -> None:
    """Until a file is there: a file handed in with its row, the lake's return, the row accepted; with their events."""
    from django.conf import settings
    from django.db import transaction

    from intake_sample import MARCH, stops, write
    from openpeel.intake.load import load
    from openpeel.lake import Lake
    from openpeel.web.accounts.actor import Actor
    from openpeel.web.accounts.models import Organisation, Person
    from openpeel.web.collections.models import Asked, Collection
    from openpeel.web.returns.models import HandedInFile, Return
    from openpeel.web.trail.record import record

    organisation, _ = Organisation.objects.get_or_create(
        kind="FORCE", force="E23000027", defaults={"name": "a force"}
    )
    person = Person.objects.create_user("somebody@example.org", "somebody", organisation, "invented password")
    collection = Collection.objects.create(
        name="invented", opens_on=NOW.date(), closes_on=NOW.date(), planned_by=person, planned_at=NOW
    )
    asked = Asked.objects.create(
        collection=collection,
        standard="stop_search",
        force="E23000027",
        start=date(2021, 3, 1),
        end=date(2021, 3, 31),
    )
    lake = Lake.open(settings.LAKE, create=True)
    folder = Path(settings.MEDIA_ROOT)
    folder.mkdir(parents=True, exist_ok=True)
    for number in itertools.count(1):
        if stop.exists() or number > most:
            return
        path = write(folder / f"staged-{number}" / MARCH, stops(number % 200 + 1))
        content = path.read_bytes()
        sha256 = hashlib.sha256(content).hexdigest()
        stored = f"{sha256}-{number}"
        path.rename(folder / stored)
        with transaction.atomic():
            handed_in = Return.objects.create(
                asked=asked, number=number, handed_in_by=person, handed_in_at=NOW
            )
            HandedInFile.objects.create(
                handed_in=handed_in, place=1, name=MARCH, sha256=sha256, bytes=len(content), stored=stored
            )
            record(by=Actor(person), at=NOW, action="hand in", about="return", said=f"Handed in {number}.")
        (loaded,) = load(lake, [_named(folder / stored, folder / f"staged-{number}" / MARCH)]).loaded
        (folder / f"staged-{number}" / MARCH).unlink()
        (folder / f"staged-{number}").rmdir()
        with transaction.atomic():
            Return.objects.filter(pk=handed_in.pk).update(
                state="accepted", lake_id=loaded.found.id, in_lake_at=NOW
            )
            record(by=Actor(person), at=NOW, action="accept", about="return", said=f"Accepted {number}.")
        time.sleep(0.01)


def _named(stored: Path, called: Path) -> Path:
    called.write_bytes(stored.read_bytes())
    return called


def is_whole() -> str:
    """Whether every file and every accepted return that the rows name is there; what is missing, else 'whole N'."""
    from django.conf import settings

    from openpeel.lake import Lake
    from openpeel.web.returns.models import HandedInFile, Return
    from openpeel.web.trail.verify import verified

    verified()
    for file in HandedInFile.objects.all():
        content = (Path(settings.MEDIA_ROOT) / file.stored).read_bytes()
        if hashlib.sha256(content).hexdigest() != file.sha256:
            return f"file {file.pk} is another"
    lake = Lake.open(settings.LAKE)
    held = set(lake.held().values())
    for lake_id in Return.objects.filter(in_lake_at__isnull=False).values_list("lake_id", flat=True):
        found = lake.read_return(lake_id)
        if not lake.part_path(found.key.standard, found.part).exists():
            return f"return {lake_id} has no records"
    for return_id in held:
        found = lake.read_return(return_id)
        if not lake.part_path(found.key.standard, found.part).exists():
            return f"held return {return_id} has no records"
    return f"whole {Return.objects.count()}"


if __name__ == "__main__":
    import django

    django.setup()
    hand_in_and_accept(Path(sys.argv[1]))
