"""The bytes of attachments in tables: all or nothing with what is known of them, also over processes.

A frame is a row. What is on its way carries its upload, and loses it when it gets its name.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from secrets import token_hex

from handheld.adapters.attachments_rows import Rows
from handheld.adapters.database import Cursor

_READ_TOGETHER = 16
_WRITTEN_TOGETHER = 64
"""Frames of 64 KiB: one and four megabytes at a time."""


class _Source:
    """Frames by the name of their file."""

    def __init__(self, rows: Rows, name: str) -> None:
        self._rows = rows
        self.name = name
        self._ahead: dict[int, bytes] = {}

    def frame(self, number: int) -> bytes:
        """A frame; those after it are read along."""
        if number not in self._ahead:
            found = self._rows.all(
                "SELECT number, box FROM frames WHERE file=? AND number>=? AND number<?",
                self.name,
                number,
                number + _READ_TOGETHER,
            )
            self._ahead = dict(found)
        return self._ahead.get(number, b"")

    def close(self) -> None:
        """Let what was read go."""
        self._ahead.clear()


class _Sink:
    """Frames of a file that is on its way."""

    def __init__(self, rows: Rows, name: str, upload: str) -> None:
        self._rows = rows
        self._name = name
        self._upload = upload
        self._waiting: list[tuple[int, bytes]] = []

    def put(self, number: int, box: bytes) -> None:
        self._waiting.append((number, box))
        if len(self._waiting) >= _WRITTEN_TOGETHER:
            self.finish()

    def finish(self) -> None:
        with self._rows.writing() as c:
            _insert(c, self._name, self._upload, self._waiting)
        self._waiting.clear()

    def close(self) -> None:
        self._waiting.clear()


class _Coming:
    """Frames of an upload: they wait for the row that tells of them."""

    def __init__(self, upload: str) -> None:
        self._upload = upload
        self._waiting: list[tuple[int, bytes]] = []

    def put(self, number: int, box: bytes) -> None:
        self._waiting.append((number, box))

    def flush(self) -> None:
        """Nothing: all of it comes with the row."""

    def store(self, c: Cursor) -> None:
        _insert(c, _incoming(self._upload), self._upload, self._waiting)
        self._waiting.clear()

    def close(self) -> None:
        self._waiting.clear()


class FrameRows:
    """`Places` in the table `frames`, beside the rows."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def free(self) -> None:
        """The server knows."""

    def make_incoming(self, upload: str) -> None:
        """Nothing is needed."""

    def incoming(self, upload: str) -> _Source:
        """What has come of an upload."""
        return _Source(self._rows, _incoming(upload))

    def coming(self, upload: str, _frames: int) -> _Coming:
        """Go on: what is there is as many frames as the row says."""
        return _Coming(upload)

    def drop_incoming(self, upload: str) -> None:
        """Remove all that carries the upload, also what a process that died had prepared."""
        with self._rows.writing() as c:
            c.execute("DELETE FROM frames WHERE upload=?", (upload,))

    def preparing(self, upload: str) -> tuple[str, _Sink]:
        """A new file under a name of no meaning."""
        name = f"prepared/{token_hex(16)}"
        return name, _Sink(self._rows, name, upload)

    def place(self, c: Cursor, sha256: str, prepared: Mapping[str, str]) -> None:
        """Give prepared frames their name, in the transaction."""
        for part, name in prepared.items():
            c.execute("DELETE FROM frames WHERE file=?", (f"{sha256}.{part}",))
            c.execute(
                "UPDATE frames SET file=?, upload=NULL WHERE file=?", (f"{sha256}.{part}", name)
            )

    def drop_prepared(self, prepared: Collection[str]) -> None:
        """Remove what was prepared and has no name."""
        with self._rows.writing() as c:
            c.executemany("DELETE FROM frames WHERE file=?", [(name,) for name in prepared])

    def source(self, sha256: str, part: str) -> _Source:
        """A part of an attachment."""
        return _Source(self._rows, f"{sha256}.{part}")

    def keep_only_incoming(self, _uploads: Collection[str]) -> None:
        """Nothing: other processes are at work, and what is left carries its upload."""

    def keep_only(self, _named: Collection[str]) -> None:
        """Remove the parts that nobody may read any more, as the rows say at this moment."""
        with self._rows.writing() as c:
            c.execute(
                "DELETE FROM frames WHERE upload IS NULL AND NOT EXISTS (SELECT 1 FROM keys "
                "JOIN attachments ON attachments.sha256=keys.sha256 WHERE erased=0 "
                "AND frames.file = keys.sha256 || '.' || keys.part)"
            )


def _incoming(upload: str) -> str:
    return f"incoming/{upload}"


def _insert(c: Cursor, file: str, upload: str, frames: Collection[tuple[int, bytes]]) -> None:
    c.executemany(
        "INSERT INTO frames (file, number, box, upload) VALUES (?,?,?,?)",
        [(file, number, box, upload) for number, box in frames],
    )
