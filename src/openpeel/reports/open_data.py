"""The open data of a report: its figures in full as JSON and CSV, the tables of its charts, and what describes them.

What the tables say is `tables.py`, what the fields mean `open_data_schema.py`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from openpeel.figures.figure import WITHHELD
from openpeel.figures.rounding import shown
from openpeel.publishing.open_data import flat, rows_as_csv
from openpeel.publishing.view import slug
from openpeel.reports.cells import CONFIDENTIAL, NOT_AVAILABLE
from openpeel.reports.open_data_schema import figure_fields, json_schema, table_schema
from openpeel.reports.report import Cited, Report
from openpeel.reports.tables import printed_in, tables

FOLDER = "data"
#: Under which the figures may be used again; what they rest on is published under it too.
LICENCE = {
    "name": "OGL-UK-3.0",
    "title": "Open Government Licence v3.0",
    "path": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
}


def open_data_files(report: Report) -> dict[str, bytes]:
    """The files by name within the folder of the report; the same bytes for the same report.

    `data/figures.json` and `.csv` hold each cited figure once, `data/tables/<id>.csv` what stands behind each chart
    and table, `data/schema.json` the JSON Schema of the first, and `data/datapackage.json` the Table Schemas of the
    CSVs, with their sizes and hashes.
    """
    where = printed_in(report)
    files = {"figures.csv": _figures_csv(report, where), "figures.json": _json(_figures_json(report, where))}
    made = tables(report).shown
    for table in made:
        files[f"tables/{table.id}.csv"] = rows_as_csv([c.name for c in table.columns], table.rows)
    described: list[tuple[str, str, dict[str, Any] | None]] = [
        (
            "figures.csv",
            "The figures printed in the report",
            {"fields": figure_fields(), "missingValues": [""]},
        ),
        ("figures.json", "The same with sentences, notes, months and files; described by schema.json", None),
        *((f"tables/{t.id}.csv", t.title, table_schema(t.columns)) for t in made),
    ]
    files["schema.json"] = _json(json_schema())
    files["datapackage.json"] = _json(
        _package(report, [_resource(path, title, schema, files[path]) for path, title, schema in described])
    )
    return {f"{FOLDER}/{name}": content for name, content in files.items()}


def _figures_csv(report: Report, where: Mapping[str, tuple[str, ...]]) -> bytes:
    rows = [
        [*flat(cited.figure.as_json()).values(), _printed(cited), where.get(cited.figure.id, ())]
        for cited in report.figures
    ]
    return rows_as_csv([field["name"] for field in figure_fields()], rows)


def _figures_json(report: Report, where: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    return {
        "report": {
            "title": report.title,
            "force": report.force.code,
            "force_name": report.force.full_name,
            "period_start": report.period.start.isoformat(),
            "period_end": report.period.end.isoformat(),
            "release": report.release,
            "release_id": report.release_id,
            "made_on": report.made_on.isoformat(),
            "warning": report.warning,
            "corrections": [{"on": c.on.isoformat(), "note": c.note} for c in report.corrections],
        },
        "figures": [
            {
                **cited.as_json(),
                "printed_value": _printed(cited),
                "printed_in": list(where.get(cited.figure.id, ())),
            }
            for cited in report.figures
        ],
    }


def _printed(cited: Cited) -> str:
    figure = cited.figure
    if figure.value is not None:
        return shown(figure.value, figure.unit)
    return CONFIDENTIAL if figure.method == WITHHELD else NOT_AVAILABLE


def _package(report: Report, resources: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "name": slug(f"{report.force.name} {report.title}"),
        "title": report.title,
        "description": " ".join(
            [
                *([report.warning] if report.warning else []),
                f"The figures of a report on {report.force.full_name}, {report.period.label}, counted from the release "
                f"'{report.release}' ({report.release_id}).",
                *(f"Corrected on {c.on.isoformat()}: {c.note}" for c in report.corrections),
            ]
        ),
        "version": report.release_id,
        "created": f"{report.made_on.isoformat()}T00:00:00Z",
        "licenses": [LICENCE],
        "sources": [
            {"title": source} for source in dict.fromkeys(c.source for c in report.figures) if source
        ],
        "resources": resources,
    }


def _resource(path: str, title: str, schema: dict[str, Any] | None, content: bytes) -> dict[str, Any]:
    name, _, ending = path.rpartition(".")
    found: dict[str, Any] = {
        "name": f"{name}-{ending}" if name == "figures" else name.replace("/", "-"),
        "path": path,
        "title": title,
        "format": ending,
        "mediatype": "text/csv" if ending == "csv" else "application/json",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
    }
    if schema is not None:
        found |= {"type": "table", "profile": "tabular-data-resource", "schema": schema}
    return found


def _json(content: dict[str, Any]) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()
