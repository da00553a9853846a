"""What the open data of a report are made of: the JSON Schema of `figures.json` and the Table Schemas of the CSVs.

Names and types come from the figure itself, so that they cannot drift from it; only what a field means is said here.
"""

from __future__ import annotations

import types
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any, Literal, get_args, get_origin, get_type_hints

from openpeel.figures.figure import Figure
from openpeel.reports.cells import DIGITS, SHORTHAND, Column

_LIMITS = {
    "lower": "The lower limit at 95 percent, in the unit of the figure.",
    "upper": "The upper limit at 95 percent, in the unit of the figure.",
    "verdict": "Where the value lies by the limits at 95 percent.",
    "outer_lower": "The lower limit at 99.8 percent.",
    "outer_upper": "The upper limit at 99.8 percent.",
    "outer_verdict": "Where the value lies by the limits at 99.8 percent.",
}
#: What each field of a figure means, by its name in the CSV.
MEANINGS = {
    "id": "Names the figure and what it was worked out from; 'openpeel explain' takes it.",
    "measure": "The id of the measure; of an audit, of its instrument and result.",
    "title": "What the figure is called, with the group after a colon.",
    "force": "The ONS code of the force.",
    "force_name": "The name of the force.",
    "period_start": "The first day of the period.",
    "period_end": "The last day of the period.",
    "group": "The part of the records that is meant; none where all are.",
    "numerator": "What was counted; none where there is no number or it is withheld.",
    "denominator": "What it is set against; none for a bare count.",
    "value": "The value in its unit, not rounded; none where there is none or it is withheld.",
    "lower": "The lower end of the confidence interval.",
    "upper": "The upper end of the confidence interval.",
    "level": "The confidence level of the interval, as a share of 1.",
    "method": "How the interval was made; 'withheld' where the number is not published.",
    "unit": "The unit of value, interval, comparison and limits.",
    "comparison": "How the force stands among all forces.",
    "comparison_england_and_wales": "The value of all forces counted, taken together.",
    "comparison_mean": "The unweighted mean of the forces counted.",
    "comparison_sd": "The standard deviation of the forces counted.",
    "comparison_verdict": "Above or below where the value is more than one standard deviation from the mean.",
    "comparison_forces_counted": "How many forces the mean is of.",
    "comparison_forces_missing": "The forces that are not in the mean.",
    "comparison_centre": "The value around which limits are made.",
    "comparison_control": "The limits by chance alone.",
    **{f"comparison_control_{name}": f"By chance alone: {said}" for name, said in _LIMITS.items()},
    "comparison_overdispersed": "The limits that allow for forces that differ anyway.",
    **{
        f"comparison_overdispersed_{name}": f"Allowing for forces that differ anyway: {said}"
        for name, said in _LIMITS.items()
    },
    "comparison_phi": "How many times as much as by chance alone the forces vary.",
    "comparison_tau": "The standard deviation between forces, on the scale on which the limits are made.",
    "comparison_no_limits_because": "Why there are no limits; empty where there are.",
    "comparison_verdicts_differ": "Whether the ways of comparing say different things of the force.",
    "comparison_similar": "The force beside those it is most like, where a list of them was given.",
    "comparison_similar_mean": "The unweighted mean of the similar forces counted.",
    "comparison_similar_place": "The place of the force among them and itself, 1 for the largest value.",
    "comparison_similar_counted": "How many of the similar forces are counted.",
    "comparison_similar_listed": "How many forces the list names.",
    "coverage": "How much of the period is held.",
    "coverage_months_expected": "The months of the period.",
    "coverage_months_present": "The months for which the release holds a return.",
    "coverage_note": "What to know of the records.",
    "release": "The id of the release that was counted; of an audit of a list, the hash of its frame.",
    "definition": "Changes when the definition of the measure does.",
    "limit": "The standard that the value is held to, in its unit.",
    "limit_rule": "How the standard is meant: at least, at most, or below.",
    "limit_source": "Who set the standard.",
    "limit_met": "Whether the value keeps to the standard.",
}
PRINTED_VALUE = (
    "The value as the report prints it, rounded; '[c]' where it is withheld, '[x]' where there is none."
)
PRINTED_IN = "Where it is printed: titles of chapters, then numbers of charts and tables."


