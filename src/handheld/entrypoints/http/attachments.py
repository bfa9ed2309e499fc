"""Attachments over HTTP: bytes in pieces that survive a lost signal, and out again. docs/attachments.md

Bytes pass through in pieces of 256 KiB at the most; files are read and written off the event loop.
After the IETF's draft on resumable uploads: `Upload-Offset` says how far one has come.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator

import msgspec
from starlette.requests import ClientDisconnect
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from handheld.application.attachments import Appending
from handheld.application.attachments_told import Announced, Attachment, Described, Upload
from handheld.domain.errors import HandheldError, Malformed
from handheld.domain.media import MOST
from handheld.entrypoints.http.attachment_headers import (
    Span,
    disposition,
    etag_of,
    length_of,
    must_be_bytes,
    offset_of,
    span_of,
)
from handheld.entrypoints.http.endpoints import Answer, Endpoint
from handheld.entrypoints.http.keys import tag_matches
from handheld.entrypoints.http.openapi import PREFIX
from handheld.entrypoints.http.parts import Call
from handheld.entrypoints.http.routing import problem

PIECE = 256 * 1024
BYTES = "application/octet-stream"
_ANY = "*/*"
_SAFE = {
    "cache-control": "private, no-cache",
    "content-security-policy": "default-src 'none'; sandbox",
    "accept-ranges": "bytes",
}


class Announcement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What somebody wants to bring."""

    sha256: str
    """Of the bytes: 64 lower-case hex digits; by it facts name the attachment."""
    size: int
    """Bytes."""
    media: str
    """Media type; what the bytes really are is looked at when they are there."""
    name: str | None = None
    """Of the file, for people."""


class Received(msgspec.Struct, frozen=True, kw_only=True):
    """What has come so far; durable."""

    offset: int
    """So many bytes are there."""
    attachment: Attachment | None = None
    """When all have come: checked and stored."""


# --- bringing ------------------------------------------------------------------------------------


def _announce(call: Call) -> Answer:
    wanted: Announcement = call.body
    found = call.home.attachments.announce(
        call.who, sha256=wanted.sha256, size=wanted.size, media=wanted.media, name=wanted.name
    )
    if found.upload is None:
        place = f"{PREFIX}/attachments/{wanted.sha256}"
        return Answer(found, 200, headers=(("location", place),))
    return Answer(found, 201, headers=_of_upload(found.upload))


def _upload(call: Call) -> Answer:
    found = call.home.attachments.upload(call.who, call.path["upload"])
    return Answer(found, headers=_of_upload(found))


def _upload_head(call: Call) -> Response:
    found = call.home.attachments.upload(call.who, call.path["upload"])
    return Response(None, 204, dict(_of_upload(found)))


def _of_upload(upload: Upload) -> tuple[tuple[str, str], ...]:
    return (
        ("location", f"{PREFIX}/attachments/uploads/{upload.id}"),
        ("upload-offset", str(upload.offset)),
        ("upload-length", str(upload.size)),
        ("upload-complete", "?1" if upload.complete else "?0"),
        ("cache-control", "no-store"),
    )


async def _append(call: Call) -> Answer | Response:
    must_be_bytes(call.request)
    offset = offset_of(call.request)
    attachments, name = call.home.attachments, call.path["upload"]
    upload = await asyncio.to_thread(attachments.upload, call.who, name)
    try:
        return await _receive(call, upload, offset)
    except HandheldError as error:
        if error.code != "attachments.offset":
            raise
        answer = problem(error, call.texts, call.request)
        answer.headers["upload-offset"] = str(error.params["offset"])
        return answer


async def _put(call: Call) -> Answer:
    """All at once; what has come of it when the connection is lost is not sent again."""
    attachments, request = call.home.attachments, call.request
    size = length_of(request)
    found = await asyncio.to_thread(
        lambda: attachments.announce(
            call.who,
            sha256=call.path["attachment"],
            size=size,
            media=request.headers.get("content-type", ""),
        )
    )
    if found.upload is not None:
        if found.upload.offset:  # begun over another connection: from the beginning, then
            await asyncio.to_thread(attachments.discard, call.who, found.upload.id)
            return await _put(call)
        return await _receive(call, found.upload, 0)
    described = await asyncio.to_thread(attachments.describe, call.viewer, call.path["attachment"])
    return Answer(Received(offset=size, attachment=described.attachment))


async def _receive(call: Call, upload: Upload, offset: int) -> Answer:
    attachments, who = call.home.attachments, call.who
    said = call.request.headers.get("content-length", "")
    if said.isdecimal() and offset + int(said) > upload.size:
        raise Malformed("attachments.too_long", size=upload.size)
    if not (upload.complete and offset == upload.size):
        coming = await asyncio.to_thread(attachments.append, who, upload.id, offset)
        try:
            await _take(call, coming)
        except ClientDisconnect:
            return Answer(None, 204)  # nobody hears it; what has come is kept
        finally:
            offset = await asyncio.shield(asyncio.to_thread(coming.close))
    attachment = None
    if offset == upload.size:
        attachment = await asyncio.to_thread(attachments.finish, who, upload.id)
    headers = (("upload-offset", str(offset)), ("cache-control", "no-store"))
    return Answer(Received(offset=offset, attachment=attachment), headers=headers)


async def _take(call: Call, coming: Appending) -> None:
    """What comes is written before more is asked for: whoever is slow fills no memory."""
    waiting = bytearray()
    try:
        async for chunk in call.request.stream():
            waiting += chunk
            if len(waiting) >= PIECE:
                piece = bytes(waiting)
                waiting.clear()
                await asyncio.to_thread(coming.write, piece)
    finally:  # also what came before the connection was lost
        if waiting:
            await asyncio.shield(asyncio.to_thread(coming.write, bytes(waiting)))


