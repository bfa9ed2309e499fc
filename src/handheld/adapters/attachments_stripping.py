"""What is taken out of a photo before others see it: where, when, with what it was taken, and by whom.

A list of edits leads from the bytes that the phone sent to the public copy, and back: what is taken out
is kept apart. Only what shows the picture stays: its parts are named here, and all others go, with
whatever comes after the picture's end. Which way is up is written anew, by itself.

Structures: ITU-T T.81 annex B (JPEG), PNG third edition, RFC 9649 (WebP). docs/attachments.md
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from typing import NamedTuple, Protocol

from handheld.adapters.attachments_exif import only_orientation, orientation
from handheld.domain.errors import Malformed

_SCAN = 65_536
_MARKER = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")
"""In coded data: neither a stuffed byte, nor a restart, nor a fill byte."""
_STANDS_ALONE = frozenset((0x01, *range(0xD0, 0xD8)))
_JPEG_SHOWS = frozenset((*range(0xC0, 0xD0), *range(0xDB, 0xE0))) - {0xC8}
"""Frames, tables, intervals: what coded data needs. Others of no use to it are unknown, or reserved."""
_PNG_STAYS = frozenset(
    b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP sBIT bKGD pHYs acTL fcTL fdAT cICP mDCV cLLI".split()
)
_WEBP_STAYS = frozenset((b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"))
_EXIF_FLAG, _XMP_FLAG = 0x08, 0x04
_MOST_PARTS = 100_000


class Source(Protocol):
    """The bytes of a file, read from anywhere."""

    size: int

    def at(self, offset: int, length: int) -> bytes: ...


class Edit(NamedTuple):
    """These bytes of the original are others in the public copy, or none."""

    start: int
    end: int
    instead: bytes = b""


class Stripped(NamedTuple):
    """What makes the public copy, in order."""

    edits: tuple[Edit, ...]
    exif: bytes = b""
    """The TIFF structure that was found, if any."""


def damaged(what: str) -> Malformed:
    """The error for a file that is not what it begins as (`attachments.damaged`)."""
    return Malformed("attachments.damaged", format=what)


class _Found:
    """Collects edits; the orientation goes where the first EXIF was."""

    def __init__(self, wrap: Callable[[bytes], bytes]) -> None:
        self._wrap = wrap
        self.edits: list[Edit] = []
        self.exif = b""
        self.turned = False

    def cut(self, start: int, end: int, exif: bytes = b"") -> None:
        instead = b""
        if exif and not self.exif:
            self.exif = exif
            turned = orientation(exif)
            if turned != 1:
                instead = self._wrap(only_orientation(turned))
                self.turned = True
        if end > start:
            self.edits.append(Edit(start, end, instead))

    def stripped(self) -> Stripped:
        return Stripped(tuple(sorted(self.edits)), self.exif)


def jpeg(source: Source) -> Stripped:
    """The edits of a JPEG. Raises Malformed (`attachments.damaged`)."""
    found = _Found(lambda tiff: _segment(0xE1, b"Exif\x00\x00" + tiff))
    at, shown, parts = 2, False, 0
    while True:
        parts += 1
        begin = source.at(at, 4)
        if len(begin) < 2 and shown:
            break  # some cameras leave the end mark out
        if len(begin) < 2 or begin[0] != 0xFF or parts > _MOST_PARTS:
            raise damaged("JPEG")
        marker = begin[1]
        if marker == 0xFF:
            at += 1  # a fill byte
            continue
        if marker == 0xD9:
            found.cut(at + 2, source.size)
            break
        if marker in _STANDS_ALONE:
            at += 2
            continue
        length = int.from_bytes(begin[2:4], "big")
        end = at + 2 + length
        if len(begin) < 4 or length < 2 or end > source.size or marker in (0x00, 0xD8):
            raise damaged("JPEG")
        if marker == 0xDA:
            shown = True
            end = _after_scan(source, end)
        elif marker not in _JPEG_SHOWS:
            _of_others(found, source, marker, at, end)
        at = end
    if not shown:
        raise damaged("JPEG")
    return found.stripped()


def _of_others(found: _Found, source: Source, marker: int, at: int, end: int) -> None:
    name = source.at(at + 4, min(14, end - at - 4))
    shows = (
        (marker == 0xE0 and name.startswith(b"JFIF\x00"))
        or (marker == 0xE2 and name.startswith(b"ICC_PROFILE\x00"))
        or (marker == 0xEE and name.startswith(b"Adobe"))
    )
    if not shows:
        is_exif = marker == 0xE1 and name.startswith(b"Exif\x00")
        found.cut(at, end, source.at(at + 10, end - at - 10) if is_exif else b"")


def _after_scan(source: Source, at: int) -> int:
    """Where coded data ends: at the next marker that is one, or at the file's end."""
    while at < source.size:
        part = source.at(at, _SCAN)
        hit = _MARKER.search(part)
        if hit is not None:
            return at + hit.start()
        at += max(1, len(part) - 1)  # a marker may lie across two parts
        if len(part) < _SCAN:
            break
    return source.size


