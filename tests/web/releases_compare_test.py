"""Two releases are compared: what moved, how far beside its interval, why, and whose moves somebody sees."""

from __future__ import annotations

import csv
import gzip
import io
from typing import Any

import pytest
from django.test import Client

from openpeel.figures import compute_figures
from openpeel.lake import Lake, open_engine, open_release
from openpeel.measures import measures_on
from openpeel.measures.count import count_release
from openpeel.publishing.open_data import as_csv
from openpeel.reference.periods import Period
from openpeel.web.accounts.permissions import Role
from openpeel.web.releases.comparing import NO_CAUSE, moves
from openpeel.web.releases.models import ForceTable, Release
from openpeel.web.releases.states import FROZEN, PUBLISHED, SHARED
from web_people import BEDFORDSHIRE, HERTFORDSHIRE, MakePerson, SignIn
from web_releases import ENDING, MakeRelease

ADDRESS = "/releases/compare?earlier=first&later=second"


def _values(release: Release) -> dict[tuple[str, str, str | None], Any]:
    return {
        (table.force, f["measure"], f["group"]): f
        for table in ForceTable.objects.filter(release=release)
        for f in table.figures
    }


def test_all_that_moved_is_told_with_its_cause(release: MakeRelease) -> None:
    first, second = release("first", figures=True), release("second", figures=True)
    before, after = _values(first), _values(second)
    expected = {about for about, f in after.items() if f["value"] != before[about]["value"]}
    found = moves(first, second)
    assert {(m.force, m.measure, m.group or None) for m in found} == expected
    # Only Hertfordshire handed in again, so only its figures moved, and its returns are why.
    assert {m.force for m in found} == {HERTFORDSHIRE}
    assert all("superseded" in m.why[0] for m in found)
    one = found[0]
    old, new = (v[one.force, one.measure, one.group or None] for v in (before, after))
    assert (one.before, one.after) == (old["value"], new["value"])
    if old["method"] != "count":
        half = (old["upper"] - old["lower"]) / 2
        assert one.intervals == pytest.approx(abs(new["value"] - old["value"]) / half)
    sizes = [m.intervals for m in found if m.intervals is not None]
    assert sizes == sorted(sizes, reverse=True)
    assert len(sizes) > 10


def test_a_release_is_the_same_as_itself_in_other_words(release: MakeRelease) -> None:
    first, second = release("first", figures=True), release("second", figures=True)
    assert moves(first, second, BEDFORDSHIRE) == ()
    own = moves(first, second, HERTFORDSHIRE)
    assert own == tuple(m for m in moves(first, second) if m.force == HERTFORDSHIRE)


def test_another_definition_and_another_version_are_causes(release: MakeRelease) -> None:
    first, second = release("first", figures=True), release("second", figures=True)
    table = ForceTable.objects.get(release=second, force=BEDFORDSHIRE)
    figures = table.figures
    moved = next(f for f in figures if f["value"])
    moved["value"] += 1
    moved["definition"] = "0123456789ab"
    table.figures = figures
    table.save()
    Release.objects.filter(pk=second.pk).update(code_version="99")
    second.refresh_from_db()
    (move,) = moves(first, second, BEDFORDSHIRE)
    assert "Its definition changed" in move.why[0]
    assert "then by 99" in move.why[1]
    moved["definition"] = next(
        f
        for f in ForceTable.objects.get(release=first, force=BEDFORDSHIRE).figures
        if f["measure"] == moved["measure"]
    )["definition"]
    table.save()
    Release.objects.filter(pk=second.pk).update(code_version=first.code_version)
    second.refresh_from_db()
    (move,) = moves(first, second, BEDFORDSHIRE)
    assert move.why == (NO_CAUSE,)


