"""One connection: a `websockets` server connection that bounds what waits to be read by its client."""

from __future__ import annotations

import logging
from asyncio import BaseTransport, Task, TimerHandle, Transport
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any, Protocol, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from websockets.asyncio.connection import Connection
from websockets.asyncio.server import Server, ServerConnection
from websockets.frames import CloseCode, Frame, Opcode
from websockets.http11 import Request, Response
from websockets.protocol import OPEN, Event
from websockets.server import ServerProtocol

from handheld.entrypoints.gateway.handshake import request_of

logger = logging.getLogger("handheld.gateway")

QUEUE_BYTES = 256 * 1024
"""So much may wait for one client; one that reads too slowly is disconnected, and resumes."""
FULL_BYTES = 64 * 1024
"""From here on nothing is caught up with until the client has read."""
CLOSE_SECONDS = 5.0


class Listener(Protocol):
    """Who is told what happens on a connection."""

    def text(self, data: str) -> None:
        """A message came."""
        ...

    def binary(self) -> None:
        """A message came that is not text."""
        ...

    def gone(self) -> None:
        """The connection has ended."""
        ...

    def room(self) -> None:
        """The client has read: there is room again."""
        ...

    def leave(self) -> None:
        """The server stops."""
        ...


Door = Callable[["Wire", Request], Response | Awaitable[Response | None]]
"""The answer: it opens the connection, whose listener it sets, or it refuses it.

Where others must be asked for it, it comes a little later: None where the connection has ended."""


