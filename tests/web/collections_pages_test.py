"""The pages of collections: who sees what, and what analysts and people at forces do on them."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from openpeel.reference.forces import forces
from openpeel.standards import load_standard, standard_ids
from openpeel.standards.template import template_files
from openpeel.web.accounts.actor import Actor
from openpeel.web.accounts.models import Person
from openpeel.web.collections import actions
from openpeel.web.collections.models import Asked, Collection
from openpeel.web.look.jinja import day
from web_collections import handed_in, open_now
from web_people import BEDFORDSHIRE, HERTFORDSHIRE, MakePerson, Role, SignIn


@pytest.fixture
def analyst(person: MakePerson) -> Person:
    return person(Role.ANALYST, name="Anna Analyst")


@pytest.fixture
def desk(analyst: Person, signed_in: SignIn) -> Client:
    """An analyst at work."""
    return signed_in(analyst)


def _text(found: object) -> str:
    """What a page says, without its markup."""
    html: str = found.content.decode()  # type: ignore[attr-defined]
    assert "Traceback" not in html
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def _plan(**other: object) -> dict[str, object]:
    today = timezone.localdate()
    return {
        "version": 0,
        "name": "Spring",
        "about": "Please begin early.",
        "opens_on": day(today + timedelta(days=7)),
        "closes_on": day(today + timedelta(days=60)),
        "period": "year ending 31 December 2025",
        "standards": ["call", "crime"],
        "period_crime": "2025-01 to 2025-06",
        "which": "some",
        "forces": [HERTFORDSHIRE],
    } | other


def test_an_analyst_plans_changes_and_opens_a_collection(desk: Client) -> None:
    assert "There are none yet" in _text(desk.get("/collections/"))
    found = desk.post("/collections/new", _plan(), follow=True)
    assert "Spring is planned" in _text(found)
    made = Collection.objects.get()
    assert sorted(a.period.label for a in made.asked.all()) == [
        "1 January 2025 to 30 June 2025",
        "the year ending 31 December 2025",
    ]
    change = f"/collections/{made.key}/change"
    shown = desk.get(change).content.decode()
    assert 'value="year ending 31 December 2025"' in shown
    assert 'value="1 January 2025 to 30 June 2025"' in shown
    desk.post(change, _plan(version=made.version, which="all", name=" Spring\n2026 "))
    made.refresh_from_db()
    assert (made.name, made.asked.count()) == ("Spring 2026", 86)
    asks = desk.get(f"/collections/{made.key}/open")
    assert "43 forces have nobody to be told" in _text(asks)
    assert made.state == "planned"  # looking opened nothing
    found = desk.post(f"/collections/{made.key}/open", {"version": made.version}, follow=True)
    assert "Spring 2026 is open" in _text(found)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "Enter a name"),
        ({"opens_on": "1 March 2020"}, "1 March 2020 has passed"),
        ({"opens_on": "soon"}, "Enter a day, such as 31 March 2026"),
        ({"closes_on": day(timezone.localdate())}, "when the collection opens, or a later day"),
        ({"standards": []}, "Choose at least one standard"),
        ({"standards": ["no_such"]}, "no_such is not one of the available choices"),
        ({"period": ""}, "Enter a period here, or one beside each standard"),
        ({"period": "last year"}, "'last year' is no period"),
        ({"period_crime": "June 2025 to May 2025"}, "'June 2025 to May 2025' is no period"),
        ({"period_crime": "year ending 31 December 2090"}, "after the collection closes"),
        ({"forces": []}, "Choose at least one force"),
        ({"which": ""}, "Say whether all forces are asked"),
    ],
)
def test_what_is_wrong_in_a_plan_is_said_beside_its_field_and_in_the_summary(
    desk: Client, wrong: dict[str, object], said: str
) -> None:
    found = desk.post("/collections/new", _plan(**wrong))
    assert found.status_code == 200
    assert _text(found).count(said) == 2
    assert "<title>Error: " in found.content.decode()
    targets = re.findall(r'<li>\s*<a href="#([^"]+)"', found.content.decode())
    assert targets
    assert all(f'id="{target}"' in found.content.decode() for target in targets)
    assert Collection.objects.count() == 0


def test_everything_wrong_in_a_plan_is_said_at_once(desk: Client) -> None:
    found = _text(desk.post("/collections/new", _plan(opens_on="1 March 2020", forces=[], standards=[])))
    for said in ("1 March 2020 has passed", "Choose at least one force", "Choose at least one standard"):
        assert said in found


def test_a_copy_says_what_was_moved_and_is_kept_only_when_it_is_saved(desk: Client, analyst: Person) -> None:
    collection = open_now(analyst)
    found = desk.get(f"/collections/new?copy={collection.key}")
    said = _text(found)
    assert "Period of Call to the control room, Recorded crime" in said
    assert "from year ending 31 December 2025 to year ending 30 June 2026" in said
    assert f"Closing day: from {day(collection.closes_on)} to" in said
    assert 'value="year ending 30 June 2026"' in found.content.decode()
    assert Collection.objects.count() == 1
    desk.post(f"/collections/new?copy={collection.key}", _plan(name="Next"))
    assert Collection.objects.get(name="Next").copied_from == collection
    assert desk.get("/collections/new?copy=nonsense").status_code == 404
    assert desk.get(f"/collections/new?copy={uuid4()}").status_code == 404


def test_an_analyst_adds_to_an_open_collection_closes_it_and_opens_it_again(
    desk: Client, analyst: Person
) -> None:
    collection = open_now(analyst)
    address = f"/collections/{collection.key}"
    closes_on = day(collection.closes_on + timedelta(days=7))
    given = {
        "version": collection.version,
        "closes_on": closes_on,
        "reason": "Asked for",
        "standards": ["bail"],
    }
    assert "Enter a period here" in _text(desk.post(f"{address}/add", given))
    found = desk.post(f"{address}/add", given | {"period": "2025-01 to 2025-12"}, follow=True)
    assert "Now is changed, and the forces are told" in _text(found)
    collection.refresh_from_db()
    assert (collection.asked.count(), day(collection.closes_on)) == (6, closes_on)
    found = desk.post(f"{address}/close", {"version": collection.version}, follow=True)
    assert "Now is closed" in _text(found)
    again = {"version": collection.version + 1, "closes_on": "1 March 2020", "reason": ""}
    said = _text(desk.post(f"{address}/open-again", again))
    assert "1 March 2020 has passed" in said
    assert "Enter why it is opened again" in said
    desk.post(f"{address}/open-again", again | {"closes_on": closes_on, "reason": "Two are missing"})
    collection.refresh_from_db()
    assert collection.state == "open"


def test_the_second_of_two_analysts_is_told_who_was_first(desk: Client, analyst: Person) -> None:
    collection = open_now(analyst)
    seen = collection.version
    actions.close_collection(collection=collection, version=seen, by=Actor(analyst), at=timezone.now())
    found = desk.post(f"/collections/{collection.key}/close", {"version": seen})
    assert "It is now closed" in _text(found)
    assert "That was Anna Analyst" in _text(found)


def test_the_matrix_shows_each_force_and_is_there_as_csv(
    desk: Client, analyst: Person, person: MakePerson
) -> None:
    collection = open_now(analyst)
    asked = collection.asked.get(standard="call", force=HERTFORDSHIRE)
    handed_in(asked, person(Role.CONTRIBUTOR, force=HERTFORDSHIRE), "accepted", at=timezone.now())
    found = _text(desk.get(f"/collections/{collection.key}"))
    assert "1 of 4 accepted, 0 overdue." in found
    assert "Recorded crime 0 of 2" not in found
    only = desk.get(f"/collections/{collection.key}?stage=accepted")
    assert "?force=E23000026" not in only.content.decode()
    assert "Nothing is asked that fits" in _text(desk.get(f"/collections/{collection.key}?overdue=on"))
    file = desk.get(f"/collections/{collection.key}/completeness.csv?stage=accepted")
    assert file["Content-Disposition"] == 'attachment; filename="now-completeness.csv"'
    lines = list(csv.DictReader(io.StringIO(file.content.decode())))
    assert [(line["Force"], line["State"]) for line in lines] == [("Hertfordshire", "Accepted")]


def test_the_matrix_of_the_nation_takes_few_queries(
    desk: Client, analyst: Person, django_assert_max_num_queries: object
) -> None:
    collection = open_now(analyst, standards=standard_ids())
    Asked.objects.bulk_create(
        Asked(
            collection=collection,
            standard=s,
            force=f.code,
            start=collection.opens_on,
            end=collection.opens_on,
        )
        for s in standard_ids()
        for f in forces()
        if f.code not in (BEDFORDSHIRE, HERTFORDSHIRE)
    )
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        found = desk.get(f"/collections/{collection.key}")
    assert found.content.decode().count('class="openpeel-cell ') == 43 * len(standard_ids())


def test_somebody_at_a_force_sees_what_is_asked_of_it_and_nothing_of_another(
    analyst: Person, person: MakePerson, signed_in: SignIn
) -> None:
    open_now(analyst)
    contributor = person(Role.CONTRIBUTOR, force=HERTFORDSHIRE)
    found = signed_in(contributor).get("/collections/")
    said = _text(found)
    assert "What is asked of Hertfordshire" in said
    assert "the year ending 31 December 2025" in said
    assert "Hand in the return" in said
    assert "Bedfordshire" not in said
    other = person(Role.APPROVER, force="E23000032")
    assert "No collection that asks anything of your force is open" in _text(
        signed_in(other).get("/collections/")
    )


def test_a_force_sees_nothing_of_a_collection_that_is_planned(
    desk: Client, person: MakePerson, signed_in: SignIn
) -> None:
    desk.post("/collections/new", _plan(name="Secret plan"))
    found = signed_in(person(Role.CONTRIBUTOR, force=HERTFORDSHIRE)).get("/collections/")
    assert "Secret plan" not in _text(found)


def test_a_force_that_owes_something_to_a_closed_collection_is_told_what_to_do(
    analyst: Person, person: MakePerson, signed_in: SignIn
) -> None:
    collection = open_now(analyst)
    actions.close_collection(collection=collection, version=2, by=Actor(analyst), at=timezone.now())
    said = _text(signed_in(person(Role.APPROVER, force=HERTFORDSHIRE)).get("/collections/"))
    assert "Ask the inspectorate to open the collection again" in said


@pytest.mark.parametrize("role", [Role.OBSERVER, Role.CASEWORKER, Role.INSPECTOR, Role.AUDITOR])
def test_others_see_nothing_of_collections(
    analyst: Person, person: MakePerson, signed_in: SignIn, role: Role
) -> None:
    collection = open_now(analyst)
    force = HERTFORDSHIRE if role in (Role.OBSERVER, Role.CASEWORKER) else ""
    client = signed_in(person(role, force=force))
    for page in ("", "new", "standards/call", f"{collection.key}", f"{collection.key}/completeness.csv"):
        assert client.get(f"/collections/{page}").status_code == 403, page


@pytest.mark.parametrize(
    "page", ["", "/change", "/add", "/open", "/close", "/open-again", "/completeness.csv"]
)
def test_a_force_plans_nothing_and_sees_no_matrix(
    analyst: Person, person: MakePerson, signed_in: SignIn, page: str
) -> None:
    collection = open_now(analyst)
    client = signed_in(person(Role.CONTRIBUTOR, Role.APPROVER, force=HERTFORDSHIRE))
    for found in (
        client.get(f"/collections/{collection.key}{page}"),
        client.post(f"/collections/{collection.key}{page}"),
    ):
        assert found.status_code == 403
    assert Client().get(f"/collections/{collection.key}{page}").status_code == 302


def test_the_template_of_a_standard_is_what_the_command_line_writes(
    person: MakePerson, signed_in: SignIn
) -> None:
    client = signed_in(person(Role.CONTRIBUTOR, force=HERTFORDSHIRE))
    for name, content in template_files(load_standard("call")).items():
        found = client.get(f"/collections/standards/call/template.{name.removeprefix('call.')}")
        assert found.content == content
        assert found["Content-Disposition"] == f'attachment; filename="{name}"'
    guidance = _text(client.get("/collections/standards/call"))
    assert load_standard("call").about.split("\n")[0] in guidance
    assert "Call offered at" in guidance
    assert client.get("/collections/standards/no_such").status_code == 404
    assert client.get("/collections/standards/call/template.exe").status_code == 404
