"""Published figures for programs."""
