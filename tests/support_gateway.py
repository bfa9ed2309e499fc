"""Phones on real sockets, and a server for them. All people here are synthetic."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncGenerator, Callable, Generator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Any, Self

import pytest
import uvicorn
from websockets.asyncio.client import ClientConnection, connect

from handheld.application.access.records import DeviceSaid
from handheld.application.pushing.boards import BoardWatchers
from handheld.application.pushing.hub import Hub
from handheld.application.pushing.items import ItemMaker
from handheld.application.reading.hiding import as_if_absent
from handheld.application.requests import Receipt, Request
from handheld.bootstrap import Home
from handheld.domain.errors import HandheldError
from handheld.domain.standing import Viewer
from handheld.entrypoints.gateway.server import Gateway
from handheld_events.ids import command_id
from tests.support_log import START, person

ORIGIN = "https://command.example"
Json = dict[str, Any]


def hub_of(home: Home) -> Hub:
    """What follows the log of a data directory for phones; it begins when it is started."""
    items = ItemMaker(home.looking, home.indexes)
    return Hub(home.log, home.views, home.indexes, home.boards, home.organisation, items)


def gateway_of(home: Home, watchers: BoardWatchers | None = None) -> Gateway:
    """The gateway of a data directory."""

    def hidden(error: HandheldError, request: Request, viewer: Viewer) -> HandheldError:
        return as_if_absent(error, request.command, viewer, home.looking.look)

    return Gateway(
        hub_of(home),
        home.writer,
        home.clock,
        home.access,
        origins=(ORIGIN,),
        language="en",
        hidden=hidden,
        watchers=watchers,
    )


def token_of(home: Home, who: str, device: str = "device-1") -> str:
    """A session of somebody on a device."""
    return home.access.grant_sessions([(who, DeviceSaid(id=device))])[0].token


class Site:
    """A running server."""

    def __init__(self, home: Home, gateway: Gateway, port: int) -> None:
        self.home = home
        self.gateway = gateway
        self.port = port

    @property
    def url(self) -> str:
        """Of the gateway."""
        return f"ws://127.0.0.1:{self.port}/api/v1/live"

    async def start(self) -> Receipt:
        """A task force begins, and everybody gets a task."""
        return await self.do(START)

    async def do(self, command: Any, actor: str = "operator", **about: Any) -> Receipt:
        """Carry out a command; the loop goes on meanwhile."""
        return await asyncio.to_thread(self.home.execute, command, actor, **about)

    async def until(self, true: Callable[[], object]) -> None:
        """Wait until something is so."""
        for _ in range(4_000):
            if true():
                return
            await asyncio.sleep(0.005)
        raise TimeoutError


@asynccontextmanager
async def serving(
    home: Home, *, boards: bool = False, narrow: bool = False
) -> AsyncGenerator[Site]:
    """uvicorn with nothing but the gateway, in this loop. `narrow`: the kernel buffers little."""
    gateway = gateway_of(home, home.board_desk.watchers if boards else None)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await receive()
            async with gateway.running():
                await send({"type": "lifespan.startup.complete"})
                await receive()
            await send({"type": "lifespan.shutdown.complete"})
            return
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"plain"})

    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        if narrow:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        config = uvicorn.Config(
            app, ws=gateway.ws, http="httptools", lifespan="on", log_config=None
        )
        server = uvicorn.Server(config)
        running = asyncio.create_task(server.serve(sockets=[listening]))
        site = Site(home, gateway, port)
        await site.until(lambda: server.started and gateway.hub.ready.is_set())
        try:
            yield site
        finally:
            server.should_exit = True
            await running


class Phone:
    """A phone that stores what it gets, and says so when it is told to."""

    def __init__(self, socket: ClientConnection, device: str) -> None:
        self.socket = socket
        self.device = device
        self.stored: dict[int, Json] = {}
        self.epoch: str | None = None
        self.heard: list[Json] = []

    @classmethod
    @asynccontextmanager
    async def of(
        cls, site: Site, who: str, device: str = "device-1", token: str | None = None, **more: Any
    ) -> AsyncGenerator[Self]:
        """A phone that is signed in, and has not said hello."""
        token = token or token_of(site.home, who, device)
        headers = {"Authorization": f"Bearer {token}"}
        async with connect(site.url, additional_headers=headers, compression=None, **more) as ws:
            yield cls(ws, device)

    @property
    def last(self) -> int:
        """The last number stored without a gap."""
        number = 0
        while number + 1 in self.stored:
            number += 1
        return number

    async def say(self, kind: str, **fields: Any) -> None:
        """Send a message."""
        await self.socket.send(json.dumps({"type": kind, **fields}))

    async def hello(self, **fields: Any) -> Json:
        """Say hello with what is stored; gives the welcome."""
        clock = datetime.now(UTC).isoformat()
        hello = {"device": self.device, "clock": clock, "last_seq": self.last, "epoch": self.epoch}
        await self.say("hello", **{**hello, **fields})
        welcome = await self.next("welcome")
        self.epoch = welcome["epoch"]
        return welcome

    async def read(self) -> Json:
        """The next message, stored where it holds items."""
        async with asyncio.timeout(20):
            message: Json = json.loads(await self.socket.recv())
        self.heard.append(message)
        if message["type"] == "snapshot":
            self.stored = {number: {} for number in range(1, message["head"] + 1)}
        for item in message.get("items", ()):
            self.stored[item["seq"]] = item
        return message

    async def next(self, kind: str) -> Json:
        """The next message of a kind; those before it are read as well."""
        while True:
            message = await self.read()
            if message["type"] == kind:
                return message

    async def until(self, number: int) -> None:
        """Read until the items up to a number are stored."""
        while self.last < number:
            await self.read()

    async def ack(self, seq: int | None = None) -> None:
        """Say that all up to a number is stored."""
        await self.say("ack", seq=self.last if seq is None else seq)

    def numbers(self) -> list[int]:
        """The numbers of all items that came, in the order in which they came."""
        return [
            item["seq"]
            for message in self.heard
            if message["type"] == "items"
            for item in message["items"]
        ]


def sent(command: Json, number: int = 0, **about: Any) -> Json:
    """A command as a device sends it."""
    at = int(datetime.now(UTC).timestamp() * 1000)
    return {"id": command_id(at, number.to_bytes(10, "big")), "command": command, **about}


def people(number: int) -> Sequence[str]:
    """The first so many synthetic people."""
    return [person(n) for n in range(number)]


def opened(directory: Path) -> Home:
    """A data directory, caught up."""
    home = Home(directory)
    home.caught_up()
    return home


class SlowIndex:
    """Holds up the storing of the index, as a slow disk would."""

    def __init__(self, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
        self._gate = Event()
        self._gate.set()
        self._add_lines = home.views.add_lines
        monkeypatch.setattr(home.views, "add_lines", self._wait_and_add)

    def _wait_and_add(self, position: int, lines: Any) -> None:
        self._gate.wait(30)
        self._add_lines(position, lines)

    def hold(self) -> None:
        """Nothing is stored from now on."""
        self._gate.clear()

    def let_go(self) -> None:
        """It is stored again."""
        self._gate.set()


@contextmanager
def held_index(home: Home) -> Generator[SlowIndex]:
    """As long as this lasts the index can be held up."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        index = SlowIndex(home, monkeypatch)
        try:
            yield index
        finally:
            index.let_go()
