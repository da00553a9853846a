"""Writes docs/reference/instruments.md from the instruments themselves: `python scripts/make_instruments_page.py`."""

from __future__ import annotations

from pathlib import Path

from openpeel.audits import Instrument, instrument_ids, load_instrument
from openpeel.audits.instrument import Question, Result, When

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "instruments.md"

HEAD = """# Instruments

What each audit asks of a case, when, and what is counted from the answers. This page is made from the instruments by
`scripts/make_instruments_page.py`, and a test holds it to them. How an audit is run is in
[the how-to](../how-to/run-an-audit.md), and how an instrument of your own is written in
[the files of an audit](audit-files.md).
"""


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *(_section(load_instrument(i)) for i in instrument_ids())])


def _section(instrument: Instrument) -> str:
    titles = {s.id: s for s in instrument.sections}
    asked = [
        f"| `{q.id}` | {titles[q.section].title}{_each(q)} | {q.text} | {_answers(q)} | {_when(q.asked_when)} |"
        for q in instrument.questions
    ]
    counted = [
        f"| `{r.id}` | {r.title} | {_kind(r)} | `{r.question}` is {_or(r.counts)} | {_of(r)} |"
        for r in instrument.results
    ]
    frame = instrument.frame
    source = f"records of the standard `{frame.standard}`" if frame.standard else "a list of the force's own"
    strata = "; ".join(f"`{c.name}`: {c.title.lower()}" for c in frame.columns) or "none"
    least = ", ".join(f"{number} of `{label}`" for label, number in frame.minimum) or "none"
    return "\n".join(
        [
            f"## `{instrument.id}`\n",
            f"**{instrument.title}, version {instrument.version}.** {instrument.about}\n",
            f"Cases: {source}{_scope(instrument)}. Strata: {strata}. Minimum: {least}. Series {instrument.series}.\n",
            "| question | section | | answers | asked when |\n|---|---|---|---|---|",
            *asked,
            "\n| result | | | counts | of |\n|---|---|---|---|---|",
            *counted,
            "",
        ]
    )


def _scope(instrument: Instrument) -> str:
    frame = instrument.frame
    where = f" where {_when(frame.where)}" if frame.where else ""
    return where + (f", each `{frame.each}` once, by its last record" if frame.each else "")


def _each(question: Question) -> str:
    return f", of each {question.each}" if question.each else ""


def _answers(question: Question) -> str:
    said = [f"`{code}`" + ("*" if code in question.not_relevant else "") for code in question.codes]
    return ", ".join(said) + (" (personal)" if question.personal else "")


def _kind(result: Result) -> str:
    kind = "estimated for all cases" if result.kind == "rate" else "a of b, of those audited"
    return f"{kind}, by `{result.by}`" if result.by else kind


def _of(result: Result) -> str:
    parts = [_or(result.of)] if result.of else ["all"]
    parts += [f"where {_when(result.where)}"] if result.where else []
    parts += [f"unless {_when(result.unless)}"] if result.unless else []
    return ", ".join(parts)


def _when(when: When) -> str:
    return " and ".join(f"`{name}` is {_or(codes)}" for name, codes in when)


def _or(codes: tuple[str, ...]) -> str:
    return " or ".join(codes)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
