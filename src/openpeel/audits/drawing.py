"""Drawing the cases of an audit from its frame: how many of each stratum, which, and the sheet to code them on.

Anyone with the frame's file and the draw's can repeat the draw. Nothing is random here: the seed comes from outside.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, get_args

from openpeel.audits.frame import About, AuditFrame, read_audit_json
from openpeel.audits.instrument import Instrument
from openpeel.audits.sizing import AT_LEAST
from openpeel.audits.strata_file import PlannedStratum
from openpeel.errors import DataError, UseError
from openpeel.statistics.draw import (
    Draw,
    DrawnStratum,
    commitment,
    draw_random,
    draw_systematic,
    verify_draw,
)
from openpeel.statistics.sampling import Method, allocate

_FORMAT = "openpeel audit draw 1"

DrawMethod = Literal["random", "systematic"]


@dataclass(frozen=True)
class Plan:
    """How many cases are drawn, and how they are shared among the strata.

    `minimum` and, for 'neyman', `sd` are by stratum, as `statistics.sampling.allocate` takes them. `reserve` is
    the number of reserves of each stratum; None for a tenth of what is drawn from it, as far as it goes.
    """

    size: int
    method: DrawMethod = "random"
    allocation: Method = "proportional"
    minimum: tuple[tuple[str, int], ...] = ()
    sd: tuple[tuple[str, float], ...] = ()
    reserve: int | None = None

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "size": self.size,
            "method": self.method,
            "allocation": self.allocation,
            "minimum": dict(self.minimum),
            "sd": dict(self.sd),
            "reserve": self.reserve,
        }

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Plan:
        """The inverse of `as_json`."""
        return cls(
            raw["size"],
            raw["method"],
            raw["allocation"],
            tuple(raw["minimum"].items()),
            tuple(raw["sd"].items()),
            raw["reserve"],
        )

    def wanted(self, sizes: Mapping[str, int]) -> tuple[dict[str, int], dict[str, int]]:
        """How many cases and how many reserves of each stratum. Raises UseError for what cannot be had."""
        if self.method not in get_args(DrawMethod):
            raise UseError(f"expected a draw that is random or systematic, got '{self.method}'")
        sd = dict(self.sd) if self.allocation == "neyman" else None
        # A minimum above what there is asks for all there is.
        minimum = {label: min(number, sizes.get(label, number)) for label, number in self.minimum}
        try:
            wanted = allocate(sizes, self.size, self.allocation, minimum, sd)
        except ValueError as error:
            raise UseError(str(error)) from None
        if self.method == "systematic":
            return wanted, dict.fromkeys(sizes, 0)
        spare = {
            label: math.ceil(n / 10) if self.reserve is None else self.reserve * (n > 0)
            for label, n in wanted.items()
        }
        return wanted, {label: min(n, sizes[label] - wanted[label]) for label, n in spare.items()}


def plan_of_strata(
    instrument: Instrument, frame: AuditFrame, plan: Plan, strata: Sequence[PlannedStratum] = ()
) -> Plan:
    """The plan with the minimums of the instrument and of a file of strata, and what is expected for 'neyman'.

    Every stratum gets two cases or more, all it has if fewer: one says nothing of how much cases differ. Raises
    UseError for strata that the frame has not, a number of cases that is not the frame's, and for 'neyman'
    without an expected share.
    """
    for stratum in strata:
        if stratum.label not in frame.sizes:
            known = ", ".join(repr(label) for label in frame.sizes)
            raise UseError(f"the frame has no stratum '{stratum.label}'; it has {known}", where="--strata")
        if stratum.cases not in (None, frame.sizes[stratum.label]):
            raise UseError(
                f"the stratum '{stratum.label}' has {frame.sizes[stratum.label]:,} cases in the frame, "
                f"{stratum.cases:,} in the file of strata",
                where="--strata",
            )
    minimum = dict.fromkeys(frame.sizes, AT_LEAST) | dict(instrument.frame.minimum)
    minimum |= {s.label: s.minimum for s in strata if s.minimum is not None}
    sd = {}
    if plan.allocation == "neyman":
        expected = {s.label: s.expected for s in strata if s.expected is not None}
        for label in frame.sizes:
            if label not in expected:
                raise UseError(
                    f"expected a share for the stratum '{label}', which 'neyman' allocates by",
                    where="--strata",
                    advice="Give the column 'expected' for every stratum.",
                )
            sd[label] = math.sqrt(expected[label] * (1 - expected[label]))
    in_frame = {label: n for label, n in minimum.items() if label in frame.sizes}
    return replace(plan, minimum=tuple(in_frame.items()), sd=tuple(sd.items()))


@dataclass(frozen=True)
class AuditDraw:
    """What was drawn, and all that is needed with the frame to draw it again.

    `sizes` are the cases of each stratum of the frame, `incomplete` the strata of which it does not list all, and
    `commitment` the hash of frame and seed that could be published before the draw.
    """

    about: About
    plan: Plan
    sizes: tuple[tuple[str, int], ...]
    incomplete: tuple[str, ...]
    drawn: Draw
    commitment: str

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        sizes = dict(self.sizes)
        return {
            "format": _FORMAT,
            **self.about.as_json(),
            "frame_hash": self.drawn.frame_hash,
            "seed": self.drawn.seed,
            "commitment": self.commitment,
            **self.plan.as_json(),
            "incomplete": list(self.incomplete),
            "strata": [
                {
                    "label": s.label,
                    "cases": sizes[s.label],
                    "drawn": len(s.sample),
                    "sample": list(s.sample),
                    "reserves": list(s.reserve),
                }
                for s in self.drawn.strata
            ],
        }


def draw_cases(frame: AuditFrame, plan: Plan, seed: str) -> AuditDraw:
    """Draw the cases of an audit. Raises UseError, naming the stratum, for a plan that the frame cannot give."""
    wanted, reserve = plan.wanted(frame.sizes)
    try:
        if plan.method == "systematic":
            drawn = draw_systematic(frame.frame, plan.size, seed)
        else:
            drawn = draw_random(frame.frame, wanted, seed, reserve)
    except ValueError as error:
        raise UseError(str(error)) from None
    sizes = tuple(frame.sizes.items())
    return AuditDraw(frame.about, plan, sizes, _incomplete(frame), drawn, commitment(frame.hash, seed))


def committed_to(frame: AuditFrame, seed: str) -> str:
    """The commitment to a frame and a seed, to be published. Raises UseError for a seed that is no text."""
    try:
        return commitment(frame.hash, seed)
    except ValueError:
        raise UseError(
            "expected a seed of text, such as the numbers of a public throw", where="--seed"
        ) from None


def _incomplete(frame: AuditFrame) -> tuple[str, ...]:
    return tuple(s.label for s in frame.strata if not s.complete)


def read_draw(path: Path) -> AuditDraw:
    """Read a draw's file. Whether it is what frame and seed give is for `what_is_wrong` to say."""
    raw = read_audit_json(path, _FORMAT, "draw")
    try:
        strata = tuple(
            DrawnStratum(s["label"], tuple(s["sample"]), tuple(s["reserves"])) for s in raw["strata"]
        )
        plan = Plan.from_json(raw)
        found = AuditDraw(
            About.from_json(raw),
            plan,
            tuple((s["label"], s["cases"]) for s in raw["strata"]),
            tuple(raw["incomplete"]),
            Draw(plan.method, raw["frame_hash"], raw["seed"], strata),
            raw["commitment"],
        )
        texts = all(isinstance(raw[key], str) for key in ("frame_hash", "seed", "commitment"))
        if not (texts and _is_plan(plan) and all(_is_drawn(s) for s in raw["strata"])):
            raise TypeError
    except (KeyError, TypeError, ValueError, AttributeError, UseError):
        raise DataError("expected the draw of an audit, got something else", where=str(path)) from None
    return found


