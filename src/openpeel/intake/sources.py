"""From what a person names on the command line to the files to read: folders walked, zips listed.

What is in the files is not looked at here; how zips are read is in `zips.py`.
"""

from __future__ import annotations

import gzip
import io
import stat
import zlib
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO

from openpeel.errors import DataError, UseError
from openpeel.intake.limits import Limits
from openpeel.intake.package import WORKBOOK_ENDINGS
from openpeel.intake.rows import counted, shown
from openpeel.intake.zips import Member, MemberStream, list_members

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

__all__ = ["Limits", "Named", "Skipped", "Source", "find_sources"]

_ENDINGS = (".csv", ".json", ".parquet", *WORKBOOK_ENDINGS)
_READABLE = (*_ENDINGS, *(f"{ending}.gz" for ending in _ENDINGS))
_WANTED = "a CSV, XLSX, ODS, Parquet or JSON file (each may be .gz), a zip of such files, or a folder"
_OTHER_KIND = "of a kind that is not read"
_BUFFER_BYTES = 128 * 1024


@dataclass(frozen=True)
class Skipped:
    """A file that was found and is not read, and why."""

    name: str
    reason: str


@dataclass(frozen=True)
class Named:
    """A file or zip that lies at `path`, to be taken as if it lay in the working folder under its `name`."""

    path: Path
    name: str


@dataclass(frozen=True)
class Source:
    """A file to read.

    `name` is for people and begins as they gave it ('herts/2021-03.csv', '2019.zip!2019-01/kent.csv');
    `base` is the file's name without folders and without '.gz'; `size` is the unpacked size in bytes, or
    None where only unpacking would tell.
    """

    name: str
    base: str
    size: int | None
    _path: Path
    _member: Member | None
    _gzipped: bool
    _limits: Limits

    def open(self) -> BinaryIO:
        """The unpacked bytes from the start, as often as wanted; close it, or use it in a `with`.

        Raises DataError, here or while it is read, where the file is gone, damaged, may not be read, or
        unpacks to more than the limits.
        """
        with ExitStack() as stack:
            try:
                inner: IO[bytes] = stack.enter_context(self._path.open("rb"))
                packed_bytes = self._path.stat().st_size
                if self._member:
                    member = MemberStream(inner, self._member, self.name)
                    inner = stack.enter_context(io.BufferedReader(member, _BUFFER_BYTES))
                    packed_bytes = self._member.size
                if self._gzipped:
                    inner = stack.enter_context(
                        io.BufferedReader(gzip.GzipFile(fileobj=inner), _BUFFER_BYTES)
                    )
            except OSError as error:
                raise _unreadable(self.name, error) from None
            limits = self._limits if self._gzipped else None
            checked = _Checked(inner, stack.pop_all(), self.name, limits, packed_bytes)
            return io.BufferedReader(checked, _BUFFER_BYTES)

    def open_in_place(self) -> BinaryIO | None:
        """The bytes where they lie, to be read from any place; None for what has to be unpacked first.

        Raises DataError where the file is gone or may not be read.
        """
        if self._member or self._gzipped:
            return None
        try:
            return self._path.open("rb")
        except OSError as error:
            raise _unreadable(self.name, error) from None


class _Checked(io.RawIOBase):
    """The bytes of a file, with every failure put into words, and a limit on what a .gz unpacks to."""

    def __init__(
        self, inner: IO[bytes], stack: ExitStack, name: str, limits: Limits | None, packed_bytes: int
    ) -> None:
        self._inner = inner
        self._stack = stack
        self._name = name
        self._read = 0
        self._most: float = float("inf")
        if limits:
            by_ratio = max(limits.ratio_from_bytes, limits.max_ratio * packed_bytes)
            self._most = min(limits.max_bytes, by_ratio)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        try:
            data = self._inner.read(len(view))
        except (EOFError, zlib.error, gzip.BadGzipFile):
            raise DataError(
                "expected a gzip-compressed file, got one that is cut short or damaged, or no gzip.",
                where=self._name,
                advice="Ask for the file again.",
            ) from None
        except OSError as error:
            raise _unreadable(self._name, error) from None
        self._read += len(data)
        if self._read > self._most:
            raise DataError(
                f"expected at most {counted(int(self._most), 'byte')} unpacked, got more.",
                where=self._name,
                advice="Unpack it and name the unpacked file, if it is what you think it is.",
            )
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._stack.close()
        super().close()


def find_sources(
    paths: Iterable[Path | str | Named],
    limits: Limits | None = None,
    progress: Callable[[str], object] | None = None,
) -> tuple[list[Source], list[Skipped]]:
    """All files to read in what a person named, and those passed over with the reason.

    Folders are walked and zips listed in the order of names; `progress` is told each name as it is found.
    No symbolic link inside a folder is followed: its target is read where it stands, or lies outside of
    what was named. What is reached twice is read once.

    Raises UseError for a path under which there is nothing, and DataError for what cannot be read, is
    neither file nor folder, holds nothing to read, or is a zip that `zips.list_members` refuses.
    """
    search = _Search(limits or Limits(), progress or (lambda _name: None))
    named = list(paths)
    if not named:
        raise UseError("expected the name of a file or folder, got none.", advice=f"Name {_WANTED}.")
    for path in named:
        search.named(path)
    return search.sources, search.skipped


