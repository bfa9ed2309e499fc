"""The gateway: phones and desks on WebSockets, on the port of the HTTP server. docs/pushing.md

uvicorn hands an upgraded connection over; from then on it is a connection of `websockets` alone,
at the price of a plain `websockets` server.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from random import Random
from typing import Any, Protocol, cast

from uvicorn.config import Config
from uvicorn.server import ServerState
from websockets.http11 import Request, Response

from handheld.application.access.identity import Identity
from handheld.application.ports import Clock
from handheld.application.pushing.boards import BoardWatchers
from handheld.application.pushing.hub import Hub
from handheld.application.pushing.showings import Closed
from handheld.application.reading.board_wanted import Wanted
from handheld.application.writer import Writer
from handheld.domain.errors import Away, Busy, HandheldError
from handheld.entrypoints.gateway.answers import Answers, Hidden
from handheld.entrypoints.gateway.connections import Connections, Found
from handheld.entrypoints.gateway.crowd import Crowd
from handheld.entrypoints.gateway.deliveries import Deliveries
from handheld.entrypoints.gateway.door import Shown, later, shown, visitor
from handheld.entrypoints.gateway.fanout import FanOut
from handheld.entrypoints.gateway.feed import Feed
from handheld.entrypoints.gateway.figures import Figures
from handheld.entrypoints.gateway.looking_after import LookingAfter
from handheld.entrypoints.gateway.messages import CLOSE_REVOKED, CLOSE_TOO_SLOW
from handheld.entrypoints.gateway.phone import Phone
from handheld.entrypoints.gateway.resuming import Resuming
from handheld.entrypoints.gateway.territory import Territory
from handheld.entrypoints.gateway.wire import Wire
from handheld.texts.language import Language

logger = logging.getLogger(__name__)

RETURN_SECONDS = (0.5, 5.0)
"""Between these a phone comes back after a restart, by chance: not all at once."""
SWITCH_SECONDS = 0.0005
"""Between threads: a socket is written in microseconds, and would wait five milliseconds for the
interpreter after each, as long as another thread counts."""


class Access(Protocol):
    """Who is who: sessions and tickets."""

    def known(self, token: str) -> Identity | None:
        """Whose session this is, as far as this process knows; at once."""
        ...

    async def identify_async(self, token: str) -> Identity | None:
        """Whose session this is; None where it opens nothing. Raises Busy where it cannot be known."""
        ...

    async def take_ticket_async(self, secret: str) -> Identity | None:
        """Whom a single-use ticket is for; None where it opens nothing. Raises Busy, as before."""
        ...

    def on_revoked(self, told: Callable[[Sequence[str]], None]) -> object:
        """Tell of sessions that have ended, by id, in any thread."""
        ...

    def current(self, session: str) -> Identity | None:
        """Whose session this is now; None where it has ended."""
        ...


def as_it_is(error: HandheldError, _request: object, _viewer: object) -> HandheldError:
    """The error itself."""
    return error


class Gateway:
    """All connections. `protocol` is for uvicorn's `ws`; `running` is as long as the server runs."""

    def __init__(
        self,
        hub: Hub,
        writer: Writer,
        clock: Clock,
        access: Access,
        *,
        origins: Collection[str] = (),
        language: Language = "zh",
        hidden: Hidden = as_it_is,
        watchers: BoardWatchers | None = None,
        territory: Territory | None = None,
        chance: Random | None = None,
    ) -> None:
        self._territory = territory or Territory(None, lambda _: ())
        self.hub = hub
        self.figures = Figures()
        self.deliveries = Deliveries(hub.undelivered, writer, clock, self.figures)
        self._writer = writer
        self._clock = clock
        self._access = access
        self._origins = frozenset(origins)
        self._language: Language = language
        self._hidden = hidden
        self._watchers = watchers
        self._chance = chance or Random()
        self.crowd = Crowd()
        self.connections = Connections(self, self.figures, self._admitted)
        self._resuming: Resuming | None = None
        self._asking: set[asyncio.Task[None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None

    # --- for the HTTP server ------------------------------------------------------------------

    def protocol(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> Wire:
        """A new connection, as uvicorn asks for one: `Config(ws=gateway.ws)`."""
        return self.connections.begin(cast("set[Any]", server_state.connections))

    @property
    def ws(self) -> type[asyncio.Protocol]:
        """What uvicorn takes for a class: it calls it once for each connection."""
        return cast("type[asyncio.Protocol]", self.protocol)

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        """Follow the log and serve connections; at the end everybody is told to resume."""
        loop = self._loop = asyncio.get_running_loop()
        before = sys.getswitchinterval()
        sys.setswitchinterval(SWITCH_SECONDS)
        self.connections.serving = True
        self._resuming = Resuming(self.hub)
        fanout = FanOut(loop, self.crowd.present, self.figures)
        self._access.on_revoked(self._told_revoked)
        self.hub.start(self.crowd.present, fanout.deliver)
        looking = LookingAfter(self.connections.phones, self.figures, self._holds, self.retry_after)
        tasks = [
            loop.create_task(self._resuming.run()),
            loop.create_task(looking.run(self.deliveries.retry)),
        ]
        try:
            yield
        finally:
            await self.connections.leave()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            fanout.close()
            await loop.run_in_executor(None, self.hub.close)
            self._resuming.close()
            sys.setswitchinterval(before)

    # --- for the metrics ----------------------------------------------------------------------

    @property
    def sockets(self) -> int:
        """Connections that are open now."""
        return len(self.connections.phones)

    @property
    def queued_bytes(self) -> int:
        """Bytes that wait for clients to read them."""
        return sum(phone.wire.queued for phone in self.connections.phones if phone.wire.paused)

    @property
    def catching_up(self) -> int:
        """Connections that wait until what they miss is read."""
        return len(self._resuming) if self._resuming is not None else 0

    # --- the hall of the phones ---------------------------------------------------------------

    def now(self) -> datetime:
        """The time by the log's clock (UTC)."""
        return self._clock.now()

    def take_ticket(self, secret: str, told: Callable[[Identity | Busy | None], object]) -> None:
        """Tell who a single-use ticket is for; None where it opens nothing."""
        taking = asyncio.get_running_loop().create_task(self._take_ticket(secret, told))
        self._asking.add(taking)
        taking.add_done_callback(self._asking.discard)

    async def _take_ticket(
        self, secret: str, told: Callable[[Identity | Busy | None], object]
    ) -> None:
        try:
            found: Identity | Busy | None = await self._access.take_ticket_async(secret)
        except Busy as busy:
            found = busy
        except Exception:  # who connects is not to wait for ever
            logger.exception("a ticket could not be looked at")
            found = Away()
        told(found)

    def answers(self, phone: Phone) -> Answers:
        """For the commands of a connection."""
        return Answers(self._writer, self._hidden, self.figures, phone.put, phone.wire)

    def greeted(self, phone: Phone) -> None:
        """It is known who is there: from now on it is told of what is new."""
        crowded = self.crowd.greet(phone)
        self._territory.greeted(phone.wire.id, phone.person)
        if crowded is not None:
            crowded.send_away(CLOSE_TOO_SLOW, "gateway.too_many")

    def want(self, feed: Feed) -> None:
        """Read what it misses."""
        if self._resuming is not None:
            self._resuming.want(feed)

    def watch(self, phone: Phone, name: str, board: Wanted) -> None:
        """Show a board from now on."""
        loop, who = self._loop, phone.identity
        if self._watchers is None or loop is None or who is None:
            phone.watch_over(name, HandheldError("gateway.no_boards"))
            return

        def send(message: bytes | Closed) -> bool:
            """In the thread of the watchers."""
            try:
                if isinstance(message, Closed):
                    loop.call_soon_threadsafe(phone.watch_over, name, message.error)
                elif phone.wire.paused:
                    return False
                else:
                    loop.call_soon_threadsafe(phone.put, message)
            except RuntimeError:  # the loop has closed, and with it the connection
                return False
            return True

        self._territory.looks(phone.wire.id, name, board.key if board.kind == "division" else None)
        self._watchers.watch(str(phone.wire.id), name, who, board, send)

    def unwatch(self, phone: Phone, name: str) -> None:
        """No longer."""
        self._territory.looks(phone.wire.id, name, None)
        if self._watchers is not None:
            self._watchers.unwatch(str(phone.wire.id), name)

    def retry_after(self) -> float:
        """In how many seconds to come back, so that not all do at once."""
        return round(self._chance.uniform(*RETURN_SECONDS), 2)

    def gone(self, phone: Phone) -> None:
        """The connection has ended."""
        self.crowd.forget(phone)
        self._territory.gone(phone.wire.id)
        self.connections.gone(phone)
        if self._watchers is not None:
            self._watchers.gone(str(phone.wire.id))

    # --- sessions -----------------------------------------------------------------------------

    def _admitted(self, connection: Wire, request: Request) -> Found | Awaitable[Found]:
        seen = shown(connection, request, self._origins, self._language)
        if isinstance(seen, Response):
            return seen
        if seen.token is None:
            return visitor(connection, seen, None)
        known = self._access.known(seen.token)
        if known is not None:
            return visitor(connection, seen, known)
        return self._looked_up(connection, seen, seen.token)

    async def _looked_up(self, connection: Wire, seen: Shown, token: str) -> Found:
        try:
            return visitor(connection, seen, await self._access.identify_async(token))
        except Busy as busy:
            return later(connection, busy)

    def _holds(self, session: str) -> bool:
        return self._access.current(session) is not None

    def _told_revoked(self, sessions: Sequence[str]) -> None:
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop has closed, and with it every connection
                self._loop.call_soon_threadsafe(self._revoke, frozenset(sessions))

    def _revoke(self, sessions: frozenset[str]) -> None:
        for phone in tuple(self.connections.phones):
            if phone.identity is not None and phone.identity.session in sessions:
                self.figures.revoked += 1
                phone.end(CLOSE_REVOKED)
