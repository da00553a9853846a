"""The tables that the Home Office publishes of all forces, read into tallies: one module for each table.

A table is recognised by its header or its sheets. What is common to CSV files is in `csv_table.py`, to the official
workbooks in `official_ods.py`; which sheets, headers and labels there are stands in `data/*.toml`.
"""

from openpeel.intake.home_office.recognise import PublishedTable, published_table, published_tables
from openpeel.intake.home_office.tallies import LeftAlone, PublishedFile

__all__ = ["LeftAlone", "PublishedFile", "PublishedTable", "published_table", "published_tables"]
