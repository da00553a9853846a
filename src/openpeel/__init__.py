"""openpeel inspects a police force: from its records to a report in which every number can be traced."""

__version__ = "0.1.0"
