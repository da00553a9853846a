"""The marks of list items at the beginning of a line, where a file says nothing else of them."""

from __future__ import annotations

import re

BULLETS = "•‣◦▪●○■*"
_BULLET = re.compile(rf"\s*(?:[-+{BULLETS}]|\([a-z]\)|[a-z]\))\s+(?=\S)", re.IGNORECASE)
_NUMBER = re.compile(r"\s*\(?(\d{1,3})[.)]\s+(?=\S)")


class Items:
    """Tells where items begin, line after line.

    A number begins an item only where it counts on from the item before, or from 1: a line of prose may well begin
    with the last word of a sentence, such as '86. Of these'.
    """

    def __init__(self) -> None:
        self._last = 0

    def mark(self, line: str) -> int:
        """How many characters of the line are the mark of an item; 0 where none begins.

        >>> items = Items()
        >>> [items.mark(line) for line in ("- one", "1. one", "2. two", "86. Of these")]
        [2, 3, 3, 0]
        """
        bullet = _BULLET.match(line)
        if bullet is not None:
            return bullet.end()
        number = _NUMBER.match(line)
        if number is None or int(number[1]) not in (1, self._last + 1):
            return 0
        self._last = int(number[1])
        return number.end()
