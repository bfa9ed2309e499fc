"""Photos as they are shown: there, or awaited. A report may come before the bytes of its photos."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from handheld_events.forms import Photos

Stored = Callable[[str], bool]
"""Whether the bytes with this SHA-256 are there."""


class PhotoShown(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A photo."""

    sha256: str
    """Of the bytes: 64 hex digits."""
    media: str
    """Media type (RFC 6838)."""
    size: int | None = None
    """Bytes."""
    awaited: bool = False
    """Its bytes have not come yet."""


def photos_shown(photos: Photos, stored: Stored) -> tuple[PhotoShown, ...]:
    """The photos, each there or awaited."""
    return tuple(
        PhotoShown(
            sha256=photo.sha256,
            media=photo.media,
            size=photo.size,
            awaited=not stored(photo.sha256),
        )
        for photo in photos
    )


def nothing_stored(_: str) -> bool:
    """Where nobody keeps bytes every photo is awaited."""
    return False
