"""The signal between a phone and its server, which can be lost: a plain forwarder of connections,
so that the address stays the same while servers come and go behind it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

PIECE = 64 * 1024


class Signal:
    """A port that leads to a server, as long as there is a signal."""

    def __init__(self) -> None:
        self.port = 0
        self.leads_to = 0
        """The server's port; 0 while there is no signal."""
        self.swallows = 0
        """So many live connections are taken and then led nowhere, as some networks do."""
        self.swallowed = asyncio.Event()
        self._writers: set[asyncio.StreamWriter] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def lost(self) -> None:
        """From now on nothing gets through, and what was open is cut."""
        self.leads_to = 0
        for writer in self._writers:
            writer.transport.abort()

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Somebody connects."""
        if not self.leads_to:
            writer.transport.abort()
            return
        first = await reader.read(PIECE)
        if self.swallows and b"/api/v1/live" in first:
            self.swallows -= 1
            self.swallowed.set()
            await reader.read()
            writer.transport.abort()
            return
        there, back = await asyncio.open_connection("127.0.0.1", self.leads_to)
        self._writers |= {writer, back}
        back.write(first)
        try:
            await asyncio.gather(_pass(reader, back), _pass(there, writer))
        finally:
            for one in (writer, back):
                self._writers.discard(one)
                one.transport.abort()


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while piece := await reader.read(PIECE):
            writer.write(piece)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()
    except (ConnectionError, OSError, RuntimeError):
        writer.transport.abort()


@asynccontextmanager
async def signal() -> AsyncGenerator[Signal]:
    """A signal, until the end of the block."""
    found = Signal()
    server = await asyncio.start_server(found.take, "127.0.0.1", 0)
    found.port = server.sockets[0].getsockname()[1]
    try:
        yield found
    finally:
        found.lost()
        server.close()
        await server.wait_closed()
