"""People look at figures: what a page prints is what the figures say, and only those see it who may."""

from __future__ import annotations

import csv
import html
import io
import re

import pytest
from django.test import Client

from openpeel.figures.figure import WITHHELD
from openpeel.figures.rounding import shown
from openpeel.reference.forces import find_force
from openpeel.web.accounts.permissions import Role
from openpeel.web.trail.models import Event
from web_explore import Computed, MakeFigures
from web_people import BEDFORDSHIRE, HERTFORDSHIRE, MakePerson, SignIn

RATE = "/explore/measures/searches_per_1000"


def text_of(page: str) -> str:
    """What a page says, without its markup."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page)).split())


def table_rows(page: str) -> list[list[str]]:
    """The rows of all tables, cell by cell."""
    return [
        [text_of(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)]
        for row in re.findall(r"<tr[^>]*>(.*?)</tr>", page, re.DOTALL)
    ]


def charts_in(page: str) -> list[str]:
    found = re.findall(r'(?:src|srcset|href)="(/explore/charts/[^"]*)"', page)
    return [html.unescape(href) for href in dict.fromkeys(found)]


def test_the_page_of_a_measure_prints_each_figure_as_it_is(explored: MakeFigures, computed: Computed) -> None:
    explored()
    rows = {row[0]: row for row in table_rows(Client().get(RATE).content.decode()) if row}
    told = [f for f in computed.of("searches_per_1000") if f.value is not None]
    assert len(told) > 10
    for figure in told:
        row = rows[find_force(figure.force).name]
        assert row[1] == shown(figure.value, figure.unit)
        assert row[3] == f"{figure.numerator:,.0f}"
        assert row[4] == f"{figure.denominator:,.0f}"
        assert row[-1] == figure.id


def test_a_force_that_is_chosen_is_told_in_words_and_marked_in_table_map_and_chart(
    explored: MakeFigures, computed: Computed
) -> None:
    explored()
    page = Client().get(f"{RATE}?force=hertfordshire").content.decode()
    own = next(f for f in computed.of("searches_per_1000") if f.force == HERTFORDSHIRE)
    assert f"Hertfordshire Constabulary recorded {shown(own.value, own.unit)} stop and searches" in text_of(
        page
    )
    assert "Hertfordshire (chosen)" in text_of(page)
    assert page.count("openpeel-tile--own") == 2  # the map of a screen and that of a phone
    assert "Month by month" in page


@pytest.mark.parametrize("method", ["sd", "control", "overdispersed"])
@pytest.mark.parametrize("shape", ["wide", "narrow"])
def test_a_force_is_marked_in_the_drawing_of_all_forces(
    explored: MakeFigures, computed: Computed, method: str, shape: str
) -> None:
    explored()
    client = Client()
    page = client.get(f"{RATE}?force=hertfordshire&method={method}").content.decode()
    href = next(h for h in charts_in(page) if f"/{method}-{shape}.svg?" in h and "save" not in h)
    svg = client.get(href).content.decode()
    unmarked = client.get(href.replace("force=hertfordshire", "").rstrip("?&")).content.decode()
    assert svg != unmarked
    own = next(f for f in computed.of("searches_per_1000") if f.force == HERTFORDSHIRE)
    value = shown(own.value, own.unit)
    if (method, shape) == ("sd", "narrow"):
        assert svg.count(f">◄ {value}</text>") == 2
    else:
        assert svg.count(f">Hertfordshire {value}</text>") == 2
    if method == "sd":
        assert re.search(r'font-weight="bold"[^>]*>Hertfordshire<', svg)
        assert svg.count('stroke-width="3"') == 1 + unmarked.count('stroke-width="3"')


def test_a_link_to_a_view_comes_back_to_the_same_view(explored: MakeFigures) -> None:
    explored()
    client = Client()
    page = client.get("/explore/measures/outcome?method=control&group=arrest&force=kent").content.decode()
    link = html.unescape(re.findall(r'comes back to this view: <a[^>]*href="([^"]*)"', page)[0])
    assert link.endswith("?release=first&force=kent&group=arrest&method=control")
    assert client.get(link.removeprefix("http://testserver")).content.decode() == page


def test_people_of_a_force_see_their_own_unless_they_choose(
    explored: MakeFigures, person: MakePerson, signed_in: SignIn
) -> None:
    explored()
    client = signed_in(person(Role.APPROVER, force=HERTFORDSHIRE))
    assert "Hertfordshire (chosen)" in text_of(client.get(RATE).content.decode())
    assert "Kent (chosen)" not in text_of(client.get(RATE).content.decode())
    assert "(chosen)" not in text_of(client.get(f"{RATE}?force=none").content.decode())
    assert "Surrey (chosen)" in text_of(client.get(f"{RATE}?force=surrey").content.decode())


@pytest.mark.parametrize(
    "path",
    [
        "/explore/measures/no_such_measure",
        f"{RATE}?release=no-such-release",
        f"{RATE}?force=no-such-force",
        f"{RATE}?force=btp",
        f"{RATE}?method=guess",
        "/explore/measures/outcome?group=no_such_group",
        "/explore/?area=nowhere",
        "/explore/forces/nowhere",
        f"{RATE}/figures.xls",
    ],
)
def test_what_is_not_there_is_not_found(explored: MakeFigures, path: str) -> None:
    explored()
    assert Client().get(path).status_code == 404


def test_before_anything_is_published_the_list_says_so(db: None) -> None:
    assert "No release with figures has been published yet" in Client().get("/explore/").content.decode()
    assert Client().get(RATE).status_code == 404


def test_measures_are_found_by_the_words_of_their_names(explored: MakeFigures) -> None:
    explored()
    found = text_of(Client().get("/explore/?q=per+1,000+search&force=hertfordshire").content.decode())
    assert "1 measure has the words" in found
    assert "Stop and searches per 1,000 population" in found
    assert "0 measures have the words" in text_of(Client().get("/explore/?q=unicorns").content.decode())
    script = Client().get("/explore/?q=<script>alert(1)</script>").content.decode()
    assert "<script>alert" not in script


def test_what_is_shared_is_seen_by_those_who_may_and_their_reading_is_recorded(
    explored: MakeFigures, person: MakePerson, signed_in: SignIn
) -> None:
    release = explored(state="shared")
    href = f"{RATE}?force=hertfordshire"
    assert Client().get(href).status_code == 404
    assert signed_in(person(Role.CONTRIBUTOR, force=HERTFORDSHIRE)).get(href).status_code == 404
    own = signed_in(person(Role.APPROVER, force=HERTFORDSHIRE))
    page = own.get(href)
    assert page.status_code == 200
    assert "Not published" in page.content.decode()
    assert "no-cache" in page["Cache-Control"]
    assert "private" in page["Cache-Control"]
    read = Event.objects.filter(action="read unpublished figures", about=f"release {release.key}")
    assert read.count() == 1
    assert read.get().force == HERTFORDSHIRE
    chart = charts_in(page.content.decode())[0]
    assert own.get(chart).status_code == 200
    assert own.get(chart)["Cache-Control"].startswith("private")
    assert Client().get(chart).status_code == 404
    assert read.count() == 1  # a chart is part of the page that was read


def test_before_publication_a_force_sees_no_other_by_itself(
    explored: MakeFigures, person: MakePerson, signed_in: SignIn
) -> None:
    explored(state="shared")
    client = signed_in(person(Role.APPROVER, force=HERTFORDSHIRE))
    assert client.get("/explore/forces/hertfordshire").status_code == 200
    for path in (
        "/explore/forces/bedfordshire",
        "/explore/forces/bedfordshire/figures.csv",
        f"{RATE}?force=bedfordshire",
        "/explore/?force=bedfordshire",
    ):
        assert client.get(path).status_code == 404, path
    chart = next(c for c in charts_in(client.get(RATE).content.decode()) if "months" in c)
    assert client.get(chart.replace("hertfordshire", "bedfordshire")).status_code == 404
    inspector = signed_in(person(Role.INSPECTOR))
    assert inspector.get("/explore/forces/bedfordshire").status_code == 200
    assert BEDFORDSHIRE in {e.force for e in Event.objects.filter(action="read unpublished figures")}


def test_what_is_frozen_is_seen_by_the_inspectorate_alone(
    explored: MakeFigures, person: MakePerson, signed_in: SignIn
) -> None:
    explored(state="frozen")
    assert signed_in(person(Role.INSPECTOR)).get(RATE).status_code == 200
    assert signed_in(person(Role.APPROVER, force=HERTFORDSHIRE)).get(RATE).status_code == 404


def test_who_is_signed_in_leaves_nothing_for_who_is_not(
    explored: MakeFigures, person: MakePerson, signed_in: SignIn
) -> None:
    explored()
    explored("next", state="shared")
    someone = person(Role.INSPECTOR)
    client = signed_in(someone)
    assert someone.name in client.get(RATE).content.decode()
    assert "next" in client.get(RATE).content.decode()
    page = Client().get(RATE)
    assert someone.name not in page.content.decode()
    assert "release=next" not in page.content.decode()
    assert Client().get(RATE, headers={"If-None-Match": page["ETag"]}).status_code == 304
    assert "Cookie" in page["Vary"]


def test_a_release_that_is_published_is_seen_at_once(explored: MakeFigures) -> None:
    explored()
    before = Client().get("/explore/")
    explored("later", frozen_at="2024-08-01T09:00Z")
    after = Client().get("/explore/", headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200
    assert "later" in after.content.decode()


def test_a_chart_is_found_at_its_own_address_alone_and_kept_for_ever(explored: MakeFigures) -> None:
    explored()
    client = Client()
    chart = charts_in(client.get(RATE).content.decode())[0]
    found = client.get(chart)
    assert found["Content-Type"] == "image/svg+xml"
    assert "immutable" in found["Cache-Control"]
    stamp = chart.split("/")[3]
    assert client.get(chart.replace(stamp, "0" * len(stamp))).status_code == 404
    png = next(c for c in charts_in(client.get(RATE).content.decode()) if ".png" in c)
    saved = client.get(png)
    assert saved.content.startswith(b"\x89PNG")
    assert saved["Content-Disposition"].startswith("attachment")


def test_the_profile_of_a_force_has_all_its_figures(explored: MakeFigures, computed: Computed) -> None:
    explored()
    page = Client().get("/explore/forces/hertfordshire").content.decode()
    cells = [cell for row in table_rows(page) for cell in row]
    own = [
        f for f in computed.figures if f.force == HERTFORDSHIRE and f.group is None and f.value is not None
    ]
    for figure in own:
        assert any(cell.startswith(shown(figure.value, figure.unit)) for cell in cells), figure.id
    for measure in {f.measure for f in own}:
        assert f"/explore/measures/{measure}?" in page


def test_downloads_have_every_figure_of_the_measure(explored: MakeFigures, computed: Computed) -> None:
    explored()
    found = Client().get("/explore/measures/outcome/figures.csv?release=first")
    assert found["Content-Disposition"] == 'attachment; filename="outcome-first.csv"'
    rows = list(csv.DictReader(io.StringIO(found.content.decode())))
    wanted = [f for f in computed.figures if f.measure == "outcome"]
    assert [row["id"] for row in rows] == [f.id for f in wanted]
    assert [row["value"] for row in rows] == ["" if f.value is None else str(f.value) for f in wanted]
    sheet = Client().get("/explore/measures/outcome/figures.ods").content
    assert sheet.startswith(b"PK")


def test_a_number_that_is_withheld_is_nowhere(explored: MakeFigures, computed: Computed) -> None:
    explored()
    hidden = [f for f in computed.figures if f.method == WITHHELD]
    client = Client()
    measure = hidden[0].measure
    those = [f for f in hidden if f.measure == measure]
    for figure in those:
        assert (figure.value, figure.numerator, figure.denominator, figure.lower) == (None,) * 4
        slug = find_force(figure.force).slug
        page = client.get(
            f"/explore/measures/{measure}?force={slug}&group={figure.group or ''}"
        ).content.decode()
        row = next(r for r in table_rows(page) if r and r[-1] == figure.id)
        assert row[1:5] == ["withheld", "–", "–", "–"]
        assert f"{find_force(figure.force).name}: withheld" in page  # on the map
    rows = csv.DictReader(
        io.StringIO(client.get(f"/explore/measures/{measure}/figures.csv").content.decode())
    )
    for row in rows:
        if row["method"] == WITHHELD:
            assert {row[c] for c in ("numerator", "denominator", "value", "lower", "upper")} == {""}
