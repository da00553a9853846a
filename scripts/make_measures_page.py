"""Writes docs/reference/measures.md from the measures themselves: `python scripts/make_measures_page.py`."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from openpeel.measures import MEASURES, Measure
from openpeel.standards import load_standard

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "measures.md"

HEAD = """# Measures

What is counted, over what, and in which unit. This page is made from the measures by
`scripts/make_measures_page.py`, and a test holds it to them. `openpeel explain` shows the same for one figure,
with its numbers.
"""


def page() -> str:
    """The whole page."""
    parts = [HEAD]
    for area, measures in groupby(MEASURES, key=lambda m: load_standard(m.standard).area):
        parts.append(f"# {area.capitalize()}\n")
        parts += [_section(measure) for measure in measures]
    return "\n".join(parts)


def _section(measure: Measure) -> str:
    counted, over, formula = measure.explained(measure.groups[0] if measure.groups else None)
    rows = [
        ("records", load_standard(measure.standard).title),
        ("numerator", counted),
        ("denominator", over or "none"),
        ("value", formula),
        ("unit", measure.unit),
        ("better", measure.better),
        *(
            [("limit", f"{measure.limit.rule} {measure.limit.value:g}, {measure.limit.source}")]
            if measure.limit
            else []
        ),
        *([("comparable from", measure.comparable_from.isoformat())] if measure.comparable_from else []),
        *([("counted", "at the end of the period")] if measure.stock else []),
        ("source", "; ".join(measure.sources)),
    ]
    if measure.groups:
        rows.insert(1, ("groups", ", ".join(f"{g.title} (`{g.key}`)" for g in measure.groups)))
        rows[2] = (f"numerator, for {measure.groups[0].title}", counted)
    table = "\n".join(f"| {name} | {said} |" for name, said in rows)
    return f"## `{measure.id}`\n\n**{measure.title}.** {measure.about}\n\n| | |\n|---|---|\n{table}\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
