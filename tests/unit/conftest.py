"""What tests of audits share."""

from coding_sample import calls, reports, searches

__all__ = ["calls", "reports", "searches"]
