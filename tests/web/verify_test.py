"""Proving the audit trail whole, and seeing what somebody did to it who could write to the database."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction

from openpeel.errors import DataError, UseError
from openpeel.web.accounts.actor import Actor
from openpeel.web.accounts.permissions import Role
from openpeel.web.trail import search
from openpeel.web.trail.models import Event, Head
from openpeel.web.trail.record import record
from openpeel.web.trail.verify import Anchor, Broken, Verified, verified, verify
from web_people import HERTFORDSHIRE, MakePerson, SignIn

AT = datetime(2026, 11, 24, 12, 0, 0, 123, tzinfo=UTC)


def _record(said: str = "Did something.", **more: str) -> Event:
    given = {"action": "try", "about": "nothing", **more}
    return record(by=Actor(), at=AT, said=said, **given)  # type: ignore[arg-type]


@pytest.fixture
def five(db: None) -> list[Event]:
    return [_record(f"Event {number}.") for number in range(1, 6)]


def _write_anew_from(number: int) -> None:
    """What somebody does who knows how: every hash from this event on, and the head."""
    previous = Event.objects.get(pk=number - 1).hash
    for event in Event.objects.filter(number__gte=number).order_by("number"):
        event.previous = previous
        previous = event.computed_hash()
        Event.objects.filter(pk=event.pk).update(previous=event.previous, hash=previous)
    Head.objects.update(hash=previous)


def _change_a_row() -> None:
    Event.objects.filter(pk=3).update(said="Another.")


def _delete_a_middle_row() -> None:
    Event.objects.filter(pk=3).delete()


def _delete_the_first_row() -> None:
    Event.objects.filter(pk=1).delete()


def _delete_the_last_row() -> None:
    Event.objects.filter(pk=5).delete()


def _delete_all() -> None:
    Event.objects.all().delete()


def _rehash_one_row() -> None:
    Event.objects.filter(pk=3).update(said="Another.")
    Event.objects.filter(pk=3).update(hash=Event.objects.get(pk=3).computed_hash())


def _rehash_the_last_row() -> None:
    Event.objects.filter(pk=5).update(said="Another.")
    Event.objects.filter(pk=5).update(hash=Event.objects.get(pk=5).computed_hash())


def _put_one_behind() -> None:
    forged = Event(
        number=6, at=AT, who="x", action="x", about="x", said="x", previous=Head.objects.get().hash
    )
    forged.hash = forged.computed_hash()
    forged.save(force_insert=True)


def _delete_the_head() -> None:
    Head.objects.all().delete()


@pytest.mark.parametrize(
    ("harm", "number", "said"),
    [
        (_change_a_row, 3, "Event 3 was changed"),
        (_delete_a_middle_row, 3, "Event 3 is gone, and event 4 is there"),
        (_delete_the_first_row, 1, "Event 1 is gone"),
        (_delete_the_last_row, 5, "cut off: event 5 is gone"),
        (_delete_all, 1, "cut off: events 1 to 5 are gone"),
        (_rehash_one_row, 4, "Event 4 does not follow from event 3"),
        (_rehash_the_last_row, 5, "Event 5 is not the one that was added last"),
        (_put_one_behind, 6, "Event 6 was put in behind"),
        (_delete_the_head, 1, "Event 1 was put in behind"),
    ],
)
def test_harm_is_found_where_it_was_done(
    five: list[Event], harm: Callable[[], None], number: int, said: str
) -> None:
    harm()
    found = verify()
    assert isinstance(found, Broken)
    assert found.number == number
    assert said in found.said


def test_a_whole_trail_is_whole_and_gives_an_anchor_that_holds_later(five: list[Event]) -> None:
    found = verify()
    assert found == Verified(5, Anchor(5, five[-1].hash))
    _record("One more.")
    assert verify(found.last) == Verified(6, Anchor(6, Event.objects.get(pk=6).hash))


def test_only_an_anchor_shows_that_everything_after_an_event_was_written_anew(five: list[Event]) -> None:
    anchor = Anchor(4, five[3].hash)
    Event.objects.filter(pk=2).update(said="Another.")
    _write_anew_from(2)
    assert isinstance(verify(), Verified)
    found = verify(anchor)
    assert isinstance(found, Broken)
    assert found.number == 4
    assert "not the one of your anchor" in found.said


def test_only_an_anchor_shows_that_the_end_and_the_head_were_cut_off(five: list[Event]) -> None:
    Event.objects.filter(number__gt=2).delete()
    Head.objects.update(number=2, hash=five[1].hash)
    assert isinstance(verify(), Verified)
    assert isinstance(verify(Anchor(5, five[4].hash)), Broken)


def test_what_the_command_prints_can_be_given_back_to_it(five: list[Event]) -> None:
    printed = verified()
    assert printed.startswith("All 5 events are whole.")
    assert "The anchor holds." in verified(printed.splitlines()[-1])
    Event.objects.filter(pk=5).update(who="Another")
    with pytest.raises(DataError, match="audit trail, event 5: Event 5 was changed"):
        verified()


def test_an_anchor_that_is_none_is_refused(db: None) -> None:
    with pytest.raises(UseError, match="expected an anchor like"):
        verified("17")
    assert verified() == "The audit trail is empty."


def test_an_event_goes_with_the_change_that_it_tells_of(five: list[Event]) -> None:
    def fails_after_recording() -> None:
        with transaction.atomic():
            _record("Never.")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails_after_recording()
    assert verify() == Verified(5, Anchor(5, five[-1].hash))


def test_what_is_recorded_at_once_makes_one_chain(transactional_db: None) -> None:
    def several(thread: int) -> None:
        for number in range(20):
            _record(f"Thread {thread}, event {number}.")
        connection.close()

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(several, range(2)))
    found = verify()
    assert isinstance(found, Verified)
    assert found.events == 40


class TestThePages:
    """Searching and reading the trail."""

    @pytest.fixture
    def auditor(self, person: MakePerson, signed_in: SignIn):  # type: ignore[no-untyped-def]
        return signed_in(person(Role.AUDITOR, name="The Auditor"))

    def test_events_are_found_by_everything_that_is_asked(self, auditor) -> None:  # type: ignore[no-untyped-def]
        _record(
            "The one.",
            action="accept return",
            about="return 1",
            force=HERTFORDSHIRE,
            before="x",
            after="waived",
        )
        _record("Another.", action="accept return", about="return 2")
        asked = {
            "action": "accept return",
            "about": "return 1",
            "force": HERTFORDSHIRE,
            "words": "waived one",
        }
        page = auditor.get(
            "/audit-trail/", {**asked, "since": "2026-11-24", "until": "2026-11-24"}
        ).content.decode()
        assert "The one." in page
        assert "Another." not in page
        assert (
            "Nothing is found"
            in auditor.get("/audit-trail/", {**asked, "until": "2026-11-23"}).content.decode()
        )

    def test_reading_is_an_event(self, auditor) -> None:  # type: ignore[no-untyped-def]
        auditor.get("/audit-trail/", {"who": "somebody", "force": HERTFORDSHIRE})
        event = Event.objects.first()
        assert event is not None
        assert event.said == "Looked in the audit trail for person “somebody”, force “Hertfordshire”."
        auditor.get(f"/audit-trail/events/{event.number}")
        auditor.get("/audit-trail/export")
        assert [e.action for e in Event.objects.all()[:2]] == ["export audit trail", "read event"]

    def test_pages_are_turned_without_missing_or_repeating(self, db: None) -> None:
        for _ in range(search.PER_PAGE * 2 + 7):
            _record()
        first = search.page(search.find({}))
        _record("While somebody reads.")
        second = search.page(search.find({}), before=first.older)
        third = search.page(search.find({}), before=second.older)
        numbers = [event.number for page in (first, second, third) for event in page.events]
        assert numbers == list(range(107, 0, -1))
        assert (first.newer, third.older) == (None, None)
        assert search.page(search.find({}), after=third.newer).events == second.events

    def test_an_export_is_whole_and_safe_in_a_spreadsheet(self, auditor) -> None:  # type: ignore[no-untyped-def]
        _record('=HYPERLINK("https://example.org")', before="-1+1")
        found = auditor.get("/audit-trail/export", {"action": "try"})
        assert found["Content-Disposition"] == 'attachment; filename="audit-trail.csv"'
        [row] = csv.DictReader(io.StringIO(b"".join(found.streaming_content).decode()))
        assert row["said"] == '\'=HYPERLINK("https://example.org")'
        assert row["before"] == "'-1+1"
        assert row["hash"] == Event.objects.get(action="try").hash

    def test_an_event_is_shown_with_what_was_before_and_after(self, auditor) -> None:  # type: ignore[no-untyped-def]
        event = _record("Changed it.", before="the old", after="<b>the new</b>")
        page = auditor.get(f"/audit-trail/events/{event.number}").content.decode()
        assert "the old" in page
        assert "&lt;b&gt;the new&lt;/b&gt;" in page
        assert auditor.get(f"/audit-trail/events/{10**30}").status_code == 404

    def test_what_is_no_day_or_number_is_said_and_does_no_harm(self, auditor) -> None:  # type: ignore[no-untyped-def]
        assert "Enter a day like" in auditor.get("/audit-trail/", {"since": "soon"}).content.decode()
        assert auditor.get("/audit-trail/", {"before": "9" * 40, "words": "%_\x00"}).status_code == 200

    def test_days_are_those_of_london(self, auditor) -> None:  # type: ignore[no-untyped-def]
        summer = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
        record(by=Actor(), at=summer, action="try", about="x", said="After midnight.")
        assert search.find({"since": (summer + timedelta(days=1)).date()}).filter(action="try").exists()


#: For each column of an event another value than it has in `five`; a new column fails the test until it is here.
OTHERWISE: dict[str, object] = {
    "at": AT + timedelta(microseconds=1),
    "who": "Somebody else",
    "person": "6f1c7c5e-0000-4000-8000-000000000000",
    "address": "192.0.2.1",
    "action": "another",
    "about": "something",
    "force": HERTFORDSHIRE,
    "said": "Another.",
    "before": "This.",
    "after": "That.",
    "previous": "f" * 64,
    "hash": "f" * 64,
}


def test_every_column_of_an_event_is_known_here() -> None:
    assert {field.name for field in Event._meta.fields} == {"number", *OTHERWISE}


@pytest.mark.parametrize("column", OTHERWISE)
def test_a_change_of_any_column_breaks_the_chain(five: list[Event], column: str) -> None:
    Event.objects.filter(pk=3).update(**{column: OTHERWISE[column]})
    assert isinstance(verify(), Broken)
