"""Accounts record signing in and out as soon as the service begins."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Connects the signals of signing in and out with the audit trail."""

    name = "openpeel.web.accounts"

    def ready(self) -> None:
        """Import what listens."""
        from openpeel.web.accounts import listening  # noqa: F401
