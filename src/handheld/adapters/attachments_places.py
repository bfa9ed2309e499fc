"""Where the bytes of attachments lie: in files of one directory, or in tables that processes share."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Literal, Protocol

from handheld.adapters.attachments_frames import Sink, Source
from handheld.adapters.database import Cursor

Part = Literal["public", "apart"]
"""What others see, and what was taken out of it."""


class Coming(Protocol):
    """Where the frames of an upload go on to be put."""

    def put(self, number: int, box: bytes, /) -> None:
        """One more."""
        ...

    def flush(self) -> None:
        """What is durable before the row that tells of it is."""
        ...

    def store(self, c: Cursor, /) -> None:
        """What becomes durable with the row that tells of it."""
        ...

    def close(self) -> None:
        """Let it go."""
        ...


class Places(Protocol):
    """The bytes of all attachments and uploads, sealed. Safe to use from several threads.

    Raises OSError, or as the database of the rows does.
    """

    def free(self) -> int | None:
        """Bytes that there is room for; None where the database knows."""
        ...

    def make_incoming(self, upload: str, /) -> None:
        """Make room for an upload, durable."""
        ...

    def incoming(self, upload: str, /) -> Source:
        """What has come of an upload."""
        ...

    def coming(self, upload: str, frames: int, /) -> Coming:
        """Go on after so many frames."""
        ...

    def drop_incoming(self, upload: str, /) -> None:
        """Remove what has come of an upload."""
        ...

    def preparing(self, upload: str, /) -> tuple[str, Sink]:
        """A new file on its way to an attachment, and the name of no meaning that it has till then."""
        ...

    def place(self, c: Cursor, sha256: str, prepared: Mapping[str, str], /) -> None:
        """Give prepared files, by part, their name; durable with the transaction at the latest."""
        ...

    def drop_prepared(self, prepared: Collection[str], /) -> None:
        """Remove what was prepared and has no name."""
        ...

    def source(self, sha256: str, part: str, /) -> Source:
        """A part of an attachment."""
        ...

    def keep_only_incoming(self, uploads: Collection[str], /) -> None:
        """Remove what is on its way to nothing. Only while nothing is under way."""
        ...

    def keep_only(self, named: Collection[str], /) -> None:
        """Remove the parts of attachments that are not among these, such as `ab12….public`."""
        ...
