"""Any part is killed while a start goes out, at a moment by chance: nothing is lost, nothing doubled.

The seed is printed: `HANDHELD_SEED=…` plays the same again.
"""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from pathlib import Path
from random import Random
from secrets import randbits
from time import monotonic
from typing import Any

import pytest

from handheld.adapters.api_client import ApiClient
from handheld.bootstrap import Home, Shared
from handheld.entrypoints.cluster.story import RECOVERY_SECONDS, TAKEOVER_SECONDS
from handheld.entrypoints.fleet.process import FleetProcess
from handheld.entrypoints.fleet.running import Wish
from handheld.entrypoints.fleet.talk import Grown
from handheld_events.codec import Reading
from handheld_events.task import TaskAccepted, TaskDispatched
from tests.support_cluster import BOARD, PEOPLE, START, TWO_OF_EACH, Crew, settled, until
from tests.support_postgres import Postgres, postgres

PARTS = ("api", "gateway", "follow", "postgresql")
HASTE = 2_000.0
"""People answer so much sooner than in the story."""
SPREAD = 0.6
"""Seconds within which a start is done, and somebody is killed."""


class Trouble:
    """Kills, and sees that everything works again in time."""

    def __init__(self, crew: Crew, server: Postgres, chance: Random) -> None:
        self._crew = crew
        self._server = server
        self._chance = chance
        self._returning: dict[str, asyncio.Task[None]] = {}
        self.seconds: dict[str, list[float]] = {}

    async def kill(self, part: str) -> Callable[[], Coroutine[Any, Any, None]]:
        """Kill one of a kind, at a moment by chance; gives how it comes back.

        Both of its kind are there, while one of another kind may still be coming back.
        """
        if part in self._returning:
            await self._returning[part]
        await asyncio.sleep(self._chance.uniform(0, SPREAD))
        if part == "postgresql":
            self._server.kill()
            await asyncio.to_thread(self._server.start)
            return self._nothing
        name = f"{part}-{self._chance.choice((1, 2))}"
        if part == "follow":  # the one on which most depends
            name = await self._crew.holder("projector") or name
        await self._crew.members[name].kill()
        if part == "follow":
            await self._timed("takeover", self._taken_over, TAKEOVER_SECONDS)
        return self._crew.members[name].start

    def returns(self, part: str, back: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """It comes back while everything goes on."""
        self._returning[part] = asyncio.create_task(back())

    async def all_back(self) -> None:
        """Wait until nobody is missing."""
        await asyncio.gather(*self._returning.values())

    async def works(self, part: str, client: ApiClient) -> None:
        """A command is done, and both kinds of duty are somebody's."""

        async def ordered() -> bool:
            return bool((await client.post("/task-forces/from-plan", START))["outcome"])

        await self._timed(part, ordered, RECOVERY_SECONDS)
        await self._timed(part, self._taken_over, RECOVERY_SECONDS)

    async def _timed(self, what: str, true: Callable[[], Awaitable[Any]], seconds: float) -> None:
        begun = monotonic()
        await until(true, seconds)
        self.seconds.setdefault(what, []).append(round(monotonic() - begun, 2))

    async def _taken_over(self) -> bool:
        return all([await self._crew.holder(one) for one in ("projector", "reactions")])

    async def _nothing(self) -> None:
        """It is back already."""


async def played(crew: Crew, server: Postgres, rounds: Sequence[str], chance: Random) -> None:
    """Start and kill, once a round; then everything is compared."""
    await crew.start(*TWO_OF_EACH)
    client = ApiClient([crew.address("api-1"), crew.address("api-2")], crew.duty)
    grown: list[Grown] = []
    fleet = FleetProcess(grown.append)
    trouble = Trouble(crew, server, chance)
    acknowledged: list[dict[str, Any]] = []
    try:
        first, second = (crew.live(f"gateway-{n}") for n in (1, 2))
        await fleet.start(crew.owners, Wish(url=first, more=(second,), haste=HASTE), ())
        await until(lambda: told(bool(grown) and grown[-1].connected == PEOPLE))
        for part in rounds:
            killing = asyncio.create_task(trouble.kill(part))
            ending = monotonic() + SPREAD
            while monotonic() < ending or not killing.done():
                acknowledged.append(await client.post("/task-forces/from-plan", START))
                await asyncio.sleep(chance.uniform(0, 0.2))
            back = await killing
            await trouble.works(part, client)
            trouble.returns(part, back)
        await trouble.all_back()
        print(f"seconds until it worked: {trouble.seconds}")
        with Home(Shared(crew.where, ())) as home:
            await asyncio.to_thread(home.caught_up)
            starts = counted(home)[TaskDispatched.TOPIC] / PEOPLE
        await until(lambda: told(grown[-1].tasks == starts * PEOPLE))
        summary = await fleet.end()
    finally:
        await fleet.close()
        await client.close()
    assert summary.right, summary
    assert starts == len(acknowledged) + len(rounds)
    assert summary.tasks == starts * PEOPLE
    await compared(crew, acknowledged)


async def compared(crew: Crew, acknowledged: list[dict[str, Any]]) -> None:
    """What was acknowledged is in the log as it was said; all boards and stored views agree with it."""

    async def boards() -> list[Any] | None:
        found = [await crew.get(name, BOARD) for name in ("api-1", "api-2")]
        same = found[0]["position"] == found[1]["position"] == home.log.end()
        return [one["board"] for one in found] if same else None

    with Home(Shared(crew.where, ())) as home:
        one, other = await until(boards)
        assert one == other
        await asyncio.to_thread(home.caught_up)
        assert one["count"]["waiting"] + one["count"]["in_progress"] > 0
        await crew.stop()
        for done in acknowledged:
            facts = home.log.read(done["first"] - 1, done["last"] - done["first"] + 1)
            streams = {row[1] for row in facts}
            assert done["made"] in streams
            assert len([1 for stream in streams if stream.startswith("task-")]) == PEOPLE
        answered = accepted(home)
        assert answered
        assert set(answered.values()) == {1}
        checks = home.verify()
        assert all(check.same for check in checks), checks


def counted(home: Home) -> Counter[str]:
    """How many facts of each topic there are."""
    return Counter(row[3] for row in home.log.read(0, home.log.end()))


def accepted(home: Home) -> Counter[str]:
    """How often each task was accepted."""
    reading = Reading()
    facts = (reading.fact(*row) for row in home.log.read(0, home.log.end()))
    return Counter(fact.stream for fact in facts if isinstance(fact.event, TaskAccepted))


async def told(true: bool) -> bool:
    """For `until`."""
    return true


def chance_of() -> Random:
    """By the seed that is asked for, or a new one; printed."""
    seed = int(os.environ.get("HANDHELD_SEED") or randbits(32))
    print(f"HANDHELD_SEED={seed}")
    return Random(seed)


async def test_each_part_is_killed_during_a_start_and_nobody_loses_anything(
    tmp_path: Path,
) -> None:
    chance = chance_of()
    rounds = list(PARTS)
    chance.shuffle(rounds)
    with postgres() as server:
        crew = Crew(server, settled(server.conninfo, tmp_path), tmp_path)
        try:
            await played(crew, server, rounds, chance)
        finally:
            await crew.stop()


@pytest.mark.soak
async def test_the_same_forty_times_over(tmp_path: Path) -> None:
    chance = chance_of()
    rounds = [chance.choice(PARTS) for _ in range(40)]
    with postgres() as server:
        crew = Crew(server, settled(server.conninfo, tmp_path), tmp_path)
        try:
            await played(crew, server, rounds, chance)
        finally:
            await crew.stop()
