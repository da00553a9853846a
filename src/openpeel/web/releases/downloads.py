"""All figures of a release as a file: CSV in the columns of the open data, or a line of JSON each.

Made once, in the order of measures, groups and forces, kept packed on the disk, and streamed from there. A release's
figures never change, so its name and the lake's id are the file's validator for ever.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from openpeel.lake.store import disk_errors
from openpeel.measures import MEASURES
from openpeel.publishing.open_data import flat
from openpeel.spreadsheet import spreadsheet_cell
from openpeel.web.accounts.guard import actor_on, needs
from openpeel.web.accounts.permissions import Permission
from openpeel.web.releases.models import FigureTable, Release
from openpeel.web.releases.reading import record_reading

_PLACE = {measure.id: place for place, measure in enumerate(MEASURES)}


@needs(Permission.SEE_PUBLISHED)
@require_safe
def figures_csv(request: HttpRequest, name: str) -> HttpResponseBase:
    """The figures of a release as CSV."""
    return _file(request, name, "csv", "text/csv; charset=utf-8", csv_lines)


@needs(Permission.SEE_PUBLISHED)
@require_safe
def figures_jsonl(request: HttpRequest, name: str) -> HttpResponseBase:
    """The figures of a release, one JSON object a line."""
    return _file(request, name, "jsonl", "application/jsonl", json_lines)


def csv_lines(release: Release) -> Iterator[str]:
    """The header, then one line for each figure, as `publishing/open_data.as_csv` writes them."""
    for place, figure in enumerate(_figures(release)):
        record = flat(figure)
        if place == 0:
            yield _line(record)
        yield _line(record.values())


def json_lines(release: Release) -> Iterator[str]:
    """One line for each figure."""
    for figure in _figures(release):
        yield json.dumps(figure, ensure_ascii=False, allow_nan=False) + "\n"


def _figures(release: Release) -> Iterator[dict[str, Any]]:
    names = FigureTable.objects.filter(release=release).values_list("measure", "place", "pk")
    for _, _, pk in sorted(names, key=lambda n: (_PLACE.get(n[0], len(_PLACE)), n[0], n[1])):
        yield from FigureTable.objects.get(pk=pk).figures


def _line(cells: Any) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerow([spreadsheet_cell(cell) for cell in cells])
    return text.getvalue()


def _file(
    request: HttpRequest, name: str, form: str, kind: str, lines: Callable[[Release], Iterator[str]]
) -> HttpResponseBase:
    actor = actor_on(request)
    release = get_object_or_404(Release.objects.seen_by(actor), name=name)
    if release.figures_at is None:
        raise Http404
    kept = Path(settings.DOWNLOADS) / f"{release.key}.{form}.gz"
    if not kept.exists():
        _make(kept, lines(release))
    record_reading(actor, release, "all figures")
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    opened = kept.open("rb") if packed else gzip.open(kept)  # noqa: SIM115 - closed when it is sent
    response = FileResponse(
        opened,
        as_attachment=True,
        filename=f"{release.name}-figures.{form}",
        content_type=kind,
    )
    # The length and type that it finds for itself are those of the packed file.
    response["Content-Type"] = kind
    if packed:
        response["Content-Encoding"] = "gzip"
    elif "Content-Length" in response:
        del response["Content-Length"]
    response["ETag"] = f'"{release.key}-{release.lake_id}-{form}{"-gzip" if packed else ""}"'
    response["Cache-Control"] = "public, max-age=3600" if release.is_published else "private, no-store"
    patch_vary_headers(
        response, ["Accept-Encoding"] if release.is_published else ["Accept-Encoding", "Cookie"]
    )
    return response


def _make(kept: Path, lines: Iterator[str]) -> None:
    """Write the file beside its place first: whoever reads it finds all of it or nothing."""
    with disk_errors(kept):
        kept.parent.mkdir(parents=True, exist_ok=True)
        beside = kept.with_name(f".{kept.name}.{uuid.uuid4().hex}")
        try:
            with beside.open("wb") as raw, gzip.GzipFile("", "wb", 6, raw, mtime=0) as packed:
                for line in lines:
                    packed.write(line.encode())
            beside.replace(kept)
        finally:
            beside.unlink(missing_ok=True)
