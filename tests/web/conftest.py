"""The tests of the service have a database and invented people."""

from web_explore import computed, explored
from web_people import django_db_setup, person, signed_in
from web_releases import analyst, lake, release
from web_returns import asked_round, home
from web_service import empty_tables, service

__all__ = [
    "analyst",
    "asked_round",
    "computed",
    "django_db_setup",
    "empty_tables",
    "explored",
    "home",
    "lake",
    "person",
    "release",
    "service",
    "signed_in",
]
