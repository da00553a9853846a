"""Which cases of a frame are audited: a draw that anyone with the frame and the seed can repeat and verify.

How many are drawn is decided in `sampling.py`. Nothing is random here: the seed comes from outside.

The random numbers are the raw 64-bit words of Philox 4x64 with 10 rounds, keyed by SHA-256 of the frame and
the seed. It is a counter-based generator: the word of each place in the frame is a fixed function of key and
place, the same on every machine and in every version of numpy, which promises that for raw words and not for
its distributions. One SHA-256 a case would serve as well, but takes five seconds and more for 10 million cases.

Reference: J. K. Salmon, M. A. Moraes, R. O. Dror and D. E. Shaw (2011), Parallel random numbers: as easy as
1, 2, 3, Proceedings of SC11, article 16.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint64]
Codes = NDArray[np.unsignedinteger[Any]]

_ROWS_AT_A_TIME = 1 << 20


@dataclass(frozen=True, eq=False)
class Frame:
    """All cases that may be drawn, in ascending order of id, and the hash by which they are known.

    `ids` are whole numbers (int64) or text as UTF-8 bytes; `stratum[i]` is the place in `labels` of the
    stratum of case i. `hash` is the hexadecimal SHA-256 of two lines, each with its line end,

        openpeel frame 1
        {N} cases, ids {text|whole} {w}, strata {v}

    and then, for each case in ascending order of id, its id in w bytes and its stratum in v bytes: text as
    UTF-8 with zero bytes up to the longest, whole numbers in 8 bytes of two's complement, first the highest;
    v is 0 for a frame without strata. It depends on every id and stratum, and not on the order given.
    """

    ids: NDArray[Any]
    stratum: Codes
    labels: tuple[str, ...]
    hash: str

    @classmethod
    def of(
        cls, ids: Sequence[Any] | NDArray[Any], strata: Sequence[str] | NDArray[Any] | None = None
    ) -> Frame:
        """The frame of these cases, given in any order, with the stratum of each (none: all in one, '').

        `ids` are all whole numbers or all text, and different from one another; `strata` are text, as many
        as ids. Bytes are taken for UTF-8. Arrays of numpy are far quicker than lists.

        Raises ValueError for no case, an id twice or empty, and what is neither text nor whole numbers.

        >>> frame = Frame.of(["C2", "C1", "C3"], ["violence", "theft", "violence"])
        >>> frame.sizes
        {'theft': 1, 'violence': 2}
        """
        if not len(ids):
            raise ValueError("expected a frame of one case or more; got none")
        array = _ids(ids)
        if strata is None and array.dtype.kind == "i":
            array = np.sort(array)  # half the time of finding the order first
        order = _ascending(array)
        array = array if order is None else array[order]
        _check_different(array)
        if strata is None:
            every = np.zeros(len(array), dtype=np.uint8)
            return cls(array, every, ("",), _hash(array, np.array([b""]), every, 0))
        given = _text(strata, "strata")
        if len(given) != len(array):
            raise ValueError(f"expected a stratum for each case; got {len(given)} for {len(array)}")
        labels, stratum = _coded(given)
        stratum = stratum if order is None else stratum[order]
        names = tuple(label.decode() for label in labels.tolist())
        return cls(array, stratum, names, _hash(array, labels, stratum, labels.dtype.itemsize))

    @property
    def sizes(self) -> dict[str, int]:
        """The number of cases in each stratum, as `allocate` takes them."""
        counts = np.bincount(self.stratum, minlength=len(self.labels)).tolist()
        return dict(zip(self.labels, counts, strict=True))

    def named(self, places: NDArray[np.intp]) -> tuple[str | int, ...]:
        """The ids at these places, as text or whole numbers of Python."""
        return tuple(each.decode() if isinstance(each, bytes) else each for each in self.ids[places].tolist())


@dataclass(frozen=True)
class DrawnStratum:
    """The cases drawn from one stratum, and those in reserve, each in the order in which they were drawn."""

    label: str
    sample: tuple[str | int, ...]
    reserve: tuple[str | int, ...]


@dataclass(frozen=True)
class Draw:
    """What was drawn, 'random' or 'systematic', and all that is needed with the frame to draw it again."""

    method: str
    frame_hash: str
    seed: str
    strata: tuple[DrawnStratum, ...]


def commitment(frame_hash: str, seed: str) -> str:
    """The hexadecimal SHA-256 of frame and seed, to be published before the draw and opened after it.

        SHA-256("openpeel commitment 1" ⏎ frame hash ⏎ seed)

    It shows that neither was changed in between. It hides the seed only if the seed is hard to guess, and
    does not show that the seed was chosen blindly: let somebody else throw the dice.

    >>> commitment(Frame.of(["C1", "C2", "C3"]).hash, "3 1 4 1 5 9 2 6")[:16]
    '3e26f26515264f96'
    """
    return _sha256("commitment", frame_hash, _seed(seed)).hex()


def draw_random(
    frame: Frame, n: int | Mapping[str, int], seed: str, reserve: int | Mapping[str, int] = 0
) -> Draw:
    """A simple random sample without replacement of each stratum, with a list of reserves.

    The key of the generator is the first 16 bytes of

        SHA-256("openpeel random 1" ⏎ frame hash ⏎ seed)

    as two 64-bit numbers, the highest byte first. Case i of the frame (in ascending order of id, from 0) has
    word i of the generator: word i mod 4 of the block whose counter is ⌊i / 4⌋ + 1. Each stratum's cases are put in
    ascending order of their words, and of id where these are equal: the first n are drawn, the next are the
    reserves, to be used in their order when a case drawn cannot be audited. Every set of n cases is equally
    likely over the seeds, up to the chance of equal words (3 in a million frames of 10 million).

    `n` is the number of cases, by stratum where the frame has strata (0 for those not named); `reserve` the
    same, or one number for every stratum. Raises ValueError, naming the stratum, where that is more than it
    has, for unknown strata, and for a seed that is not text or is empty.

    >>> drawn = draw_random(Frame.of(range(1, 101)), 5, seed="3 1 4 1 5 9 2 6", reserve=2)
    >>> drawn.strata[0].sample, drawn.strata[0].reserve
    ((33, 56, 37, 50, 99), (27, 53))
    """
    wanted, spare = _by_stratum(n, frame, "n"), _by_stratum(reserve, frame, "reserve")
    for label, size in frame.sizes.items():
        if wanted[label] + spare[label] > size:
            raise ValueError(
                f"expected at most the {size} cases of stratum {label!r}; "
                f"got n={wanted[label]} and reserve={spare[label]}"
            )
    words = _generator("random", frame.hash, seed).random_raw(len(frame.ids))
    drawn = []
    for label, places in _places(frame):
        chosen = places[_smallest(words[places], wanted[label] + spare[label])]
        cases = frame.named(chosen)
        drawn.append(DrawnStratum(label, cases[: wanted[label]], cases[wanted[label] :]))
    return Draw("random", frame.hash, seed, tuple(drawn))


def draw_systematic(frame: Frame, n: int, seed: str) -> Draw:
    """Every (N/n)-th case in ascending order of id from a start drawn by the seed, N/n kept as a fraction.

        places ⌊(u + i N) / n⌋ for i = 0, …, n − 1,   u a whole number, uniform on 0 to N − 1

    in whole-number arithmetic, so that each case is drawn with a probability of exactly n/N and none twice.
    u is the first word of a generator keyed as in `draw_random` ("openpeel systematic 1") that lies below
    the largest multiple of N in 2⁶⁴, modulo N. The frame's order is that of its ids: where ids follow the
    date, the sample is spread over the period. There are no reserves, and no unbiased standard error.

    Raises ValueError for n above N, a frame with several strata and a bad seed.

    Reference: W. G. Cochran (1977), Sampling Techniques, 3rd ed., chapter 8.

    >>> draw_systematic(Frame.of(range(1, 101)), 4, seed="3 1 4 1 5 9 2 6").strata[0].sample
    (23, 48, 73, 98)
    """
    if len(frame.labels) > 1:
        raise ValueError(f"expected a frame without strata; got {len(frame.labels)} of them")
    size, (label,) = len(frame.ids), frame.labels
    wanted = _by_stratum(n, frame, "n")[label]
    if wanted > size:
        raise ValueError(f"expected at most the {size} cases of stratum {label!r}; got n={wanted}")
    generator = _generator("systematic", frame.hash, seed)
    word = int(generator.random_raw())
    while word >= 2**64 - 2**64 % size:
        word = int(generator.random_raw())
    places = np.array([(word % size + i * size) // wanted for i in range(wanted)], dtype=np.intp)
    return Draw("systematic", frame.hash, seed, (DrawnStratum(label, frame.named(places), ()),))


def verify_draw(
    drawn: Draw,
    frame: Frame,
    n: int | Mapping[str, int],
    reserve: int | Mapping[str, int] = 0,
    committed: str | None = None,
) -> list[str]:
    """What is wrong with a draw, in sentences; nothing, if it is what frame, seed and numbers give.

    `frame` is the verifier's own, made from the list of cases; `n` and `reserve` are the numbers agreed on,
    not those found in the draw, and `committed` the commitment published before it. Raises ValueError where
    the frame cannot give these numbers.

    >>> frame = Frame.of(range(1, 101))
    >>> verify_draw(draw_random(frame, 5, seed="3 1 4"), frame, 5)
    []
    """
    wrong = []
    if committed is not None and committed != commitment(drawn.frame_hash, drawn.seed):
        wrong.append("The commitment is not that of the draw's frame and seed.")
    if drawn.frame_hash != frame.hash:
        wrong.append(f"The frame has changed: its hash is {frame.hash}, the draw's {drawn.frame_hash}.")
        return wrong
    if drawn.method == "systematic" and not isinstance(n, Mapping):
        again = draw_systematic(frame, n, drawn.seed)
    else:
        again = draw_random(frame, n, drawn.seed, reserve)
    if drawn.method != again.method:
        wrong.append(f"The method is {drawn.method!r}, and {again.method!r} with these numbers.")
    if [each.label for each in drawn.strata] != list(frame.labels):
        wrong.append("The strata are not those of the frame, each once and in order.")
    found = {each.label: each for each in drawn.strata}
    for right in again.strata:
        given = found.get(right.label, DrawnStratum(right.label, (), ()))
        if given.sample != right.sample:
            wrong.append(f"Stratum {right.label!r}: the sample is not what frame and seed give.")
        if given.reserve != right.reserve:
            wrong.append(f"Stratum {right.label!r}: the reserve is not what frame and seed give.")
    return wrong


def _generator(purpose: str, frame_hash: str, seed: str) -> np.random.Philox:
    digest = _sha256(purpose, frame_hash, _seed(seed))
    key = [int.from_bytes(digest[:8], "big"), int.from_bytes(digest[8:16], "big")]
    return np.random.Philox(key=np.array(key, dtype=np.uint64))


def _sha256(purpose: str, frame_hash: str, seed: str) -> bytes:
    return hashlib.sha256(f"openpeel {purpose} 1\n{frame_hash}\n{seed}".encode()).digest()


def _seed(seed: str) -> str:
    if not isinstance(seed, str) or not seed:
        raise ValueError(f"expected a seed of text, such as the numbers of a public throw; got {seed!r}")
    return seed


def _smallest(words: Words, count: int) -> NDArray[np.intp]:
    """The places of the `count` smallest words in ascending order, equal ones by place."""
    if count == 0:
        return np.empty(0, dtype=np.intp)
    places = np.flatnonzero(words <= np.partition(words, count - 1)[count - 1])
    return places[np.argsort(words[places], kind="stable")][:count]


def _places(frame: Frame) -> Iterator[tuple[str, NDArray[np.intp]]]:
    """Each stratum's label with the ascending places of its cases."""
    # Sixteen bits or fewer are sorted by numpy in linear time.
    by_stratum = np.argsort(frame.stratum, kind="stable")
    ends = np.cumsum(list(frame.sizes.values()))
    return zip(frame.labels, np.split(by_stratum, ends[:-1]), strict=True)