def _discard(call: Call) -> Response:
    call.home.attachments.discard(call.who, call.path["upload"])
    return Response(None, 204)


# --- seeing --------------------------------------------------------------------------------------


def _describe(call: Call) -> Described:
    return call.home.attachments.describe(call.viewer, call.path["attachment"])


def _content(call: Call) -> Response:
    found, source = call.home.attachments.open(call.viewer, call.path["attachment"])
    etag = etag_of(found)
    headers = {**_SAFE, "etag": f'"{etag}"', "content-disposition": disposition(found)}
    try:
        if tag_matches(call.request.headers.get("if-none-match"), f'"{etag}"'):
            source.close()
            return Response(None, 304, headers)
        span = span_of(call.request, found.size, etag)
        if span is None:
            headers["content-length"] = str(found.size)
            whole = Span(0, found.size)
        else:
            headers["content-length"] = str(span.end - span.start)
            headers["content-range"] = f"bytes {span.start}-{span.end - 1}/{found.size}"
            whole = span
        if call.request.method == "HEAD":
            source.close()
            return Response(None, 200 if span is None else 206, headers, found.media)
    except HandheldError:
        source.close()
        raise
    return _Streamed(
        _pieces(_read(source.at, whole)),
        200 if span is None else 206,
        headers,
        found.media,
        close=source.close,
    )


def _original(call: Call) -> Response:
    found, pieces = call.home.attachments.original(call.viewer, call.path["attachment"])
    headers = {
        **_SAFE,
        "content-length": str(found.original_size),
        "content-disposition": disposition(found, original=True),
    }
    return _Streamed(_pieces(pieces), 200, headers, BYTES, close=lambda: None)


def _read(at: Callable[[int, int], bytes], span: Span) -> Iterator[bytes]:
    for start in range(span.start, span.end, PIECE):
        yield at(start, min(PIECE, span.end - start))


async def _pieces(source: Iterator[bytes]) -> AsyncGenerator[bytes]:
    """Each piece is read off the loop, when the one before has been taken."""
    while True:
        piece = await asyncio.to_thread(next, source, None)
        if piece is None:
            return
        yield piece


class _Streamed(StreamingResponse):
    """An answer in pieces; what they are read from is closed also where nobody took one of them."""

    def __init__(
        self,
        content: AsyncGenerator[bytes],
        status: int,
        headers: dict[str, str],
        media: str,
        *,
        close: Callable[[], None],
    ) -> None:
        super().__init__(content, status, headers, media)
        self._close = close

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._close()


_UPLOAD = "/attachments/uploads/{upload}"
_ONE = "/attachments/{attachment}"

ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint(
        method="POST",
        path="/attachments",
        name="attachment.announce",
        summary="Say what one wants to bring 申请上传",
        tag="attachments",
        run=_announce,
        body=Announcement,
        answers=Announced,
        status=201,
        also=(200,),
        problems=(413, 415, 429),
    ),
    Endpoint(
        method="GET",
        path=_UPLOAD,
        name="attachment.upload",
        summary="How far an upload has come 上传进度",
        tag="attachments",
        run=_upload,
        answers=Upload,
    ),
    Endpoint(
        method="HEAD",
        path=_UPLOAD,
        name="attachment.upload_head",
        summary="How far an upload has come, in headers 上传进度",
        tag="attachments",
        run=_upload_head,
        status=204,
    ),
    Endpoint(
        method="PATCH",
        path=_UPLOAD,
        name="attachment.append",
        summary="Bytes from Upload-Offset on 续传",
        tag="attachments",
        run=_append,
        sends=(("Upload-Offset", True, "Where the bytes go on: so many are there", r"^\d{1,15}$"),),
        raw=BYTES,
        most=max(MOST.values()),
        answers=Received,
        problems=(409,),
    ),
    Endpoint(
        method="DELETE",
        path=_UPLOAD,
        name="attachment.discard",
        summary="Drop an upload 取消上传",
        tag="attachments",
        run=_discard,
        status=204,
    ),
    Endpoint(
        method="PUT",
        path=_ONE,
        name="attachment.put",
        summary="All bytes at once 一次上传",
        tag="attachments",
        run=_put,
        raw=_ANY,
        most=max(MOST.values()),
        answers=Received,
        problems=(409, 429),
    ),
    Endpoint(
        method="GET",
        path=_ONE,
        name="attachment.content",
        summary="The bytes, without place and time 下载附件",
        tag="attachments",
        run=_content,
        gives=_ANY,
        tagged=True,
        sends=(("Range", False, "A part of the bytes, such as bytes=0-65535", None),),
        also=(206,),
        problems=(410, 416),
    ),
    Endpoint(
        method="HEAD",
        path=_ONE,
        name="attachment.content_head",
        summary="What the bytes are, in headers 附件信息",
        tag="attachments",
        run=_content,
        also=(206, 304),
        problems=(410, 416),
    ),
    Endpoint(
        method="GET",
        path=f"{_ONE}/metadata",
        name="attachment.metadata",
        summary="What an attachment is; where it was taken, for those who may know 附件说明",
        tag="attachments",
        run=_describe,
        answers=Described,
    ),
    Endpoint(
        method="GET",
        path=f"{_ONE}/original",
        name="attachment.original",
        summary="The bytes as they were sent, for those who may know the place 原件",
        tag="attachments",
        run=_original,
        gives=BYTES,
        problems=(410,),
    ),
)
