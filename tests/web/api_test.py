"""Programs ask for published figures, and get those of the tables and no others."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openpeel.figures.figure import WITHHELD
from openpeel.figures.rounding import shown
from openpeel.reference.forces import all_forces
from openpeel.web.accounts.permissions import Role
from web_explore import Computed, MakeFigures, plain
from web_people import HERTFORDSHIRE, MakePerson, SignIn

V1 = "/api/v1"


@pytest.fixture(autouse=True)
def nobody_asked_before() -> None:
    caches["asked"].clear()


def test_each_figure_is_that_of_the_table(explored: MakeFigures, computed: Computed) -> None:
    explored()
    found: list[dict[str, Any]] = []
    href = f"{V1}/figures?limit=500"
    while href:
        page = Client().get(href).json()
        found += page["items"]
        href = page["next"] and page["next"].removeprefix("http://testserver")
    assert page["count"] == len(computed.figures)
    assert [{k: v for k, v in f.items() if k != "shown"} for f in found] == [
        plain(f.as_json()) for f in computed.figures
    ]
    for told, figure in zip(found, computed.figures, strict=True):
        assert told["shown"] == (WITHHELD if figure.method == WITHHELD else shown(figure.value, figure.unit))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_filters_and_pages_give_what_they_say(published_figures: Computed, data: st.DataObject) -> None:
    computed = published_figures
    measures = sorted({f.measure for f in computed.figures})
    measure = data.draw(st.sampled_from([None, *measures]))
    force = data.draw(st.sampled_from([None, *all_forces()]))
    groups = sorted({f.group or "all" for f in computed.figures if measure in (None, f.measure)})
    group = data.draw(st.sampled_from([None, *groups]))
    offset, limit = data.draw(st.integers(0, 200)), data.draw(st.integers(1, 120))
    asked = {"measure": measure, "force": force and force.slug, "group": group}
    asked = {k: v for k, v in asked.items() if v} | {"offset": offset, "limit": limit}
    caches["asked"].clear()
    answer = Client().get(f"{V1}/figures", asked).json()
    wanted = [
        f.id
        for f in computed.figures
        if measure in (None, f.measure)
        and (force is None or f.force == force.code)
        and group in (None, f.group or "all")
    ]
    assert answer["count"] == len(wanted)
    assert [f["id"] for f in answer["items"]] == wanted[offset : offset + limit]


@pytest.fixture
def published_figures(explored: MakeFigures, computed: Computed) -> Computed:
    explored()
    return computed


def test_a_figure_is_found_by_its_id(explored: MakeFigures, computed: Computed) -> None:
    explored()
    figure = next(f for f in computed.figures if f.group == "arrest" and f.force == HERTFORDSHIRE)
    assert Client().get(f"{V1}/figures/{figure.id}").json()["value"] == figure.value
    for wrong in (f"{figure.id}0", "nonsense", figure.id.replace("hertfordshire", "nowhere")):
        missing = Client().get(f"{V1}/figures/{wrong}")
        assert missing.status_code == 404
        assert missing["Content-Type"] == "application/problem+json"
        assert missing.json()["status"] == 404


def test_trends_measures_forces_and_releases_are_listed(explored: MakeFigures, computed: Computed) -> None:
    explored()
    client = Client()
    trends = client.get(f"{V1}/trends?force=hertfordshire&measure=searches_per_1000").json()
    wanted = next(t for t in computed.trends if t.force == HERTFORDSHIRE and t.measure == "searches_per_1000")
    assert [m["value"] for m in trends["items"][0]["months"]] == [m.value for m in wanted.months]
    assert client.get(f"{V1}/forces").json()["count"] == len(all_forces())
    assert client.get(f"{V1}/releases").json()["items"][0]["name"] == "first"
    measure = client.get(f"{V1}/measures/searches_per_1000").json()
    assert (measure["unit"], measure["area"]) == ("per 1,000 population", "powers")
    assert client.get(f"{V1}/measures?area=powers").json()["count"] > 5


@pytest.mark.parametrize("state", ["frozen", "shared"])
def test_what_is_not_published_is_given_to_nobody(
    explored: MakeFigures, computed: Computed, person: MakePerson, signed_in: SignIn, state: str
) -> None:
    explored("hidden", state=state)
    client = signed_in(person(Role.ANALYST))
    for path in (
        "/figures",
        "/trends",
        "/measures",
        "/releases/hidden",
        f"/figures/{computed.figures[0].id}",
    ):
        assert client.get(f"{V1}{path}").status_code == 404, path
    assert client.get(f"{V1}/releases").json()["items"] == []
    explored("first")
    assert client.get(f"{V1}/figures?release=hidden").status_code == 400


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("limit=0", "limit"),
        ("limit=501", "limit"),
        ("offset=-1", "offset"),
        ("measure=nothing", "measure"),
        ("force=nowhere", "force"),
        ("release=none", "release"),
        ("measure=outcome&group=none", "group"),
        ("period_end=2019-03-31", "period_end"),
        ("period_end=yesterday", "period_end"),
    ],
)
def test_a_parameter_that_is_wrong_is_named_with_what_was_expected(
    explored: MakeFigures, query: str, name: str
) -> None:
    explored()
    answer = Client().get(f"{V1}/figures?{query}")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    (invalid,) = answer.json()["invalid"]
    assert invalid["name"] == name
    assert invalid["reason"]


def test_nothing_is_sent_that_the_asker_has(explored: MakeFigures) -> None:
    explored()
    client = Client()
    first = client.get(f"{V1}/figures?limit=5")
    assert "max-age" in first["Cache-Control"]
    again = client.get(f"{V1}/figures?limit=5", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    head = client.head(f"{V1}/figures?limit=5")
    assert (head.status_code, head.content, head["ETag"]) == (200, b"", first["ETag"])
    explored("later")
    assert client.get(f"{V1}/figures?limit=5", headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_who_asks_too_often_is_told_when_to_ask_again(explored: MakeFigures, settings: Any) -> None:
    settings.API_A_MINUTE = 3
    explored()
    answers = [Client().get(f"{V1}/forces", REMOTE_ADDR="192.0.2.1") for _ in range(9)]
    refused = next(a for a in answers if a.status_code == 429)
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert refused["Content-Type"] == "application/problem+json"
    assert Client().get(f"{V1}/forces", REMOTE_ADDR="192.0.2.2").status_code == 200


def test_the_api_is_for_reading(explored: MakeFigures) -> None:
    explored()
    for method in ("post", "put", "delete", "patch"):
        answer = getattr(Client(), method)(f"{V1}/figures")
        assert answer.status_code == 405
        assert answer["Allow"] == "GET, HEAD"
    assert Client().get(f"{V1}/nothing").json()["status"] == 404


def test_the_description_tells_all_addresses_and_every_view_its_permission(explored: MakeFigures) -> None:
    from openpeel.web.api.urls import urlpatterns

    explored()
    schema = Client().get(f"{V1}/openapi.json").json()
    assert schema["openapi"].startswith("3.")
    assert set(schema["paths"]) == {
        f"{V1}{path}"
        for path in (
            *("/releases", "/releases/{name}", "/forces", "/measures", "/measures/{measure}"),
            *("/figures", "/figures/{id}", "/trends"),
        )
    }
    page = Client().get("/api/").content.decode()
    for path in schema["paths"]:
        assert f"GET {path}" in page
    views = [p.callback for p in urlpatterns[1].url_patterns]
    assert all(view.needs for view in views)
