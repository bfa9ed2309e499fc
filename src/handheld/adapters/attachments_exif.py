"""What a camera wrote into a photo (EXIF 3.0, a TIFF structure): which way is up, where and when.

Whatever stands there is input from outside: nothing in it is trusted, and what makes no sense is left.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from struct import Struct, error
from typing import Any, NamedTuple

from handheld.application.attachments_told import Taken

_GPS, _EXIF = 0x8825, 0x8769
_MOST_ENTRIES = 512
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 9: 4, 10: 8}
"""Bytes of one value, by the number of its type."""


class _Tiff(NamedTuple):
    data: bytes
    order: str

    def number(self, at: int, form: str) -> int:
        return int(Struct(self.order + form).unpack_from(self.data, at)[0])

    def entries(self, at: int) -> dict[int, tuple[int, int, bytes]]:
        """An image file directory: by tag, type, count and value."""
        found: dict[int, tuple[int, int, bytes]] = {}
        for n in range(min(self.number(at, "H"), _MOST_ENTRIES)):
            place = at + 2 + 12 * n
            tag, kind = self.number(place, "H"), self.number(place + 2, "H")
            count = self.number(place + 4, "I")
            size = _SIZES.get(kind, 0) * count
            if not 0 < size <= len(self.data):
                continue
            start = place + 8 if size <= 4 else self.number(place + 8, "I")
            found.setdefault(tag, (kind, count, self.data[start : start + size]))
        return found


def _opened(data: bytes) -> _Tiff | None:
    order = {b"II*\x00": "<", b"MM\x00*": ">"}.get(data[:4])
    return None if order is None else _Tiff(data, order)


def orientation(data: bytes) -> int:
    """Which way is up: 1 to 8, 1 where nothing is said."""
    tiff = _opened(data)
    if tiff is None:
        return 1
    try:
        kind, count, value = tiff.entries(tiff.number(4, "I")).get(0x0112, (0, 0, b""))
        turned = Struct(tiff.order + "H").unpack_from(value)[0] if (kind, count) == (3, 1) else 1
    except error:
        return 1
    return turned if 1 <= turned <= 8 else 1


def only_orientation(turned: int) -> bytes:
    """A TIFF structure that says which way is up, and nothing else."""
    return b"MM\x00*" + Struct(">IHHHIHHI").pack(8, 1, 0x0112, 3, 1, turned, 0, 0)


def taken(data: bytes) -> Taken:
    """Where, when and with what a photo was taken, as far as it says so."""
    tiff = _opened(data)
    if tiff is None:
        return Taken()
    try:
        first = tiff.entries(tiff.number(4, "I"))
    except error:
        return Taken()
    gps, exif = _below(tiff, first, _GPS), _below(tiff, first, _EXIF)
    latitude = _degrees(tiff, gps, 2, 1, b"S", 90)
    longitude = _degrees(tiff, gps, 4, 3, b"W", 180)
    if latitude is None or longitude is None:
        latitude = longitude = None
    return Taken(
        latitude=latitude,
        longitude=longitude,
        taken_at=_moment(_words(exif, 0x9003) or _words(first, 0x0132)),
        device=" ".join(word for word in (_words(first, 0x010F), _words(first, 0x0110)) if word)
        or None,
    )


def _below(tiff: _Tiff, first: Mapping[int, Any], tag: int) -> dict[int, tuple[int, int, bytes]]:
    kind, count, value = first.get(tag, (0, 0, b""))
    if (kind, count) != (4, 1):
        return {}
    try:
        return tiff.entries(Struct(tiff.order + "I").unpack(value)[0])
    except error:
        return {}


def _degrees(
    tiff: _Tiff, gps: Mapping[int, Any], tag: int, side: int, minus: bytes, most: int
) -> float | None:
    kind, count, value = gps.get(tag, (0, 0, b""))
    if (kind, count) != (5, 3) or len(value) != 24:
        return None
    parts = Struct(tiff.order + "6I").unpack(value)
    if 0 in parts[1::2]:
        return None
    degrees = sum(
        above / below / 60**n
        for n, (above, below) in enumerate(zip(parts[::2], parts[1::2], strict=True))
    )
    sign = -1 if gps.get(side, (0, 0, b""))[2][:1] == minus else 1
    return round(sign * degrees, 7) if degrees <= most else None


def _words(entries: Mapping[int, Any], tag: int) -> str | None:
    kind, _, value = entries.get(tag, (0, 0, b""))
    if kind != 2:
        return None
    words = value.split(b"\x00")[0].decode("ascii", "ignore").strip()
    return "".join(letter for letter in words if letter.isprintable())[:80] or None


def _moment(words: str | None) -> str | None:
    """Local time of the camera, without a zone: cameras rarely say which."""
    said = words or ""
    try:
        return datetime.fromisoformat(f"{said[:10].replace(':', '-')}T{said[11:19]}").isoformat()
    except ValueError:
        return None
