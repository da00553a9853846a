"""All claims of a document with their verdicts: each by itself first, then against the others."""

from __future__ import annotations

from openpeel.claims.absolutes import compare_absolutes
from openpeel.claims.between import add_parts, compare_repeated, find_wholes
from openpeel.claims.checking import check_alone
from openpeel.claims.claim import Checked
from openpeel.claims.document import Document
from openpeel.claims.entry import Entry
from openpeel.claims.numbers import Role, numbers_in
from openpeel.claims.parse import parsed
from openpeel.claims.populations import compare_populations
from openpeel.claims.significance import compare_significance
from openpeel.claims.tokens import tokens_of


def check(document: Document) -> tuple[Checked, ...]:
    """Every claim that the document makes with numbers, in the order of its text, each with its verdict.

    >>> from openpeel.claims.document import Passage, Place
    >>> passage = Passage("They asked 16.2 percent (86 of 529).", (0,), (Place(None, 1, 1),))
    >>> (found,) = check(Document("a.txt", (passage,)))
    >>> found.claim.said, str(found.verdict), found.right, found.rule
    ('86 of 529 = 16.2 percent', 'rounds wrong', '16.3 percent', 'truncation')
    """
    entries: list[Entry] = []
    for number, passage in enumerate(document.passages):
        numbers = numbers_in(passage.text)
        if any(found.role is Role.amount for found in numbers):
            claims = parsed(tokens_of(passage.text, numbers))
            entries += [Entry(document, number, claim, check_alone(claim)) for claim in claims]
    find_wholes(entries)
    compare_populations(entries)
    compare_repeated(entries)
    entries += [
        *add_parts(entries),
        *compare_significance(document, entries),
        *compare_absolutes(document, entries),
    ]
    entries.sort(key=lambda entry: (entry.passage, entry.parsed.start))
    return tuple(entry.checked() for entry in entries)
