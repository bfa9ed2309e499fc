"""The body of a request: JSON, in UTF-8, and no longer than the endpoint takes."""

from __future__ import annotations

from typing import Any

import msgspec
from starlette.requests import Request

from handheld.domain.errors import Malformed
from handheld.entrypoints.http.errors import TooLarge


async def json_body(request: Request, kind: Any, most: int) -> Any:
    """The body as what it is to be.

    Raises Malformed (`request.media`, `request.too_large`, `request.body`).
    """
    check_media(request, "application/json")
    raw = await bytes_of(request, most)
    try:
        return msgspec.json.decode(raw, type=kind)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise Malformed("request.body", reason=str(error)[:300]) from error


def check_media(request: Request, *wanted: str) -> str:
    """The type of the body. Raises Malformed (`request.media`)."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media not in wanted:
        raise Malformed("request.media", media=media[:80], wanted=wanted[0])
    return media


async def bytes_of(request: Request, most: int) -> bytes:
    """The whole body. Raises TooLarge."""
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > most:
        raise TooLarge(most)
    found = bytearray()
    async for chunk in request.stream():
        found += chunk
        if len(found) > most:
            raise TooLarge(most)
    return bytes(found)
