"""The tests of the service have a database and invented people."""

from web_people import django_db_setup, person, signed_in
from web_releases import analyst, lake, release

__all__ = ["analyst", "django_db_setup", "lake", "person", "release", "signed_in"]
