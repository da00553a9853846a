"""Immutable Parquet, the returns and releases that name it, and the engines that count in it.

The only package that knows DuckDB, Spark or the lake's files.
"""

from openpeel.lake.engines import ENGINES, Engine, open_engine
from openpeel.lake.release import Release, create_release, open_release, release_names
from openpeel.lake.returns import Defect, Return, ReturnKey, SourceFile
from openpeel.lake.store import Lake, Part, Transaction

__all__ = [
    "ENGINES",
    "Defect",
    "Engine",
    "Lake",
    "Part",
    "Release",
    "Return",
    "ReturnKey",
    "SourceFile",
    "Transaction",
    "create_release",
    "open_engine",
    "open_release",
    "release_names",
]
