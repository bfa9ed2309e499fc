"""What may be attached: photos, voice, documents, each known by its content. docs/attachments.md

One table for whoever names a file (the command line) and whoever takes its bytes (the server).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, NamedTuple

from handheld.domain.errors import Malformed

Kind = Literal["photo", "voice", "document"]
"""照片, 语音, 文档."""

MEGABYTE = 1_000_000
MOST: Mapping[Kind, int] = {
    "photo": 20 * MEGABYTE,
    "voice": 20 * MEGABYTE,
    "document": 50 * MEGABYTE,
}
"""Bytes of one attachment at the most."""
HEAD = 4096
"""So many bytes from the beginning tell the format."""


class Format(NamedTuple):
    """A format that is taken."""

    media: str
    """Media type (RFC 6838)."""
    kind: Kind
    suffix: str
    also: tuple[str, ...] = ()
    """Other names by which phones and browsers call it."""


JPEG = Format("image/jpeg", "photo", ".jpg", ("image/jpg", "image/pjpeg"))
PNG = Format("image/png", "photo", ".png")
WEBP = Format("image/webp", "photo", ".webp")
HEIC = Format("image/heic", "photo", ".heic", ("image/heif",))
HEIF = Format("image/heif", "photo", ".heif", ("image/heic",))
AVIF = Format("image/avif", "photo", ".avif")
AMR = Format("audio/amr", "voice", ".amr", ("audio/amr-wb", "audio/3gpp"))
M4A = Format("audio/mp4", "voice", ".m4a", ("audio/m4a", "audio/x-m4a", "audio/3gpp", "audio/aac"))
AAC = Format("audio/aac", "voice", ".aac", ("audio/aacp", "audio/x-aac"))
MP3 = Format("audio/mpeg", "voice", ".mp3", ("audio/mp3",))
OGG = Format("audio/ogg", "voice", ".ogg", ("audio/opus", "application/ogg"))
WEBM = Format("audio/webm", "voice", ".webm")
WAV = Format("audio/wav", "voice", ".wav", ("audio/x-wav", "audio/wave", "audio/vnd.wave"))
PDF = Format("application/pdf", "document", ".pdf")
_OFFICE = "application/vnd.openxmlformats-officedocument."
DOCX = Format(f"{_OFFICE}wordprocessingml.document", "document", ".docx")
XLSX = Format(f"{_OFFICE}spreadsheetml.sheet", "document", ".xlsx")
PPTX = Format(f"{_OFFICE}presentationml.presentation", "document", ".pptx")
TEXT = Format("text/plain", "document", ".txt", ("text/csv", "text/markdown"))

FORMATS: tuple[Format, ...] = (
    *(JPEG, PNG, WEBP, HEIC, HEIF, AVIF),
    *(AMR, M4A, AAC, MP3, OGG, WEBM, WAV),
    *(PDF, DOCX, XLSX, PPTX, TEXT),
)
MEDIA = frozenset(name for one in FORMATS for name in (one.media, *one.also))
"""Every media type that an attachment may be said to have."""

_MARKS: tuple[tuple[re.Pattern[bytes], Format], ...] = tuple(
    (re.compile(mark, re.DOTALL), one)
    for mark, one in (
        (rb"\xff\xd8\xff", JPEG),
        (rb"\x89PNG\r\n\x1a\n", PNG),
        (rb"RIFF.{4}WEBPVP8[ LX]", WEBP),
        (rb".{4}ftyp(avif|avis)", AVIF),
        (rb".{4}ftyp(heic|heix|heim|heis|hevc|hevx)", HEIC),
        (rb".{4}ftyp(mif1|msf1|mif2)", HEIF),
        (rb"#!AMR(-WB)?\n", AMR),
        (rb".{4}ftyp(M4A |M4B |mp4[12]|isom|iso[2-9]|dash|3gp[4-7])", M4A),
        (rb"\xff[\xf0\xf1\xf8\xf9]", AAC),
        (rb"ID3[\x02-\x04]|\xff[\xf2\xf3\xfa\xfb]", MP3),
        (rb"OggS\x00.{0,400}?(OpusHead|\x01vorbis|Speex   )", OGG),
        (rb"\x1a\x45\xdf\xa3.{0,60}?webm", WEBM),
        (rb"RIFF.{4}WAVEfmt ", WAV),
        (rb"%PDF-[12]\.\d", PDF),
    )
)
"""How each begins. Where a mark stands anywhere else, as in a file that is two things at once, it does not count."""


def recognised(head: bytes) -> Format | None:
    """The format that begins so; None where it is none of these, or only its whole tells.

    `head` is `HEAD` bytes, or all there are. Documents of office programs and texts are told by
    their whole.
    """
    return next((one for mark, one in _MARKS if mark.match(head)), None)


def plain_media(media: str) -> str:
    """A media type without its parameters, in lower case."""
    return media.partition(";")[0].strip().lower()


def claimed(media: str, size: int) -> Format:
    """The format that a media type stands for, if so many bytes of it are taken.

    Raises Malformed (`attachments.media`, `attachments.size`, `attachments.too_large`).
    """
    name = plain_media(media)
    found = next((one for one in FORMATS if name == one.media), None) or next(
        (one for one in FORMATS if name in one.also), None
    )
    if found is None:
        raise Malformed("attachments.media", media=media[:80])
    if size < 1:
        raise Malformed("attachments.size", size=size)
    most = MOST[found.kind]
    if size > most:
        raise Malformed("attachments.too_large", size=size, most=most)
    return found


def agrees(media: str, found: Format) -> bool:
    """Whether what was said is what was found."""
    name = plain_media(media)
    return name == found.media or name in found.also
