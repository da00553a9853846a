"""Finds what each app says there is to do."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class LookConfig(AppConfig):
    """Reads the `todo.py` of every app once all are there."""

    name = "openpeel.web.look"

    def ready(self) -> None:
        """Find them."""
        autodiscover_modules("todo")
