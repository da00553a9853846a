"""Figures to look at: measures, forces, charts, downloads."""
