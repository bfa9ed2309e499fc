"""Bytes on their way: taken in any number of pieces, sealed before they reach the disk.

Whole frames go to a file that only grows; what does not fill one stands, sealed, in the upload's row.
The row is committed after the file is flushed, so that what is acknowledged is there, whatever happens.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from threading import RLock

from handheld.adapters.attachments_frames import FRAME, Cipher, FrameReader, Source
from handheld.adapters.attachments_places import Coming
from handheld.adapters.attachments_rows import Rows, UploadRow
from handheld.domain.errors import HandheldError, Malformed

COMMIT_EVERY = 4 << 20
"""Bytes after which what has come is made durable while more is coming."""


@contextmanager
def on_disk() -> Generator[None]:
    """Faults of the disk as people are told of them.

    Raises HandheldError (`attachments.full`, `attachments.unwritable`).
    """
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise HandheldError("attachments.full") from error
        raise HandheldError(
            "attachments.unwritable", reason=error.strerror or type(error).__name__
        ) from error


def cipher_of(upload: str, key: bytes) -> Cipher:
    """Seals the frames of an upload."""
    return Cipher(key, f"upload/{upload}")


def reader_of(source: Source, row: UploadRow, key: bytes) -> FrameReader:
    """Reads what has come so far."""
    cipher = cipher_of(row.id, key)
    tail = cipher.open(row.received // FRAME, row.tail) if row.tail else b""
    return FrameReader(source, cipher, row.received, tail)


class Appending:
    """Bytes that are coming now. One at a time for an upload: a later one ends an earlier.

    The methods may be called from any thread.
    """

    def __init__(
        self, rows: Rows, coming: Coming, row: UploadRow, key: bytes, ended: Callable[[], None]
    ) -> None:
        self._rows = rows
        self._row = row
        self._cipher = cipher_of(row.id, key)
        self._lock = RLock()
        self._ended = ended
        self._over = False
        self._frames = row.received // FRAME
        self._waiting = bytearray()
        if row.tail:
            self._waiting += self._cipher.open(self._frames, row.tail)
        self._durable = self._offset = row.received
        self._coming = coming

    @property
    def offset(self) -> int:
        """So many bytes have come."""
        return self._offset

    def write(self, data: bytes) -> None:
        """Take more bytes.

        Raises Malformed (`attachments.too_long`), HandheldError (`attachments.superseded`,
        `attachments.full`, `attachments.unwritable`). What was durable before stays.
        """
        with self._lock:
            if self._over:
                raise HandheldError("attachments.superseded")
            if self._offset + len(data) > self._row.size:
                raise Malformed("attachments.too_long", size=self._row.size)
            self._waiting += data
            self._offset += len(data)
            try:
                with on_disk():
                    while len(self._waiting) >= FRAME:
                        box = self._cipher.seal(self._frames, bytes(self._waiting[:FRAME]))
                        self._coming.put(self._frames, box)
                        self._frames += 1
                        del self._waiting[:FRAME]
                if self._offset - self._durable >= COMMIT_EVERY:
                    self._commit()
            except HandheldError:
                self._leave()
                raise

    def close(self) -> int:
        """Make durable what has come; gives how much of the whole is there."""
        with self._lock:
            if not self._over:
                try:
                    self._commit()
                finally:
                    self._leave()
            return self._durable

    def _commit(self) -> None:
        if self._offset == self._durable:
            return
        tail = self._cipher.seal(self._frames, bytes(self._waiting)) if self._waiting else b""
        with on_disk():
            self._coming.flush()
        with self._rows.writing() as c:
            c.execute(
                "UPDATE uploads SET received=?, tail=? WHERE id=? AND received=? AND complete=0",
                (self._offset, tail, self._row.id, self._durable),
            )
            if c.rowcount != 1:  # it goes on, or is over, at another process
                raise HandheldError("attachments.superseded")
            self._coming.store(c)
        self._durable = self._offset

    def _leave(self) -> None:
        self._over = True
        with suppress(OSError):
            self._coming.close()
        self._ended()