@dataclass
class _Search:
    limits: Limits
    progress: Callable[[str], object]
    sources: list[Source] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    _looked_at: int = 0
    _readable: int = 0  # of those looked at, also the ones reached before
    _reached: set[Path] = field(default_factory=set)

    def named(self, given: Path | str | Named) -> None:
        """Everything under one name that a person gave."""
        path = given.path if isinstance(given, Named) else Path(given)
        called = given.name if isinstance(given, Named) else path.name
        name = shown(called if isinstance(given, Named) else path.as_posix())
        try:
            mode = path.stat().st_mode if str(given) else 0
        except PermissionError as error:
            raise _unreadable(name, error) from None
        except (OSError, ValueError):
            mode = 0
        if not mode:
            raise UseError(
                "expected a file or folder, got a name under which there is none.",
                where=name if str(given) else "''",
                advice="Check how it is spelt.",
            )
        readable, skipped = self._readable, len(self.skipped)
        try:
            if stat.S_ISDIR(mode):
                self._folder(path, name)
            elif not stat.S_ISREG(mode):
                raise DataError(f"expected {_WANTED}, got {_special(mode)}.", where=name)
            elif not self._file(path, name, called):
                raise DataError(
                    f"expected {_WANTED}, got a file of another kind.",
                    where=name,
                    advice="Save it as CSV UTF-8, with a name that ends in .csv, or as .xlsx, .ods or .parquet.",
                )
        except OSError as error:
            raise _unreadable(shown(str(error.filename or name)), error) from None
        if self._readable == readable:
            passed_over = counted(len(self.skipped) - skipped, "file")
            raise DataError(
                f"nothing to load: expected files of records in it, got none ({passed_over} passed over).",
                where=name,
                advice="Name the folder, zip or file that holds the records.",
            )

    def _folder(self, folder: Path, name: str) -> None:
        root = _real(folder)
        # A list and not recursion: folders may be nested more deeply than Python can call.
        waiting = [(folder, name)]
        while waiting:
            path, name = waiting.pop()
            mode = path.lstat().st_mode if path != folder else stat.S_IFDIR
            if path != folder and _is_hidden(path.name):
                self._skip(name, "hidden")
            elif stat.S_ISLNK(mode):
                inside = _real(path).is_relative_to(root)
                where = "whose target is read where it stands" if inside else "that leaves the folder"
                self._skip(name, f"a symbolic link {where}")
            elif stat.S_ISDIR(mode):
                children = sorted(path.iterdir(), key=lambda child: child.name, reverse=True)
                waiting += [(child, f"{name.rstrip('/')}/{shown(child.name)}") for child in children]
            elif not stat.S_ISREG(mode):
                self._skip(name, _special(mode))
            elif not self._file(path, name, path.name):
                self._skip(name, _OTHER_KIND)

    def _file(self, path: Path, name: str, called: str) -> bool:
        """Take a file that its name says can be read, or a zip; False where it is neither."""
        kind = called.casefold()
        if not kind.endswith((".zip", *_READABLE)):
            return False
        real = _real(path)
        if real in self._reached:
            self._readable += 1
            self._skip(name, "the same file as one before")
            return True
        self._reached.add(real)
        if kind.endswith(".zip"):
            self._zip(path, name)
        else:
            self._take(path, name, called, path.stat().st_size, None)
        return True

    def _zip(self, path: Path, name: str) -> None:
        for member in list_members(path, name, self.limits):
            inner_name = f"{name}!{shown(member.name)}"
            parts = member.name.split("/")
            if any(_is_hidden(part) for part in parts):
                self._skip(inner_name, "hidden")
            elif member.is_link:
                self._skip(inner_name, "a symbolic link")
            elif parts[-1].casefold().endswith(".zip"):
                self._skip(inner_name, "a zip inside a zip")
            elif not parts[-1].casefold().endswith(_READABLE):
                self._skip(inner_name, _OTHER_KIND)
            else:
                self._take(path, inner_name, parts[-1], member.size, member)

    def _take(self, path: Path, name: str, file_name: str, size: int, member: Member | None) -> None:
        self._readable += 1
        self._look_at(name)
        gzipped = file_name.casefold().endswith(".gz")
        base = shown(file_name[:-3] if gzipped else file_name)
        self.sources.append(Source(name, base, None if gzipped else size, path, member, gzipped, self.limits))

    def _skip(self, name: str, reason: str) -> None:
        self._look_at(name)
        self.skipped.append(Skipped(name, reason))

    def _look_at(self, name: str) -> None:
        self._looked_at += 1
        if self._looked_at > self.limits.max_files:
            raise DataError(
                f"expected at most {counted(self.limits.max_files, 'file')}, got more.",
                where=name,
                advice="Name fewer folders at a time.",
            )
        self.progress(name)


def _is_hidden(name: str) -> bool:
    return (
        name.startswith((".", "~$")) or name == "__MACOSX"
    )  # ~$ is what Excel leaves beside an open workbook


def _real(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError):  # a symbolic link that leads to itself
        return path.absolute()


def _special(mode: int) -> str:
    return "a named pipe" if stat.S_ISFIFO(mode) else "a device or socket"


def _unreadable(name: str, error: OSError) -> DataError:
    if isinstance(error, PermissionError):
        got, advice = "one that you may not read", "Ask its owner for the right to read it."
    elif isinstance(error, FileNotFoundError):
        got, advice = "one that is gone", "Check that nobody moves it meanwhile."
    else:
        got, advice = f"an error of the machine ({error.strerror or 'no reason given'})", "Copy it anew."
    return DataError(f"expected a readable file, got {got}.", where=name, advice=advice)
