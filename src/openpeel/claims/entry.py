"""A claim on its way through the checks: as it was parsed, where it stands, and what has been found so far."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from openpeel.claims.claim import Checked, Claim, Verdict
from openpeel.claims.document import Document
from openpeel.claims.found import Found
from openpeel.claims.parse import Parsed
from openpeel.claims.subject import clause, main_clauses, period, stems_of


@dataclass
class Entry:
    """One claim of the passage with this number. `against` is the entry that it contradicts."""

    document: Document
    passage: int
    parsed: Parsed
    found: Found
    against: Entry | None = None

    @cached_property
    def claim(self) -> Claim:
        """The claim as it is handed out."""
        parsed = self.parsed
        text = parsed.text
        return Claim(
            str(parsed.kind),
            text,
            self.document.passages[self.passage].place(parsed.start),
            self.passage,
            parsed.start,
            len(text),
            self.found.said,
            self.about,
            self.period,
        )

    @cached_property
    def about(self) -> str:
        """The words around its numbers."""
        return clause(self.parsed.tokens, self.parsed.first, self.parsed.last)

    @cached_property
    def period(self) -> str:
        """The dates in its sentence that stand nearest."""
        return period(self.parsed.tokens, self.parsed.first)

    @cached_property
    def sentence(self) -> str:
        """The whole sentence."""
        tokens = self.parsed.tokens
        first, last = tokens.sentence(self.parsed.first)
        return tokens.text[tokens.starts[first] : tokens.ends[last - 1]]

    @cached_property
    def stems(self) -> frozenset[str]:
        """What its sentence says was found, in stems."""
        return stems_of(main_clauses(self.sentence))

    def contradicts(self, other: Entry, arithmetic: str, because: str) -> None:
        """Set down that it and the other cannot both be right, unless something is wrong with it already."""
        if self.found.verdict in (Verdict.holds, Verdict.cannot_be_checked):
            self.against = other
            self.found = replace(
                self.found, verdict=Verdict.contradicts, arithmetic=arithmetic, because=because
            )

    def checked(self) -> Checked:
        """The claim with its verdict, as it is handed out."""
        f = self.found
        against = self.against.claim if self.against is not None else None
        return Checked(self.claim, f.verdict, f.arithmetic, f.because, f.right, f.rule, against)
