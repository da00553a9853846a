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
# Playwright keeps an event loop in the thread of the tests; nothing of Django's is awaited there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = (
    "yes"  # a browser that is driven has a loop running in the thread of the test
)

from openpeel.web.settings import *  # noqa: E402, F403

if "sqlite3" in str(DATABASES["default"]["ENGINE"]):  # noqa: F405
    # In a file, as the service has it: a database in memory knows no waiting for one another.
    DATABASES["default"]["TEST"] = {"NAME": _HOME / "tests.sqlite3"}  # noqa: F405
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
CHARTS_AHEAD = False  # hundreds, and few are looked at
