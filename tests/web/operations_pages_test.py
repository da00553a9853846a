"""The pages for those who run the service: whether it is up and can work, its numbers, and who may know them."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import path
from django.utils import timezone

from openpeel.web.accounts.guard import needs
from openpeel.web.accounts.permissions import Permission, Role
from openpeel.web.jobs.queue import enqueue
from openpeel.web.jobs.tasks import Task
from openpeel.web.operations.logs import JsonFormatter
from openpeel.web.urls import urlpatterns as all_pages
from web_jobs import write
from web_people import HERTFORDSHIRE, MakePerson, SignIn

pytestmark = pytest.mark.django_db
ELSEWHERE = "192.0.2.7"
MARIGOLD = "Marigold Invented"


@needs(Permission.SEE_PUBLISHED)
def fault(request: Any) -> Any:
    person_of_the_record = request.GET["name"]
    raise ValueError(f"could not convert '{person_of_the_record}'")


urlpatterns = [path("fault", fault, name="fault"), *all_pages]


def test_health_and_readiness_are_told_to_anybody_and_the_details_to_the_machine_alone() -> None:
    assert Client().get("/health").json() == {"up": True}
    near, far = Client().get("/ready"), Client().get("/ready", REMOTE_ADDR=ELSEWHERE)
    assert (near.status_code, far.status_code) == (200, 200)
    assert set(near.json()) == {"ready", "database", "lake", "queue", "disk"}
    assert far.json() == {"ready": True}


def test_a_queue_that_nobody_works_on_is_not_ready(tmp_path: Path) -> None:
    enqueue(write, str(tmp_path / "done"), "x")
    Task.objects.update(enqueued_at=timezone.now() - timedelta(minutes=11))
    found = Client().get("/ready")
    assert found.status_code == 503
    assert found.json()["queue"] == {"well": False, "oldest_waits_seconds": 660}


def test_a_damaged_lake_is_not_ready(settings: LazySettings, tmp_path: Path) -> None:
    (tmp_path / "openpeel-lake.json").write_text("{")
    settings.LAKE = tmp_path
    found = Client().get("/ready")
    assert (found.status_code, found.json()["lake"]["well"]) == (503, False)


def test_metrics_are_for_the_machine_or_the_token(settings: LazySettings) -> None:
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, metrics_token="an invented token")
    with_token = {"Authorization": "Bearer an invented token"}
    assert Client().get("/metrics").status_code == 200
    assert Client().get("/metrics", REMOTE_ADDR=ELSEWHERE).status_code == 403
    assert Client().get("/metrics", REMOTE_ADDR=ELSEWHERE, headers=with_token).status_code == 200
    assert Client().get("/metrics", headers={"X-Forwarded-For": ELSEWHERE}).status_code == 403
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, proxies=1)
    assert Client().get("/metrics").status_code == 403


def test_without_a_token_an_empty_one_opens_nothing() -> None:
    headers = {"Authorization": "Bearer "}
    assert Client().get("/metrics", REMOTE_ADDR=ELSEWHERE, headers=headers).status_code == 403


@pytest.mark.both_databases
def test_metrics_count_requests_by_view_and_jobs_by_state(tmp_path: Path) -> None:
    enqueue(write, str(tmp_path / "done"), "x")
    Client().get("/account/sign-in")
    told = Client().get("/metrics").content.decode()
    assert 'openpeel_requests_total{method="GET",status="200",view="accounts:sign-in"}' in told
    assert 'openpeel_jobs{state="ready"} 1.0' in told
    assert "openpeel_queue_age_seconds" in told


def test_each_answer_has_an_id_and_keeps_one_that_a_proxy_gave() -> None:
    assert len(Client().get("/health")["X-Request-Id"]) == 32
    given = {"X-Request-Id": "from-the-proxy-1"}
    assert Client().get("/health", headers=given)["X-Request-Id"] == "from-the-proxy-1"
    assert "\n" not in Client().get("/health", headers={"X-Request-Id": "a b"})["X-Request-Id"]
    assert Client().get("/health", headers={"X-Request-Id": "<script>"})["X-Request-Id"] != "<script>"


@pytest.fixture
def written(caplog: pytest.LogCaptureFixture) -> Any:
    caplog.set_level(logging.INFO)
    return lambda: [json.loads(JsonFormatter().format(record)) for record in caplog.records]


def test_the_log_says_which_view_answered_and_how_and_not_what_was_looked_at(
    person: MakePerson, signed_in: SignIn, written: Any
) -> None:
    someone = person(Role.CONTRIBUTOR, force=HERTFORDSHIRE, name=MARIGOLD)
    signed_in(someone).get("/account/permissions", {"q": MARIGOLD})
    lines = [line for line in written() if line["from"] == "openpeel.request"]
    assert lines[-1]["view"] == "accounts:permissions"
    assert (lines[-1]["status"], lines[-1]["method"]) == (200, "GET")
    assert lines[-1]["role"] in ("force", "somebody")
    assert "Marigold" not in json.dumps(written())
    assert someone.email not in json.dumps(written())


@pytest.mark.urls(__name__)
def test_a_fault_is_logged_by_its_kind_and_place_and_without_the_record(written: Any) -> None:
    found = Client(raise_request_exception=False).get("/fault", {"name": MARIGOLD})
    assert found.status_code == 500
    assert "Marigold" not in found.content.decode()
    lines = written()
    assert any(line.get("error") == "builtins.ValueError" for line in lines)
    assert any("in fault" in place for line in lines for place in line.get("where", []))
    assert "Marigold" not in json.dumps(lines)


def test_a_message_of_another_library_is_written_as_its_pattern(written: Any) -> None:
    logging.getLogger("another.library").warning("no row for %s", MARIGOLD)
    logging.getLogger("another.library").warning(f"no row for {MARIGOLD}")
    assert "Marigold" not in json.dumps(written())
    assert written()[0]["message"] == "no row for %s"
