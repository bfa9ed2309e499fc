"""The connections: from the request of each to its end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Iterable
from typing import Any

from websockets.asyncio.server import Server, ServerConnection
from websockets.http11 import Request, Response
from websockets.server import ServerProtocol
from websockets.typing import Subprotocol

from handheld.entrypoints.gateway.door import Visitor
from handheld.entrypoints.gateway.figures import Figures
from handheld.entrypoints.gateway.handshake import accepted
from handheld.entrypoints.gateway.messages import MAX_FRAME, PROTOCOL
from handheld.entrypoints.gateway.phone import Hall, Phone
from handheld.entrypoints.gateway.wire import CLOSE_SECONDS, Wire

wires = logging.getLogger("handheld.gateway.wires")
wires.setLevel(logging.WARNING)  # else `websockets` writes two lines for each connection

STOP_SECONDS = 10.0

Found = Visitor | Response
"""Who connects, or the answer that refuses them."""
Admitted = Callable[[Wire, Request], Found | Awaitable[Found]]
"""Finds it, where others must be asked a little later."""


class Connections:
    """All of them, in one event loop."""

    def __init__(self, hall: Hall, figures: Figures, admitted: Admitted) -> None:
        self._hall = hall
        self._figures = figures
        self._admitted = admitted
        self._server = Server(_no_port, _no_task, wires)
        self._empty = asyncio.Event()
        self.phones: set[Phone] = set()
        self.serving = False
        """Whether connections are opened."""

    def begin(self, joined: set[Any]) -> Wire:
        """A connection, of which the request is still to come.

        `joined`: those that the HTTP server tells when it stops. Raises RuntimeError.
        """
        if not self.serving:
            raise RuntimeError("the gateway does not run")
        protocol = ServerProtocol(select_subprotocol=_ours, max_size=MAX_FRAME, logger=wires)
        wire = Wire(protocol, self._server, self._open)
        wire.joins(joined)
        return wire

    def gone(self, phone: Phone) -> None:
        """One has ended."""
        self.phones.discard(phone)
        if not self.phones:
            self._empty.set()

    async def leave(self) -> None:
        """All end: what is under way is answered first, and everybody is told to come back."""
        self.serving = False
        self._empty.clear()
        await _in_handfuls(self.phones, lambda phone: phone.leave())
        await self._all_gone(STOP_SECONDS)
        await _in_handfuls(self.phones, lambda phone: phone.wire.transport.abort())
        await self._all_gone(CLOSE_SECONDS)

    async def _all_gone(self, seconds: float) -> None:
        if self.phones:
            try:
                await asyncio.wait_for(self._empty.wait(), seconds)
            except TimeoutError:
                return

    def _open(self, wire: Wire, request: Request) -> Response | Awaitable[Response | None]:
        found = self._admitted(wire, request)
        if isinstance(found, Visitor | Response):
            return self._let_in(wire, request, found)
        return self._let_in_later(wire, request, found)

    async def _let_in_later(
        self, wire: Wire, request: Request, finding: Awaitable[Found]
    ) -> Response | None:
        found = await finding
        return None if wire.transport.is_closing() else self._let_in(wire, request, found)

    def _let_in(self, wire: Wire, request: Request, found: Found) -> Response:
        if isinstance(found, Response):
            self._figures.refused += 1
            return found
        response = accepted(wire.protocol, request)
        if response.status_code != 101:
            return response
        self._figures.opened += 1
        phone = Phone(self._hall, wire, found)
        self.phones.add(phone)
        wire.listener = phone
        return response


async def _in_handfuls(phones: Iterable[Phone], act: Callable[[Phone], object]) -> None:
    for number, phone in enumerate(tuple(phones)):
        act(phone)
        if number % 128 == 127:
            await asyncio.sleep(0)


async def _no_port() -> asyncio.Server:
    raise RuntimeError("the port is the HTTP server's")


async def _no_task(_: ServerConnection) -> None:
    raise RuntimeError("a connection has no task of its own")


def _ours(_: ServerProtocol, offered: Collection[Subprotocol]) -> Subprotocol | None:
    """Ours where it is offered; who offers nothing, or only others, is spoken to all the same."""
    return Subprotocol(PROTOCOL) if PROTOCOL in offered else None
