"""What would make a production unsafe is refused, and the page about production names every setting."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import LazySettings

from openpeel.errors import UseError
from openpeel.web import environment
from openpeel.web.environment import Environment
from openpeel.web.operations.checks import check_production

ROOT = Path(__file__).parents[2]
SECRET = "an invented secret of more than fifty characters: 0123456789"
SAFE = {
    "OPENPEEL_PRODUCTION": "yes",
    "OPENPEEL_HOME": "/nowhere",
    "OPENPEEL_SECRET_KEY": SECRET,
    "OPENPEEL_HOSTS": "peel.example.org",
    "OPENPEEL_PROXIES": "1",
    "OPENPEEL_DATABASE": "postgresql://user:password@127.0.0.1/peel",
    "OPENPEEL_EMAIL": "smtp://mail.example.org",
    "OPENPEEL_METRICS_TOKEN": "invented",
}


def _found(settings: LazySettings, **changed: str) -> list[str]:
    settings.ENVIRONMENT = Environment.read({**SAFE, **{f"OPENPEEL_{k}": v for k, v in changed.items()}})
    return [str(message.id) for message in check_production()]


def test_a_production_with_everything_set_has_nothing_wrong(settings: LazySettings) -> None:
    assert _found(settings) == []


@pytest.mark.parametrize(
    ("name", "value", "wrong"),
    [
        ("SECRET_KEY", "", "openpeel.E001"),
        ("SECRET_KEY", "a" * 80, "openpeel.E001"),
        ("HOSTS", "*", "openpeel.E002"),
        ("HOSTS", ".example.org", "openpeel.E002"),
        ("HTTPS", "no", "openpeel.E003"),
        ("PROXIES", "0", "openpeel.E004"),
        ("DATABASE", "", "openpeel.W002"),
        ("EMAIL", "", "openpeel.W003"),
        ("METRICS_TOKEN", "", "openpeel.W004"),
    ],
)
def test_each_unsafe_or_poor_setting_is_named(
    settings: LazySettings, name: str, value: str, wrong: str
) -> None:
    if (name, value) == ("HOSTS", "*"):  # the address of links in e-mails cannot be taken from it
        settings.ENVIRONMENT = replace(Environment.read(SAFE), hosts=("*",))
        assert [m.id for m in check_production()] == [wrong]
    else:
        assert wrong in _found(settings, **{name: value})


def test_what_is_no_production_is_not_checked(settings: LazySettings) -> None:
    settings.ENVIRONMENT = replace(Environment.read(SAFE), production=False, secret_key="")
    assert check_production() == []


def test_the_demonstration_is_refused_in_a_production(settings: LazySettings) -> None:
    from datetime import UTC, datetime

    from openpeel.web.demonstration import demonstrate

    settings.ENVIRONMENT = Environment.read(SAFE)
    with pytest.raises(UseError, match="not for a production"):
        demonstrate(at=datetime(2026, 11, 24, tzinfo=UTC), tell=print)


def test_the_page_about_production_names_every_setting() -> None:
    page = (ROOT / "docs" / "how-to" / "run-in-production.md").read_text(encoding="utf-8")
    table = re.findall(r"^\| `OPENPEEL_(\w+)` \|", page, flags=re.MULTILINE)
    read = re.findall(r'\bof\("(\w+)"', Path(environment.__file__).read_text(encoding="utf-8"))
    assert sorted(table) == sorted(set(read))
