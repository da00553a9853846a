"""The pictures of a report: only from its own folder, and of a kind that is known by what is in the file."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from urllib.parse import unquote

from lxml import etree

from openpeel.reports.problems import RefusedError

#: A picture is no larger than this many bytes.
LARGEST = 10 * 1024**2

_SIGNATURES = ((b"\x89PNG\r\n\x1a\n", ".png"), (b"\xff\xd8\xff", ".jpg"))
_SVG = "{http://www.w3.org/2000/svg}"
_ACTIVE = {f"{_SVG}{name}" for name in ("script", "foreignObject", "iframe", "animate", "set", "handler")}


def find_image(source: str, folder: Path) -> tuple[str, Path]:
    """Name of the picture among the report's files and where it is. Raises RefusedError for any other thing.

    The name has a part of the content's hash in it, so that two pictures of one name do not meet.
    """
    name = unquote(source)
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|//", name):
        raise RefusedError("a picture is a file in the folder of the report, not an address")
    root = folder.resolve()
    try:
        path = (root / name).resolve()
        if Path(name).is_absolute() or not path.is_relative_to(root):
            raise RefusedError(f"the picture '{name}' is outside the folder of the report")
        if not path.is_file():
            raise RefusedError(f"there is no picture '{name}' in the folder of the report")
        if path.stat().st_size > LARGEST:
            raise RefusedError(f"the picture '{name}' is larger than {LARGEST // 1024**2} MiB")
        content = path.read_bytes()
    except (OSError, ValueError):
        raise RefusedError(f"the picture '{name}' cannot be read") from None
    digits = hashlib.sha256(content).hexdigest()[:8]
    stem = re.sub(r"[^a-z0-9]+", "-", path.stem.lower()).strip("-") or "picture"
    return f"images/{stem}-{digits}{_kind(content, name)}", path


def _kind(content: bytes, name: str) -> str:
    for signature, ending in _SIGNATURES:
        if content.startswith(signature):
            return ending
    if b"<svg" in content[:4096]:
        _hold_svg(content, name)
        return ".svg"
    raise RefusedError(f"expected a PNG, JPEG or SVG picture, and '{name}' is none by its content")


def _hold_svg(content: bytes, name: str) -> None:
    """Raise RefusedError where an SVG could do anything but be looked at, or fetch anything."""
    refused = RefusedError(
        f"the SVG picture '{name}' holds a script, a link or something from outside, or is not whole"
    )
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        raise refused from None
    if root.tag != f"{_SVG}svg" or root.getroottree().docinfo.internalDTD is not None:
        raise refused
    for element in root.iter():
        if not isinstance(element.tag, str):  # a comment, or an instruction such as a stylesheet's address
            if element.tag is not etree.Comment:
                raise refused
            continue
        styled = (
            f"{element.text or ''} {element.get('style', '')}"
            if "style" in element.tag + str(element.attrib)
            else ""
        )
        if element.tag in _ACTIVE or "url(" in styled.replace("url(#", "") or "@import" in styled:
            raise refused
        for key, value in element.attrib.items():
            local = str(key).rpartition("}")[2].lower()
            if local.startswith("on") or (
                local in ("href", "src") and not str(value).startswith(("#", "data:image/"))
            ):
                raise refused
