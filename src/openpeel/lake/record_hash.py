"""A hash of what a table of records says: the same whatever wrote, cut, coded or compressed it.

The form that is hashed, all numbers of which are little-endian and without padding:

    block    65,536 rows one after the other, the last of a table the rest of them; an empty table has none
    column   the bits of which values there are, eight to a byte, the first row in the lowest bit; then
             text: how many bytes of UTF-8 each value has, 4 bytes each, then all those bytes
             truth value: bits as above; any other: the values, as wide as their type
             a value that is missing is 0, or a text of no bytes
    hash     SHA-256 of a line of JSON (rows, and name and type of each column in order) and of the SHA-256 of
             each block, its columns in order; of the result the first 32 hex digits

Each length follows from what stands before it, so that tables that differ in a name, a type, a value or their order
differ in this form too. Two tables of different records with one name are as unlikely as with 128 bits of SHA-256.
"""

from __future__ import annotations

import hashlib
import json

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from openpeel.threads import in_order

_BLOCK = 1 << 16

#: What the types of the lake are called here, whatever Arrow calls them, and how their values are laid out.
_FIXED: dict[pa.DataType, tuple[str, str]] = {
    pa.int16(): ("whole number of 16 bits", "<i2"),
    pa.int32(): ("whole number of 32 bits", "<i4"),
    pa.int64(): ("whole number of 64 bits", "<i8"),
    pa.float64(): ("floating point of 64 bits", "<f8"),
    pa.date32(): ("days since 1970", "<i4"),
    pa.timestamp("us"): ("microseconds since 1970", "<i8"),
}
_TEXT, _TRUTH = "text", "truth value"
_TEXTS = (pa.string(), pa.large_string(), pa.string_view())


def content_hash(records: pa.Table) -> str:
    """The hash of a table of records, 32 hex digits. Raises TypeError for a type that no column of the lake has."""
    kinds = [_kind(field.type) for field in records.schema]
    columns = [[name, kind] for name, kind in zip(records.column_names, kinds, strict=True)]
    head = json.dumps({"rows": records.num_rows, "columns": columns}, ensure_ascii=True)
    digest = hashlib.sha256(head.encode() + b"\n")

    def block(start: int) -> bytes:
        found = hashlib.sha256()
        for column, kind in zip(records.columns, kinds, strict=True):
            for part in _parts(_whole(column.slice(start, _BLOCK)), kind):
                found.update(part)
        return found.digest()

    for _, each in in_order(block, range(0, records.num_rows, _BLOCK)):
        digest.update(each)
    return digest.hexdigest()[:32]


def _kind(of: pa.DataType) -> str:
    if pa.types.is_dictionary(of):
        of = of.value_type
    if of in _TEXTS:
        return _TEXT
    if of in _FIXED:
        return _FIXED[of][0]
    if pa.types.is_boolean(of):
        return _TRUTH
    raise TypeError(f"no column of the lake is of the type {of}")


def _whole(column: pa.ChunkedArray) -> pa.Array:
    """The values of a block in one piece, plain."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    if kind == pa.string_view() or (kind == pa.string() and column.num_chunks > 1):
        kind = pa.large_string()  # whose pieces fit into one, however long
    if kind != column.type:
        column = column.cast(kind)
    if column.num_chunks == 1:
        return column.chunk(0)
    return pa.concat_arrays(column.chunks)


def _parts(values: pa.Array, kind: str) -> list[memoryview]:
    """What is hashed of a column of a block."""
    if not values.null_count:
        there = None
        bits = np.packbits(np.ones(len(values), np.bool_), bitorder="little").data
    else:
        there = values.is_valid().to_numpy(zero_copy_only=False)
        bits = np.packbits(there, bitorder="little").data
    if kind == _TEXT:
        return [bits, *_text(values, there)]
    if kind == _TRUTH:
        known = values if there is None else values.fill_null(False)
        return [bits, np.packbits(known.to_numpy(zero_copy_only=False), bitorder="little").data]
    layout = _FIXED[values.type][1]
    data = values.buffers()[1]
    width = np.dtype(layout).itemsize
    # Arrow holds numbers as the machine does.
    held = np.frombuffer(data, f"={layout[1:]}", len(values), values.offset * width)
    return [bits, (held if there is None else np.where(there, held, 0)).astype(layout, copy=False).data]


def _text(values: pa.Array, there: NDArray[np.bool_] | None) -> list[memoryview]:
    """The length of each text, and the texts."""
    kind = np.dtype(np.int64 if pa.types.is_large_string(values.type) else np.int32)
    _, offsets, data = values.buffers()
    at = np.frombuffer(offsets, kind, len(values) + 1, values.offset * kind.itemsize)
    lengths = at[1:] - at[:-1]
    if there is not None and lengths[~there].any():  # where Arrow has none, it may hold one all the same
        return _text(values.fill_null(""), None)
    text = memoryview(b"") if data is None else memoryview(data)[int(at[0]) : int(at[-1])]
    return [lengths.astype("<u4").data, text]
