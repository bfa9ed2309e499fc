"""Photos that people name as files: known by their content, whatever the files are called."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from handheld.domain.errors import Malformed
from handheld.domain.media import HEAD, recognised
from handheld.entrypoints.cli.reading import read_bytes
from handheld_events.forms import Photo, Photos


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
    found = recognised(data[:HEAD])
    if found is None or found.kind != "photo":
        raise Malformed("photos.not_one", path=str(path))
    return found.media
