"""128 bits for each row, equal where rows say the same, so that millions can be compared at once.

The two halves mix the 8-byte words of a row with numbers drawn anew by each process, so that nobody can write rows
that differ and hash alike; that two of a hundred million do by chance is less likely than one in 10²².
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]
"""Two numbers for each row: shape (2, rows)."""

_AT_ONCE = 16_384  # rows whose numbers fit into a core's own memory
_DRAWN = np.frombuffer(os.urandom(4 * 8), np.uint64) | np.uint64(1)
_KEEP = np.array([(1 << (8 * i)) - 1 for i in range(8)], np.uint64)
_LEAST_SHORT = -(1 << 15)
_S29, _S32 = (np.uint64(n) for n in (29, 32))


@dataclass(frozen=True)
class Rows:
    """Rows as bytes, their cells joined by commas: all in `data`, each where it starts and how long it is."""

    data: NDArray[np.uint8]
    starts: NDArray[np.int64]
    lengths: NDArray[np.int64]


def joined(columns: Sequence[pa.Array]) -> Rows:
    """Rows of text cells without nulls as bytes, joined by commas.

    A comma in a cell becomes NUL, which no cell holds, so that different rows differ.
    """
    plain = [_without_commas(c.dictionary_decode() if pa.types.is_dictionary(c.type) else c) for c in columns]
    return as_rows(pc.binary_join_element_wise(*plain, pa.scalar(",", plain[0].type)))


def joined_cells(row: Sequence[str]) -> bytes:
    """The same of one row.

    >>> joined_cells(["a,b", "c"])
    b'a\\x00b,c'
    """
    return ",".join([cell.replace(",", "\0") for cell in row] if "," in "".join(row) else row).encode()


def _without_commas(cells: pa.Array) -> pa.Array:
    return pc.replace_substring(cells, ",", "\0") if (as_rows(cells).data == ord(",")).any() else cells


def as_rows(texts: pa.Array) -> Rows:
    """Texts or bytes without nulls as rows of one cell."""
    wide = pa.types.is_large_string(texts.type) or pa.types.is_large_binary(texts.type)
    _, offsets, data = texts.buffers()
    if len(texts) == 0 or data is None or data.size == 0:
        zero = np.zeros(len(texts), np.int64)
        return Rows(np.zeros(0, np.uint8), zero, zero)
    at: NDArray[np.int64] = np.asarray(
        np.frombuffer(offsets, np.int64 if wide else np.int32)[texts.offset : texts.offset + len(texts) + 1],
        np.int64,
    )
    return Rows(np.frombuffer(data, np.uint8), at[:-1], at[1:] - at[:-1])


def hashes(rows: Rows) -> Hashes:
    """The hashes of rows.

    >>> found = hashes(as_rows(pa.array(["a", "", "a", "a" * 9])))
    >>> bool((found[:, 0] == found[:, 2]).all()), len(set(found[0].tolist()))
    (True, 3)
    """
    words = words_of(rows.data)
    found = np.empty((2, len(rows.starts)), np.uint64)
    for at in range(0, len(rows.starts), _AT_ONCE):
        some = slice(at, at + _AT_ONCE)
        # The longest first, so that those with another word to come are always the first ones.
        shorter = -rows.lengths[some]
        if int(shorter.min()) > _LEAST_SHORT:
            shorter = shorter.astype(np.int16)  # which numpy sorts ten times as fast
        order = np.argsort(shorter, kind="stable")
        one, other = _mixed(words, rows.starts[some][order], rows.lengths[some][order])
        found[0, some][order] = one
        found[1, some][order] = other
    return found


def words_of(data: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """The eight bytes that begin at each place, as one number, the first byte being the smallest; 0 past the end."""
    padded = np.empty(len(data) + 8, np.uint8)
    padded[: len(data)] = data
    padded[len(data) :] = 0
    return np.ndarray((len(data) + 1,), "<u8", padded.data, strides=(1,))


def _mixed(
    words: NDArray[np.uint64], starts: NDArray[np.int64], lengths: NDArray[np.int64]
) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    a, b, c, d = _DRAWN
    one = lengths.astype(np.uint64) * a + b
    other = lengths.astype(np.uint64) * b + a
    shorter = -lengths
    for at in range(0, int(lengths[0]), 8):
        some = int(np.searchsorted(shorter, -at, "left"))  # longer than `at`
        full = int(np.searchsorted(shorter, -(at + 8), "right"))  # with eight bytes or more from there
        word = words[starts[:some] + at]
        if full < some:
            word[full:] &= _KEEP[lengths[full:some] - at]
        left, right = one[:some], other[:some]
        left ^= word
        left *= c
        left ^= left >> _S32
        right += word
        right *= d
        right ^= right >> _S29
    return one, other


def repeats(parts: Sequence[Hashes]) -> NDArray[np.bool_]:
    """Which rows, of all parts one after the other, say exactly what a row before them says."""
    first = np.concatenate([part[0] for part in parts]) if parts else np.zeros(0, np.uint64)
    again = np.zeros(len(first), np.bool_)
    ordered = np.sort(first)
    twice = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
    if not len(twice):
        return again
    place = np.minimum(np.searchsorted(twice, first), len(twice) - 1)
    maybe = np.flatnonzero(twice[place] == first)
    second = np.concatenate([part[1] for part in parts])[maybe]
    # In order of both halves, and among equals of the place in the return: all but the first repeat it.
    order = np.lexsort((maybe, second, first[maybe]))
    same = np.zeros(len(order), np.bool_)
    same[1:] = (first[maybe][order][1:] == first[maybe][order][:-1]) & (
        second[order][1:] == second[order][:-1]
    )
    again[maybe[order[same]]] = True
    return again
