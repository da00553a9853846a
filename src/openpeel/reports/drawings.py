"""Draws the charts of a report, and keeps each drawing so that the same chart is never drawn twice.

A drawing is found by what it is drawn from: the chart as declared and the version of the engine. What charts look like
is said in `publishing/`.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path

from openpeel.publishing.drawing import Spec, draw

#: The engine, whose next version may draw otherwise.
_ENGINE = f"vl-convert-python {version('vl-convert-python')}"


def cache_folder() -> Path:
    """Where drawings are kept unless somebody says otherwise: $OPENPEEL_CACHE, or the cache folder of the user."""
    if named := os.environ.get("OPENPEEL_CACHE"):
        return Path(named)
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "openpeel"


def drawings(
    charts: Mapping[str, Callable[[], Spec]],
    cache: Path,
    *,
    on_chart: Callable[[int, int], None] | None = None,
) -> dict[str, bytes]:
    """Each name with its chart as SVG, in the order given; only what is not in the folder `cache` is drawn.

    A kept drawing that is not whole is drawn anew. The folder only saves time: it may be emptied whenever one likes,
    and where it cannot be written nothing is kept. `on_chart(done, all)` is called after each chart.
    """
    kept: dict[str, bytes] = {}
    wanted: dict[str, Spec] = {}
    places: dict[str, Path] = {}
    for name, chart in charts.items():
        spec = chart()
        places[name] = place_of(spec, cache)
        svg = kept_drawing(places[name])
        if svg is None:
            wanted[name] = spec
        else:
            kept[name] = svg
            _tell(on_chart, len(kept), len(charts))
    for name, text in draw(wanted.items()):
        kept[name] = text.encode()
        keep_drawing(places[name], kept[name])
        _tell(on_chart, len(kept), len(charts))
    return {name: kept[name] for name in charts}


def _tell(on_chart: Callable[[int, int], None] | None, done: int, of: int) -> None:
    if on_chart is not None:
        on_chart(done, of)


def place_of(spec: Spec, cache: Path) -> Path:
    """The file in which the drawing of a chart is kept: named after all that it is drawn from."""
    said = json.dumps([_ENGINE, spec], sort_keys=True, separators=(",", ":"))
    return cache / f"{hashlib.sha256(said.encode()).hexdigest()}.svg"


def kept_drawing(place: Path) -> bytes | None:
    """The drawing in a file, whose first line is the SHA-256 of the rest; None where there is none that is whole."""
    try:
        digest, _, svg = place.read_bytes().partition(b"\n")
    except OSError:
        return None
    return svg if digest.decode("ascii", "replace") == hashlib.sha256(svg).hexdigest() else None


def keep_drawing(place: Path, svg: bytes) -> None:
    """Put a drawing in its place whole, whoever else does the same at the time."""
    content = hashlib.sha256(svg).hexdigest().encode() + b"\n" + svg
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=place.parent, prefix=".", delete=False) as file:
            beside = Path(file.name)
            try:
                file.write(content)
                file.close()
                beside.replace(place)
            except BaseException:
                beside.unlink(missing_ok=True)
                raise
    except OSError:
        return  # what cannot be kept is drawn again the next time
