"""The engines that count: DuckDB in this process, Spark, and Polars in memory, behind one small interface.

An engine opens Parquet files as a Narwhals frame and brings a small result back as an Arrow table. What is
counted is said in Narwhals by the measures and is the same for all three.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Protocol

import narwhals as nw
import pyarrow as pa

from openpeel.errors import DataError, ReaderError, UseError
from openpeel.lake.store import says_what_its_name_says

Frame = nw.LazyFrame[Any]


class Engine(Protocol):
    """Something that can open Parquet files as one frame."""

    def scan(self, files: Sequence[Path]) -> Frame:
        """The rows of these files, lazily."""
        ...


def collect(frame: Frame) -> pa.Table:
    """Run what was asked for and bring the result, which must be small, into memory."""
    result: pa.Table = frame.collect(backend="pyarrow").to_native()
    return result


class _DuckDB:
    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def scan(self, files: Sequence[Path]) -> Frame:
        # By explicit list: a pattern would also read files that no release names.
        # Each on a cursor of its own, so that several may be asked at once.
        frame: Frame = nw.from_native(self._connection.cursor().read_parquet([str(f) for f in files]))
        return frame


class _Spark:
    def __init__(self, session: Any) -> None:
        self._session = session

    def scan(self, files: Sequence[Path]) -> Frame:
        frame: Frame = nw.from_native(self._session.read.parquet(*[str(f) for f in files]))
        return frame


class _Polars:
    def scan(self, files: Sequence[Path]) -> Frame:
        import polars as pl

        return nw.from_native(pl.scan_parquet([str(f) for f in files]))


@contextmanager
def _duckdb() -> Iterator[Engine]:
    import duckdb

    with duckdb.connect(config={"preserve_insertion_order": False}) as connection:
        yield _DuckDB(connection)


@contextmanager
def _spark() -> Iterator[Engine]:
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise UseError(
            "the engine 'spark' is not installed",
            advice="Install it with: pip install 'openpeel[spark]' (it needs Java 17 or later).",
        ) from None
    # Where pandas 3 is installed Spark warns of it; nothing here goes through pandas.
    warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
    running = SparkSession.getActiveSession()
    # Two cores unless spark.master says otherwise, by SPARK_HOME's spark-defaults.conf or spark-submit.
    builder = SparkSession.builder.appName("openpeel").config("spark.sql.session.timeZone", "UTC")
    if running is None:
        builder = (
            builder.master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.ui.showConsoleProgress", "false")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.sql.shuffle.partitions", "4")
        )
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    try:
        yield _Spark(session)
    finally:
        if running is None:
            session.stop()


@contextmanager
def _polars() -> Iterator[Engine]:
    try:
        import polars  # noqa: F401
    except ImportError:
        raise UseError(
            "the engine 'polars' is not installed", advice="It is used in the tests only."
        ) from None
    yield _Polars()


ENGINES: dict[str, Callable[[], AbstractContextManager[Engine]]] = {
    "duckdb": _duckdb,
    "spark": _spark,
    "polars": _polars,
}


def open_engine(name: str) -> AbstractContextManager[Engine]:
    """An engine by name, to be used in a `with` statement. Raises UseError for an unknown name."""
    if name not in ENGINES:
        raise UseError(f"there is no engine '{name}'", advice=f"The engines are {', '.join(ENGINES)}.")
    return _blaming_damaged_files(ENGINES[name])


@contextmanager
def _blaming_damaged_files(engine: Callable[[], AbstractContextManager[Engine]]) -> Iterator[Engine]:
    """An engine whose own errors, each in words of its own, become one DataError where a file is the cause."""
    with engine() as opened:
        remembering = _Remembering(opened)
        try:
            yield remembering
        except ReaderError:
            raise
        except Exception:
            for file in remembering.files:
                if not says_what_its_name_says(file):
                    raise DataError(
                        "this file of the lake is damaged and cannot be read",
                        where=str(file),
                        advice="Bring it back from a backup, or load the return again.",
                    ) from None
            raise


class _Remembering:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.files: list[Path] = []

    def scan(self, files: Sequence[Path]) -> Frame:
        self.files += files
        return self._engine.scan(files)
