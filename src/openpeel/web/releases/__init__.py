"""Freezing accepted returns, their figures and alerts, sharing and publishing."""
