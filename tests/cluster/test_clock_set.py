"""A machine's clock is set an hour on, and two hours back, while its processes serve."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from websockets.asyncio.client import connect

from handheld.bootstrap import Home, Shared
from handheld.entrypoints.cluster.processes import Kind, Member
from tests.support_cluster import (
    BOARD,
    PASSWORD,
    PEOPLE,
    START,
    Crew,
    Phone,
    crew_env,
    hello,
    settled,
    until,
)
from tests.support_postgres import postgres

CLOCK = Path(__file__).with_name("clock")
FROM_PLAN = "/task-forces/from-plan"
HOUR = 3600
pytestmark = pytest.mark.asyncio(loop_scope="module")


class Machine:
    """One whose clock is set."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "seconds"
        path = [str(CLOCK), *filter(None, [os.environ.get("PYTHONPATH")])]
        self.env = {"PYTHONPATH": os.pathsep.join(path), "CLOCK_OF_THE_MACHINE": str(self._file)}
        self.set(0)

    def set(self, seconds: int) -> None:
        """So many seconds from the right time, from now on, for all that runs there."""
        new = self._file.with_suffix(".new")
        new.write_text(str(seconds))
        new.rename(self._file)


@pytest.fixture(scope="module")
def wrong(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    return Machine(tmp_path_factory.mktemp("machine"))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def crew(wrong: Machine, tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Crew]:
    folder: Path = tmp_path_factory.mktemp("crew")
    with postgres() as server:
        made = Crew(server, settled(server.conninfo, folder), folder)
        there = crew_env(made.where, **wrong.env)
        kinds: tuple[Kind, ...] = ("api", "gateway", "follow")
        try:
            await made.add(*(Member(kind, 1, there, folder) for kind in kinds))
            await made.start(("api", 2), ("gateway", 2))
            yield made
        finally:
            await made.stop()


async def signed_in(crew: Crew, name: str) -> str:
    """A new session with a password, made at an API."""
    device = {"id": "desk-0000", "kind": "desk", "name": "desk"}
    body = {"name": "ops", "password": PASSWORD, "device": device}
    return str((await crew.post(name, "/sign-in", body))["token"])


async def greeted(crew: Crew, api: str, gateway: str) -> bool:
    """Whether a ticket of one process is taken by another."""
    owner = crew.owners[0]
    ticket = (await crew.post(api, "/me/tickets", {}, owner.token))["ticket"]
    async with connect(crew.live(gateway), proxy=None) as socket:
        await socket.send(hello(owner.device, ticket=ticket))
        return '"welcome"' in str(await socket.recv())


async def test_nothing_is_lost_doubled_or_put_back_in_time_and_everybody_stays_signed_in(
    crew: Crew, wrong: Machine
) -> None:
    acknowledged: list[dict[str, Any]] = []
    phone = Phone(crew.owners[1])
    async with phone.at(crew.live("gateway-1")) as socket:
        for seconds in (0, HOUR, -HOUR, 0):
            wrong.set(seconds)
            for name, other in (("api-1", "api-2"), ("api-2", "api-1")):
                key = {"Idempotency-Key": crew.key()}
                done = await crew.ask(name, "POST", FROM_PLAN, json=START, headers=key)
                assert done.is_success, done.text
                acknowledged.append(done.json())
                again = (await crew.ask(other, "POST", FROM_PLAN, json=START, headers=key)).json()
                assert (again["first"], again["repeated"]) == (done.json()["first"], True)
                token = await signed_in(crew, name)
                assert (await crew.ask(other, "GET", "/me", token)).is_success
                assert await greeted(crew, name, f"gateway-{other[-1]}")
        await phone.until(socket, lambda: phone.has(len(acknowledged)))
    assert phone.numbers == list(range(1, len(acknowledged) + 1))

    async def boards() -> list[Any] | None:
        found = [await crew.get(name, BOARD) for name in ("api-1", "api-2")]
        same = found[0]["position"] == found[1]["position"] == home.log.end()
        return [one["board"] for one in found] if same else None

    with Home(Shared(crew.where, ())) as home:
        one, other = await until(boards)
        assert one == other
        assert one["count"]["waiting"] == len(acknowledged) * PEOPLE
        rows = home.log.read(0, home.log.end())
        home.caught_up()
        checks = home.verify()
    assert all(check.same for check in checks), checks
    times = [row[5] for row in rows]
    assert all(earlier <= later for earlier, later in pairwise(times))
    assert times[-1] - times[0] > HOUR * 1_000_000  # the clock was wrong indeed
    started = [row[1] for row in rows if row[1].startswith("tf-") and row[2] == 1]
    assert started == [done["made"] for done in acknowledged]
    tasks = [row[1] for row in rows if row[1].startswith("task-") and row[2] == 1]
    assert len(tasks) == len(set(tasks)) == len(acknowledged) * PEOPLE
