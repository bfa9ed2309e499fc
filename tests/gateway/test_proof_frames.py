"""Random frames against the running server: nothing falls over, nothing stays behind.

Beside whoever sends them an honest phone, and a desk that watches a board, go on as if alone.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import threading
from collections.abc import Generator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from handheld.bootstrap import Home
from handheld.domain import task
from handheld_events.codec import Reading
from tests.support_frames import Chance, Rude
from tests.support_gateway import Phone, Site, people, sent, token_of
from tests.support_live import eventually, figure, grant_desk, port_of, site_of
from tests.support_log import COUNTY, VILLAGE, assert_whole
from tests.support_server import Served, served

HONEST, *RUDE = people(6)


@pytest.fixture
def server(home: Home) -> Generator[Served]:
    with served(home) as server:
        yield server


class Resources:
    """What a server holds on to."""

    def __init__(self, server: Served) -> None:
        gc.collect()
        self.tasks = asyncio.run_coroutine_threadsafe(_tasks(), server._loop).result(20)
        # Threads of pools come as they are needed, up to a few, with a file or two each.
        names = (thread.name for thread in threading.enumerate())
        self.threads = [name for name in names if not name.startswith(("asyncio_", "AnyIO"))]
        self.files = sum(1 for _ in Path("/proc/self/fd").iterdir())
        self.sockets = figure(server, "handheld_sockets")

    def as_before(self, before: Resources) -> bool:
        """Whether there is no more of anything."""
        return (
            self.tasks <= before.tasks
            and len(self.threads) <= len(before.threads)
            and self.files <= before.files + 24  # of some thousand connections
            and self.sockets == before.sockets
        )


async def _tasks() -> int:
    """How many there are in the server's loop."""
    return len(asyncio.all_tasks())


async def frames_leave_nothing(server: Served, frames: int, seed: int, at_once: int) -> Rude:
    home, site = server.home, site_of(server)
    await site.start()
    await site.start()
    rows = home.log.read_kinds(0, ["task"])
    of = {row[1]: Reading().fact(*row).person for row in rows if row[3] == "task.dispatched.v1"}
    tasks = [task for task, person in of.items() if person in RUDE]
    tokens = [token_of(home, who) for who in RUDE]
    rude = Rude(port_of(server), tokens, Chance(seed, [*tasks, "task-0"], [COUNTY, VILLAGE, "x"]))
    desk_of = Phone.of(site, "", token=grant_desk(server.home))
    async with Phone.of(site, HONEST) as phone, desk_of as desk:
        await phone.hello(epoch=f"{home.log.log_id}.1")
        epoch = phone.epoch
        await desk.hello(inbox=False)
        await desk.say("watch", watch="county", board={"kind": "division", "key": COUNTY})
        await desk.next("board")
        await asyncio.to_thread(figure, server, "handheld_sockets")  # opens threads that stay
        before = await asyncio.to_thread(Resources, server)
        going = [asyncio.create_task(rude.until(frames)) for _ in range(at_once)]
        heard = asyncio.create_task(_until_over(desk, going))
        mine = await _goes_on(site, phone, going)
        await asyncio.gather(*going)
        await heard
        assert phone.numbers() == [*range(phone.last - len(phone.numbers()) + 1, phone.last + 1)]
        assert (phone.last, phone.epoch) == (mine, epoch)
        await eventually(lambda: Resources(server).as_before(before))
        await _still_serves(server, phone)
        await _shows_the_last(desk)
    return rude


async def _goes_on(site: Site, phone: Phone, going: list[asyncio.Task[None]]) -> int:
    """The honest phone gets what is for it all the while; how many items that are."""
    (mine, *_) = [item for item in await _items(phone, 2) if item.get("task")]
    number = 2
    while True:
        over = all(one.done() for one in going)
        await site.do(task.Remind(task=mine["task"]))
        number += 1
        await phone.until(number)
        if over:
            return number
        await asyncio.sleep(0.05)


async def _items(phone: Phone, number: int) -> list[Any]:
    await phone.until(number)
    return [
        item
        for message in phone.heard
        for item in message.get("items", ())
        if item["seq"] <= number
    ]


async def _until_over(desk: Phone, going: list[asyncio.Task[None]]) -> None:
    while not all(one.done() for one in going):
        with suppress(TimeoutError):
            async with asyncio.timeout(0.2):
                await desk.read()


async def _still_serves(server: Served, phone: Phone) -> None:
    read = sent({"command": "task.read", "task": phone.stored[phone.last]["task"]})
    await phone.say("do", commands=[read])
    assert (await phone.next("done"))["outcome"] in ("accepted", "already_done")
    await asyncio.to_thread(server.home.caught_up)
    assert server.home.stopped == []
    assert_whole(server.home.log)


async def _shows_the_last(desk: Phone) -> None:
    """The desk was shown every number: 1, 2, 3 …, or whole anew."""
    n = 0
    for message in desk.heard:
        if message["type"] == "board":
            n = message["n"]
        elif message["type"] == "delta":
            assert message["n"] == n + 1
            n = message["n"]
    assert n > 0
    assert {message["type"] for message in desk.heard} <= {"welcome", "board", "delta"}


def no_errors(records: list[logging.LogRecord]) -> None:
    wrong = [record for record in records if record.levelno >= logging.ERROR]
    assert not wrong, [(record.name, record.getMessage(), record.exc_text) for record in wrong[:5]]


async def test_six_thousand_random_frames_harm_nobody_and_leave_nothing(
    server: Served, caplog: pytest.LogCaptureFixture
) -> None:
    rude = await frames_leave_nothing(server, 6_000, seed=20210723, at_once=8)
    no_errors(caplog.records)
    assert len(rude.sent) >= 18, rude.sent
    assert {1002, 1007, 1009, 4400, 4401} <= set(rude.closed), rude.closed


@pytest.mark.soak
async def test_a_hundred_thousand_random_frames_harm_nobody_and_leave_nothing(
    server: Served, caplog: pytest.LogCaptureFixture
) -> None:
    rude = await frames_leave_nothing(server, 100_000, seed=1500, at_once=8)
    no_errors(caplog.records)
    assert rude.frames >= 100_000


@pytest.mark.parametrize("clock", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59.999999Z"])
async def test_a_clock_at_the_end_of_the_calendar_keeps_no_phone_from_its_commands(
    server: Served, caplog: pytest.LogCaptureFixture, clock: str
) -> None:
    site = site_of(server)
    async with Phone.of(site, HONEST) as phone:
        await phone.hello(clock=clock)
        await site.start()
        await phone.until(1)
        command = {"command": "task.accept", "task": phone.stored[1]["task"]}
        accept = sent(command, occurred_at="2021-07-23T07:00:00Z")
        await phone.say("do", commands=[accept])
        assert (await phone.next("done"))["outcome"] == "accepted"
    await asyncio.to_thread(server.home.caught_up)
    assert server.home.stopped == []
    no_errors(caplog.records)
