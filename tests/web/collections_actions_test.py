"""Planning, opening and closing collections: what may be, who is told, and who wins where two are at it at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from openpeel.errors import UseError
from openpeel.web.accounts.actor import Actor
from openpeel.web.accounts.models import Person
from openpeel.web.collections import actions
from openpeel.web.collections.days import turn_of_day
from openpeel.web.collections.models import Asked, Collection
from openpeel.web.collections.periods import day_moved_on, moved_on, read_period, written
from openpeel.web.collections.policies import Plan, Wanted
from openpeel.web.jobs.queue import run_waiting
from openpeel.web.notices.models import Notice
from openpeel.web.states import NotNow
from openpeel.web.trail.models import Event
from web_collections import AT, YEAR, a_plan, handed_in, opened, planned
from web_people import BEDFORDSHIRE, HERTFORDSHIRE, MakePerson, Role

KENT = "E23000032"


@pytest.fixture
def analyst(person: MakePerson) -> Person:
    return person(Role.ANALYST, name="Anna Analyst")


@pytest.fixture
def at_forces(person: MakePerson) -> dict[str, Person]:
    """People of two forces, and those who are not to be told."""
    return {
        "contributor": person(Role.CONTRIBUTOR, force=HERTFORDSHIRE),
        "approver": person(Role.APPROVER, force=HERTFORDSHIRE),
        "both": person(Role.CONTRIBUTOR, Role.APPROVER, force=BEDFORDSHIRE),
        "caseworker": person(Role.CASEWORKER, force=HERTFORDSHIRE),
        "observer": person(Role.OBSERVER, force=HERTFORDSHIRE),
        "elsewhere": person(Role.CONTRIBUTOR, force=KENT),
    }


def _told(subject: str) -> list[str]:
    found = Notice.objects.filter(subject__startswith=subject)
    return sorted(notice.person.name for notice in found.select_related("person"))


def _names(people: dict[str, Person], *keys: str) -> list[str]:
    return sorted(people[key].name for key in keys)


def test_a_plan_asks_each_force_for_each_standard_and_is_in_the_trail(analyst: Person) -> None:
    made = planned(analyst)
    assert made.state == "planned"
    assert sorted(made.asked.values_list("standard", "force", "start", "end")) == [
        (standard, force, YEAR.start, YEAR.end)
        for standard in ("call", "crime")
        for force in (BEDFORDSHIRE, HERTFORDSHIRE)
    ]
    event = Event.objects.get()
    assert (event.who, event.action, event.about) == (
        "Anna Analyst",
        "plan collection",
        f"collection {made.key}",
    )
    assert "Bedfordshire and Hertfordshire" in event.after
    assert Notice.objects.count() == 0


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"closes_on": date(2026, 3, 8)}, "Enter 9 March 2026, when the collection opens, or a later day"),
        ({"opens_on": date(2026, 3, 1)}, "1 March 2026 has passed"),
        ({"wanted": ()}, "at least one standard"),
        (
            {"wanted": (Wanted("call", YEAR), Wanted("call", YEAR))},
            "Call to the control room is asked for twice",
        ),
        ({"wanted": (Wanted("call", read_period("2025-06 to 2026-05")),)}, "after the collection closes"),
        ({"forces": ()}, "at least one force"),
        ({"forces": ("E99999999",)}, "no force E99999999"),
        ({"name": ""}, "Enter a name"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_whole(analyst: Person, wrong: dict[str, object], said: str) -> None:
    with pytest.raises(UseError, match=said):
        planned(analyst, replace(a_plan(), **wrong))  # type: ignore[arg-type]
    assert Collection.objects.count() == 0
    assert Event.objects.count() == 0


def test_a_name_is_taken_once_however_it_is_written(analyst: Person) -> None:
    planned(analyst)
    with pytest.raises(UseError, match="There is a collection called"):
        planned(analyst, a_plan("SPRING 2026"))


def test_a_planned_collection_is_changed_and_asks_only_for_what_the_new_plan_says(analyst: Person) -> None:
    made = planned(analyst)
    new = a_plan("Summer 2026", standards=("bail",), forces=(KENT,))
    actions.change(collection=made, plan=new, version=1, by=Actor(analyst), at=AT)
    made.refresh_from_db()
    assert Plan.of(made) == new
    event = Event.objects.first()
    assert event is not None
    assert event.before.startswith("Spring 2026.")
    assert event.after.startswith("Summer 2026.")


def test_who_changes_what_another_has_changed_meanwhile_is_told_and_changes_nothing(
    analyst: Person, person: MakePerson
) -> None:
    made = planned(analyst)
    second = Actor(person(Role.ANALYST, name="Ben Analyst"))
    seen_by_second = Collection.objects.get(pk=made.pk)
    actions.change(collection=made, plan=a_plan("By Anna"), version=1, by=Actor(analyst), at=AT)
    with pytest.raises(
        NotNow, match=r"now planned.*Changed the plan.*Anna Analyst, on 2 March 2026 at 12:00pm"
    ):
        actions.change(collection=seen_by_second, plan=a_plan("By Ben"), version=1, by=second, at=AT)
    assert Collection.objects.get().name == "By Anna"
    assert Event.objects.filter(who="Ben Analyst").count() == 0


def test_of_two_who_open_at_once_one_does_and_forces_are_told_once(
    analyst: Person, person: MakePerson, at_forces: dict[str, Person]
) -> None:
    made = planned(analyst)
    seen_by_second = Collection.objects.get(pk=made.pk)
    actions.open_collection(collection=made, version=1, by=Actor(analyst), at=AT)
    with pytest.raises(
        NotNow, match=r"It is now open\. Opened the collection Spring 2026 to 2 forces\. That was Anna"
    ):
        actions.open_collection(collection=seen_by_second, version=1, by=Actor(person(Role.ANALYST)), at=AT)
    assert _told("Open: Spring 2026") == _names(at_forces, "contributor", "approver", "both")


def test_a_plan_that_is_open_is_changed_no_more(analyst: Person) -> None:
    made = opened(analyst)
    with pytest.raises(NotNow, match="It is now open"):
        actions.change(collection=made, plan=a_plan("Other"), version=made.version, by=Actor(analyst), at=AT)


@pytest.mark.parametrize("action", ["close_collection", "open_again"])
def test_what_is_not_open_yet_cannot_be_closed_or_opened_again(analyst: Person, action: str) -> None:
    made = planned(analyst)
    more = {"closes_on": date(2026, 5, 1), "reason": "Late"} if action == "open_again" else {}
    with pytest.raises(NotNow, match="It is now planned"):
        getattr(actions, action)(collection=made, version=1, by=Actor(analyst), at=AT, **more)


def test_a_collection_whose_closing_day_has_passed_is_not_opened(analyst: Person) -> None:
    made = planned(analyst)
    with pytest.raises(UseError, match="was to close on 30 April 2026"):
        actions.open_collection(
            collection=made, version=1, by=Actor(analyst), at=datetime(2026, 5, 1, 12, tzinfo=UTC)
        )


def test_to_an_open_collection_is_added_and_what_was_asked_stays_asked(
    analyst: Person, at_forces: dict[str, Person]
) -> None:
    made = opened(analyst)
    Notice.objects.all().delete()
    kept = Asked.objects.get(collection=made, standard="call", force=HERTFORDSHIRE)
    handed_in(kept, at_forces["contributor"], "checked")
    before = set(made.asked.values_list("key", flat=True))
    actions.add(
        collection=made,
        wanted=[Wanted("bail", YEAR)],
        more_forces=[KENT],
        closes_on=date(2026, 5, 7),
        reason="Kent joined",
        version=made.version,
        by=Actor(analyst),
        at=AT,
    )
    made.refresh_from_db()
    assert made.closes_on == made.due_on == date(2026, 5, 7)
    assert before < set(made.asked.values_list("key", flat=True))
    assert made.asked.count() == 9
    assert Event.objects.filter(said__contains="Reason: Kent joined").count() == 1
    assert len(_told("Changed: Spring 2026")) == 4


def test_a_force_that_is_added_is_told_and_no_other(analyst: Person, at_forces: dict[str, Person]) -> None:
    made = opened(analyst)
    actions.add(
        collection=made,
        more_forces=[KENT],
        closes_on=made.closes_on,
        reason="Kent joined",
        version=made.version,
        by=Actor(analyst),
        at=AT,
    )
    assert _told("Changed") == _names(at_forces, "elsewhere")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"wanted": [Wanted("call", YEAR)]}, "asked for already"),
        ({"more_forces": [HERTFORDSHIRE]}, "Hertfordshire is asked already"),
        ({}, "Nothing would change"),
        ({"closes_on": date(2026, 3, 1)}, "1 March 2026 has passed"),
        ({"more_forces": [KENT], "reason": " "}, "expected a reason"),
    ],
)
def test_what_cannot_be_added_is_refused(analyst: Person, more: dict[str, object], said: str) -> None:
    made = opened(analyst)
    given: dict[str, object] = {"closes_on": made.closes_on, "reason": "A reason"} | more
    with pytest.raises(UseError, match=said):
        actions.add(collection=made, version=made.version, by=Actor(analyst), at=AT, **given)  # type: ignore[arg-type]
    assert made.asked.count() == 4


def test_what_was_due_stays_due_when_a_collection_is_opened_again(analyst: Person) -> None:
    made = opened(analyst)
    actions.close_collection(
        collection=made, version=2, by=Actor(job="turn of the day"), at=datetime(2026, 5, 1, 6, tzinfo=UTC)
    )
    later = datetime(2026, 5, 5, 12, tzinfo=UTC)
    actions.open_again(
        collection=made,
        closes_on=date(2026, 5, 20),
        reason="Two are missing",
        version=3,
        by=Actor(analyst),
        at=later,
    )
    made.refresh_from_db()
    assert (made.state, made.closes_on, made.due_on) == ("open", date(2026, 5, 20), date(2026, 4, 30))
    again = Collection.objects.get(pk=made.pk)
    actions.close_collection(collection=again, version=4, by=Actor(analyst), at=later)
    actions.open_again(
        collection=again,
        closes_on=date(2026, 6, 1),
        reason="One is missing",
        version=5,
        by=Actor(analyst),
        at=later,
    )
    again.refresh_from_db()
    assert again.due_on == date(2026, 4, 30)


def test_one_that_was_closed_too_early_is_due_on_the_day_that_it_is_opened_again_until(
    analyst: Person,
) -> None:
    made = opened(analyst)
    actions.close_collection(collection=made, version=2, by=Actor(analyst), at=AT)
    with pytest.raises(UseError, match="today or later"):
        actions.open_again(
            collection=made, closes_on=date(2026, 3, 1), reason="Slip", version=3, by=Actor(analyst), at=AT
        )
    actions.open_again(
        collection=made, closes_on=date(2026, 5, 1), reason="Slip", version=3, by=Actor(analyst), at=AT
    )
    made.refresh_from_db()
    assert made.due_on == date(2026, 5, 1)


def _turn(day: date, times: int = 2) -> None:
    for _ in range(times):  # doing it again does nothing
        turn_of_day(day, datetime(day.year, day.month, day.day, 6, tzinfo=UTC))


def test_the_day_opens_and_closes_and_reminds_each_force_once(
    analyst: Person, at_forces: dict[str, Person]
) -> None:
    made = planned(analyst)
    _turn(date(2026, 3, 8))
    made.refresh_from_db()
    assert made.state == "planned"
    _turn(date(2026, 3, 9))
    made.refresh_from_db()
    assert made.state == "open"
    assert _told("Open: ") == _names(at_forces, "contributor", "approver", "both")

    for asked in made.asked.filter(force=BEDFORDSHIRE):
        handed_in(asked, at_forces["both"], "confirmed")
    _turn(date(2026, 4, 22))
    assert _told("Reminder") == []
    _turn(date(2026, 4, 23))
    _turn(date(2026, 4, 24))
    assert _told("Reminder") == _names(at_forces, "contributor", "approver")
    _turn(date(2026, 4, 29))
    assert len(_told("Reminder")) == 4
    _turn(date(2026, 4, 30))
    made.refresh_from_db()
    assert made.state == "open"
    _turn(date(2026, 5, 1))
    made.refresh_from_db()
    assert made.state == "closed"
    assert _told("Overdue") == _names(at_forces, "contributor", "approver")
    assert _told("Closed") == []
    _turn(date(2026, 5, 2))
    assert len(_told("Overdue")) == 2
    assert made.reminders.count() == 3


def test_a_force_is_reminded_anew_when_the_closing_day_is_moved(
    analyst: Person, at_forces: dict[str, Person]
) -> None:
    made = opened(analyst)
    _turn(date(2026, 4, 29))
    actions.add(
        collection=made,
        closes_on=date(2026, 5, 10),
        reason="Easter",
        version=made.version,
        by=Actor(analyst),
        at=datetime(2026, 4, 29, 12, tzinfo=UTC),
    )
    _turn(date(2026, 5, 9))
    assert len(_told("Reminder")) == 6
    _turn(date(2026, 5, 1))
    assert _told("Overdue") == []


def test_days_on_which_the_service_stood_still_are_made_up_for(analyst: Person) -> None:
    late, passed = planned(analyst), planned(analyst, a_plan("Missed", closes_on=date(2026, 3, 20)))
    _turn(date(2026, 4, 1))
    late.refresh_from_db()
    passed.refresh_from_db()
    assert (late.state, passed.state) == ("open", "planned")


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("year ending 31 March 2026", "the year ending 31 March 2026"),
        ("Year  ending mar 2026", "the year ending 31 March 2026"),
        ("2025/26", "the year ending 31 March 2026"),
        ("April 2025 to September 2025", "1 April 2025 to 30 September 2025"),
        ("2025-04..2025-09", "1 April 2025 to 30 September 2025"),
        ("1 April 2025 to 30 September 2025", "1 April 2025 to 30 September 2025"),
        ("February 2024", "February 2024"),
    ],
)
def test_a_period_is_read_as_people_write_it_and_back(text: str, label: str) -> None:
    period = read_period(text)
    assert period.label == label
    assert read_period(written(period)) == period


@pytest.mark.parametrize(
    "text",
    ["", "last year", "year ending 30 March 2026", "September 2025 to April 2025", "2 April 2025 to 30 April 2025",
     "31 February 2026", "2025-13 to 2026-01", "year ending 2026", "0000-01"],
)  # fmt: skip
def test_what_is_no_period_is_refused_with_how_to_write_one(text: str) -> None:
    with pytest.raises(UseError, match="Write 'year ending 31 March 2026'"):
        read_period(text)


def test_a_round_is_moved_on_by_six_months_to_the_ends_of_months() -> None:
    assert moved_on(read_period("year ending 31 August 2025")).label == "the year ending 28 February 2026"
    assert moved_on(read_period("July 2025 to December 2025")).label == "1 January 2026 to 30 June 2026"
    assert day_moved_on(date(2025, 8, 31)) == date(2026, 2, 28)
    assert day_moved_on(date(2025, 12, 31)) == date(2026, 6, 30)


def test_opening_puts_an_e_mail_in_the_queue_for_each_who_is_told(
    analyst: Person, at_forces: dict[str, Person], mailoutbox: list[object]
) -> None:
    opened(analyst)
    assert run_waiting() == 3
    assert len(mailoutbox) == 3
