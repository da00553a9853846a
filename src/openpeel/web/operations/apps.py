"""Registers the checks of an unsafe production."""

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    """The app."""

    name = "openpeel.web.operations"

    def ready(self) -> None:
        """Have Django run our checks with its own."""
        from openpeel.web.operations import checks  # noqa: F401
