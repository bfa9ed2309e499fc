"""Photos that people name as files: known by their content, whatever the files are called."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from handheld.domain.errors import Malformed
from handheld.entrypoints.cli.reading import read_bytes
from handheld_events.forms import Photo, Photos

_BEGINNINGS = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (8, b"WEBP", "image/webp"),
    (4, b"ftypheic", "image/heic"),
    (4, b"ftypheix", "image/heic"),
    (4, b"ftypmif1", "image/heif"),
    (4, b"ftypavif", "image/avif"),
)
"""Where a format's mark stands in a file. Phones make the first, and lately HEIC."""


def photos(paths: Iterable[Path] | None) -> Photos:
    """The photos in these files.

    Raises Malformed (`file.not_found`, `file.unreadable`, `photos.not_one`).
    """
    found = []
    for path in paths or ():
        data = read_bytes(path)
        found.append(
            Photo(sha256=sha256(data).hexdigest(), media=_media(path, data), size=len(data))
        )
    return tuple(found)


def _media(path: Path, data: bytes) -> str:
    for offset, mark, media in _BEGINNINGS:
        if data.startswith(mark, offset):
            return media
    raise Malformed("photos.not_one", path=str(path))
