"""SIGKILL of the server during a start, with phones connected, again and again.

Everybody has the task, or nobody; what was acknowledged is there; sent again it is a repeat; in the
end each phone has each of its tasks, and each was accepted once.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random
from typing import Any, NamedTuple, cast
from urllib.parse import urlsplit

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from handheld.bootstrap import Home
from handheld_events.codec import Reading
from handheld_events.ids import command_id
from tests.durability.checks import starts
from tests.support_gateway import Json, Phone, Site, token_of
from tests.support_live import grant_desk
from tests.support_log import COUNTY, assert_whole, new_command, person, populated

PEOPLE = 24
START = {"plan": "plan-storm", "division": COUNTY, "again": True}

processes = get_context("forkserver")
processes.set_forkserver_preload(["tests.durability.serving_child"])


class Running(NamedTuple):
    """A server process, and where phones connect."""

    process: BaseProcess
    site: Site
    api: str


@asynccontextmanager
async def running(directory: Path) -> AsyncGenerator[Running]:
    """A server in a process of its own; killed at the end, if not before."""
    from tests.durability.serving_child import serve_for_ever

    here, there = processes.Pipe(duplex=False)
    process = processes.Process(target=serve_for_ever, args=(directory, there))
    process.start()
    there.close()
    try:
        assert await asyncio.to_thread(here.poll, 60), "the server never listened"
        address = here.recv_bytes().decode()
        port = urlsplit(address).port
        assert port is not None
        site = Site(cast(Any, None), cast(Any, None), port)
        yield Running(process, site, f"{address}/api/v1")
    finally:
        process.kill()
        await asyncio.to_thread(process.join)
        here.close()
        process.close()


class Owner:
    """Somebody with a phone that keeps what it stores, whatever happens to the server."""

    def __init__(self, number: int, token: str) -> None:
        self.who = person(number)
        self._number = number
        self._token = token
        self.stored: dict[int, Json] = {}
        self.epoch: str | None = None
        self.queue: dict[str, Json] = {}
        """What was done, by its id."""
        self.answers: dict[str, Json] = {}
        self.greeted = asyncio.Event()

    @property
    def tasks(self) -> list[str]:
        """The tasks on the phone, in order."""
        items = [self.stored[number] for number in sorted(self.stored)]
        return [item["task"] for item in items if item.get("topic") == "task.dispatched.v1"]

    async def live(self, site: Site, goal: int | None = None) -> None:
        """Take what comes and accept it, until the server is gone or so many tasks are accepted."""
        with suppress(ConnectionClosed, OSError, EOFError, InvalidHandshake):
            async with Phone.of(site, self.who, "device-1", self._token, close_timeout=1) as phone:
                phone.stored = self.stored
                last = phone.last
                welcome = await phone.hello(epoch=self.epoch)
                if self.epoch is not None:  # a restart is no new beginning
                    assert (welcome["epoch"], welcome["after"]) == (self.epoch, last)
                self.epoch = phone.epoch
                self.greeted.set()
                await self._again(phone)
                while goal is None or not self._has_all(goal):
                    message = await phone.read()
                    self.stored = phone.stored
                    if message["type"] == "done":
                        self._answered(message)
                    elif message["type"] in ("items", "snapshot"):
                        await phone.ack()
                        await self._accept(phone)

    def _has_all(self, goal: int) -> bool:
        return len(self.tasks) == goal and self.queue.keys() == self.answers.keys()

    def _answered(self, message: Json) -> None:
        earlier = self.answers.setdefault(message["id"], message)
        if earlier is not message:
            assert message["repeated"]
            assert (message["first"], message["last"]) == (earlier["first"], earlier["last"])

    async def _again(self, phone: Phone) -> None:
        """What is not answered is sent again, and what was answered last as well."""
        waiting = [sent for sent in self.queue.values() if sent["id"] not in self.answers]
        known = [sent for sent in self.queue.values() if sent["id"] in self.answers][-2:]
        if known or waiting:
            await phone.say("do", commands=[*known, *waiting])
        await self._accept(phone)

    async def _accept(self, phone: Phone) -> None:
        done = {one["command"]["task"] for one in self.queue.values()}
        for number, task in enumerate(self.tasks):
            if task not in done:
                about = (self._number * 10_000 + number).to_bytes(10, "big")
                accept = {"command": "task.accept", "task": task}
                sent: Json = {"id": command_id(1_627_023_600_000, about), "command": accept}
                self.queue[sent["id"]] = sent
                await phone.say("do", commands=[sent])


async def start(api: str, desk: str, number: int) -> Json | None:
    """Ask for a start; None where no answer came."""
    headers = {"authorization": f"Bearer {desk}", "idempotency-key": new_command(number)}
    async with httpx.AsyncClient(trust_env=False, timeout=30, verify=False) as client:
        try:
            answer = await client.post(f"{api}/task-forces/from-plan", json=START, headers=headers)
        except httpx.TransportError:
            return None
    assert answer.status_code == 200, answer.text
    said: Json = answer.json()
    return said


def what_holds(directory: Path, owners: Sequence[Owner], acknowledged: dict[int, Json]) -> int:
    """After a kill; gives how many starts there are."""
    with Home(directory) as home:
        assert_whole(home.log)
        found = starts(home, PEOPLE)
        assert {said["made"] for said in acknowledged.values()} <= found
        reading = Reading()
        rows = {row[0]: reading.fact(*row) for row in home.log.read_kinds(0, ["task"])}
        for owner in owners:
            for item in owner.stored.values():  # no phone has what is not durable
                fact = rows[item["position"]]
                assert (fact.stream, fact.person) == (item["stream"], owner.who)
            for answer in owner.answers.values():
                assert rows[answer["first"]].meta.command == answer["id"]
        return len(found)


Starting = asyncio.Task[Json | None]


async def _under_way(owners: Sequence[Owner], tasks: int, starting: Starting) -> None:
    """Anywhere from the request to the answer."""
    await asyncio.sleep(tasks * 7 % 12 * 0.004)


async def _first(owners: Sequence[Owner], tasks: int, starting: Starting) -> None:
    """Somebody has it: so it is durable, whether it is answered or not."""
    await _have_it(owners, tasks, 1)


async def _half(owners: Sequence[Owner], tasks: int, starting: Starting) -> None:
    await _have_it(owners, tasks, PEOPLE // 2)


async def _have_it(owners: Sequence[Owner], tasks: int, number: int) -> None:
    """So many phones have so many tasks."""
    waited = 0
    while sum(len(owner.tasks) >= tasks for owner in owners) < number:
        waited += 1
        assert waited < 60_000
        await asyncio.sleep(0.001)


async def _answered(owners: Sequence[Owner], tasks: int, starting: Starting) -> None:
    await asyncio.wait((starting,))


MOMENTS = (_under_way, _first, _half, _answered)
"""When the server is killed, and a little later."""


async def killed_again_and_again(directory: Path, rounds: int, seed: int) -> Counter[str]:
    random = Random(seed)
    with Home(directory) as home:
        owners = [Owner(n, token_of(home, person(n))) for n in range(PEOPLE)]
        desk = grant_desk(home)
    acknowledged: dict[int, Json] = {}
    seen: Counter[str] = Counter()
    there = 0
    for number in range(rounds):
        async with running(directory) as server:
            for owner in owners:
                owner.greeted.clear()
            living = [asyncio.create_task(owner.live(server.site)) for owner in owners]
            await asyncio.gather(*(owner.greeted.wait() for owner in owners))
            if number:
                said = await start(server.api, desk, number - 1)
                assert said is not None
                was_there = there == number
                assert (said["outcome"], said.get("repeated", False)) == ("accepted", was_there)
                acknowledged[number - 1] = said
            starting = asyncio.create_task(start(server.api, desk, number))
            await MOMENTS[number % len(MOMENTS)](owners, number + 1, starting)
            await asyncio.sleep(random.uniform(0, 0.02))
            server.process.kill()
            answered = await starting
            await asyncio.gather(*living)
        if answered is not None:
            acknowledged[number] = answered
        there = await asyncio.to_thread(what_holds, directory, owners, acknowledged)
        assert there in (number, number + 1)
        assert max(len(owner.tasks) for owner in owners) <= there
        seen["there" if there == number + 1 else "absent"] += 1
        seen["answered"] += answered is not None
    async with running(directory) as server:
        said = await start(server.api, desk, rounds - 1)
        assert said is not None
        async with asyncio.timeout(60):
            await asyncio.gather(*(owner.live(server.site, rounds) for owner in owners))
        for owner in owners:
            assert len(owner.tasks) == len(set(owner.tasks)) == rounds
            assert owner.answers.keys() == owner.queue.keys()
    once_in_effect(directory, owners, rounds)
    return seen


def once_in_effect(directory: Path, owners: Sequence[Owner], rounds: int) -> None:
    what_holds(directory, owners, {})
    with Home(directory) as home:
        found: Counter[tuple[str, str | None]] = Counter()
        streams: Counter[tuple[str, str]] = Counter()
        reading = Reading()
        for row in home.log.read_kinds(0, ["task"]):
            fact = reading.fact(*row)
            found[row[3], fact.person] += 1
            streams[row[3], row[1]] += 1
        for topic in ("task.dispatched.v1", "task.accepted.v1"):
            assert {found[topic, owner.who] for owner in owners} == {rounds}
        assert set(streams.values()) == {1}
        home.caught_up()
        assert home.boards.tier_board(COUNTY).count.in_progress == rounds * PEOPLE


@pytest.fixture
def county(tmp_path: Path) -> Path:
    return populated(tmp_path / "data", PEOPLE)


async def test_a_server_killed_during_starts_leaves_each_phone_its_tasks_once(county: Path) -> None:
    seen = await killed_again_and_again(county, 3, seed=20210723)
    assert seen["there"] >= 2


@pytest.mark.soak
async def test_a_server_killed_a_hundred_times_leaves_each_phone_its_tasks_once(
    county: Path,
) -> None:
    seen = await killed_again_and_again(county, 100, seed=1500)
    assert min(seen["there"], seen["absent"]) > 0, "all kills came at the same point"
