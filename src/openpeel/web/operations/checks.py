"""Checks of the settings: what would make a production unsafe is refused, what would make it poor is told.

`openpeel check-service` runs them; so do `openpeel serve` and Django's own `check --deploy`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register, run_checks

from openpeel.errors import UseError
from openpeel.web.environment import PREFIX, Environment

_SHORTEST_SECRET = 50
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})


@register(Tags.security)
def check_production(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Django's form of the checks; none where it is not a production."""
    environment: Environment = settings.ENVIRONMENT
    return list(_found(environment)) if environment.production else []


def refuse_demonstration() -> None:
    """Raises UseError where a production's database holds people of the demonstration. Asks the database."""
    from django_otp.plugins.otp_totp.models import TOTPDevice

    from openpeel.web.demonstration import DEVICE

    if settings.ENVIRONMENT.production and TOTPDevice.objects.filter(name=DEVICE).exists():
        raise UseError(
            "the database holds the people of the demonstration, whose passwords everybody knows",
            advice="Begin a production with an empty database.",
        )


def refuse_unsafe() -> list[str]:
    """What is poor in a production, in words. Raises UseError, with all of it, for what is unsafe."""
    found = run_checks(tags=[Tags.security], include_deployment_checks=settings.ENVIRONMENT.production)
    unsafe = [m for m in found if m.is_serious()]
    if unsafe:
        raise UseError(
            "this production would not be safe:\n" + "\n".join(f"  {_said(m)}" for m in unsafe),
            advice="docs/how-to/run-in-production.md says how to set each.",
        )
    return [_said(m) for m in found if not m.is_silenced()]


def _said(message: CheckMessage) -> str:
    return " ".join(part for part in (message.msg, message.hint) if part)


def _found(environment: Environment) -> Iterator[CheckMessage]:
    secret = environment.secret_key
    if len(secret) < _SHORTEST_SECRET or len(set(secret)) < 10:
        yield Error(
            f"{PREFIX}SECRET_KEY is missing or easily guessed.",
            hint=f"Set it to {_SHORTEST_SECRET} or more random characters: "
            "python -c 'import secrets; print(secrets.token_urlsafe(64))'.",
            id="openpeel.E001",
        )
    if not environment.hosts or any("*" in host or host.startswith(".") for host in environment.hosts):
        yield Error(
            f"{PREFIX}HOSTS lets in any name, or none.",
            hint="Name the hosts that it answers for, 'peel.example.org'.",
            id="openpeel.E002",
        )
    elif set(environment.hosts) <= _LOOPBACK:
        yield Warning(
            f"{PREFIX}HOSTS names this machine alone.", hint="Add the public name.", id="openpeel.W001"
        )
    if not environment.https:
        yield Error(
            f"{PREFIX}HTTPS is off: passwords and sessions would go over the wire in the clear.",
            hint="Serve it behind a proxy with TLS, and leave it on.",
            id="openpeel.E003",
        )
    if environment.https and not environment.proxies:
        yield Error(
            f"{PREFIX}PROXIES is 0, but somebody else has to do the TLS: every request would be sent round in circles, "
            "and all would seem to come from one address.",
            hint="Set it to the number of proxies in front, mostly 1.",
            id="openpeel.E004",
        )
    if settings.DEBUG:
        yield Error("DEBUG is on: faults would show what is in memory.", id="openpeel.E005")
    if "sqlite3" in str(environment.database["ENGINE"]):
        yield Warning(
            "The database is SQLite: one machine and one worker, and writers wait for one another.",
            hint=f"Set {PREFIX}DATABASE to a PostgreSQL for more.",
            id="openpeel.W002",
        )
    if not environment.mail.host:
        yield Warning(
            f"{PREFIX}EMAIL is not set: nobody gets an e-mail.", hint="smtp://…", id="openpeel.W003"
        )
    if not environment.metrics_token:
        yield Warning(f"{PREFIX}METRICS_TOKEN is not set: nobody can read the metrics.", id="openpeel.W004")