def _is_plan(plan: Plan) -> bool:
    numbers = [plan.size, *(n for _, n in plan.minimum), *([] if plan.reserve is None else [plan.reserve])]
    shares = [share for _, share in plan.sd]
    return all(type(n) is int for n in numbers) and all(isinstance(share, int | float) for share in shares)


def _is_drawn(stratum: Mapping[str, Any]) -> bool:
    listed = [stratum["sample"], stratum["reserves"]]
    texts = all(isinstance(cases, list) and all(isinstance(c, str) for c in cases) for cases in listed)
    return texts and isinstance(stratum["label"], str) and type(stratum["cases"]) is int


def what_is_wrong(draw: AuditDraw, frame: AuditFrame, committed: str | None = None) -> list[str]:
    """What is wrong with a draw, in sentences; nothing, if it is what its frame, seed and plan give.

    `committed` is the commitment published before the draw.
    """
    if draw.about != frame.about:
        return ["The draw is of another audit than the frame: instrument, version, force or period differ."]
    if draw.drawn.frame_hash != frame.hash:  # before the plan, which a changed frame may not be able to give
        return [
            f"The frame has changed since the draw: its hash is {frame.hash}, the draw's {draw.drawn.frame_hash}."
        ]
    try:
        wanted, reserve = draw.plan.wanted(frame.sizes)
        n: int | dict[str, int] = draw.plan.size if draw.plan.method == "systematic" else wanted
        wrong = verify_draw(draw.drawn, frame.frame, n, reserve, committed)
        if draw.commitment != commitment(frame.hash, draw.drawn.seed):
            wrong.append("The commitment in the draw's file is not that of its frame and seed.")
    except (UseError, ValueError) as error:
        return [f"The frame cannot give what the draw says was asked of it: {error}"]
    if draw.sizes != tuple(frame.sizes.items()):
        wrong.append("The sizes of the strata are not those of the frame.")
    if draw.incomplete != _incomplete(frame):
        wrong.append("Which lists of cases are complete has been changed in the frame since the draw.")
    return wrong


def sheet_header(instrument: Instrument, frame: AuditFrame) -> list[str]:
    """The columns of a coding sheet: which case it is, then what the reviewer fills in."""
    places = ["file", "row"] if "files" in frame.source else []
    columns = [column.name for column in instrument.frame.columns]
    listed = [instrument.each] if instrument.each else []
    questions = [q.id for q in instrument.questions]
    return ["order", "list", "case", *places, *columns, "coder", "unusable", *listed, *questions, "notes"]


def sheet_rows(instrument: Instrument, frame: AuditFrame, draw: AuditDraw) -> list[list[str]]:
    """A row for every case drawn and every reserve, in the order of the draw, answers blank."""
    header = sheet_header(instrument, frame)
    files = {f["begins"]: f["name"] for f in frame.source.get("files", ())}
    rows = []
    for which in ("sample", "reserve"):
        order = 0
        for stratum in draw.drawn.strata:
            values = dict(frame.stratum(stratum.label).values)
            for case in stratum.sample if which == "sample" else stratum.reserve:
                order += 1
                begins, _, row = str(case).rpartition("-")
                known = {"order": str(order), "list": which, "case": str(case), **values}
                if begins in files:
                    known |= {"file": files[begins], "row": row}
                rows.append([known.get(name, "") for name in header])
    return rows
