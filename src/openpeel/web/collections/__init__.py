"""Rounds of returns: what is asked of which forces, by when, and how far it is."""
