"""What the command line says of claims found in prose. Nothing is found or checked here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from openpeel.claims.claim import Checked, Claim, Verdict
from openpeel.claims.document import Document
from openpeel.claims.reading.kinds import ENDINGS
from openpeel.intake.rows import counted, shown
from openpeel.terminal import Format, print_json, print_rows, print_text

#: Verdicts of claims that are wrong.
WRONG = (Verdict.rounds_wrong, Verdict.contradicts)

#: How the last line says each verdict, of one claim and of several.
_SAID = {
    Verdict.holds: ("holds", "hold"),
    Verdict.rounds_wrong: ("rounds wrong", "round wrong"),
    Verdict.contradicts: ("contradicts", "contradict"),
    Verdict.cannot_be_checked: ("cannot be checked", "cannot be checked"),
}

_FIELDS = (
    *(
        "file",
        "page",
        "line",
        "column",
        "start",
        "length",
        "passage",
        "kind",
        "text",
        "said",
        "about",
        "period",
    ),
    *(
        "verdict",
        "arithmetic",
        "because",
        "right",
        "rule",
        "against",
        "against_page",
        "against_line",
        "figure",
    ),
)

Found = Sequence[tuple[Document, Sequence[Checked]]]


def print_claims(found: Found, how: Format, *, all_claims: bool) -> None:
    """The claims of each document: as a table those that do not hold, or all of them; as data always all."""
    if how is Format.table:
        for document, checked in found:
            _print_document(document, checked, all_claims=all_claims)
        print_text(count_line([c for _, checked in found for c in checked]), bold=True)
        return
    rows = [_as_row(document, one) for document, checked in found for one in checked]
    if how is Format.json:
        all_of_them = Counter(row["verdict"] for row in rows)
        print_json(
            {
                "counts": {str(verdict): all_of_them[str(verdict)] for verdict in Verdict},
                "notes": [f"{document.name}: {note}" for document, _ in found for note in document.notes],
                "claims": rows,
            }
        )
    elif rows:
        print_rows(rows, how)
    else:
        print_text(",".join(_FIELDS))


def count_line(checked: Sequence[Checked]) -> str:
    """How many claims there are of each verdict: '9 claims: 7 hold, 1 rounds wrong, 1 contradicts, 0 cannot …'."""
    times = Counter(one.verdict for one in checked)
    each = ", ".join(f"{times[v]:,} {_SAID[v][times[v] != 1]}" for v in Verdict)
    return f"{counted(len(checked), 'claim')}: {each}"


def _print_document(document: Document, checked: Sequence[Checked], *, all_claims: bool) -> None:
    for one in checked:
        if all_claims or one.verdict in WRONG:
            _print_claim(document, one)
    for note in document.notes:
        print_text(f"{document.name}: {note}\n")


def _print_claim(document: Document, one: Checked) -> None:
    print_text(f"{document.name}, {_where(document, one.claim)}: {one.verdict}", bold=one.verdict in WRONG)
    lines = {
        "words": f"‘{shown(one.claim.text)}’",
        "arithmetic": one.arithmetic,
        "why": one.because,
        "right": one.right,
        "rule": one.rule,
        "against": one.against and f"‘{shown(one.against.text)}’ ({_where(document, one.against)})",
        "figure": one.figure,
    }
    for name, said in lines.items():
        if said:
            print_text(f"  {name:<11}{said}")
    print_text()


def _where(document: Document, claim: Claim) -> str:
    """Where a claim stands, as a reader finds it: a Word document has paragraphs and no lines."""
    place = claim.place
    word = any(document.name.casefold().endswith(e) for e, kind in ENDINGS.items() if kind == "word")
    line = f"{'paragraph' if word else 'line'} {place.line}, column {place.column}"
    return line if place.page is None else f"page {place.page}, {line}"


def _as_row(document: Document, one: Checked) -> dict[str, Any]:
    claim, against = one.claim, one.against
    values = (
        *(document.name, claim.place.page, claim.place.line, claim.place.column, claim.start, claim.length),
        *(claim.passage, claim.kind, claim.text, claim.said, claim.about, claim.period),
        *(str(one.verdict), one.arithmetic, one.because, one.right, one.rule),
        *((against.text, against.place.page, against.place.line) if against else (None, None, None)),
        one.figure,
    )
    return dict(zip(_FIELDS, values, strict=True))