def json_schema() -> dict[str, Any]:
    """The JSON Schema of `figures.json`."""
    text = {"type": "string"}
    day = {"type": "string", "format": "date"}
    cited = {
        "figure": {**_object(Figure, ""), "description": "The figure in full."},
        "sentence": {**text, "description": "The finding in a sentence."},
        "compared": _list(text, "How it is compared, in sentences."),
        "counted": {**text, "description": "What was counted, in words."},
        "denominator": {**text, "description": "What it is set against, in words; empty for nothing."},
        "formula": {**text, "description": "How the value follows from the two."},
        "source": {**text, "description": "What it was worked out from."},
        "notes": _list(text, "What to know of coverage, and of what is withheld."),
        "months": _list(
            _closed({"month": text, "numerator": {"type": ["number", "null"]}}),
            "The counts month by month, null where withheld; empty for a figure of an audit.",
        ),
        "files": _list(_closed({"name": text, "sha256": text}), "The files behind it."),
        "audit": {**text, "description": "The folder of the audit; empty for a figure counted from records."},
        "printed_value": {**text, "description": PRINTED_VALUE},
        "printed_in": _list(text, PRINTED_IN),
    }
    about = {
        "title": text,
        "force": {**text, "description": "The ONS code of the force."},
        "force_name": text,
        "period_start": day,
        "period_end": day,
        "release": {**text, "description": "The name of the release."},
        "release_id": text,
        "made_on": day,
        "warning": {**text, "description": "What stands above everything; empty for nothing."},
        "corrections": _list(_closed({"on": day, "note": text}), "What was put right after publication."),
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "The figures of a report, in the order in which they are first printed",
        **_closed({"report": _closed(about), "figures": _list(_closed(cited), "Each figure once.")}),
    }


def figure_fields() -> list[dict[str, Any]]:
    """The fields of `figures.csv`: those of a figure, then what it is printed as and where."""
    return [
        *(
            {"name": name, "type": _table_type(kind), "description": MEANINGS[name]}
            for name, kind in _flat(Figure)
        ),
        {"name": "printed_value", "type": "string", "description": PRINTED_VALUE},
        {"name": "printed_in", "type": "string", "description": f"{PRINTED_IN} Joined by '; '."},
    ]


def table_schema(columns: tuple[Column, ...]) -> dict[str, Any]:
    """The Table Schema of a chart's or table's CSV, in which shorthand stands where there is nothing."""
    kinds = {"text": "string", "number": "number", "date": "date"}
    return {
        "fields": [
            {"name": c.name, "type": kinds[c.kind], "title": c.title, "description": _about(c)}
            for c in columns
        ],
        "missingValues": list(SHORTHAND),
    }


def _about(column: Column) -> str:
    return f"{column.about} To {DIGITS} digits." if column.kind == "number" else column.about


def _flat(kind: type[Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """The fields of a dataclass as `flat` names them, with their types."""
    hints = get_type_hints(kind)
    for field in fields(kind):
        hint, name = hints[field.name], f"{before}{field.name}"
        if is_dataclass(hint):
            yield from _flat(hint, f"{name}_")  # type: ignore[arg-type]
        else:
            yield name, hint


def _table_type(hint: Any) -> str:
    kinds = {str: "string", float: "number", int: "integer", bool: "boolean", date: "date"}
    (kind, *_) = [part for part in _parts(hint) if part is not type(None)]
    return kinds.get(kind, "string")  # a list is joined, and words of which one is chosen are text


def _object(kind: type[Any], before: str) -> dict[str, Any]:
    hints = get_type_hints(kind)
    properties = {}
    for field in fields(kind):
        hint, name = hints[field.name], f"{before}{field.name}"
        described = _object(hint, f"{name}_") if is_dataclass(hint) else _json_type(hint)  # type: ignore[arg-type]
        properties[field.name] = {**described, "description": MEANINGS[name]}
    return _closed(properties)


def _json_type(hint: Any) -> dict[str, Any]:
    if hint is date:
        return {"type": "string", "format": "date"}
    if get_origin(hint) is tuple:
        return {"type": "array", "items": _json_type(get_args(hint)[0])}
    if get_origin(hint) is Literal:
        return {"enum": list(get_args(hint))}
    kinds = {str: "string", float: "number", int: "integer", bool: "boolean", type(None): "null"}
    found = [kinds[part] for part in _parts(hint)]
    return {"type": found[0] if len(found) == 1 else found}


def _parts(hint: Any) -> tuple[Any, ...]:
    return get_args(hint) if isinstance(hint, types.UnionType) else (hint,)


def _closed(properties: dict[str, Any]) -> dict[str, Any]:
    """An object with just these properties."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _list(items: dict[str, Any], about: str) -> dict[str, Any]:
    return {"type": "array", "items": items, "description": about}
