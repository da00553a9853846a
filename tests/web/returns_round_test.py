"""A return goes its way: handed in, checked, asked about, confirmed, accepted, and in the lake."""

from __future__ import annotations

from openpeel.lake import ReturnKey
from openpeel.web.notices.models import Notice
from openpeel.web.returns.jobs import could_not_check
from openpeel.web.returns.models import Query, Response, Return
from openpeel.web.trail.models import Event
from web_people import HERTFORDSHIRE
from web_returns import BAD, NAME, Round, as_csv, volunteers, work

KEY = ReturnKey("volunteer", HERTFORDSHIRE, ("2024-03",))


def _told(someone: object) -> list[str]:
    return list(Notice.objects.filter(person=someone).values_list("subject", flat=True))


def _done() -> list[str]:
    """What the audit trail says was done with returns, but for reading."""
    events = Event.objects.filter(about__startswith="return ").exclude(action__startswith="read")
    return list(events.order_by("number").values_list("action", flat=True))


def test_a_good_return_is_checked_confirmed_accepted_and_put_in_the_lake(asked_round: Round) -> None:
    content = as_csv(volunteers())
    answer = asked_round.send({NAME: content}, remark="From the new system.")
    handed_in = asked_round.last()
    assert answer["Location"] == f"/returns/{handed_in.key}"
    assert (handed_in.state, handed_in.number, handed_in.remark) == ("received", 1, "From the new system.")
    work()
    handed_in.refresh_from_db()
    assert (handed_in.state, handed_in.progress) == ("checked", 100)
    assert handed_in.found is not None
    assert handed_in.found["accepted"] == 30
    assert list(handed_in.queries.all()) == []
    assert asked_round.main.held() == {}
    assert "A return can be confirmed" in _told(asked_round.approver)

    assert "The return is confirmed" in asked_round.confirm(handed_in)
    assert "A return is confirmed" in _told(asked_round.analyst)
    page = asked_round.accept(handed_in)
    assert "It is being put into the lake." in page
    assert asked_round.main.held() == {}
    work()
    handed_in.refresh_from_db()
    assert handed_in.state == "accepted"
    assert handed_in.in_lake_at is not None
    assert asked_round.main.held() == {KEY: handed_in.lake_id}
    assert "A return is accepted" in _told(asked_round.contributor)
    done = _done()
    assert done == [
        "hand in return",
        "begin check",
        "finish check",
        "confirm return",
        "accept return",
        "put return in lake",
    ]


def test_rejected_rows_are_asked_about_and_have_to_be_waived(asked_round: Round) -> None:
    handed_in = asked_round.hand_in(as_csv(BAD))
    (query,) = handed_in.queries.all()
    assert (query.hard, query.check_name, query.rows) == (True, "rejected_rows", 2)
    assert "2 of 30 rows were rejected" in query.message
    assert "row 30, column 'Volunteer at the end of'" in query.message
    assert "There are queries on a return" in _told(asked_round.contributor)

    assert "1 query has to be answered before it can be confirmed" in asked_round.confirm(handed_in)
    asked_round.answer(query, "explain")  # cannot be explained away
    query.refresh_from_db()
    assert query.state == "open"
    asked_round.answer(query, "ask for a waiver", "Two volunteers have left and their records with them.")
    asked_round.confirm(handed_in)
    assert "1 query has to be settled or waived before it can be accepted" in asked_round.accept(handed_in)
    asked_round.reply(query, "settle")
    query.refresh_from_db()
    assert query.state == "answered"
    asked_round.reply(query, "waive", "Two of thirty do no harm.")
    asked_round.accept(handed_in)
    handed_in.refresh_from_db()
    assert handed_in.state == "accepted"
    talk = list(Response.objects.values_list("kind", "by__name"))
    assert talk == [("ask for a waiver", "Cora Contributor"), ("waive", "Ada Analyst")]


def test_a_query_is_asked_again_until_the_answer_does(asked_round: Round) -> None:
    handed_in = asked_round.hand_in(as_csv([*volunteers(), volunteers()[0]]))
    query = handed_in.queries.get(check_name="same_key_twice")
    for other in handed_in.queries.exclude(pk=query.pk):
        asked_round.answer(other)
        asked_round.reply(other, "settle")
    asked_round.answer(query, text="They are two.")
    asked_round.confirm(handed_in)
    asked_round.reply(query, "ask again", "Two people of one reference?")
    query.refresh_from_db()
    assert query.state == "asked_again"
    assert "A query is asked again" in _told(asked_round.contributor)
    asked_round.answer(query, text="It is one, in two districts.")
    assert "A query is answered" in _told(asked_round.analyst)
    asked_round.reply(query, "settle")
    asked_round.accept(handed_in)
    handed_in.refresh_from_db()
    assert handed_in.state == "accepted"
    page = asked_round.client(asked_round.analyst).get(query.link).content.decode()
    said = ["They are two.", "Two people of one reference?", "It is one, in two districts.", "Settled"]
    places = [page.index(text, page.index("What was said")) for text in said]
    assert places == sorted(places)


