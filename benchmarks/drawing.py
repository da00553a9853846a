"""A draw of 1,200 cases from a frame of ten million, and its verification; as a script, one frame.

`python -m benchmarks.drawing <ids> <cases>` with ids 'numbers' or 'texts'.
"""

from __future__ import annotations

import json
import sys
import time

from benchmarks.measuring import Bench

DRAWN = 1_200
FRAMES = ("numbers", "texts")


def compare(bench: Bench, cases: int, rounds: int) -> str:
    """A table: seconds to make the frame and draw, seconds to verify, and peak memory, each a median."""
    rows = ["| ids | frame and draw, seconds | verified, seconds | peak memory |", "|---|---:|---:|---:|"]
    for ids in FRAMES:
        runs = [bench.run("-m", "benchmarks.drawing", ids, str(cases)) for _ in range(rounds)]
        middle = sorted(runs, key=lambda run: run.said["draw"])[rounds // 2]
        took = f"{middle.said['draw']:.1f} | {middle.said['verify']:.1f}"
        rows.append(f"| {ids}, in no order | {took} | {middle.peak_mb:,.0f} MB |")
    return f"{DRAWN:,} of {cases:,} cases, median of {rounds} runs.\n\n" + "\n".join(rows)


def main(ids: str, cases: int) -> None:
    """Make the frame, draw, verify, and say how long each took; the ids are made before."""
    import numpy as np

    from openpeel.statistics.draw import Frame, draw_random, verify_draw

    shuffled = np.random.Generator(np.random.Philox(1)).permutation(cases)
    given = shuffled if ids == "numbers" else np.char.add("C", shuffled.astype("U8"))
    begun = time.perf_counter()
    frame = Frame.of(given)
    drawn = draw_random(frame, DRAWN, "a seed", reserve=120)
    after_draw = time.perf_counter()
    wrong = verify_draw(drawn, frame, DRAWN, reserve=120)
    if wrong:
        raise SystemExit(f"the draw was not verified: {wrong}")
    print(json.dumps({"draw": after_draw - begun, "verify": time.perf_counter() - after_draw}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
