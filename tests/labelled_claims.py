"""The labelled sentences and how well `check` does on them.

Sentences are ours, in the style of inspection reports; passages of one text are set apart by ' | '. `labelled.tsv` was
written with the grammar, `held_out.tsv` after it and never used to change it.
"""

import csv
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from openpeel.claims import Checked, ClaimKind, Document, Passage, Place, Verdict, check

HERE = Path(__file__).parent / "claims"
FLAGS = (Verdict.rounds_wrong, Verdict.contradicts)


@dataclass(frozen=True)
class Labelled:
    """A text, the kind of its claim ('none' for a text without one), and the verdict that is right."""

    kind: str
    text: str
    verdict: str
    right: str

    @property
    def has_fault(self) -> bool:
        return self.verdict in FLAGS


@dataclass(frozen=True)
class Result:
    """What `check` made of a text: its flags that are right and wrong, and whether it got the label."""

    labelled: Labelled
    flags: tuple[Checked, ...]
    found: bool
    false_alarms: tuple[Checked, ...]


def labelled(name="labelled.tsv"):
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [Labelled(*row, *[""] * (4 - len(row))) for row in rows]


def document(text):
    """A document of one passage for each part of the text between ' | '."""
    return Document(
        "text",
        tuple(Passage(p, (0,), (Place(None, n, 1),)) for n, p in enumerate(text.split(" | "), 1)),
    )


def result(one: Labelled) -> Result:
    checked = check(document(one.text))
    flags = tuple(c for c in checked if c.verdict in FLAGS)
    if one.verdict == "none":
        return Result(one, flags, not flags and not any(c.verdict is Verdict.holds for c in checked), flags)
    kind = ClaimKind[one.kind]
    of_kind = [c for c in checked if c.claim.kind == kind]
    if one.has_fault:
        mine = [c for c in of_kind if c.verdict == one.verdict and one.right in ("", c.right)]
        return Result(one, flags, bool(mine), tuple(c for c in flags if c not in mine))
    return Result(one, flags, any(c.verdict == one.verdict for c in of_kind) and not flags, flags)


@dataclass(frozen=True)
class Score:
    """Counts by kind: texts, planted faults, those found, flags raised, those right, labels got altogether."""

    texts: int
    faults: int
    caught: int
    flags: int
    false_alarms: int
    right: int

    @property
    def precision(self):
        return 1.0 if not self.flags else (self.flags - self.false_alarms) / self.flags

    @property
    def recall(self):
        return 1.0 if not self.faults else self.caught / self.faults


def scores(name="labelled.tsv"):
    """The score of each kind by which texts are labelled, and of all under 'all'."""
    counts = {}
    for one in labelled(name):
        r = result(one)
        for kind in (one.kind, "all"):
            c = counts.setdefault(kind, Counter())
            c["texts"] += 1
            c["faults"] += one.has_fault
            c["caught"] += one.has_fault and r.found
            c["flags"] += len(r.flags)
            c["false_alarms"] += len(r.false_alarms)
            c["right"] += r.found
    names = ("texts", "faults", "caught", "flags", "false_alarms", "right")
    return {kind: Score(*(c[name] for name in names)) for kind, c in counts.items()}