def _by_stratum(given: int | Mapping[str, int], frame: Frame, what: str) -> dict[str, int]:
    if not isinstance(given, Mapping):
        if what == "n" and len(frame.labels) > 1:
            raise ValueError(f"expected n by stratum, one of {', '.join(frame.labels)} each; got {given!r}")
        given = dict.fromkeys(frame.labels, given)
    for label, number in given.items():
        if label not in frame.labels:
            raise ValueError(f"expected {what} of strata in the frame; got {label!r}")
        if isinstance(number, bool) or not isinstance(number, int | np.integer) or number < 0:
            raise ValueError(f"expected {what} of 0 or more for stratum {label!r}; got {number!r}")
    return {label: int(given.get(label, 0)) for label in frame.labels}


def _ids(ids: Sequence[Any] | NDArray[Any]) -> NDArray[Any]:
    array = _array(ids)
    if array.dtype.kind not in "iu":
        return _text(array, "ids")
    if array.ndim != 1 or (array.dtype.kind == "u" and array.size and array.max() >= 2**63):
        raise ValueError(f"expected ids in one dimension, below 2**63; got {array.dtype.name} {array.shape}")
    return array.astype(np.int64, copy=False)


def _array(values: Sequence[Any] | NDArray[Any]) -> NDArray[Any]:
    """As an array, of text or whole numbers only where every single value is: numpy would turn 1 into '1'."""
    array = values if isinstance(values, np.ndarray) else np.array(values, dtype=object)
    if array.dtype.kind == "O" and array.size:
        if all(isinstance(each, str) for each in array.flat):
            return array.astype(str)
        if all(isinstance(each, int | np.integer) and not isinstance(each, bool) for each in array.flat):
            try:
                return array.astype(np.int64)
            except OverflowError:
                raise ValueError(
                    "expected whole numbers from -2**63 to 2**63 - 1; got a larger one"
                ) from None
    return array


