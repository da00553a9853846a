"""The templates' environment: GOV.UK Frontend's macros, and how dates, numbers and states are printed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

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
    made.globals.update(static=static, url=url)
    made.filters.update(day=day, moment=moment, number=number)
    return made


def url(name: str, *arguments: object, **named: object) -> str:
    """The path of a page by its name, 'collections:show'."""
    return reverse(name, args=arguments, kwargs=named)


def day(value: date | datetime) -> str:
    """A day as it is printed: '31 March 2024'."""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return f"{value.day} {MONTH_NAMES[value.month - 1]} {value.year}"


def moment(value: datetime) -> str:
    """A time as it is printed, in London: '31 March 2024 at 5:04pm'."""
    local = timezone.localtime(value)
    half = "am" if local.hour < 12 else "pm"
    return f"{day(local.date())} at {local.hour % 12 or 12}:{local.minute:02}{half}"


def number(value: float | None) -> str:
    """A count as it is printed: '12,345'; a dash where there is none."""
    return "–" if value is None else f"{value:,}"
