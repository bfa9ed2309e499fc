"""Wake-ups over a real NATS server: who is woken, by what, and what happens without NATS."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from handheld.adapters.log import open_sqlite
from handheld.adapters.log_sqlite import SQLiteLog
from handheld.adapters.nats_connection import connecting
from handheld.adapters.nats_settings import NatsSettings
from handheld.adapters.nats_wakes import Wakes
from handheld.application.waking import ROOT, told_under
from tests.support_nats import LOG, NatsServer, record, until

HERE, THERE, ELSEWHERE = "330825101", "330825102", "330825103"


class Process:
    """What takes part: its wakes, and the positions by which it was woken."""

    def __init__(self, server: NatsServer, log_id: str = LOG) -> None:
        connect = connecting(NatsSettings(servers=server.url), "test", echo=False)
        self.heard: list[int] = []
        self.wakes = Wakes(log_id, connect, self.heard.append)
        self.committed = self.wakes.committed

    @property
    def positions(self) -> list[int]:
        """Without those that only say that some may have been missed."""
        return [position for position in self.heard if position]

    async def has_heard(self, position: int) -> None:
        await until(lambda: position in self.heard)


@asynccontextmanager
async def at_work(*processes: Process) -> AsyncGenerator[None]:
    for one in processes:
        one.wakes.start()
    await until(lambda: all(one.wakes.connected for one in processes))
    try:
        yield
    finally:
        for one in processes:
            await asyncio.to_thread(one.wakes.close)


class Api(Process):
    """A process that commits, and one beside it that hears of everything."""

    def __init__(self, server: NatsServer) -> None:
        super().__init__(server)
        self.follower = Process(server)
        self.follower.wakes.watch()
        self._position = 0

    async def commits(self, *divisions: str | None) -> int:
        """Commit; the follower has heard of it when this returns. Gives the position."""
        self._position += 1
        self.committed(self._position, divisions)
        await self.follower.has_heard(self._position)
        return self._position

    async def settled(self, *hearers: Process) -> None:
        """All that was told before has arrived: this comes last, and to everybody."""
        marker = await self.commits(None)
        for one in hearers:
            await one.has_heard(marker)
            one.heard.remove(marker)


async def test_a_gateway_is_woken_by_the_two_townships_that_it_shows_and_not_by_the_third(
    server: NatsServer,
) -> None:
    api, gateway = Api(server), Process(server)
    gateway.wakes.watch(HERE)
    gateway.wakes.watch(THERE)
    async with at_work(api, api.follower, gateway):
        for division in (HERE, ELSEWHERE, THERE, f"{ELSEWHERE}201", f"{HERE}264", f"{THERE}264003"):
            await api.commits(division)
        await api.settled(gateway)

        assert gateway.positions == [1, 3, 5, 6]
        assert api.follower.positions == [1, 2, 3, 4, 5, 6, 7]
        assert api.positions == [], "it knows what it has committed"


async def test_what_is_watched_changes_while_it_runs(server: NatsServer) -> None:
    api, gateway = Api(server), Process(server)
    gateway.wakes.watch(HERE)
    async with at_work(api, api.follower, gateway):
        await api.commits(HERE)
        gateway.wakes.watch(THERE)
        gateway.wakes.watch(THERE)
        gateway.wakes.unwatch(HERE)
        there = await api.commits(THERE)
        while there not in gateway.heard:  # until the server knows of the change
            there = await api.commits(THERE)
            await api.settled(gateway)
        gateway.heard.clear()

        await api.commits(HERE)
        await api.settled(gateway)
        assert gateway.positions == [], "no longer"

        gateway.wakes.unwatch(THERE)
        await api.settled(gateway)
        there = await api.commits(THERE)
        await api.settled(gateway)
        assert gateway.positions == [there], "asked for twice, taken back once"


async def test_what_belongs_to_the_district_or_nowhere_wakes_all_of_it(server: NatsServer) -> None:
    api, gateway, other = Api(server), Process(server), Process(server)
    gateway.wakes.watch(f"{HERE}264")
    other.wakes.watch("330826")
    async with at_work(api, api.follower, gateway, other):
        await api.commits("330825")
        await api.commits(None)
        await api.settled(gateway, other)
    assert (gateway.positions, other.positions) == ([1, 2], [2])


async def test_another_log_on_the_same_servers_wakes_nobody(server: NatsServer) -> None:
    api, theirs = Api(server), Process(server, "another")
    theirs.wakes.watch()
    async with at_work(api, api.follower, theirs):
        await api.commits(HERE)
        async with server.client() as last:
            await last.publish(told_under("another", None), b"7")
            await theirs.has_heard(7)
    assert (api.follower.positions, theirs.positions) == ([1], [7])


async def test_a_start_in_a_thousand_villages_is_a_few_messages(server: NatsServer) -> None:
    api = Api(server)
    async with at_work(api, api.follower):
        await api.commits(*(f"3308251{town:02}2{n:02}" for town in range(20) for n in range(50)))
        await api.settled(api.follower)
    assert api.follower.positions == [1]


def _unreachable(process: Process) -> bool:
    return "nats.unreachable" in (process.wakes.trouble or "")


async def test_without_nats_a_commit_is_not_held_up_and_after_it_all_are_told_to_look(
    server: NatsServer,
) -> None:
    api, gateway = Process(server), Process(server)
    gateway.wakes.watch(HERE)
    async with at_work(api, gateway):
        server.kill()
        for one in (api, gateway):
            await until(partial(_unreachable, one))
        gateway.heard.clear()
        for position in range(1, 10_000):
            api.committed(position, [f"{HERE}{position % 1000:03}"])
        assert not api.wakes.connected
        server.start()
        await until(lambda: 0 in gateway.heard)
        await until(lambda: api.wakes.connected)
        api.committed(10_000, [HERE])
        await gateway.has_heard(10_000)
        assert (api.wakes.trouble, gateway.wakes.trouble) == (None, None)


async def test_it_starts_without_a_server_and_closes_without_one(server: NatsServer) -> None:
    server.kill()
    one = Process(server)
    one.committed(1, [HERE])
    one.wakes.start()
    await until(lambda: one.wakes.trouble)
    one.committed(2, [HERE])
    await asyncio.to_thread(one.wakes.close)
    one.committed(3, [HERE])


async def test_what_is_no_position_is_passed_over(server: NatsServer) -> None:
    api, gateway = Api(server), Process(server)
    gateway.wakes.watch(HERE)
    async with at_work(api, api.follower, gateway), server.client() as stranger:
        for odd in (b"", b"x", b"\xff"):
            await stranger.publish(told_under(LOG, HERE), odd)
        await stranger.publish(f"{ROOT}.{LOG}", b"7")
        await stranger.flush()
        await api.settled(gateway)
        assert gateway.positions == []


async def test_a_reader_of_another_process_is_woken_at_once(
    server: NatsServer, log: SQLiteLog, tmp_path: Path
) -> None:
    with open_sqlite(tmp_path / "log.db") as other:
        connect = connecting(NatsSettings(servers=server.url), "reader", echo=False)
        stirred: list[int] = []

        def woken(position: int) -> None:
            other.port.wake()
            stirred.append(other.port.end())

        reader = Wakes(LOG, connect, woken)
        reader.watch(HERE)
        writer = Process(server)
        reader.start()
        async with at_work(writer):
            await until(lambda: reader.connected)
            before = other.port.stirred
            record(log, 3, division=HERE)
            writer.committed(log.end(), [HERE])
            await until(lambda: other.port.stirred > before)
            await until(lambda: stirred[-1] == 3)
        await asyncio.to_thread(reader.close)
