"""Runs the command line as `python -m openpeel`."""

from openpeel.cli import main

main()
