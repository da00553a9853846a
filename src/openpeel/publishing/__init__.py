"""From figures to what a person opens: charts, the page and the open data beside it."""