def _text(values: Sequence[Any] | NDArray[Any], what: str) -> NDArray[np.bytes_]:
    """The values as UTF-8 bytes, no wider than the longest of them."""
    array = _array(values)
    if array.ndim != 1 or (array.dtype.kind not in "US" and array.size):
        raise ValueError(
            f"expected {what} of one kind in one dimension; got {array.dtype.name} {array.shape}"
        )
    if array.dtype.kind == "U":
        points = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("=")).view(np.uint32)
        # Plain ASCII, which nearly all ids are, is cut down without a loop over 10 million of them.
        plain = points.size > 0 and points.max() < 128
        array = (
            points.astype(np.uint8).view(f"S{array.dtype.itemsize // 4}")
            if plain
            else np.char.encode(array, "utf-8")
        )
    longest = int(np.strings.str_len(array).max(initial=0))
    return array.astype(f"S{max(longest, 1)}", copy=False)


def _coded(strata: NDArray[np.bytes_]) -> tuple[NDArray[np.bytes_], Codes]:
    """The different labels in ascending order, and for each case the place of its own among them."""
    labels = np.unique(strata[:10_000])  # as a rule these are all: what is not there joins in a second round
    while True:
        place = np.searchsorted(labels, strata)
        unknown = labels[np.minimum(place, len(labels) - 1)] != strata
        if not unknown.any():
            return labels, place.astype(np.min_scalar_type(len(labels)))
        labels = np.union1d(labels, strata[unknown])


