"""What prose claims with numbers: the claims found in it, and those that do not hold."""

from openpeel.claims.checker import check
from openpeel.claims.claim import Checked, Claim, Verdict
from openpeel.claims.document import Document, Passage, Place
from openpeel.claims.kinds import ClaimKind

__all__ = ["Checked", "Claim", "ClaimKind", "Document", "Passage", "Place", "Verdict", "check"]