def _segment(marker: int, data: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(data) + 2).to_bytes(2, "big") + data


def png(source: Source) -> Stripped:
    """The edits of a PNG. Raises Malformed (`attachments.damaged`)."""

    def wrap(tiff: bytes) -> bytes:
        body = b"eXIf" + tiff
        return len(tiff).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")

    found = _Found(wrap)
    at, shown = 8, False
    for _ in range(_MOST_PARTS):
        begin = source.at(at, 8)
        end = at + 12 + int.from_bytes(begin[:4], "big")
        name = begin[4:8]
        if len(begin) < 8 or end > source.size or (at == 8) != (name == b"IHDR"):
            raise damaged("PNG")
        shown = shown or name == b"IDAT"
        if name not in _PNG_STAYS:
            found.cut(at, end, source.at(at + 8, end - at - 12) if name == b"eXIf" else b"")
        at = end
        if name == b"IEND":
            if not shown:
                break
            found.cut(end, source.size)
            return found.stripped()
    raise damaged("PNG")


def webp(source: Source) -> Stripped:
    """The edits of a WebP. Raises Malformed (`attachments.damaged`)."""

    def wrap(tiff: bytes) -> bytes:
        return b"EXIF" + len(tiff).to_bytes(4, "little") + tiff + b"\x00" * (len(tiff) % 2)

    found = _Found(wrap)
    said = int.from_bytes(source.at(4, 4), "little") + 8
    if said > source.size + 1:
        raise damaged("WebP")
    stop = min(said, source.size)
    at, shown, flags = 12, False, None
    for _ in range(_MOST_PARTS):
        begin = source.at(at, 8)
        length = int.from_bytes(begin[4:8], "little")
        if len(begin) < 8 or at + 8 + length > stop:
            raise damaged("WebP")
        end = min(at + 8 + length + length % 2, stop)
        name = begin[:4]
        shown = shown or name in (b"VP8 ", b"VP8L", b"ANMF")
        if name == b"VP8X":
            flags = at + 8
        elif name not in _WEBP_STAYS:
            exif = source.at(at + 8, length) if name == b"EXIF" else b""
            found.cut(at, end, exif.removeprefix(b"Exif\x00\x00"))
        at = end
        if stop - at < 8:
            break
    if not shown:
        raise damaged("WebP")
    found.cut(at, source.size)
    _head_of_webp(found, source, flags)
    return found.stripped()


def _head_of_webp(found: _Found, source: Source, flags: int | None) -> None:
    """The head names the size, and says what parts there are."""
    if not found.edits:
        return
    gone = sum(edit.end - edit.start - len(edit.instead) for edit in found.edits)
    size = (source.size - gone - 8).to_bytes(4, "little")
    found.edits.append(Edit(4, 8, size))
    if flags is not None:
        known = source.at(flags, 1)[0]
        now = known & ~(_EXIF_FLAG | _XMP_FLAG) | (_EXIF_FLAG if found.turned else 0)
        if now != known:
            found.edits.append(Edit(flags, flags + 1, bytes((now,))))
