"""How much is taken before something is thought to be wrong; the readers hold to it, this only says it."""

from __future__ import annotations

from dataclasses import dataclass

from openpeel.intake.rows import DEFAULT_MAX_FIELD_CHARS


@dataclass(frozen=True)
class Limits:
    """Settings against files that would fill the machine.

    `max_bytes` is for all the members of one zip together, and for one .gz file, unpacked. `max_ratio` is
    unpacked to packed size (the published files reach 15); it holds for what unpacks to more than
    `ratio_from_bytes`, since a small file of equal rows packs well and harms nobody. `max_files` is for
    one call of `find_sources`; `max_field_chars` is for one cell. `max_sheet_bytes` is what a sheet of a
    workbook may come to when it is laid out in memory, and `text_from_bytes` what a Parquet file may come to as
    text whatever its own size: both formats write a value once and repeat it for nothing.
    """

    max_bytes: int = 4 * 1024**3
    max_ratio: int = 200
    ratio_from_bytes: int = 1024**2
    max_files: int = 100_000
    max_field_chars: int = DEFAULT_MAX_FIELD_CHARS
    max_sheet_bytes: int = 2 * 1024**3
    text_from_bytes: int = 256 * 1024**2
