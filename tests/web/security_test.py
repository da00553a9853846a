"""What every answer carries, cookies, forms from elsewhere, and settings that are safe in production."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client
from django.test.utils import override_settings

from openpeel.web.accounts.permissions import Role
from web_people import HERTFORDSHIRE, PASSWORD, MakePerson, SignIn

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    "path", ["/", "/account/sign-in", "/nowhere", "/account/people", "/account/people/add"]
)
def test_every_answer_carries_the_headers_of_safety(person: MakePerson, signed_in: SignIn, path: str) -> None:
    for client in (Client(), signed_in(person(Role.ADMINISTRATOR)), signed_in(person(Role.INSPECTOR))):
        found = client.get(path)
        policy = found["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert found["X-Frame-Options"] == "DENY"
        assert found["X-Content-Type-Options"] == "nosniff"
        assert found["Referrer-Policy"] == "same-origin"
        assert found["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "camera=()" in found["Permissions-Policy"]


def test_what_somebody_sees_who_is_signed_in_is_kept_by_no_cache(
    person: MakePerson, signed_in: SignIn
) -> None:
    found = signed_in(person(Role.CONTRIBUTOR, force=HERTFORDSHIRE)).get("/account/")
    assert "private" in found["Cache-Control"]
    assert "no-store" in found["Cache-Control"]
    assert "no-store" not in Client().get("/").get("Cache-Control", "")


def test_no_page_has_a_style_or_a_script_of_its_own(person: MakePerson, signed_in: SignIn) -> None:
    client = signed_in(person(Role.ADMINISTRATOR))
    for path in ("/", "/account/", "/account/people", "/account/people/add", "/account/permissions"):
        page = client.get(path).content.decode()
        assert " style=" not in page
        assert "<style" not in page
        assert " onclick=" not in page
        assert "<script>" not in page


def test_a_form_that_did_not_come_from_one_of_our_pages_changes_nothing(person: MakePerson) -> None:
    someone = person(Role.CONTRIBUTOR, force=HERTFORDSHIRE)
    client = Client(enforce_csrf_checks=True)
    found = client.post("/account/sign-in", {"username": someone.email, "password": PASSWORD})
    assert found.status_code == 403
    assert "The form was too old" in found.content.decode()
    assert client.get("/account/").status_code == 302


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(person: MakePerson) -> None:
    someone = person(Role.CONTRIBUTOR, force=HERTFORDSHIRE)
    client = Client()
    client.get("/account/sign-in")
    client.post("/account/sign-in", {"username": someone.email, "password": PASSWORD})
    for name in ("sessionid", "csrftoken"):
        assert client.cookies[name]["httponly"]
        assert client.cookies[name]["samesite"] == "Lax"


def test_a_fault_is_not_shown(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("what is in memory")

    monkeypatch.setattr("openpeel.web.look.views.items_for", fails)
    monkeypatch.setattr("openpeel.web.look.views.path_of", fails)
    found = Client(raise_request_exception=False).get("/")
    assert found.status_code == 500
    assert "Sorry, something went wrong" in found.content.decode()
    assert "what is in memory" not in found.content.decode()


@override_settings(ALLOWED_HOSTS=["good.example"])
def test_another_host_is_not_answered(db: None) -> None:
    assert Client(HTTP_HOST="evil.example").get("/").status_code == 400


def test_the_settings_of_a_production_are_safe_by_djangos_own_check(tmp_path: Path) -> None:
    production = {
        "OPENPEEL_PRODUCTION": "yes",
        "OPENPEEL_SECRET_KEY": "an invented secret of more than fifty characters, 0123456789-abcdefghij",
        "OPENPEEL_HOSTS": "openpeel.example.org",
        "OPENPEEL_HOME": str(tmp_path),
        "OPENPEEL_DATABASE": "postgresql://openpeel:password@127.0.0.1:5/openpeel",
        "OPENPEEL_EMAIL": "smtp://mail.example.org",
        "OPENPEEL_METRICS_TOKEN": "an invented token of forty characters and some",
        "OPENPEEL_PROXIES": "1",
        "OPENPEEL_SENDER": "openpeel@example.org",
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")]),
    }
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("OPENPEEL_", "DJANGO_"))
    }
    command = [sys.executable, "-m", "openpeel.web", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(command, env=kept | production, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "no issues" in done.stdout
