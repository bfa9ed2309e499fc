"""The server: HTTP, the gateway and what is done unasked, in one process or in one process each.

docs/operations.md#serve, docs/scale-out.md
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable, Collection, Coroutine, Generator, Sequence
from contextlib import contextmanager
from functools import partial
from ipaddress import ip_address
from math import isnan, nan
from secrets import token_bytes
from typing import Any, Literal

import msgspec
import uvicorn

from handheld.application.access.setting_up import SetUp
from handheld.application.follower import Keeper
from handheld.application.giving_way import GivingWay
from handheld.application.ports import Log, LogBusy
from handheld.application.pushing.hub import Hub
from handheld.application.pushing.items import ItemMaker
from handheld.application.reading.courses_kept import CoursesKept
from handheld.application.reading.hiding import as_if_absent
from handheld.application.reading.registers import RegisterReading
from handheld.application.reading.timelines import Timelines
from handheld.application.requests import Request
from handheld.bootstrap import Home
from handheld.bootstrap.messaging import Messaging
from handheld.config import Settings, tls_files
from handheld.domain.errors import HandheldError, Installation
from handheld.domain.standing import Viewer
from handheld.entrypoints.beside import on_duty
from handheld.entrypoints.command_lines import answered, command_lines
from handheld.entrypoints.gateway import asyncapi
from handheld.entrypoints.gateway.server import Gateway
from handheld.entrypoints.gateway.territory import Territory
from handheld.entrypoints.http.app import Running, application
from handheld.entrypoints.http.deadlines import Deadlines
from handheld.entrypoints.http.metrics import Metrics
from handheld.entrypoints.http.parts import Parts
from handheld.entrypoints.reference.describing import known_words
from handheld.texts import Texts

logger = logging.getLogger(__name__)

STORED_SECONDS = 0.05
"""A process that only follows stores what came so often: three transactions, however much it is."""

GRACE_SECONDS = 10
KEEP_ALIVE_SECONDS = 75
"""Longer than a proxy keeps its connections, so that none is closed under a request."""


Role = Literal["all", "api", "gateway", "follow"]
"""What a process does: everything; pages and the API; phones and desks on WebSockets; what is done
unasked. All answer on their port how they are."""


class Server:
    """One process of a district. `beside` runs as long as it does."""

    def __init__(
        self, home: Home, settings: Settings, beside: Sequence[Running] = (), *, role: Role = "all"
    ) -> None:
        self._home = home
        self._settings = settings
        self._role = role
        self._certificate = tls_files(settings)
        self.metrics = Metrics()
        _watch(home, self.metrics)
        reaching = home.reach(settings.notices, Texts(settings.language))
        self._beside = tuple(beside)
        if reaching is not None and self._does("follow"):
            self._beside += (on_duty(home.duties, "notices", reaching.running),)
        self.messaging = Messaging(home, settings) if settings.nats else None
        if self.messaging is not None:
            self._watch_messaging(self.messaging)
            self._beside += (self.messaging.waking,)
            if self._does("follow"):
                self._beside += (on_duty(home.duties, "relay", self.messaging.publishing),)
                if self.messaging.receives:
                    self._beside += (self.messaging.receiving,)
        self.address = ""
        """Where it is reached, once it is."""
        self.set_up = SetUp(home.access, token_bytes)

    def _watch_messaging(self, messaging: Messaging) -> None:
        gauge = self.metrics.gauge
        gauge(
            "handheld_relay_lag",
            "Facts that are not published yet, where this process publishes",
            lambda: messaging.relay.state().lag if messaging.relay is not None else 0,
        )
        gauge(
            "handheld_nats_connected",
            "Whether wake-ups travel just now",
            lambda: float(messaging.wakes.connected),
        )

    def _does(self, role: Role) -> bool:
        return self._role in ("all", role)

    async def run(self, started: Callable[[str], None], ending: asyncio.Event) -> None:
        """Serve until it is asked to end; then finish what is under way.

        Raises Installation (`server.port`, `server.tls`).
        """
        bound = self._bound()
        self.address, own = self._addresses(bound)
        origins = frozenset(self._settings.origins or own)
        home = self._home
        items = ItemMaker(home.looking, home.indexes)
        gateway = self._gateway(items, origins) if self._does("gateway") else None
        if gateway is None:
            home.let_go_first(GivingWay(home.log.end()))
        if self._role == "follow":
            home.follow_at_intervals(STORED_SECONDS)
        if self.messaging is not None:
            if self._role == "gateway":
                self.messaging.watch_some()
            else:
                self.messaging.wakes.watch()
        parts = Parts(
            home,
            self._settings,
            self.metrics,
            origins,
            Timelines(home.looking, home.indexes),
            RegisterReading(home.looking, home.registers),
            CoursesKept(home.log, home.indexes),
            items,
            gateway.hub.ready.is_set if gateway is not None else lambda: True,
            self.set_up,
        )
        beside = self._beside if gateway is None else (gateway.running, *self._beside)
        _, guard = application(parts, asyncapi.document, beside, faces=self._does("api"))
        config = self._config(guard, gateway)
        try:
            config.load()
        except (OSError, ValueError) as error:
            bound.close()
            raise Installation("server.tls", reason=str(error)) from error
        server = _Quiet(config)
        lines = command_lines()
        if lines is not None:
            lines.start()
            home.writer.answered = partial(answered, lines)
        if self._does("follow"):
            home.reactor.start()
        serving = asyncio.create_task(server.serve([bound]))
        try:
            await _first(serving, server.listening.wait())
            if not serving.done():
                logger.info("serving", extra={"fields": {"address": self.address}})
                started(self.address)
            await _first(serving, ending.wait())
        finally:
            await guard.stop(GRACE_SECONDS)
            server.should_exit = True
            await serving
            if lines is not None:
                home.writer.answered = None
                lines.close()
            logger.info("stopped serving")

    @property
    def set_up_address(self) -> str | None:
        """Where the first account is made, with the secret behind `#`; None where there is one."""
        if not self.set_up.open():
            return None
        host, port = self._settings.host, self.address.rpartition(":")[2]
        scheme = self.address.partition("://")[0]
        own = f"{scheme}://localhost:{port}" if _is_every_interface(host) else self.address
        return f"{next(iter(self._settings.origins), own)}/admin#setup={self.set_up.secret}"

    def _gateway(self, items: ItemMaker, origins: Collection[str]) -> Gateway:
        home = self._home
        hub = Hub(home.log, home.views, home.indexes, home.boards, home.organisation, items)
        home.let_go_first(hub.hurries)
        gateway = Gateway(
            hub,
            home.writer,
            home.clock,
            home.access,
            origins=origins,
            language=self._settings.language,
            hidden=self._as_if_absent,
            watchers=home.board_desk.watchers,
            territory=self._territory(),
        )
        for name, about, value in (
            ("handheld_sockets", "Connections of phones and desks", lambda: gateway.sockets),
            (
                "handheld_sockets_queued_bytes",
                "Bytes that wait for slow clients",
                lambda: gateway.queued_bytes,
            ),
            (
                "handheld_sockets_catching_up",
                "Connections that catch up with their inbox",
                lambda: gateway.catching_up,
            ),
        ):
            self.metrics.gauge(name, about, value)
        words = known_words(type(gateway.figures))
        for field in msgspec.structs.fields(type(gateway.figures)):
            name, counted = f"handheld_gateway_{field.name}", partial(_count, gateway, field.name)
            about = words.get(field.name) or f"Gateway: {field.name.replace('_', ' ')}"
            add = self.metrics.counter if field.type is int else self.metrics.gauge
            add(name, about, counted)
        return gateway

    def _territory(self) -> Territory:
        if self.messaging is None:
            return Territory(None, lambda _: ())
        return Territory(self.messaging.wakes, self.messaging.places)

    def _as_if_absent(
        self, error: HandheldError, request: Request, viewer: Viewer
    ) -> HandheldError:
        return as_if_absent(error, request.command, viewer, self._home.looking.look)

    def _config(self, app: Any, gateway: Gateway | None) -> uvicorn.Config:
        settings = self._settings
        certificate, key = self._certificate or (None, None)
        return uvicorn.Config(
            app,
            host=settings.host,
            port=settings.port,
            http=Deadlines,
            ws="none" if gateway is None else gateway.ws,
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=bool(settings.proxies),
            forwarded_allow_ips=list(settings.proxies),
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=GRACE_SECONDS,
            ssl_certfile=certificate,
            ssl_keyfile=key,
            backlog=4096,
        )

    def _addresses(self, bound: socket.socket) -> tuple[str, tuple[str, ...]]:
        """Where the server is reached, and from which pages by default: its own."""
        host, port = bound.getsockname()[:2]
        scheme = "https" if self._certificate is not None else "http"
        names = [f"[{host}]" if ":" in host else host, "localhost"]
        found = tuple(f"{scheme}://{name}:{port}" for name in names)
        return found[0], found

    def _bound(self) -> socket.socket:
        settings = self._settings
        family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
        # With the protocol named, asyncio sends at once (TCP_NODELAY) what would otherwise wait for
        # the other side to acknowledge the packet before it, which takes it up to 40 ms.
        found = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            found.bind((settings.host, settings.port))
        except OSError as error:
            found.close()
            reason = error.strerror or str(error)
            raise Installation(
                "server.port", host=settings.host, port=settings.port, reason=reason
            ) from error
        found.setblocking(False)
        return found


class _Quiet(uvicorn.Server):
    """uvicorn's server without signal handlers, for the process has its own; it says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        """None is captured."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen."""
        await super().startup(sockets)
        self.listening.set()