def _ascending(ids: NDArray[Any]) -> NDArray[np.intp] | None:
    """The order that sorts the ids, or None where they are sorted."""
    if (ids[1:] >= ids[:-1]).all():
        return None
    if ids.dtype.kind == "i":
        return np.argsort(ids)
    # Bytes that are the same in all ids do not order them; the others are compared eight at a time.
    table = np.ascontiguousarray(ids).view(np.uint8).reshape(len(ids), -1)
    differing = np.flatnonzero([(column != column[0]).any() for column in table.T])
    packed = np.zeros((len(ids), -(-len(differing) // 8) * 8), dtype=np.uint8)
    packed[:, : len(differing)] = table[:, differing]
    words = packed.view(">u8").astype(np.uint64)
    return np.argsort(words[:, 0]) if words.shape[1] == 1 else np.lexsort(words.T[::-1])


def _check_different(ids: NDArray[Any]) -> None:
    twice = np.flatnonzero(ids[1:] == ids[:-1])
    if len(twice):
        raise ValueError(f"expected each id once; got {ids[twice].tolist()[0]!r} more than once")
    if ids.dtype.kind == "S" and ids[0] == b"":
        raise ValueError("expected an id for each case; got an empty one")


def _hash(ids: NDArray[Any], labels: NDArray[np.bytes_], stratum: Codes, width: int) -> str:
    kind = "text" if ids.dtype.kind == "S" else "whole"
    line = f"{len(ids)} cases, ids {kind} {ids.dtype.itemsize}, strata {width}\n"
    digest = hashlib.sha256(f"openpeel frame 1\n{line}".encode())
    row: list[tuple[str, str]] = [("id", ids.dtype.str if kind == "text" else ">i8")]
    row += [("stratum", labels.dtype.str)] if width else []
    for start in range(0, len(ids), _ROWS_AT_A_TIME):
        part = slice(start, start + _ROWS_AT_A_TIME)
        rows = np.empty(len(ids[part]), dtype=row)
        rows["id"] = ids[part]
        if width:
            rows["stratum"] = labels[stratum[part]]
        digest.update(rows.tobytes())
    return digest.hexdigest()
