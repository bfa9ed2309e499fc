"""Each way in which phones misbehave, alone: every phone ends with exactly its tasks."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from handheld.bootstrap import Home
from handheld.entrypoints.fleet.figures import Figures, Summary
from handheld.entrypoints.fleet.owners import Owner
from handheld.entrypoints.fleet.running import Running, Wish
from handheld.entrypoints.fleet.signing_in import signed_in
from handheld.entrypoints.fleet.sockets import room_for
from handheld.entrypoints.fleet.tempers import Tempers
from handheld_events.codec import Reading
from handheld_events.task import TaskDispatched
from tests.fleet.test_running import HASTY, topics
from tests.support_gateway import Site, opened, serving
from tests.support_log import person, populated

LONGEST = 60.0
"""Seconds after which a fleet of a test ends, whatever is left."""


class Ran:
    """What a fleet did, and what its phones hold."""

    def __init__(self, running: Running, summary: Summary) -> None:
        self.summary = summary
        self.figures: Figures = running.figures
        self.tasks = {
            name: [
                kept.stream
                for kept in phone.state.items.values()
                if kept.topic == TaskDispatched.TOPIC
            ]
            for name, phone in running._phones.items()
        }


async def ran(
    site: Site,
    owners: list[Owner],
    tempers: Tempers,
    haste: float = HASTY,
    seconds: float = LONGEST,
) -> Ran:
    wish = Wish(url=site.url, haste=haste, seconds=seconds, tempers=tempers, until_quiet=True)
    running = Running(owners, wish)
    fleet = asyncio.create_task(running.run(asyncio.Event()))
    await site.until(lambda: running.figures.welcomes >= len(owners) or fleet.done())
    await site.start()
    return Ran(running, await fleet)


def by_person(home: Home) -> dict[str, list[str | None]]:
    """Whose task is which, as the log says."""
    read = Reading().fact
    found: dict[str, list[str | None]] = {}
    for row in home.log.read(0, 1_000_000):
        if row[3] == TaskDispatched.TOPIC:
            fact = read(*row)
            found.setdefault(fact.event.person, []).append(fact.stream)
    return found


@pytest.mark.parametrize(
    ("tempers", "seen"),
    [
        pytest.param(Tempers(offline=0.8, every=0.3, lasts=0.3), "drops", id="without signal"),
        pytest.param(Tempers(slow=1.0, pause=0.3), "pauses", id="slow to read"),
        pytest.param(Tempers(duplicates=1.0), "said_twice", id="saying things twice"),
        pytest.param(Tempers(storm=0.4), "storms", id="all gone at once"),
    ],
)
async def test_every_phone_ends_with_exactly_its_tasks(
    site: Site, owners: list[Owner], tempers: Tempers, seen: str
) -> None:
    got = await ran(site, owners, tempers)
    assert getattr(got.figures, seen) > 0
    assert got.summary.right, got.summary
    assert got.tasks == by_person(site.home)
    counted = topics(site.home)
    assert counted["task.delivered.v1"] == len(owners)
    assert counted["task.accepted.v1"] == got.summary.accepted > len(owners) / 2
    assert counted["task.reported.v1"] == got.summary.reported


@pytest.mark.soak
async def test_thousands_of_phones_that_misbehave_in_all_ways(tmp_path: Path) -> None:
    people, begun = 4_000, time.monotonic()
    room_for(2 * people)
    with opened(populated(tmp_path / "data", people)) as home:
        known = home.organisation.caught_up()[0]
        owners = list(signed_in(known, home.access, [person(n) for n in range(people)]))
        tempers = Tempers(
            offline=0.3, every=20, lasts=5, slow=0.1, pause=1, duplicates=0.3, storm=25
        )
        async with serving(home) as site:
            got = await ran(site, owners, tempers, haste=300, seconds=10 * LONGEST)
        assert got.summary.right, (got.summary, time.monotonic() - begun)
        assert got.figures.storms > 0
        assert got.tasks == by_person(home)
        assert topics(home)["task.accepted.v1"] == got.summary.accepted > people / 2
