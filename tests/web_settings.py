"""The service's settings for tests: a home of the run's own, a cheap hash of passwords, e-mail kept in memory.

With OPENPEEL_TEST_DATABASE the tests run on that PostgreSQL in place of SQLite.
"""

import os
import tempfile
from pathlib import Path

_HOME = Path(tempfile.mkdtemp(prefix="openpeel-tests-"))
(_HOME / "static").mkdir()
os.environ["OPENPEEL_HOME"] = str(_HOME)
os.environ["OPENPEEL_DATABASE"] = os.environ.get("OPENPEEL_TEST_DATABASE", "")

from openpeel.web.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
CHARTS_AHEAD = False  # hundreds, and few are looked at
