"""What a record looks like: one TOML file per kind of record, and the code that reads them."""

from openpeel.standards.standard import (
    UNRECOGNISED,
    Code,
    CodeList,
    Column,
    Standard,
    load_standard,
    plain,
    standard_ids,
)

__all__ = ["UNRECOGNISED", "Code", "CodeList", "Column", "Standard", "load_standard", "plain", "standard_ids"]
