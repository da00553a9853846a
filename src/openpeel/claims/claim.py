"""A claim that prose makes with numbers, and what became of it. Only the shapes live here."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from openpeel.claims.document import Place


class Verdict(StrEnum):
    """What was found about a claim."""

    holds = "holds"
    rounds_wrong = "rounds wrong"
    contradicts = "contradicts"
    cannot_be_checked = "cannot be checked"


@dataclass(frozen=True)
class Claim:
    """One claim: `kind` from the list in docs/explanation/claims.md ('share of a count', 'rate per population', …).

    `text` are its words as they stand, which begin at `place` and go on for `length` characters of the passage with
    this number (`passage`, from 0), from `start`. `said` is the claim in a canonical form, such as '86 of 529 = 16.2
    percent'. `about` are the words that say what is counted, as far as they could be told, and `period` what they say
    of when.
    """

    kind: str
    text: str
    place: Place
    passage: int
    start: int
    length: int
    said: str
    about: str = ""
    period: str = ""


@dataclass(frozen=True)
class Checked:
    """A claim and its verdict. `arithmetic` shows how it was worked out, in one line; `because` says what is wrong.

    `right` is the number that would be right ('16.3 percent'); `rule` the other rounding rule that explains the printed
    one, '' where none does. `against` is the other claim that this one contradicts, `figure` the id of a held figure
    that it was set beside.
    """

    claim: Claim
    verdict: Verdict
    arithmetic: str = ""
    because: str = ""
    right: str = ""
    rule: str = ""
    against: Claim | None = None
    figure: str = ""
