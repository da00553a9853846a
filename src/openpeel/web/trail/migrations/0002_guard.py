"""Guards the audit trail in the database itself."""

from typing import Any, ClassVar

from django.db import migrations

from openpeel.web.trail.guarding import guard, unguard


def _guard(apps: Any, schema_editor: Any) -> None:
    guard(schema_editor.connection)


def _unguard(apps: Any, schema_editor: Any) -> None:
    unguard(schema_editor.connection)


class Migration(migrations.Migration):
    """Adds the triggers."""

    dependencies: ClassVar = [("trail", "0001_initial")]
    operations: ClassVar = [migrations.RunPython(_guard, _unguard)]
