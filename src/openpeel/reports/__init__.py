"""The published report: prose in Markdown that refers to figures, and every output made from it."""
