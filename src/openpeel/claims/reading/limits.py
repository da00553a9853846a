"""How much prose is read before something is thought to be wrong; the readers hold to it."""

from __future__ import annotations

from dataclasses import dataclass

from openpeel.errors import DataError

_SPLIT = "Split it into parts, or name the part that you want checked."


@dataclass(frozen=True)
class ReadingLimits:
    """Settings against files that would fill the machine; a report of 1,000 pages has 4 million characters.

    `max_bytes` is for the file as it lies there, and `max_unpacked` for what a Word document unpacks to.
    """

    max_bytes: int = 256 * 1024**2
    max_unpacked: int = 512 * 1024**2
    max_pages: int = 5_000
    max_characters: int = 20_000_000

    def hold_pages(self, pages: int, name: str) -> None:
        """Raise DataError where there are too many pages."""
        if pages > self.max_pages:
            raise DataError(
                f"expected at most {self.max_pages:,} pages, got {pages:,}", where=name, advice=_SPLIT
            )

    def hold_characters(self, characters: int, name: str) -> None:
        """Raise DataError where there is too much text."""
        if characters > self.max_characters:
            raise DataError(
                f"expected at most {self.max_characters:,} characters of text, got more",
                where=name,
                advice=_SPLIT,
            )

    def hold_bytes(self, size: int, name: str) -> None:
        """Raise DataError where the file is too large."""
        if size > self.max_bytes:
            raise DataError(
                f"expected a file of at most {self.max_bytes:,} bytes, got {size:,}",
                where=name,
                advice=_SPLIT,
            )
