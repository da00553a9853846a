"""The tests of the service have a database and invented people."""

from web_people import django_db_setup, person, signed_in
from web_service import empty_tables, service

__all__ = ["django_db_setup", "empty_tables", "person", "service", "signed_in"]
