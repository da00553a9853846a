"""The column that makes rows tallies: each row says how many records it stands for. No standard names it itself."""

from __future__ import annotations

from openpeel.standards import Column

#: A row may take records away, as the corrections in published tables do; a blank is one record.
TALLY = Column(name="tally", title="Number of records", type="whole", least=-999_999_999, most=999_999_999)
