"""A small county on a real PostgreSQL with its processes. All people here are synthetic."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from ssl import SSLContext
from time import time
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from handheld.adapters.api_client import health
from handheld.adapters.local_postgres import LocalPostgres
from handheld.application.access.records import DeviceSaid
from handheld.bootstrap import Home, Shared, Where, migrate
from handheld.domain.register import Contact, ImportPeople, PersonRow
from handheld.entrypoints.cluster.processes import Kind, Member
from handheld.entrypoints.fleet.owners import Owner
from handheld.entrypoints.fleet.signing_in import signed_in
from handheld.entrypoints.gateway.door import PATH
from handheld_events.ids import command_id
from handheld_projections.organisation import Post
from tests.support_http import NO_TLS
from tests.support_log import COUNTY, populate

NAME = "county"
DUTY = "person-SYN-D"
BOARD = f"/boards/divisions/{COUNTY}"
PEOPLE = 24
PASSWORD = "correct horse battery"
PATIENCE = 60.0
KINDS: tuple[Kind, ...] = ("api", "gateway", "follow")
TWO_OF_EACH: list[tuple[Kind, int]] = [(kind, number) for kind in KINDS for number in (1, 2)]
START = {"plan": "plan-storm", "division": COUNTY, "again": True}


def crew_env(where: Where, **more: str) -> dict[str, str]:
    """What processes of a district are told."""
    return {
        "HANDHELD_DATABASE": where.database,
        "HANDHELD_DISTRICT": where.district,
        "HANDHELD_DATA": str(where.directory),
        "HANDHELD_LANG": "en",
        **more,
    }


def settled(database: str, directory: Path, people: int = PEOPLE) -> Where:
    """A new district with contacts in a village and a duty officer, nothing of it running."""
    where = Where(database=database, district=NAME, directory=directory / "files")
    migrate(where)
    with Home(Shared(where)) as home:
        populate(home, people)
        (name,) = home.keyring.seal([(DUTY, "合成值班员")])
        row = PersonRow(
            person=DUTY,
            contact=Contact(name),
            posts=(Post("duty_officer", COUNTY),),
            synthetic=True,
        )
        home.execute(ImportPeople(rows=(row,)), "operator")
        home.caught_up()
    return where


class Crew:
    """The processes of a district, and the tokens of its people."""

    def __init__(self, server: LocalPostgres, where: Where, directory: Path, **env: str) -> None:
        self.server = server
        self.where = where
        self.members: dict[str, Member] = {}
        self.nats = ""
        """Where NATS is, if there is any."""
        self._env = crew_env(where, **env)
        self._logs = directory
        self._numbers = 0
        with Home(Shared(where, ())) as home:
            organisation = home.organisation.caught_up()[0]
            self.owners = list(signed_in(organisation, home.access, people_of(organisation.people)))
            duty = DeviceSaid(id="desk-0001")
            home.access.create_account("ops", PASSWORD, role="operator")
            self.operator = home.access.sign_in(
                "ops", PASSWORD, device=DeviceSaid(id="desk-0000")
            ).token
            self.duty = home.access.grant_sessions([(DUTY, duty)])[0].token

    async def start(self, *wanted: tuple[Kind, int]) -> None:
        """Start processes of these kinds, at the same time."""
        await self.add(*(Member(kind, n, self._env, self._logs) for kind, n in wanted))

    async def add(self, *new: Member) -> None:
        """Start these, and wait until they are ready."""
        self.members |= {one.name: one for one in new}
        await asyncio.gather(*(one.start() for one in new))
        for one in new:
            await until(partial(answers, one))

    async def stop(self) -> None:
        """End all."""
        await asyncio.gather(*(one.stop() for one in self.members.values()))

    def address(self, name: str) -> str:
        """Where a process is."""
        return self.members[name].address

    def live(self, name: str) -> str:
        """Where phones connect to a gateway."""
        return f"ws{self.address(name).removeprefix('http')}{PATH}"

    def key(self) -> str:
        """A new command id."""
        self._numbers += 1
        return command_id(int(time() * 1000), self._numbers.to_bytes(10, "big"))

    async def ask(
        self, name: str, method: str, path: str, token: str | None = None, **how: Any
    ) -> httpx.Response:
        """One request to an API, as the duty officer where no token says otherwise."""
        headers = {"Authorization": f"Bearer {token or self.duty}", **how.pop("headers", {})}
        async with httpx.AsyncClient(timeout=PATIENCE, verify=NO_TLS, trust_env=False) as client:
            url = f"{self.address(name)}/api/v1{path}"
            return await client.request(method, url, headers=headers, **how)

    async def get(self, name: str, path: str, token: str | None = None, **query: str) -> Any:
        """What is there."""
        found = await self.ask(name, "GET", path, token, params=query)
        assert found.is_success, found.text
        return found.json()

    async def post(self, name: str, path: str, body: Any, token: str | None = None) -> Any:
        """A command."""
        headers = {"Idempotency-Key": self.key()}
        found = await self.ask(name, "POST", path, token, json=body, headers=headers)
        assert found.is_success, found.text
        return found.json() if found.content else None

    async def holder(self, duty: str) -> str | None:
        """Which follower has a duty."""
        for name, one in self.members.items():
            alive = one.kind == "follow" and one.pid is not None
            if alive and duty in (await health(one.address)).get("duties", ()):
                return name
        return None


def people_of(known: Iterable[str]) -> list[str]:
    """The contacts, who have phones."""
    return sorted(one for one in known if one != DUTY)


async def answers(member: Member) -> bool:
    """Whether a process says that it is ready."""
    return (await health(member.address)).get("status") == "ok"


async def until(true: Callable[[], Awaitable[Any]], seconds: float = PATIENCE) -> Any:
    """Wait until something is so, as it must come to be; gives it."""
    async with asyncio.timeout(seconds):
        while True:
            if found := await true():
                return found
            await asyncio.sleep(0.02)


class Phone:
    """A phone that stores what it gets, over as many connections as it needs."""

    def __init__(self, owner: Owner) -> None:
        self.owner = owner
        self.epoch: str | None = None
        self.items: dict[int, Mapping[str, Any]] = {}
        self.numbers: list[int] = []
        """Of all items as they came."""
        self.snapshots = 0

    @asynccontextmanager
    async def at(
        self, url: str, trust: SSLContext | None = None
    ) -> AsyncGenerator[ClientConnection]:
        """A connection, greeted."""
        headers = {"Authorization": f"Bearer {self.owner.token}"}
        async with connect(
            url, additional_headers=headers, compression=None, proxy=None, ssl=trust
        ) as ws:
            await ws.send(hello(self.owner.device, epoch=self.epoch, last_seq=len(self.items)))
            yield ws

    async def read(self, ws: ClientConnection) -> str:
        """Take in a message; gives its kind."""
        async with asyncio.timeout(PATIENCE):
            message = json.loads(await ws.recv())
        if message["type"] == "welcome":
            self.epoch = message["epoch"]
        if message["type"] == "snapshot":
            self.snapshots += 1
            self.items = {number: {} for number in range(1, message["head"] + 1)}
        for item in message.get("items", ()):
            self.items[item["seq"]] = item
            self.numbers.append(item["seq"])
        return str(message["type"])

    async def until(self, ws: ClientConnection, true: Callable[[], object]) -> None:
        """Read until something is so."""
        while not true():
            await self.read(ws)

    def has(self, tasks: int) -> bool:
        """Whether so many tasks have come."""
        return len(self.tasks()) >= tasks

    def tasks(self) -> list[str]:
        """The tasks that came, each time that they came."""
        return [str(one["stream"]) for one in self.items.values() if one]


def hello(device: str, **fields: Any) -> str:
    """What a client says first."""
    clock = datetime.now(UTC).isoformat()
    said = {"type": "hello", "device": device, "clock": clock, "last_seq": 0}
    return json.dumps({**said, **{name: value for name, value in fields.items() if value}})


async def closed(ws: ClientConnection) -> int:
    """The code with which a connection is closed by its gateway."""
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                await ws.recv()
            except ConnectionClosed as error:
                return error.rcvd.code if error.rcvd is not None else 0
