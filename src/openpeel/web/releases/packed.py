"""A field for JSON that is read whole and never searched: kept compressed, a tenth of its size and less.

The figures of a nation are 53 MB of JSON, in which the same names and notes stand again and again.
"""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

if TYPE_CHECKING:
    _Field = models.BinaryField[Any, Any]
else:
    _Field = models.BinaryField


class Packed(bytes):
    """A JSON value that is compressed already, as the database keeps it."""


def pack(value: Any) -> Packed:
    """Compress a JSON value before a transaction begins, so that nobody waits for that to write."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Packed(zlib.compress(text.encode()))


def unpack(kept: bytes) -> Any:
    """The JSON value.

    >>> unpack(pack({"value": 64.0}))
    {'value': 64.0}
    """
    return json.loads(zlib.decompress(kept))


class PackedJSONField(_Field):
    """Takes a JSON value or one that `pack` made, and gives back the JSON value."""

    def get_prep_value(self, value: Any) -> Any:
        """What the database keeps."""
        return value if value is None or isinstance(value, Packed) else pack(value)

    def from_db_value(self, value: Any, expression: object, connection: BaseDatabaseWrapper) -> Any:
        """The JSON value of what the database kept."""
        return None if value is None else unpack(bytes(value))
