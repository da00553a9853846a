"""From a file to its prose: text, Markdown, web pages, PDFs and Word documents, each read into the same passages."""

from openpeel.claims.reading.limits import ReadingLimits
from openpeel.claims.reading.read import read_document

__all__ = ["ReadingLimits", "read_document"]
