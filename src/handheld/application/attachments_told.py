"""What is told of attachments and of uploads. docs/attachments.md"""

from __future__ import annotations

from typing import Literal

import msgspec

from handheld.domain.media import Kind
from handheld_events.base import Instant

Location = Literal["none", "apart", "inside"]
"""Whether the bytes say where they were made: not at all; taken out and kept apart; still in them."""


class Upload(msgspec.Struct, frozen=True, kw_only=True):
    """Bytes on their way."""

    id: str
    sha256: str
    """Of the whole, as the phone says: 64 hex digits."""
    size: int
    """Bytes of the whole, as the phone says."""
    media: str
    offset: int
    """So many bytes are on the disk: go on from here."""
    complete: bool = False
    """Whether all are there, checked, and stored as an attachment."""


class Announced(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to who wants to bring bytes: where to, or that there is no need."""

    stored: bool
    """It is there already, and they may see it: nothing has to be sent."""
    upload: Upload | None = None


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """Where, when and with what a photo was taken, as the camera wrote into it."""

    latitude: float | None = None
    """Degrees north (WGS 84)."""
    longitude: float | None = None
    """Degrees east."""
    taken_at: str | None = None
    """The camera's own time, without a zone."""
    device: str | None = None
    """Make and model."""


class Attachment(msgspec.Struct, frozen=True, kw_only=True):
    """An attachment that is stored whole."""

    sha256: str
    """Of the bytes that the phone sent, by which facts name it; the public copy has others."""
    media: str
    """As found in the bytes."""
    kind: Kind
    size: int
    """Bytes of the public copy."""
    original_size: int
    """Bytes as they were sent."""
    location: Location
    stripped: bool
    """Whether what the camera wrote about place, time and device is not in the public copy."""
    stored_at: Instant
    name: str | None = None
    """What the file was called, without folders."""
    erased: bool = False
    """Its key was destroyed with the person whose it was: nobody can read it any more."""


class Described(msgspec.Struct, frozen=True, kw_only=True):
    """An attachment as somebody may see it."""

    attachment: Attachment
    original: bool
    """Whether they may ask for the bytes as sent, and for where and when they were made."""
    taken: Taken | None = None
    """To whom `original` is open: what the camera wrote."""
