"""HTTP connections that say nothing, next to nothing, or too much, are closed (slow-loris)."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_SECONDS = 15.0
"""From the first byte of a request, or from the connection, until its headers are whole."""
BODY_SECONDS = 30.0
"""Between two pieces of a body."""
BODY_RATE = 64
"""Bytes a second that a body must come with on the whole: far below any network of phones."""
HEAD_BYTES = 64 * 1024
"""Of a request's line and headers together, at most."""


class HeadTooLong(Exception):
    """More headers than any client of ours sends."""


class Deadlines(HttpToolsProtocol):
    """uvicorn's protocol with a limit on how long a request may take to arrive."""

    _limit: asyncio.TimerHandle | None = None
    _in_head = False
    _head = 0
    """Bytes of an unfinished head, but for the piece in which it began."""
    _piece = 0
    _too_long = False
    _began = 0.0
    """When the body began, by the loop's clock."""
    _body = 0

    def connection_made(self, transport: Any) -> None:
        """A connection: its first request is awaited."""
        super().connection_made(transport)
        self._arm(HEAD_SECONDS)

    def connection_lost(self, exc: Exception | None) -> None:
        """It is gone."""
        self._disarm()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Something came; how much longer it may take is seen anew only when a part is whole."""
        if self._limit is None:
            self._arm(HEAD_SECONDS)
        self._piece = len(data)
        if self._in_head:
            self._head += self._piece
        super().data_received(data)
        if self._in_head and self._head > HEAD_BYTES and not self.transport.is_closing():
            self._too_long = True
            self.send_400_response("")

    def send_400_response(self, msg: str) -> None:
        """What is no request is answered 400, one that is too long 431."""
        if not self._too_long:
            super().send_400_response(msg)
            return
        self.transport.write(
            b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
            b"content-length: 0\r\nconnection: close\r\n\r\n"
        )
        self.transport.close()

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._in_head, self._head = True, 0

    def on_headers_complete(self) -> None:
        """The headers are whole. Raises HeadTooLong, at which the parser gives up."""
        if self._head + self._piece > HEAD_BYTES and self._head_size() > HEAD_BYTES:
            self._too_long = True
            raise HeadTooLong
        self._in_head = False
        super().on_headers_complete()
        self._began, self._body = self.loop.time(), 0
        self._arm(BODY_SECONDS)

    def on_body(self, body: bytes) -> None:
        """A piece of the body: the next may take as long, but all together must get on."""
        super().on_body(body)
        self._body += len(body)
        left = self._began + BODY_SECONDS + self._body / BODY_RATE - self.loop.time()
        self._arm(max(0.0, min(BODY_SECONDS, left)))

    def on_message_complete(self) -> None:
        """The request is whole."""
        super().on_message_complete()
        self._disarm()

    def handle_websocket_upgrade(self) -> None:
        """The gateway has limits of its own."""
        self._disarm()
        super().handle_websocket_upgrade()

    def _head_size(self) -> int:
        return len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)

    def _arm(self, seconds: float) -> None:
        self._disarm()
        self._limit = self.loop.call_later(seconds, self._give_up)

    def _disarm(self) -> None:
        if self._limit is not None:
            self._limit.cancel()
            self._limit = None

    def _give_up(self) -> None:
        self._limit = None
        if not self.transport.is_closing():
            self.transport.close()
