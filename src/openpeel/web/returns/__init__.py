"""Returns as forces hand them in: checks, queries and answers, confirming, accepting."""
