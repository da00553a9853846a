"""Finding and checking the claims of prose; as a script, one text.

`python -m benchmarks.claiming <megabytes> <some|many>` with the share of paragraphs that have numbers.
"""

from __future__ import annotations

import json
import sys
import time

from benchmarks.measuring import Bench

MEGABYTES = 2
#: The first has about as many claims a page as an inspectorate's report.
KINDS = {"some": "one paragraph in eleven with numbers", "many": "every paragraph full of numbers"}

PLAIN = (
    "The force has a clear structure for managing demand, and its leaders meet each week to discuss risk. "
    "Supervisors told us that they have time to review what their teams have done, and that training is planned well. "
    "But some teams do not share what they learn, and the force should look again at how it does this."
)
COUNTED = (
    "In the year ending 31 March 2023, the force recorded {a:,} incidents, which is {r:.1f} per 1,000 population. "
    "Of {b} records that we read, {c} ({p:.1f} percent) were complete. This is above the average of 41.0 percent. "
    "Supervisors had reviewed {c} of {b} records, and the number of open cases fell from {a:,} to {d:,}."
)


def compare(bench: Bench, rounds: int) -> str:
    """A table: megabytes a second, by the clock and of the processor, claims found and peak memory, each a median."""
    rows = [
        "| text | MB a second | MB a processor second | claims | peak memory |",
        "|---|---:|---:|---:|---:|",
    ]
    for kind, title in KINDS.items():
        runs = [bench.run("-m", "benchmarks.claiming", str(MEGABYTES), kind) for _ in range(rounds)]
        middle = sorted(runs, key=lambda run: run.said["seconds"])[rounds // 2]
        said = middle.said
        speeds = " | ".join(f"{said['bytes'] / 1e6 / said[took]:.2f}" for took in ("seconds", "processor"))
        rows.append(f"| {title} | {speeds} | {said['claims']:,} | {middle.peak_mb:,.0f} MB |")
    return f"{MEGABYTES} MB of prose, median of {rounds} runs.\n\n" + "\n".join(rows)


def paragraphs(megabytes: float, kind: str) -> list[str]:
    """Prose of about this size, made up, no two paragraphs with numbers alike."""
    made, size, n = [], 0, 0
    while size < megabytes * 1e6:
        n += 1
        text = PLAIN
        if kind == "many" or n % 11 == 0:
            b, a = 50 + n % 400, 1_000 + n
            c = b // 2 + n % 20
            text = COUNTED.format(a=a, b=b, c=c, d=a - 200, p=100 * c / b, r=a / 900)
        made.append(text)
        size += len(text.encode()) + 1
    return made


def main(megabytes: float, kind: str) -> None:
    """Make the text, check it, and say how long that took."""
    from openpeel.claims import Document, Passage, Place, check

    texts = paragraphs(megabytes, kind)
    passages = tuple(Passage(text, (0,), (Place(None, n, 1),)) for n, text in enumerate(texts, 1))
    begun, worked = time.perf_counter(), time.process_time()
    found = check(Document("prose", passages))
    said = {"seconds": time.perf_counter() - begun, "processor": time.process_time() - worked}
    print(json.dumps({**said, "claims": len(found), "bytes": sum(len(text.encode()) + 1 for text in texts)}))


if __name__ == "__main__":
    main(float(sys.argv[1]), sys.argv[2])
