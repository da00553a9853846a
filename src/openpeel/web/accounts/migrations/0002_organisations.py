"""Makes the inspectorate, the forces and the commissioners."""

from typing import Any, ClassVar

from django.db import migrations

from openpeel.web.accounts.organisations import make_organisations


def _make(apps: Any, schema_editor: Any) -> None:
    make_organisations(apps.get_model("accounts", "Organisation"))


class Migration(migrations.Migration):
    """Adds the rows; going back leaves them, for people may belong to them."""

    dependencies: ClassVar = [("accounts", "0001_initial")]
    operations: ClassVar = [migrations.RunPython(_make, migrations.RunPython.noop)]
