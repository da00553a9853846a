"""All that an audit found, put together and as plain JSON values."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from openpeel.audits.agreeing import QuestionAgreement, agreements
from openpeel.audits.codings import CodingFile, read_codings
from openpeel.audits.comparing import AgainstStandard, against
from openpeel.audits.drawing import AuditDraw, read_draw, what_is_wrong
from openpeel.audits.earlier import Change, changes, read_earlier
from openpeel.audits.estimating import (
    LEVEL,
    AuditEstimate,
    IntervalName,
    StratumCount,
    estimate_results,
    stratum_counts,
)
from openpeel.audits.frame import AuditFrame, read_frame
from openpeel.audits.instrument import Instrument
from openpeel.audits.unrecorded import Unrecorded, unrecorded
from openpeel.errors import DataError, UseError
from openpeel.statistics.design import SinglePsu


@dataclass(frozen=True)
class Options:
    """How an audit is estimated: which interval is printed, how a stratum with a single case is treated.

    `standards` are fixed standards in percent and `recorded` the crimes recorded in the year, by result.
    """

    interval: IntervalName = "wilson"
    single_psu: SinglePsu = "fail"
    standards: tuple[tuple[str, float], ...] = ()
    recorded: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, eq=False)
class AuditOutcome:
    """What an audit found: estimates, and what they rest on."""

    instrument: Instrument
    frame: AuditFrame
    draw: AuditDraw
    files: tuple[CodingFile, ...]
    invented: bool
    options: Options
    strata: tuple[StratumCount, ...]
    estimates: tuple[AuditEstimate, ...]
    changes: tuple[Change, ...]
    standards: tuple[AgainstStandard, ...]
    unrecorded: tuple[Unrecorded, ...]
    agreements: tuple[QuestionAgreement, ...]

    def estimate(self, result: str, group: str = "") -> AuditEstimate:
        """The estimate of a result. Raises UseError where there is none of that id and group."""
        for estimate in self.estimates:
            if (estimate.result.id, estimate.group) == (result, group):
                return estimate
        self.instrument.result(result)
        raise UseError(f"the result '{result}' has no group '{group}' in this audit")

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values; percentages unrounded, null where a number does not exist."""
        return {
            "audit": {
                **self.draw.about.as_json(),
                "series": self.instrument.series,
                "release": self.frame.source.get("release_id"),
                "frame_hash": self.frame.hash,
                "seed": self.draw.drawn.seed,
                "commitment": self.draw.commitment,
                "codings": [asdict(f) for f in self.files],
                "invented": self.invented,
                "strata": [asdict(s) for s in self.strata],
            },
            "results": [_as_json(e) for e in self.estimates],
            "changes": [c.as_json() for c in self.changes],
            "standards": [s.as_json() for s in self.standards],
            "unrecorded": [u.as_json() for u in self.unrecorded],
            "agreement": [a.as_json() for a in self.agreements],
        }


def estimate_audit(
    instrument: Instrument,
    codings: Sequence[Path],
    frame: Path,
    draw: Path,
    *,
    previous: Path | None = None,
    options: Options | None = None,
    level: float = LEVEL,
) -> AuditOutcome:
    """Estimate an audit from the files of its codings, frame and draw.

    Raises DataError where frame, draw and instrument do not belong together or the codings break a rule;
    UseError where a file cannot be read or an option names what is not there.
    """
    options = options or Options()
    of_frame, drawn = read_frame(frame), read_draw(draw)
    hold_to_instrument(instrument, of_frame, str(frame))
    if wrong := what_is_wrong(drawn, of_frame):
        raise DataError(
            " ".join(wrong), where=str(draw), advice="Use the frame and the draw as they were made."
        )
    before = read_earlier(previous) if previous else None
    found = read_codings(codings, instrument, of_frame, drawn)
    estimates = estimate_results(
        instrument, of_frame, drawn, found, single_psu=options.single_psu, level=level
    )
    return AuditOutcome(
        instrument=instrument,
        frame=of_frame,
        draw=drawn,
        files=found.files,
        invented=found.invented,
        options=options,
        strata=stratum_counts(of_frame, drawn, found),
        estimates=estimates,
        changes=changes(instrument, drawn.about.force, estimates, before, level) if before else (),
        standards=against(estimates, dict(options.standards), level),
        unrecorded=unrecorded(estimates, dict(options.recorded), options.interval),
        agreements=agreements(instrument, found, level),
    )


def rows_behind(
    outcome: AuditOutcome, estimates: Sequence[AuditEstimate]
) -> tuple[list[str], list[list[object]]]:
    """Which case counts where: the header, and a row for everything that a result speaks of.

    `weight` is how many cases of all such a case stands for. Answers are not repeated.
    """
    each = outcome.instrument.each
    weights = {s.label: s.cases / s.examined for s in outcome.strata if s.examined}
    rows: list[list[object]] = []
    for estimate in estimates:
        for seen in estimate.observations:
            item = [seen.item or ""] if each else []
            counted = "yes" if seen.counted else "no"
            stratum = seen.case.stratum
            case = [seen.case.case, *item, stratum, weights[stratum], counted]
            rows.append([estimate.result.id, estimate.group, *case])
    return ["result", "group", "case", *([each] if each else []), "stratum", "weight", "counted"], rows


def hold_to_instrument(instrument: Instrument, frame: AuditFrame, where: str) -> None:
    """Raise DataError where a frame was made for another instrument, or another version of it."""
    about = frame.about
    if about.instrument != instrument.id:
        raise DataError(
            f"this frame was made for the audit '{about.instrument}', not for '{instrument.id}'", where=where
        )
    if about.definition != instrument.hash:
        raise DataError(
            f"this frame was made for another version of '{instrument.id}' ({about.version}, {about.definition}; "
            f"this one is {instrument.version}, {instrument.hash})",
            where=where,
            advice="Estimate with the instrument that the cases were drawn for.",
        )


def _as_json(estimate: AuditEstimate) -> dict[str, Any]:
    intervals: Mapping[str, tuple[float | None, float | None]] = estimate.intervals or {}
    whole = estimate.n_effective == math.inf
    return {
        "id": estimate.result.id,
        "group": estimate.group,
        "title": estimate.title,
        "kind": estimate.result.kind,
        "numerator": estimate.numerator,
        "denominator": estimate.denominator,
        "value": estimate.value,
        "se": estimate.se,
        "df": estimate.df,
        "deff": estimate.deff,
        "n_effective": None if whole else estimate.n_effective,
        "every_case_audited": whole,
        "simple": estimate.simple,
        "intervals": {name: list(bounds) for name, bounds in intervals.items()},
        "published_half_width": estimate.published,
        "published_use": estimate.published_use,
        "refused": estimate.refused,
        "notes": list(estimate.notes),
    }
