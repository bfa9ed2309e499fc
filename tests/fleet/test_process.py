"""A fleet in a process of its own: it does what is wished, and is gone when nobody asks any more."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from handheld.bootstrap import Home
from handheld.domain.errors import HandheldError
from handheld.entrypoints.fleet.owners import Owner
from handheld.entrypoints.fleet.process import FleetProcess
from handheld.entrypoints.fleet.running import Running, Wish
from handheld.entrypoints.fleet.talk import Grown
from tests.fleet.test_running import HASTY, SECONDS, topics
from tests.support_gateway import Site


def pid(fleet: FleetProcess) -> int:
    process = fleet._process
    assert process is not None
    return process.pid


async def test_its_phones_answer_and_are_compared_when_it_is_asked_to_end(
    site: Site, owners: list[Owner]
) -> None:
    grown: list[Grown] = []
    fleet = FleetProcess(grown.append)
    mine, others = owners[:15], owners[15:]
    try:
        await fleet.start(mine, Wish(url=site.url, haste=HASTY), others)
        await site.until(lambda: bool(grown) and grown[-1].connected == len(mine))
        await site.start()
        await site.until(lambda: grown[-1].accepted > len(mine) / 2)
        summary = await fleet.end()
    finally:
        await fleet.close()
    assert summary.right, summary
    assert summary.tasks == len(mine)
    assert summary.accepted == topics(site.home)["task.accepted.v1"]


async def test_it_ends_by_itself_when_whoever_started_it_is_gone(
    site: Site, owners: list[Owner]
) -> None:
    grown: list[Grown] = []
    fleet = FleetProcess(grown.append)
    try:
        await fleet.start(owners[:3], Wish(url=site.url), ())
        await site.until(lambda: bool(grown) and grown[-1].connected == 3)
        process = fleet._process
        assert process is not None
        assert process.stdin is not None
        process.stdin.close()  # as the system does when a process ends, however it ends
        with pytest.raises(HandheldError) as ended:
            await fleet.ended()
    finally:
        await fleet.close()
    assert (ended.value.code, ended.value.params) == ("fleet.ended", {"status": 3})


async def test_one_that_hangs_is_gone_when_it_is_closed(site: Site, owners: list[Owner]) -> None:
    fleet = FleetProcess(lambda _: None)
    await fleet.start(owners[:3], Wish(url=site.url), ())
    its = pid(fleet)
    await fleet.close()
    with pytest.raises(ProcessLookupError):
        os.kill(its, 0)


async def test_what_goes_wrong_in_it_is_told_with_its_code(owners: list[Owner]) -> None:
    fleet = FleetProcess(lambda _: None)
    try:
        await fleet.start(owners[:3], Wish(url="ws://127.0.0.1:9/api/v1/live"), owners[3:])
        with pytest.raises(HandheldError) as told:
            await fleet.ended()
    finally:
        await fleet.close()
    assert told.value.code == "fleet.unreachable"


async def test_what_was_given_before_is_left_to_whoever_had_it(
    site: Site, home: Home, owners: list[Owner], tmp_path: Path
) -> None:
    await site.start()
    wish = Wish(url=site.url, haste=HASTY, seconds=SECONDS, after=home.log.end())
    running = Running(owners, wish)
    ending = asyncio.Event()
    fleet = asyncio.create_task(running.run(ending))
    await site.until(lambda: running.figures.items >= len(owners) or fleet.done())
    ending.set()
    told = await fleet
    assert told.right, told
    assert (told.tasks, told.commands) == (0, 0)
    assert topics(home)["task.delivered.v1"] == len(owners)