def test_the_page_and_its_csv_are_filtered(
    release: MakeRelease, person: MakePerson, signed_in: SignIn
) -> None:
    first, second = release("first", figures=True), release("second", figures=True)
    client = signed_in(person(Role.INSPECTOR))
    page = client.get(ADDRESS).content.decode()
    assert f"{len(moves(first, second))} figures moved from first to second" in page
    assert "superseded" in page
    assert "No figure is different." in client.get(f"{ADDRESS}&force=bedfordshire").content.decode()
    lines = client.get(ADDRESS.replace("compare?", "compare.csv?") + "&measure=searches").content.decode()
    rows = list(csv.DictReader(io.StringIO(lines)))
    assert rows
    assert {r["measure"] for r in rows} == {"searches"}
    assert float(rows[0]["after"]) - float(rows[0]["before"]) == float(rows[0]["difference"])


@pytest.mark.parametrize(
    ("states", "force", "status"),
    [
        ((PUBLISHED, PUBLISHED), None, 200),
        ((PUBLISHED, SHARED), None, 404),
        ((PUBLISHED, FROZEN), HERTFORDSHIRE, 404),
        ((PUBLISHED, SHARED), HERTFORDSHIRE, 200),
        ((PUBLISHED, SHARED), BEDFORDSHIRE, 200),
    ],
)
def test_whose_moves_are_seen(
    release: MakeRelease,
    person: MakePerson,
    signed_in: SignIn,
    states: tuple[str, str],
    force: str | None,
    status: int,
) -> None:
    for name, state in zip(("first", "second"), states, strict=True):
        release(name, figures=True, state=state)
    client = signed_in(person(Role.APPROVER, force=force)) if force else Client()
    found = client.get(ADDRESS)
    assert found.status_code == status
    if status == 200:
        moved = "superseded" in found.content.decode()
        assert moved == (force != BEDFORDSHIRE)
    if force == BEDFORDSHIRE:
        assert client.get(f"{ADDRESS}&force=hertfordshire").status_code == 404
        lines = client.get(ADDRESS.replace("compare?", "compare.csv?")).content.decode()
        assert len(lines.splitlines()) == 1


def test_years_that_differ_are_not_compared(
    release: MakeRelease, person: MakePerson, signed_in: SignIn
) -> None:
    release("first", figures=True)
    release("second", figures=True, ending=ENDING.replace(year=2023))
    page = signed_in(person(Role.ANALYST)).get(ADDRESS).content.decode()
    assert "expected two releases of the same year" in page


def test_the_csv_of_a_release_is_that_of_the_library(release: MakeRelease, lake: Any) -> None:
    release("first", figures=True, state=PUBLISHED)
    frozen = open_release(Lake.open(lake), "first")
    measures = measures_on({r.key.standard for r in frozen.returns})
    with open_engine("duckdb") as engine:
        counts = count_release(frozen, measures, engine)
    expected = as_csv(compute_figures(frozen, counts, Period.year_ending(ENDING), measures))

    client = Client()
    plain = client.get("/releases/of/first/figures.csv")
    assert b"".join(plain) == expected
    assert plain["Content-Type"] == "text/csv; charset=utf-8"
    assert plain["Content-Disposition"] == 'attachment; filename="first-figures.csv"'
    packed = client.get("/releases/of/first/figures.csv", headers={"accept-encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(b"".join(packed)) == expected
    assert not plain["ETag"].startswith("W/")
    assert plain["ETag"] != packed["ETag"]
    assert "Accept-Encoding" in plain["Vary"]
    same = client.get("/releases/of/first/figures.csv", headers={"if-none-match": plain["ETag"]})
    assert same.status_code == 304
    lines = b"".join(client.get("/releases/of/first/figures.jsonl")).decode().splitlines()
    assert len(lines) == len(expected.splitlines()) - 1


def test_what_is_not_published_is_not_kept_by_anything_between(
    release: MakeRelease, person: MakePerson, signed_in: SignIn
) -> None:
    release("first", figures=True)
    found = signed_in(person(Role.ANALYST)).get("/releases/of/first/figures.csv")
    found.close()
    assert found["Cache-Control"] == "private, no-store"
