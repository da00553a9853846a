"""The draw made again without numpy, from its description alone, as a force that doubts it would."""

from __future__ import annotations

import hashlib
import random

import pytest

from openpeel.statistics.draw import Frame, commitment, draw_random, draw_systematic

ONES = 2**64 - 1


def philox(counter: list[int], key: list[int]) -> list[int]:
    """One block of Philox 4x64 with 10 rounds: Salmon et al. (2011), section 3.3."""
    a, b, c, d = counter
    first, second = key
    for _ in range(10):
        left, right = 0xD2E7470EE14C6C93 * a, 0xCA5A826395121157 * c
        a, b, c, d = (right >> 64) ^ b ^ first, right & ONES, (left >> 64) ^ d ^ second, left & ONES
        first, second = (first + 0x9E3779B97F4A7C15) & ONES, (second + 0xBB67AE8584CAA73B) & ONES
    return [a, b, c, d]


def word(purpose: str, frame_hash: str, seed: str, number: int) -> int:
    digest = hashlib.sha256(f"openpeel {purpose} 1\n{frame_hash}\n{seed}".encode()).digest()
    key = [int.from_bytes(digest[:8], "big"), int.from_bytes(digest[8:16], "big")]
    return philox([number // 4 + 1, 0, 0, 0], key)[number % 4]


def frame_hash(ids: list[str] | list[int], strata: list[str] | None) -> str:
    texts = [each.encode() for each in ids if isinstance(each, str)]
    kind, width = ("text", max(map(len, texts))) if texts else ("whole", 8)
    span = max(len(each.encode()) for each in strata) if strata else 0
    told = hashlib.sha256(f"openpeel frame 1\n{len(ids)} cases, ids {kind} {width}, strata {span}\n".encode())
    for case, stratum in sorted(zip(ids, strata or [""] * len(ids), strict=True)):
        whole = isinstance(case, int)
        told.update(case.to_bytes(8, "big", signed=True) if whole else case.encode().ljust(width, b"\0"))
        told.update(stratum.encode().ljust(span, b"\0"))
    return told.hexdigest()


def test_philox_gives_the_known_answers_of_its_authors():
    # Random123, kat_vectors, philox 4x64 with 10 rounds: all zeros and all ones
    assert philox([0] * 4, [0] * 2) == [
        0x16554D9ECA36314C,
        0xDB20FE9D672D0FDC,
        0xD7E772CEE186176B,
        0x7E68B68AEC7BA23B,
    ]
    assert philox([ONES] * 4, [ONES] * 2) == [
        0x87B092C3013FE90B,
        0x438C3C67BE8D0224,
        0x9CC7D7C69CD777B6,
        0xA09CAEBF594F0BA0,
    ]


@pytest.mark.parametrize(
    "kind", ["short text", "long text", "alike for long", "text of the world", "whole numbers"]
)
def test_a_stratified_draw_is_made_again_in_plain_python(kind: str):
    chance = random.Random(5)
    numbers = chance.sample(range(-5000, 5000), 700)
    made = {
        "short text": lambda number: f"C{number}",
        "long text": lambda number: f"{number % 7}/northern division/{number:+06d}/x{'y' * (number % 5)}",
        "alike for long": lambda number: format(number + 5000, "014b"),
        "text of the world": lambda number: f"Gwynedd–Môn {chr(0x1F600 + number % 9)}{number}",
        "whole numbers": lambda number: number,
    }[kind]
    ids = [made(number) for number in numbers]
    strata = [chance.choice(["control room", "direct", "ysbyty–é"]) for _ in ids]
    known = frame_hash(ids, strata)
    frame = Frame.of(ids, strata)
    assert frame.hash == known
    wanted = {"control room": 40, "direct": 20, "ysbyty–é": 9}
    drawn = draw_random(frame, wanted, "7 7 1", reserve=3)
    keyed = [
        (word("random", known, "7 7 1", place), case, stratum)
        for place, (case, stratum) in enumerate(sorted(zip(ids, strata, strict=True)))
    ]
    for each in drawn.strata:
        due = [case for _, case, stratum in sorted(keyed) if stratum == each.label]
        n = wanted[each.label]
        assert (list(each.sample), list(each.reserve)) == (due[:n], due[n : n + 3])


def test_a_systematic_draw_is_made_again_in_plain_python():
    ids = list(range(3, 3003, 3))
    known = frame_hash(ids, None)
    start = word("systematic", known, "7 7 1", 0) % 1000  # no word of this seed lies above the limit
    due = tuple(ids[(start + i * 1000) // 130] for i in range(130))
    assert draw_systematic(Frame.of(ids), 130, "7 7 1").strata[0].sample == due


def test_the_commitment_is_a_hash_that_any_tool_makes():
    told = hashlib.sha256(b"openpeel commitment 1\n" + b"ab12\n" + "tafl – 4".encode()).hexdigest()
    assert commitment("ab12", "tafl – 4") == told
