"""A fleet on real sockets: every task arrives once and is answered, whatever phones put up with."""

from __future__ import annotations

import asyncio
from collections import Counter
from itertools import cycle
from pathlib import Path
from typing import Any

from handheld.bootstrap import Home
from handheld.entrypoints.fleet.figures import Summary
from handheld.entrypoints.fleet.owners import Owner
from handheld.entrypoints.fleet.running import Running, Wish
from handheld.entrypoints.fleet.tempers import Tempers
from handheld_events.codec import Reading
from tests.support_gateway import Site, serving

HASTY = 6_000.0
"""Two hours of the story take little more than a second."""
SECONDS = 60.0
"""No fleet of these goes on for longer; it ends much sooner."""


def topics(home: Home) -> Counter[str]:
    """How many facts of each kind the log has, about tasks."""
    rows = home.log.read(0, 1_000_000)
    return Counter(row[3] for row in rows if row[1].startswith("task-"))


async def ran(site: Site, owners: list[Owner], **wish: Any) -> Summary:
    """A fleet, and a start while it is there."""
    running = Running(owners, Wish(url=site.url, haste=HASTY, seconds=SECONDS, **wish))
    fleet = asyncio.create_task(running.run(asyncio.Event()))
    await site.until(lambda: running.figures.welcomes >= len(owners) or fleet.done())
    await site.start()
    return await fleet


async def test_everybody_gets_a_task_and_answers_it_as_people_do(
    site: Site, owners: list[Owner]
) -> None:
    told = await ran(site, owners, until_quiet=True)

    assert told.right
    assert told.tasks == len(owners)
    assert told.failed == {}
    counted = topics(site.home)
    assert counted["task.dispatched.v1"] == len(owners)
    assert counted["task.delivered.v1"] == len(owners)
    assert counted["task.accepted.v1"] == told.accepted > len(owners) * 0.8
    assert counted["task.reported.v1"] == told.reported > len(owners) * 0.8


async def test_nothing_is_lost_or_doubled_however_phones_misbehave(
    site: Site, owners: list[Owner]
) -> None:
    tempers = Tempers(
        offline=0.5, every=0.8, lasts=0.4, slow=0.3, pause=0.2, duplicates=0.5, storm=0.7
    )
    told = await ran(site, owners, until_quiet=True, tempers=tempers)

    assert told.right, told
    assert told.storms >= 1
    assert told.drops > 0
    assert told.said_twice > 0
    assert told.tasks == len(owners)
    counted = topics(site.home)
    assert counted["task.accepted.v1"] == told.accepted
    assert counted["task.reported.v1"] == told.reported
    assert counted["task.delivered.v1"] == len(owners)


async def test_what_was_done_while_the_server_was_away_is_told_with_its_time(
    home: Home, owners: list[Owner]
) -> None:
    async with serving(home) as site:
        running = Running(owners, Wish(url=site.url, haste=HASTY, until_quiet=True))
        fleet = asyncio.create_task(running.run(asyncio.Event()))
        await site.until(lambda: running.figures.welcomes >= len(owners) or fleet.done())
        await site.start()
        await site.until(lambda: running.figures.tasks == len(owners))
    await asyncio.sleep(1.5)
    async with serving(home) as back:
        running.gateways = cycle([back.url])  # another port, as far as the test is concerned
        told = await fleet

    assert told.right, told
    read = Reading().fact
    times = [
        (fact.meta.occurred_at, fact.recorded_at)
        for row in home.log.read(0, 1_000_000)
        if row[3] == "task.accepted.v1"
        for fact in [read(*row)]
    ]
    assert len(times) == told.accepted
    assert max((recorded - claimed).total_seconds() for claimed, recorded in times) > 1


async def test_a_phone_that_keeps_its_storage_outlives_its_process(
    home: Home, owners: list[Owner], tmp_path: Path
) -> None:
    few = owners[:5]
    async with serving(home) as site:
        first = await ran(site, few, until_quiet=True, store=tmp_path / "phones", acts=False)
        assert (first.tasks, first.accepted) == (5, 0)
        again = Running(
            few, Wish(url=site.url, haste=HASTY, until_quiet=True, store=tmp_path / "phones")
        )
        second = await again.run(asyncio.Event())
    assert second.right, second
    assert second.tasks == 5
    # Now and then somebody declines, or needs to be reminded.
    assert second.accepted == topics(home)["task.accepted.v1"] > 2