def test_who_says_that_a_correction_comes_does_not_confirm_what_is_wrong(asked_round: Round) -> None:
    handed_in = asked_round.hand_in(as_csv(BAD))
    (query,) = handed_in.queries.all()
    asked_round.answer(query, "correct", "We have found the months.")
    assert "it will hand in a correction" in asked_round.confirm(handed_in)
    asked_round.answer(query, "ask for a waiver", "They cannot be found after all.")
    asked_round.confirm(handed_in)
    handed_in.refresh_from_db()
    assert handed_in.state == "confirmed"


def test_a_return_is_sent_back_with_a_reason_and_the_next_one_goes_on(asked_round: Round) -> None:
    handed_in = asked_round.hand_in(as_csv(volunteers()))
    asked_round.confirm(handed_in)
    page = asked_round.post(asked_round.analyst, f"/returns/{handed_in.key}/send-back", because="")
    assert "Say why the return is sent back" in page
    asked_round.post(
        asked_round.analyst, f"/returns/{handed_in.key}/send-back", because="Cadets are missing."
    )
    handed_in.refresh_from_db()
    assert (handed_in.state, handed_in.sent_back_because) == ("sent_back", "Cadets are missing.")
    assert "A return is sent back" in _told(asked_round.contributor)
    page = asked_round.client(asked_round.contributor).get(handed_in.link).content.decode()
    assert "Cadets are missing." in page
    again = asked_round.hand_in(as_csv(volunteers(40)))
    assert (again.number, again.state) == (2, "checked")
    handed_in.refresh_from_db()
    assert handed_in.state == "sent_back"


def test_a_later_return_takes_the_place_of_one_that_is_not_accepted_and_both_stay(asked_round: Round) -> None:
    first = asked_round.hand_in(as_csv(volunteers()))
    asked_round.confirm(first)
    second = asked_round.hand_in(as_csv(volunteers(31)))
    first.refresh_from_db()
    assert (first.state, second.number, second.state) == ("withdrawn", 2, "checked")
    assert "return 2, which Cora Contributor handed in on" in asked_round.accept(first)
    assert Return.objects.count() == 2
    page = asked_round.client(asked_round.contributor).get(first.link).content.decode()
    assert "Return 2, which Cora Contributor handed in on" in page


def test_a_correction_shows_what_it_changes_and_supersedes_when_it_is_accepted(asked_round: Round) -> None:
    first = asked_round.accepted(as_csv(volunteers(30)))
    second = asked_round.hand_in(as_csv([*volunteers(20), *volunteers(40, scheme="Special constable")[20:]]))
    assert second.difference is not None
    assert second.difference["rows"] == "20 records new, 10 gone, 20 as before"
    assert second.difference["before"] == [first.lake_id]
    moved = {(m["title"], m["group"]): (m["before"], m["after"]) for m in second.difference["measures"]}
    before, after = moved["Volunteers by scheme", "Police cadet"]
    assert (before["value"], after["value"]) == (30, 20)
    before, after = moved["Hours of volunteers", ""]
    assert (before["value"], after["value"]) == (360, 480)
    asked_round.confirm(second)
    page = asked_round.client(asked_round.analyst).get(second.link).content.decode()
    assert "20 records new, 10 gone, 20 as before" in page
    assert "Hours of volunteers" in page
    first.refresh_from_db()
    assert first.state == "accepted"
    asked_round.accept(second)
    work()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("superseded", "accepted")
    assert asked_round.main.held() == {KEY: second.lake_id}
    assert asked_round.main.superseded(KEY) == [first.lake_id]


def test_small_numbers_are_withheld_from_what_a_correction_changes(asked_round: Round) -> None:
    asked_round.accepted(as_csv(volunteers(30)))
    second = asked_round.hand_in(as_csv([*volunteers(30), *volunteers(32, scheme="Mini police")[30:]]))
    assert second.difference is not None
    mini = [m for m in second.difference["measures"] if m["group"] == "Mini police"]
    assert all(m["after"] is None for m in mini)
    assert "withheld" in asked_round.client(asked_round.contributor).get(second.link).content.decode()


def test_the_same_files_again_are_no_new_return(asked_round: Round) -> None:
    asked_round.hand_in(as_csv(volunteers()))
    answer = asked_round.send({NAME: as_csv(volunteers())})
    assert answer.status_code == 422
    assert "These are the same files, to the last byte, as return 1" in answer.content.decode()
    assert Return.objects.count() == 1


def test_a_return_whose_records_are_invented_is_not_asked_about_it(asked_round: Round) -> None:
    handed_in = asked_round.hand_in(as_csv(volunteers()), name="invented-volunteers.csv")
    assert not Query.objects.filter(of=handed_in).exists()
    page = asked_round.client(asked_round.contributor).get(handed_in.link).content.decode()
    assert "invented for demonstration" in page


def test_a_return_whose_check_was_given_up_before_it_began_is_not_left_waiting(asked_round: Round) -> None:
    asked_round.send({NAME: as_csv(volunteers())})
    handed_in = asked_round.last()
    could_not_check(str(handed_in.key))
    handed_in.refresh_from_db()
    assert handed_in.state == "refused"
    assert "nothing is wrong with your files" in handed_in.refused_because
    assert "A return could not be read" in _told(asked_round.contributor)
    event = Event.objects.get(action="refuse return")
    assert (event.before, event.after) == ("Waiting to be checked", "Could not be read")
    work()  # the job, should it come to its turn after all
    handed_in.refresh_from_db()
    assert handed_in.state == "refused"
