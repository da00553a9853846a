"""What prose claims with numbers: the claims found in it, and those that do not hold."""
