"""Django's own commands for this service: `python -m openpeel.web check --deploy`, `… migrate`, `… makemigrations`."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openpeel.web.settings")
    execute_from_command_line(["python -m openpeel.web", *sys.argv[1:]])
