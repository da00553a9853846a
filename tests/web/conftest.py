"""The tests of the service have a database and invented people."""

from web_explore import computed, explored
from web_people import django_db_setup, person, signed_in
from web_releases import analyst, lake, release

__all__ = ["analyst", "computed", "django_db_setup", "explored", "lake", "person", "release", "signed_in"]
