"""The templates' environment: GOV.UK Frontend's macros, and how dates, numbers and states are printed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader

from openpeel.reference.periods import MONTH_NAMES


def environment(**options: Any) -> Environment:
    """Escaped by default, with the macros under `govuk_frontend_jinja/`."""
    options["loader"] = ChoiceLoader(
        [options["loader"], PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})]
    )
    made = Environment(**{**options, "autoescape": True, "trim_blocks": True, "lstrip_blocks": True})
    made.globals.update(static=static, url=url, query=query)
    made.filters.update(day=day, moment=moment, clock=clock, number=number)
    return made


def url(name: str, *arguments: object, **named: object) -> str:
    """The path of a page by its name, 'collections:show'."""
    return reverse(name, args=arguments, kwargs=named)


def query(searched: Mapping[str, object], **changed: object) -> str:
    """What was searched for as the end of an address, with some of it changed: 'q=Smith&page=2'."""
    kept = {
        name: value for name, value in searched.items() if value not in ("", None) and name not in changed
    }
    return urlencode({**kept, **changed})


def day(value: date | datetime) -> str:
    """A day as it is printed: '31 March 2024'."""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return f"{value.day} {MONTH_NAMES[value.month - 1]} {value.year}"


def moment(value: datetime) -> str:
    """A time as it is printed, in London: '31 March 2024 at 5:04pm'."""
    return f"{day(value)} at {clock(value)}"


def clock(value: datetime) -> str:
    """The time of day as it is printed, in London: '5:04pm'."""
    local = timezone.localtime(value)
    return f"{local.hour % 12 or 12}:{local.minute:02}{'am' if local.hour < 12 else 'pm'}"


def number(value: float | None) -> str:
    """A count as it is printed: '12,345'; a dash where there is none."""
    return "–" if value is None else f"{value:,}"
