"""What a file is, by its content alone, and what of it others may see.

A name or a media type is only held against it. What a browser could run is refused, as is whatever is
two things at once: a format's mark counts at the very beginning, and what follows a picture's end is
taken out. docs/attachments.md says what this is not: a virus scanner.
"""

from __future__ import annotations

import codecs
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from typing import IO, NamedTuple, cast

from handheld.adapters.attachments_frames import FrameReader
from handheld.adapters.attachments_stripping import Edit, Stripped, damaged, jpeg, png, webp
from handheld.application.attachments_told import Location
from handheld.domain import media
from handheld.domain.errors import Malformed
from handheld.domain.media import Format

_STRIPPERS: Mapping[Format, Callable[[FrameReader], Stripped]] = {
    media.JPEG: jpeg,
    media.PNG: png,
    media.WEBP: webp,
}
_BOXES_MOST = 10_000
_BOX_READ_MOST = 4 << 20
_HANDLER = re.compile(rb"hdlr.{8}(....)", re.DOTALL)
_PLACE = re.compile(rb"\xa9xyz|loci|location\.ISO6709")
_VIDEO_CODEC = re.compile(rb"V_(VP[89]|AV1|MPEG)")
_RUNS = re.compile(rb"/JavaScript|/Launch|/RichMedia|/EmbeddedFile\b")
"""What makes a PDF more than paper."""
_MARKUP = re.compile(
    rb"\s*<(\?|!|html|head|body|script|svg|iframe|math|xsl|meta|link|style|object|embed)", re.I
)
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_OFFICE = {
    "word/document.xml": media.DOCX,
    "xl/workbook.xml": media.XLSX,
    "ppt/presentation.xml": media.PPTX,
}
_ENTRIES_MOST = 20_000
_ZIP_END = 22
"""Bytes of the record with which an archive ends, where nothing follows it."""


class Content(NamedTuple):
    """What a file turned out to be."""

    format: Format
    location: Location
    edits: tuple[Edit, ...] = ()
    exif: bytes = b""


def inspect(source: FrameReader, claimed: str) -> Content:
    """What a file is.

    Raises Malformed (`attachments.unknown`, `attachments.other_media`, `attachments.damaged`,
    `attachments.runs`, `attachments.video`).
    """
    found = media.recognised(source.at(0, media.HEAD)) or _by_its_whole(source)
    if not media.agrees(claimed, found):
        raise Malformed("attachments.other_media", claimed=claimed[:80], found=found.media)
    stripper = _STRIPPERS.get(found)
    if stripper is not None:
        edits, exif = stripper(source)
        return Content(found, "apart" if edits else "none", edits, exif)
    if found in (media.HEIC, media.HEIF, media.AVIF):
        return Content(found, _in_picture_boxes(source))
    if found is media.M4A:
        return Content(found, _in_sound_boxes(source))
    if found is media.WEBM and any(map(_VIDEO_CODEC.search, _joined(source.chunks()))):
        raise Malformed("attachments.video")
    if found is media.PDF and any(map(_RUNS.search, _joined(source.chunks()))):
        raise Malformed("attachments.runs", format="PDF")
    return Content(found, "none")


def _joined(chunks: Iterator[bytes], overlap: int = 32) -> Iterator[bytes]:
    """Each part with the end of the one before: a word may lie across two."""
    before = b""
    for part in chunks:
        yield before + part
        before = part[-overlap:]


def _by_its_whole(source: FrameReader) -> Format:
    if source.at(0, 4) == b"PK\x03\x04":
        return _office(source)
    if _is_text(source):
        return media.TEXT
    raise Malformed("attachments.unknown")


def _office(source: FrameReader) -> Format:
    try:
        with zipfile.ZipFile(cast("IO[bytes]", source)) as archive:
            names = archive.namelist()
            begins = min((one.header_offset for one in archive.infolist()), default=-1)
            comment = archive.comment
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise damaged("ZIP") from error
    whole = source.at(source.size - _ZIP_END, 4) == b"PK\x05\x06"
    if begins != 0 or comment or not whole or len(names) > _ENTRIES_MOST:
        raise damaged("ZIP")
    found = next((one for name, one in _OFFICE.items() if name in names), None)
    if found is None or "[Content_Types].xml" not in names:
        raise Malformed("attachments.unknown")
    if any(name.lower().endswith(("vbaproject.bin", ".exe", ".js", ".html")) for name in names):
        raise Malformed("attachments.runs", format=found.suffix[1:].upper())
    return found


def _is_text(source: FrameReader) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    if _MARKUP.match(source.at(0, media.HEAD).removeprefix(codecs.BOM_UTF8)):
        raise Malformed("attachments.runs", format="HTML / SVG")
    try:
        for part in source.chunks():
            if _CONTROL.search(part):
                return False
            decoder.decode(part)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _boxes(source: FrameReader) -> Iterator[tuple[bytes, int, int]]:
    """The boxes of a file in the ISO base media format (ISO/IEC 14496-12): name, start, end."""
    at = 0
    for _ in range(_BOXES_MOST):
        head = source.at(at, 16)
        if len(head) < 8:
            return
        length, name = int.from_bytes(head[:4], "big"), head[4:8]
        begin = 8
        if length == 1:
            length, begin = int.from_bytes(head[8:16], "big"), 16
        end = source.size if length == 0 else at + length
        if end < at + begin or end > source.size:
            raise damaged("ISO BMFF")
        yield name, at + begin, end
        at = end


def _in_picture_boxes(source: FrameReader) -> Location:
    """Whether a HEIC or AVIF has items that may hold a place: they cannot be taken out here."""
    location: Location = "none"
    known = (b"ftyp", b"meta", b"mdat", b"free", b"skip")
    shown = False
    for name, start, end in _boxes(source):
        if name == b"meta":
            shown = True
            inside = source.at(start, min(end - start, _BOX_READ_MOST))
            if re.search(rb"infe.{8,12}(Exif|mime|uri )", inside, re.DOTALL):
                location = "inside"
            if end - start > _BOX_READ_MOST:
                location = "inside"
        elif name not in known:
            location = "inside"
    if not shown:
        raise damaged("HEIF")
    return location


def _in_sound_boxes(source: FrameReader) -> Location:
    location: Location = "none"
    handlers: set[bytes] = set()
    for name, start, end in _boxes(source):
        if name in (b"mdat", b"free", b"skip", b"ftyp", b"moof", b"sidx", b"styp", b"mfra"):
            continue
        inside = source.at(start, min(end - start, _BOX_READ_MOST))
        if name == b"moov":
            handlers.update(_HANDLER.findall(inside))
        if _PLACE.search(inside) or end - start > _BOX_READ_MOST or name not in (b"moov", b"udta"):
            location = "inside"
    if b"vide" in handlers:
        raise Malformed("attachments.video")
    if b"soun" not in handlers:
        raise damaged("MP4")
    return location
