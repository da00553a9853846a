"""Files on their way in: streamed to the disk while they are hashed, and never held in memory.

Only the page on which a return is handed in takes files; there `Uploading` is the upload handler. Everywhere else
`NoUploads` is, so that nobody can fill the disk by sending files to other pages.
"""

from __future__ import annotations

import errno
import hashlib
import os
import tempfile
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile

from openpeel.intake.rows import shown

if TYPE_CHECKING:
    _UploadedFile = UploadedFile[Any]
else:
    _UploadedFile = UploadedFile

#: What the other fields of the form and the borders between them may take beside the files.
_FORM_BYTES = 1 << 20
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_MIB = 1 << 20


class Incoming(_UploadedFile):
    """A file that was sent: on the disk whole, with its SHA-256, and gone when the request ends unless it is kept."""

    def __init__(self, name: str, content_type: str | None) -> None:
        folder = Path(settings.MEDIA_ROOT) / "incoming"
        folder.mkdir(parents=True, exist_ok=True)
        self._written: Any = tempfile.NamedTemporaryFile(dir=folder)  # noqa: SIM115 - the request closes it
        self._digest = hashlib.sha256()
        super().__init__(self._written, shown(name)[-255:], content_type, 0)

    def add(self, block: bytes) -> None:
        """Write more of it. Raises OSError where there is no room."""
        self._digest.update(block)
        self._written.write(block)

    def finish(self, size: int) -> None:
        """See to it that all of it is on the disk. Raises OSError where there is no room."""
        self._written.flush()
        os.fsync(self._written.fileno())
        self.size = size

    @property
    def sha256(self) -> str:
        """Of its bytes."""
        return self._digest.hexdigest()

    def keep(self) -> str:
        """Move it to where it stays; the name there, which is none that a person gave."""
        stored = uuid.uuid4().hex
        Path(self._written.name).replace(stored_path(stored))
        return stored

    def close(self) -> None:
        """Take it away, unless it was kept."""
        try:
            self._written.close()
        except FileNotFoundError:
            pass
        except OSError as error:
            # What could not be written is tried once more on closing.
            if error.errno not in _NO_ROOM:
                raise
            Path(self._written.name).unlink(missing_ok=True)


class Uploading(FileUploadHandler):
    """Streams files to the disk, as many bytes in all as are allowed; `wrong` says what went wrong, or is blank.

    When something goes wrong the rest is read and thrown away: a browser shows our answer only after it has sent all.
    """

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.wrong = ""
        self._bytes = 0
        self._incoming: Incoming | None = None

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803 - Django's name
        content_length: int,
        boundary: Any,
        encoding: str | None = None,
    ) -> None:
        """Refuse beforehand what says itself that it is too large."""
        if content_length > settings.UPLOAD_BYTES + _FORM_BYTES:
            self.wrong = _too_large(content_length)

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file."""
        super().new_file(*args, **kwargs)
        if self.wrong:
            raise SkipFile
        try:
            self._incoming = Incoming(self.file_name or "", self.content_type)
        except OSError as error:
            self._give_up(error)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write a part of a file."""
        self._bytes += len(raw_data)
        if self._bytes > settings.UPLOAD_BYTES:
            self.wrong = _too_large(self._bytes)
            self._drop()
            raise SkipFile
        try:
            self._now.add(raw_data)
        except OSError as error:
            self._give_up(error)

    def file_complete(self, file_size: int) -> Incoming | None:
        """The file, once all of it is on the disk."""
        done, self._incoming = self._now, None
        try:
            done.finish(file_size)
        except OSError as error:
            self._incoming = done
            if error.errno not in _NO_ROOM:
                raise
            self.wrong = _no_room()
            self._drop()
            return None
        return done

    def upload_interrupted(self) -> None:
        """Take away what came of a file whose sender went away."""
        self._drop()

    @property
    def _now(self) -> Incoming:
        assert self._incoming is not None, "Django begins a file before it hands over its parts"
        return self._incoming

    def _give_up(self, error: OSError) -> None:
        self._drop()
        if error.errno not in _NO_ROOM:
            raise error
        self.wrong = _no_room()
        raise SkipFile from None

    def _drop(self) -> None:
        if self._incoming is not None:
            self._incoming.close()
            self._incoming = None


class NoUploads(FileUploadHandler):
    """Throws away files that are sent to a page which takes none."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Pass over it."""
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Never called."""

    def file_complete(self, file_size: int) -> None:
        """Never called."""


def stored_path(stored: str) -> Path:
    """Where a file that was kept lies."""
    return Path(settings.MEDIA_ROOT) / stored


def forget(stored: Sequence[str]) -> None:
    """Take away files whose return was not recorded."""
    for name in stored:
        stored_path(name).unlink(missing_ok=True)


def _too_large(size: int) -> str:
    return (
        f"Expected files of at most {settings.UPLOAD_BYTES / _MIB:,.0f} MB in all, got {size / _MIB:,.0f} MB or more. "
        "Nothing was kept. Hand them in as Parquet or as a zip, which take less, or leave out what was not asked for."
    )


def _no_room() -> str:
    return (
        "The service has no room for these files. Nothing was kept, and nothing is wrong with your files. "
        "Tell the inspectorate, and hand them in again once they have made room."
    )
