"""Writes the tables of docs/explanation/claims.md: `PYTHONPATH=src python scripts/make_claims_page.py`.

They tell how well claims are found and judged in the labelled sentences of tests/claims/.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "explanation" / "claims.md"
sys.path.insert(0, str(ROOT / "tests"))

from labelled_claims import Score, scores  # noqa: E402
from openpeel.claims import ClaimKind  # noqa: E402

HEADS = ("kind", "sentences", "faults planted", "found", "flags", "of them wrong", "precision", "recall")


def table(name: str) -> str:
    """A row for each kind, and one for all."""
    found = scores(name)
    kinds = [*(kind.name for kind in ClaimKind if kind.name in found), "none"]
    titles = {kind.name: str(kind) for kind in ClaimKind} | {"none": "nothing to flag"}
    lines = [HEADS, ("---", *["---:"] * (len(HEADS) - 1))]
    lines += [_row(titles[kind], found[kind]) for kind in kinds]
    lines.append(tuple(f"**{cell}**" for cell in _row("all", found["all"])))
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _row(title: str, score: Score) -> tuple[str, ...]:
    counts = (score.texts, score.faults, score.caught, score.flags, score.false_alarms)
    precision = f"{score.precision:.3f}" if score.flags else "–"
    recall = f"{score.recall:.3f}" if score.faults else "–"
    return (title, *map(str, counts), precision, recall)


def page(text: str) -> str:
    """The page with its tables made anew."""
    for name in ("labelled", "held_out"):
        mark = f"<!-- made: {name} -->"
        if text.count(mark) != 2:
            raise SystemExit(f"expected two marks {mark} in {PAGE}; got {text.count(mark)}")
        made = f"{mark}\n\n{table(f'{name}.tsv')}\n\n{mark}"
        text = re.sub(f"{mark}.*{mark}", lambda _, made=made: made, text, flags=re.S)
    return text


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
