"""The files of attachments: prepared beside, renamed into place, read from anywhere.

`attachments/ab/ab….public` is what others see, `….apart` what was taken out of it, and
`attachments/incoming/` holds what is not finished. All are sealed.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
from collections.abc import Collection, Mapping
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO

from handheld.adapters.attachments_frames import SEALED
from handheld.adapters.database import Cursor

_NAME = re.compile(r"([0-9a-f]{64})\.(public|apart)")
_PREPARED = ".prepared"


class _Source:
    """A file, for reading."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        self.name = str(path)

    def frame(self, number: int) -> bytes:
        self._file.seek(number * SEALED)
        return self._file.read(SEALED)

    def close(self) -> None:
        self._file.close()


class _Sink:
    """A new file."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def put(self, _number: int, box: bytes) -> None:
        self._file.write(box)

    def finish(self) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())

    def close(self) -> None:
        with suppress(OSError):  # what could not be written is told of already
            self._file.close()


class _Coming:
    """The file of an upload, which grows."""

    def __init__(self, path: Path, frames: int) -> None:
        self._file = path.open("r+b", buffering=0)
        self._file.truncate(frames * SEALED)
        self._file.seek(frames * SEALED)

    def put(self, _number: int, box: bytes) -> None:
        if self._file.write(box) != len(box):  # a disk that is all but full
            raise OSError(errno.ENOSPC, "short write")

    def flush(self) -> None:
        os.fsync(self._file.fileno())

    def store(self, c: Cursor) -> None:
        """Nothing: it is in the file."""

    def close(self) -> None:
        self._file.close()


class Files:
    """The directory of all attachments."""

    def __init__(self, directory: Path) -> None:
        self.place_of_all = directory
        self._incoming = directory / "incoming"
        for path in (directory, self._incoming):
            if not path.exists():
                path.mkdir(mode=0o700)
                flush_directory(path.parent)

    # --- on their way -----------------------------------------------------------------------------

    def free(self) -> int:
        """Bytes that are free on the disk."""
        return shutil.disk_usage(self.place_of_all).free

    def incoming(self, upload: str) -> _Source:
        """What has come of an upload."""
        return _Source(self._incoming / upload)

    def coming(self, upload: str, frames: int) -> _Coming:
        """Go on after so many frames."""
        return _Coming(self._incoming / upload, frames)

    def make_incoming(self, upload: str) -> None:
        """Make the empty file of an upload, durable."""
        os.close(os.open(self._incoming / upload, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        flush_directory(self._incoming)

    def drop_incoming(self, upload: str) -> None:
        """Remove the file of an upload; what cannot be removed now is at the next sweep."""
        with suppress(OSError):
            (self._incoming / upload).unlink()

    # --- preparing and placing --------------------------------------------------------------------

    def preparing(self, _upload: str) -> tuple[str, _Sink]:
        """A new file beside, and its name of no meaning."""
        name = f"{token_hex(16)}{_PREPARED}"
        handle = os.open(self._incoming / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        return name, _Sink(os.fdopen(handle, "wb"))

    def place(self, _c: Cursor, sha256: str, prepared: Mapping[str, str]) -> None:
        """Give prepared files their names, durable: before the rows that tell of them are."""
        if not prepared:
            return
        directory = self.path(sha256, "public").parent
        if not directory.exists():
            directory.mkdir(mode=0o700)
            flush_directory(self.place_of_all)
        for part, name in prepared.items():
            (self._incoming / name).replace(self.path(sha256, part))
        flush_directory(directory)

    def drop_prepared(self, prepared: Collection[str]) -> None:
        """Remove what was prepared and has no name."""
        for name in prepared:
            with suppress(OSError):
                (self._incoming / name).unlink(missing_ok=True)

    # --- reading ----------------------------------------------------------------------------------

    def path(self, name: str, part: str) -> Path:
        """Where a part of an attachment lies."""
        return self.place_of_all / name[:2] / f"{name}.{part}"

    def source(self, sha256: str, part: str) -> _Source:
        """A part of an attachment."""
        return _Source(self.path(sha256, part))

    def keep_only_incoming(self, uploads: Collection[str]) -> None:
        """Remove what is on its way to nothing."""
        for path in self._incoming.iterdir():
            if path.name not in uploads:
                path.unlink(missing_ok=True)

    def keep_only(self, named: Collection[str]) -> None:
        """Remove the files of attachments that are not among these."""
        for directory in self.place_of_all.iterdir():
            if directory == self._incoming or not directory.is_dir():
                continue
            for path in directory.iterdir():
                if _NAME.fullmatch(path.name) is not None and path.name not in named:
                    path.unlink(missing_ok=True)


def flush_directory(path: Path) -> None:
    """The names in a directory are on the disk when it returns."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
