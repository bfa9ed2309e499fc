"""Headers of uploads and downloads: offsets, ranges, names of files."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import quote

from starlette.requests import Request

from handheld.application.attachments_told import Attachment
from handheld.domain.errors import HandheldError, Malformed
from handheld.domain.media import FORMATS

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
_TAKEN = ("application/octet-stream", "application/partial-upload")
_SUFFIXES = {one.media: one.suffix for one in FORMATS}


class Span(NamedTuple):
    """Bytes from one place up to another."""

    start: int
    end: int


def must_be_bytes(request: Request) -> None:
    """The body of a piece is bytes. Raises Malformed (`request.media`)."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media not in _TAKEN:
        raise Malformed("request.media", media=media[:80], wanted=_TAKEN[0])


def offset_of(request: Request) -> int:
    """Where the bytes go on. Raises Malformed (`attachments.offset_missing`)."""
    given = request.headers.get("upload-offset", "").strip()
    if not (given.isascii() and given.isdecimal()) or len(given) > 15:
        raise Malformed("attachments.offset_missing")
    return int(given)


def length_of(request: Request) -> int:
    """How many bytes come. Raises Malformed (`attachments.length_missing`)."""
    given = request.headers.get("content-length", "").strip()
    if not (given.isascii() and given.isdecimal()) or len(given) > 15:
        raise Malformed("attachments.length_missing")
    return int(given)


def etag_of(attachment: Attachment) -> str:
    """Names the public copy: the original's hash, and the size of what is left of it."""
    return f"{attachment.sha256}.{attachment.size}"


def span_of(request: Request, size: int, etag: str) -> Span | None:
    """The part that is asked for (RFC 9110, section 14); None: the whole.

    Of several parts, and of a form that is not known, the whole is given, as the standard allows.
    Raises HandheldError (`attachments.range`).
    """
    asked = request.headers.get("range")
    rests_on = request.headers.get("if-range")
    if asked is None or (rests_on is not None and rests_on.strip() != f'"{etag}"'):
        return None
    found = _RANGE.fullmatch(asked.replace(" ", ""))
    if found is None or found[1] == found[2] == "":
        return None
    if found[1] == "":
        start, end = max(0, size - int(found[2])), size
    else:
        start = int(found[1])
        end = size if found[2] == "" else min(size, int(found[2]) + 1)
        if found[2] != "" and int(found[2]) < start:
            return None
    if start >= end:
        raise HandheldError("attachments.range", size=size)
    return Span(start, end)


def disposition(attachment: Attachment, *, original: bool = False) -> str:
    """Content-Disposition (RFC 6266): pictures and voice may be shown, documents are saved.

    The name ends as its content does, whatever somebody called it.
    """
    kind = "attachment" if original or attachment.kind == "document" else "inline"
    suffix = _SUFFIXES[attachment.media]
    plain = f"{attachment.sha256[:12]}{suffix}"
    if attachment.name is None:
        return f'{kind}; filename="{plain}"'
    name = attachment.name
    if not name.lower().endswith(suffix):
        name += suffix
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