class Wire(ServerConnection):
    """Messages are handed to the listener as they come in, without a task for each connection.

    Pings and deadlines are the gateway's, for all connections together: a timer each costs 2 KiB.
    """

    listener: Listener | None = None
    heard: float = 0.0
    """When anything came in last, by the loop's clock."""
    stuck_since: float | None = None
    """Since when the client does not read, by the loop's clock."""
    queued_most: int = QUEUE_BYTES
    _opened: bool = False
    """Whether the request was taken as the HTTP server had read it."""
    _ending: TimerHandle | None = None
    _asking: Task[None] | None = None
    _pieces: list[Frame] | None = None
    """Of a message that comes in several frames."""
    _waiting: deque[Frame] | None = None
    """What has been read already while nothing more is taken."""

    def __init__(self, protocol: ServerProtocol, server: Server, door: Door) -> None:
        super().__init__(
            protocol,
            server,
            ping_interval=None,
            close_timeout=CLOSE_SECONDS,
            write_limit=(FULL_BYTES, FULL_BYTES // 4),
        )
        self._door = door
        self.came = self.heard = self.loop.time()
        self.part = self.id.int
        """By chance: which part of the connections this one belongs to."""
        self._joined: set[Any] = set()

    @property
    def is_open(self) -> bool:
        """Whether messages can be sent."""
        return self.protocol.state is OPEN

    @property
    def queued(self) -> int:
        """Bytes that wait to be sent."""
        return self.transport.get_write_buffer_size()

    def put(self, data: bytes) -> bool:
        """Send a text message, without waiting; False where the client does not read what it gets."""
        protocol = self.protocol
        if protocol.state is OPEN and not self.transport.is_closing():
            protocol.send_text(data)
            self.send_data()
        return not self.paused or self.queued <= self.queued_most

    def ask(self) -> None:
        """Ping, so that something is heard of whoever is there."""
        if self.is_open:
            self.protocol.send_ping(b"")
            self.send_data()

    def abort_later(self) -> None:
        """Let go of a client that does not take part in closing."""
        if self._ending is None:
            self._ending = self.loop.call_later(CLOSE_SECONDS, self.transport.abort)

    # --- what comes in ------------------------------------------------------------------------

    def data_received(self, data: bytes) -> None:
        """Whatever comes in shows that somebody is there."""
        self.heard = self.loop.time()
        if self._opened:  # the request, written out anew
            self._opened = False
            return
        super().data_received(data)
        if self.close_deadline is not None:
            self.abort_later()

    def process_event(self, event: Event) -> None:
        """The request, then frames."""
        try:
            if isinstance(event, Frame):
                if self._waiting is None:
                    self._frame(event)
                elif event.opcode in _DATA:
                    self._waiting.append(event)
            elif isinstance(event, Request):
                self._open(event)
        except Exception:
            logger.exception("a connection failed")
            self.transport.abort()

    def eof_received(self) -> None:
        """The client will say nothing more: what it does not read now is not waited for."""
        super().eof_received()
        self.abort_later()

    def _open(self, request: Request) -> None:
        answer, read = self._door(self, request), self._opened
        if isinstance(answer, Response):
            self._answer(answer, read)
        else:
            self.hold()
            self._asking = self.loop.create_task(self._answer_later(answer, read))

    async def _answer_later(self, coming: Awaitable[Response | None], read: bool) -> None:
        try:
            answer = await coming
            if answer is not None:
                self._answer(answer, read)
                self.go_on()
        except Exception:
            logger.exception("a connection failed")
            self.transport.abort()
        finally:
            self._asking = None

    def _answer(self, answer: Response, read: bool) -> None:
        """`read`: whether the request was taken as the HTTP server had read it."""
        protocol = self.protocol
        protocol.send_response(answer)
        self.send_data()
        if protocol.state is not OPEN:
            self.transport.close()
        elif read:  # from here on frames are read
            protocol.parser = protocol.parse()
            next(protocol.parser)

    def _frame(self, frame: Frame) -> None:
        if frame.opcode not in _DATA or self.listener is None:
            return
        if not frame.fin or self._pieces is not None:
            self._pieces = pieces = self._pieces or []
            pieces.append(frame)
            if not frame.fin:
                return
            self._pieces = None
            frame = Frame(pieces[0].opcode, b"".join(bytes(piece.data) for piece in pieces))
        if frame.opcode is Opcode.BINARY:
            self.listener.binary()
            return
        try:
            text = str(frame.data, "utf-8")
        except UnicodeDecodeError as error:
            self.protocol.fail(CloseCode.INVALID_DATA, f"{error.reason} at {error.start}")
            self.send_data()
            self.abort_later()
            return
        self.listener.text(text)

    def hold(self) -> None:
        """Take nothing more for now."""
        if self._waiting is None:
            self._waiting = deque()
            self.transport.pause_reading()

    @property
    def _held(self) -> bool:
        return self._waiting is not None

    def go_on(self) -> None:
        """Take messages again, first those that have been read."""
        waiting = self._waiting
        if waiting is None:
            return
        self._waiting = None
        self.transport.resume_reading()
        while waiting and not self._held:
            self.process_event(waiting.popleft())
        if waiting:  # it was too much again
            self._waiting = waiting

    def pause_writing(self) -> None:
        """The client does not read as fast as it is sent to."""
        super().pause_writing()
        self.stuck_since = self.loop.time()

    def resume_writing(self) -> None:
        """There is room again."""
        super().resume_writing()
        self.stuck_since = None
        if self.listener is not None:
            self.listener.room()

    def joins(self, connections: set[Any]) -> None:
        """The connections that the HTTP server ends when it stops."""
        self._joined = connections
        connections.add(self)

    def connection_made(self, transport: BaseTransport) -> None:
        """Take over from the HTTP protocol.

        That and its parser hold each other: left so, they would stay until the garbage collector
        comes by.
        """
        before = cast(Transport, transport).get_protocol()
        Connection.connection_made(self, transport)  # a server's would begin a task
        if isinstance(before, HttpToolsProtocol):
            self.loop.call_soon(_let_go, before)
            request = request_of(before)
            if request is not None:
                self._opened = True
                self.process_event(request)

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone."""
        super().connection_lost(exc)
        self._joined.discard(self)
        if self._ending is not None:
            self._ending.cancel()
        listener, self.listener, self._waiting = self.listener, None, None
        if listener is not None:
            listener.gone()

    def shutdown(self) -> None:
        """The HTTP server, which knows this connection as one of its own, stops."""
        if self.listener is not None:
            self.listener.leave()
        else:
            self.transport.abort()


_DATA = (Opcode.TEXT, Opcode.BINARY, Opcode.CONT)


def _let_go(before: HttpToolsProtocol) -> None:
    del before.parser
