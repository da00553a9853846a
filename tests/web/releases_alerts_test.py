"""Alerts are raised once, from figures that are told, and are those that plain reading of the figures gives."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from typing import Any

import pytest

from openpeel.figures.rounding import number
from openpeel.measures import MEASURES
from openpeel.web.accounts.permissions import Role
from openpeel.web.releases.models import Alert, ForceTable, Release, TrendTable
from openpeel.web.releases.states import PUBLISHED
from openpeel.web.releases.working_out import work_out
from web_people import HERTFORDSHIRE, MakePerson, SignIn
from web_releases import MakeRelease

BETTER = {m.id: m.better for m in MEASURES}


def _plainly(release: Release, before: Release | None = None) -> dict[tuple[str, str, str, str], str]:
    """The alerts, worked out from the JSON of the tables in another way: each with the id of its figure."""
    found = {}
    old: dict[tuple[str, str, str], Any] = {}
    if before is not None:
        for table in ForceTable.objects.filter(release=before):
            old.update({(table.force, f["measure"], f["group"] or ""): f for f in table.figures})
    trends = {(t.force, t.measure): t.trend for t in TrendTable.objects.filter(release=release)}
    for table in ForceTable.objects.filter(release=release):
        if not table.force.startswith(("E", "W")):
            continue
        for f in table.figures:
            if f["value"] is None:
                continue
            about = (table.force, f["measure"], f["group"] or "")
            better = BETTER[f["measure"]]
            kinds = []
            if f["limit_met"] is False:
                kinds.append("limit")
            compared = f["comparison"]
            said = {compared["verdict"], compared["overdispersed"]["outer_verdict"]}
            if {"higher": "below", "lower": "above"}.get(better) in said:
                kinds.append("outlier")
            trend = trends.get((table.force, f["measure"])) if f["group"] is None else None
            if trend is not None:
                change = (trend["change"] or {}).get("verdict")
                if (better, change) in {("higher", "fall"), ("lower", "rise")}:
                    kinds.append("fall")
                last = trend["months"][-1]
                if last["signals"]:
                    high = last["value"] > last["centre"]
                    if better == "neither" or high == (better == "lower"):
                        kinds.append("month")
            was = old.get(about)
            alike = was is not None and was["value"] is not None and was["definition"] == f["definition"]
            if alike and number(was["value"], f["unit"]) != number(f["value"], f["unit"]):
                kinds.append("changed")
            found.update({(*about, kind): f["id"] for kind in kinds})
    return found


def _kept(release: Release) -> dict[tuple[str, str, str, str], str]:
    return {(a.force, a.measure, a.group, a.kind): a.figure for a in Alert.objects.filter(release=release)}


def test_alerts_are_those_that_the_figures_give(release: MakeRelease) -> None:
    made = release("first", figures=True)
    found = _kept(made)
    assert found == _plainly(made)
    by_kind = defaultdict(int)
    for *_, kind in found:
        by_kind[kind] += 1
    assert set(by_kind) == {"limit", "outlier", "fall", "month"}


def test_later_data_that_change_a_published_figure_raise_an_alert(release: MakeRelease) -> None:
    first = release("first", figures=True, state=PUBLISHED)
    second = release("second")
    work_out.call(str(second.key))
    found = _kept(second)
    assert found == _plainly(second, first)
    changed = {about for about in found if about[3] == "changed"}
    assert {about[0] for about in changed} == {HERTFORDSHIRE}  # who handed in again
    alert = Alert.objects.filter(release=second, kind="changed").first()
    assert alert is not None
    assert "The release 'first', published before, gave" in alert.said


def test_nothing_is_raised_against_a_release_that_is_not_published(release: MakeRelease) -> None:
    release("first", figures=True)
    second = release("second")
    work_out.call(str(second.key))
    assert not Alert.objects.filter(release=second, kind="changed").exists()


def test_no_alert_rests_on_a_figure_without_a_value(release: MakeRelease) -> None:
    made = release("first", figures=True)
    absent = {
        f["id"]
        for table in ForceTable.objects.filter(release=made)
        for f in table.figures
        if f["value"] is None
    }
    assert absent
    assert absent.isdisjoint(_kept(made).values())


def test_pages_count_filter_and_name_what_is_new(
    release: MakeRelease, person: MakePerson, signed_in: SignIn
) -> None:
    first = release("first", figures=True)
    second = release("second", figures=True, frozen_at=first.frozen_at.replace(month=8))
    Alert.objects.filter(release=first, force=HERTFORDSHIRE, kind="fall").delete()
    client = signed_in(person(Role.INSPECTOR))
    page = client.get("/releases/alerts").content.decode()
    assert f"{Alert.objects.filter(release=second).count():,} alerts." in page
    own = client.get("/releases/alerts/hertfordshire").content.decode()
    assert "Alerts about Hertfordshire Constabulary" in own
    limits = client.get("/releases/alerts/hertfordshire?kind=limit").content.decode()
    assert "it is missed" in limits
    assert "standard deviation" not in limits
    new = {k for k in _kept(second) if k not in _kept(first) and k[0] == HERTFORDSHIRE}
    assert new
    lines = client.get("/releases/alerts.csv?force=hertfordshire&new=yes").content.decode()
    rows = list(csv.DictReader(io.StringIO(lines)))
    assert {(r["force"], r["measure"], r["group"]) for r in rows} == {k[:3] for k in new}
    assert {r["new"] for r in rows} == {"yes"}
    earlier = client.get("/releases/alerts?release=first").content.decode()
    assert f"{Alert.objects.filter(release=first).count():,} alerts." in earlier
    assert client.get("/releases/alerts/atlantis").status_code == 404
    assert client.get("/releases/alerts?release=third").status_code == 404


@pytest.mark.parametrize("role", [Role.APPROVER, Role.CONTRIBUTOR, Role.PUBLISHER, Role.AUDITOR])
def test_others_do_not_see_alerts(
    release: MakeRelease, person: MakePerson, signed_in: SignIn, role: Role
) -> None:
    release("first", figures=True, state=PUBLISHED)
    force = HERTFORDSHIRE if role in (Role.APPROVER, Role.CONTRIBUTOR) else ""
    client = signed_in(person(role, force=force))
    for path in ("alerts", "alerts/hertfordshire", "alerts.csv"):
        assert client.get(f"/releases/{path}").status_code == 403
