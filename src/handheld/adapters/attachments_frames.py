"""Sealed files: AES-256-GCM in frames of 64 KiB, each authenticated before a byte of it is given.

A frame is a random 96-bit nonce, the ciphertext and its tag (NIST SP 800-38D). With each are
authenticated what the file is and the number of the frame; where the size is known, that too: frames
cannot change places, and a file cannot lose its end unseen.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from io import RawIOBase
from typing import Any, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FRAME = 65_536
"""Bytes of plaintext in a frame."""
NONCE = 12
SEALED = NONCE + FRAME + 16
"""Bytes of a whole frame in the file."""
KEY_BYTES = 32


class DamagedFile(Exception):
    """A frame is not what was written."""


class Cipher:
    """Seals and opens the frames of one file."""

    def __init__(self, key: bytes, what: str) -> None:
        self._cipher = AESGCM(key)
        self._what = what

    def seal(self, number: int, plain: bytes) -> bytes:
        """A frame, as it is written."""
        nonce = os.urandom(NONCE)
        return nonce + self._cipher.encrypt(nonce, plain, self._bound(number))

    def open(self, number: int, box: bytes) -> bytes:
        """What is in a frame. Raises DamagedFile."""
        try:
            return self._cipher.decrypt(box[:NONCE], box[NONCE:], self._bound(number))
        except (InvalidTag, ValueError) as error:
            raise DamagedFile(f"{self._what}: frame {number}") from error

    def _bound(self, number: int) -> bytes:
        return f"{self._what}/{number}".encode()


class Source(Protocol):
    """Where the frames of a file are read."""

    @property
    def name(self) -> str:
        """What people know it by."""
        ...

    def frame(self, number: int, /) -> bytes:
        """A frame as it was put; empty where there is none."""
        ...

    def close(self) -> None:
        """Let it go."""
        ...


class Sink(Protocol):
    """Where the frames of a new file are put, one after the other."""

    def put(self, number: int, box: bytes, /) -> None:
        """One more."""
        ...

    def finish(self) -> None:
        """All are durable when it returns."""
        ...

    def close(self) -> None:
        """Let it go, finished or not."""
        ...


class FrameWriter:
    """Writes a new file frame by frame."""

    def __init__(self, sink: Sink, cipher: Cipher) -> None:
        self._sink = sink
        self._cipher = cipher
        self._waiting = bytearray()
        self._number = 0
        self.size = 0
        """Bytes of plaintext taken so far."""

    def write(self, data: bytes | memoryview) -> None:
        """Take more bytes."""
        self._waiting += data
        self.size += len(data)
        while len(self._waiting) >= FRAME:
            self._put(bytes(self._waiting[:FRAME]))
            del self._waiting[:FRAME]

    def finish(self) -> None:
        """Write what is left; all is durable when it returns."""
        if self._waiting:
            self._put(bytes(self._waiting))
            self._waiting.clear()
        self._sink.finish()

    def _put(self, plain: bytes) -> None:
        self._sink.put(self._number, self._cipher.seal(self._number, plain))
        self._number += 1


class FrameReader(RawIOBase):
    """Reads a sealed file from anywhere; a frame at a time is in memory.

    `tail`: what comes after the file's last whole frame, in plaintext. Raises DamagedFile.
    """

    def __init__(self, source: Source, cipher: Cipher, size: int, tail: bytes = b"") -> None:
        super().__init__()
        self._cipher = cipher
        self.size = size
        self._tail = tail
        self._whole = size - len(tail)
        self._number, self._frame = -1, b""
        self._at = 0
        self._source = source

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = 0) -> int:
        """As of a file."""
        self._at = max(0, offset + (0, self._at, self.size)[whence])
        return self._at

    def readinto(self, buffer: Any) -> int:
        """As of a file."""
        view = memoryview(buffer).cast("B")
        data = self.at(self._at, len(view))
        view[: len(data)] = data
        self._at += len(data)
        return len(data)

    def at(self, offset: int, length: int) -> bytes:
        """Bytes from a place; fewer at the end."""
        end = min(offset + length, self.size)
        parts: list[bytes] = []
        while offset < end:
            if offset >= self._whole:
                parts.append(self._tail[offset - self._whole : end - self._whole])
                break
            number, within = divmod(offset, FRAME)
            part = self._opened(number)[within : within + end - offset]
            if not part:
                raise DamagedFile(f"{self._source.name}: too short")
            parts.append(part)
            offset += len(part)
        return b"".join(parts)

    def chunks(self, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """What is between two places, a frame at the most at a time."""
        stop = self.size if end is None else end
        while start < stop:
            part = self.at(start, min(FRAME - start % FRAME, stop - start))
            yield part
            start += len(part)

    def _opened(self, number: int) -> bytes:
        if number != self._number:
            self._frame = self._cipher.open(number, self._source.frame(number))
            self._number = number
        return self._frame

    def close(self) -> None:
        """Let the frames go."""
        if not self.closed:
            self._source.close()
        super().close()