def _is_every_interface(host: str) -> bool:
    """Whether it is no address to go to, but all of this machine's."""
    try:
        return ip_address(host).is_unspecified
    except ValueError:
        return False


async def _first(serving: asyncio.Task[None], other: Coroutine[Any, Any, Any]) -> None:
    """Wait for one of the two, and for the other no longer."""
    waiting = asyncio.ensure_future(other)
    await asyncio.wait((serving, waiting), return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()


def _watch(home: Home, metrics: Metrics) -> None:
    def committed(facts: int, seconds: float) -> None:
        metrics.commit_facts.observe(facts)
        metrics.commit_seconds.observe(seconds)

    home.writer.committed = committed
    log = home.log
    metrics.gauge("handheld_log_position", "The log's end", partial(_end, log))
    metrics.gauge(
        "handheld_writer_queue", "Commands that wait for the writer", lambda: home.writer.queued
    )
    for name, keeper in (
        ("boards", home.boards),
        ("indexes", home.indexes),
        ("registers", home.registers),
    ):
        metrics.gauge(
            f"handheld_{name}_lag",
            f"Facts that {name} do not show yet",
            partial(_lag, log, keeper),
        )


def _count(gateway: Gateway, name: str) -> float:
    return float(getattr(gateway.figures, name))


def _end(log: Log) -> float:
    try:
        return float(log.end())
    except LogBusy:
        return nan


def _lag(log: Log, keeper: Keeper) -> float:
    end = _end(log)
    return end if isnan(end) else max(0.0, end - keeper.position)
