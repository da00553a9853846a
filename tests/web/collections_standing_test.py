"""How far an asked return is: each state of a cell of the matrix of completeness."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from openpeel.web.collections.matrix import Shown, as_csv, matrix
from openpeel.web.collections.models import Asked, Collection
from openpeel.web.collections.standing import HandedIn, Stage, Standing, standing, standings
from openpeel.web.returns.states import RETURN
from web_collections import AT, a_plan, handed_in, opened
from web_people import BEDFORDSHIRE, HERTFORDSHIRE, MakePerson, Role

DUE = date(2026, 4, 30)
IN_TIME = datetime(2026, 4, 30, 22, 59, tzinfo=UTC)  # 23:59 on the due day, in London's summer
TOO_LATE = datetime(2026, 4, 30, 23, 1, tzinfo=UTC)


def _standing(*states: str, today: date = DUE, at: datetime = IN_TIME, queries: int = 0) -> Standing:
    returns = [HandedIn(f"key {i}", state, at) for i, state in enumerate(states)]
    if returns:
        returns[-1] = HandedIn("latest", states[-1], at, queries)
    return standing(returns, due_on=DUE, today=today)


@pytest.mark.parametrize(
    ("states", "queries", "stage"),
    [
        ((), 0, Stage.NOT_HANDED_IN),
        (("received",), 0, Stage.CHECKING),
        (("checking",), 0, Stage.CHECKING),
        (("refused",), 0, Stage.UNREADABLE),
        (("checked",), 2, Stage.QUERIES),
        (("checked",), 0, Stage.TO_CONFIRM),
        (("confirmed",), 0, Stage.TO_REVIEW),
        (("confirmed",), 1, Stage.QUERIES),
        (("accepted",), 0, Stage.ACCEPTED),
        (("sent_back",), 0, Stage.SENT_BACK),
        (("withdrawn", "checked"), 0, Stage.TO_CONFIRM),
        (("sent_back", "accepted"), 0, Stage.ACCEPTED),
        (("superseded", "accepted"), 0, Stage.ACCEPTED),
    ],
)
def test_a_cell_says_how_far_the_latest_return_is(
    states: tuple[str, ...], queries: int, stage: Stage
) -> None:
    assert _standing(*states, queries=queries).stage is stage


def test_every_state_of_a_return_has_its_stage() -> None:
    for state in RETURN.said:
        assert _standing(state).stage in Stage


@pytest.mark.parametrize("state", ["refused", "checked", "sent_back"])
def test_what_the_force_still_has_to_do_is_overdue_the_day_after(state: str) -> None:
    assert not _standing(state).overdue
    assert _standing(state, today=date(2026, 5, 1)).overdue
    assert not _standing(today=DUE).overdue
    assert _standing(today=date(2026, 5, 1)).said == "Not handed in, overdue"


@pytest.mark.parametrize("state", ["received", "confirmed", "accepted"])
def test_what_lies_with_the_inspectorate_is_not_overdue(state: str) -> None:
    assert not _standing(state, today=date(2026, 5, 1)).overdue


def test_a_first_return_after_the_due_day_is_late_in_londons_time() -> None:
    assert not _standing("accepted", at=IN_TIME).late
    assert _standing("accepted", at=TOO_LATE).said == "Accepted, late"


def test_a_correction_after_the_due_day_is_not_late_but_a_file_nobody_could_read_was_no_return() -> None:
    first, second = HandedIn("1", "sent_back", IN_TIME), HandedIn("2", "checked", TOO_LATE)
    assert not standing([first, second], due_on=DUE, today=DUE).late
    unreadable = HandedIn("1", "refused", IN_TIME)
    assert standing([unreadable, second], due_on=DUE, today=DUE).late


def test_an_accepted_return_stands_while_a_correction_is_on_its_way() -> None:
    found = _standing("accepted", "refused", today=date(2026, 5, 1))
    assert (found.stage, found.stands, found.overdue, found.owed) == (Stage.UNREADABLE, True, False, False)
    assert found.said == "Could not be read, an earlier return is accepted"


@pytest.fixture
def round_of_four(person: MakePerson) -> Collection:
    """Calls and crimes of two forces: Hertfordshire has one accepted and one with a query, Bedfordshire nothing."""
    collection = opened(person(Role.ANALYST))
    someone = person(Role.CONTRIBUTOR, force=HERTFORDSHIRE)
    call, crime = Asked.objects.filter(collection=collection, force=HERTFORDSHIRE).order_by("standard")
    handed_in(call, someone, "withdrawn")
    handed_in(call, someone, "accepted")
    handed_in(crime, someone, "checked", queries=("answered", "asked_again"))
    return collection


def test_the_matrix_counts_and_puts_first_who_is_most_behind(round_of_four: Collection) -> None:
    found = matrix(round_of_four, Shown(), today=date(2026, 5, 1))
    assert [row.force.name for row in found.rows] == ["Bedfordshire", "Hertfordshire"]
    assert [column.title for column in found.columns] == ["Call to the control room", "Recorded crime"]
    assert [[cell and cell.said for cell in row.cells] for row in found.rows] == [
        ["Not handed in, overdue"] * 2,
        ["Accepted", "Queries to answer, overdue"],
    ]
    assert (found.total.asked, found.total.accepted, found.total.overdue) == (4, 1, 3)
    assert [c.total.accepted for c in found.columns] == [1, 0]
    assert found.stages[Stage.NOT_HANDED_IN] == 2
    assert sum(found.stages.values()) == 4


@pytest.mark.parametrize(
    ("shown", "cells"),
    [
        (Shown(stage="queries"), [[Stage.QUERIES]]),
        (Shown(force=HERTFORDSHIRE), [[Stage.ACCEPTED, Stage.QUERIES]]),
        (Shown(standard="call"), [[Stage.NOT_HANDED_IN], [Stage.ACCEPTED]]),
        (Shown(overdue=True), [[Stage.NOT_HANDED_IN] * 2, [None, Stage.QUERIES]]),
        (Shown(force="E00000000"), []),
    ],
)
def test_filters_leave_out_what_is_not_asked_about(
    round_of_four: Collection, shown: Shown, cells: list[list[Stage | None]]
) -> None:
    found = matrix(round_of_four, shown, today=date(2026, 5, 1))
    assert [[cell and cell.stage for cell in row.cells] for row in found.rows] == cells


def test_a_matrix_of_any_size_takes_two_queries(
    person: MakePerson, django_assert_num_queries: object
) -> None:
    from openpeel.reference.forces import forces

    analyst = person(Role.ANALYST)
    plan = a_plan(forces=tuple(f.code for f in forces()), standards=("call", "crime", "outcome", "bail"))
    collection = opened(analyst, plan)
    for asked in Asked.objects.filter(collection=collection, standard="call"):
        handed_in(asked, analyst, "accepted")
    with django_assert_num_queries(2):  # type: ignore[operator]
        found = standings(Asked.objects.filter(collection=collection), today=DUE)
    assert len(found) == 172
    assert sum(state.stage is Stage.ACCEPTED for _, state in found) == 43


def test_the_csv_has_a_line_for_each_cell(round_of_four: Collection) -> None:
    lines = as_csv(round_of_four, Shown(), today=date(2026, 5, 1)).splitlines()
    assert len(lines) == 5
    assert lines[1] == (
        f"Bedfordshire,{BEDFORDSHIRE},Call to the control room,call,2025-01-01,2025-12-31,2026-04-30,"
        "Not handed in,no,yes,no"
    )
    assert AT.date().isoformat() not in lines[1]
