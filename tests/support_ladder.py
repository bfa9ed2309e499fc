"""A small county with people to whom notices may go, and a ladder at work in it.

Their names say that they are made up; in the register they are not marked synthetic, because to
synthetic people nothing is sent. All peers run on this machine.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from handheld.adapters.clock import ClockSetting
from handheld.application.ladder import LadderAtWork
from handheld.application.ladder_keeper import LadderKeeper
from handheld.application.ladder_notes import Notes
from handheld.application.ladder_reach import Devices, NoDevices, Reach
from handheld.application.notifying import Notifier
from handheld.bootstrap import Home, found_home
from handheld.domain.ladder import Ladder
from handheld.domain.register import Contact, ImportPeople, PersonRow
from handheld.texts import Texts
from handheld_events.task import Rung, TaskNoticeAnswered, TaskNoticeAttempted, TaskNoticeBegun
from handheld_projections.organisation import Post
from tests.support_reactions import GRID, ORIGIN, POSTS, County, instant, populate

REAL = tuple(f"person-T{n}" for n in range(3))
"""Not marked synthetic; with a telephone number that nobody has."""
MADE_UP = "person-SYN-P"
"""Marked synthetic, with a telephone number."""
PHONES = {person: f"100000000{n:02}" for n, person in enumerate(REAL)}

Told = TaskNoticeBegun | TaskNoticeAttempted | TaskNoticeAnswered


def settle(home: Home) -> None:
    """The county, and the people who can be told."""
    populate(
        home, {who: posts for who, posts in POSTS.items() if not who.startswith("person-SYN-C")}
    )
    fields = [(who, "试验人员") for who in REAL] + list(PHONES.items())
    sealed = home.keyring.seal(fields)
    names, phones = sealed[: len(REAL)], sealed[len(REAL) :]
    rows = tuple(
        PersonRow(
            person=who,
            contact=Contact(name, phone),
            posts=(Post("household_contact", GRID),),
            synthetic=False,
        )
        for who, name, phone in zip(REAL, names, phones, strict=True)
    )
    name, phone = home.keyring.seal([(MADE_UP, "合成人员"), (MADE_UP, "10000000099")])
    made_up = PersonRow(
        person=MADE_UP,
        contact=Contact(name, phone),
        posts=(Post("grid_worker", GRID),),
        synthetic=True,
    )
    home.execute(ImportPeople(rows=(*rows, made_up)), "operator")


class Standing(County):
    """A county with a ladder."""

    def __init__(self, home: Home) -> None:
        super().__init__(home)
        self.keeper: LadderKeeper | None = None
        self.ladder: LadderAtWork | None = None

    def climb(
        self,
        notifiers: Mapping[Rung, Notifier],
        rules: Ladder | None = None,
        devices: Devices | None = None,
    ) -> None:
        """Begin with a ladder, as a process does that was just started."""
        home, rules = self.home, rules or Ladder()
        home.caught_up()
        reach = Reach(
            home.organisation,
            home.keyring,
            home.boards,
            devices or NoDevices(),
            Texts("zh"),
            notifiers.keys(),
        )
        self.keeper = LadderKeeper(home.log, home.boards, min(rules.waits.values()))
        home.follow(self.keeper)
        self.ladder = LadderAtWork(
            home.log,
            home.clock,
            self.keeper,
            reach,
            Notes(home.writer, home.clock),
            notifiers,
            rules,
        )

    def move_to(self, minute: float) -> None:
        """The clock is so many minutes after the origin; whoever opens the log next goes on there."""
        self.home.go_on_to(instant(minute))

    async def until(self, minute: float) -> int:
        """Move the clock, let the ladder look, and wait for what it has begun."""
        assert self.ladder is not None
        self.move_to(minute)
        begun = 0
        while True:
            await self.known()
            found = await self.ladder.step()
            await self.ladder.settled()
            if not found:
                await self.known()
                if not await self.ladder.step():
                    return begun
            begun += found

    async def known(self) -> None:
        assert self.keeper is not None
        assert await asyncio.to_thread(self.keeper.wait_for, self.home.log.end(), 20.0)

    def told(self, stream: str) -> list[Told]:
        """What the log says of notices about a task."""
        return [
            fact.event
            for fact in self.recorded(stream)
            if isinstance(fact.event, TaskNoticeBegun | TaskNoticeAttempted | TaskNoticeAnswered)
        ]

    def in_short(self, stream: str) -> list[tuple[Any, ...]]:
        return [_short(event) for event in self.told(stream)]


def _short(event: Told) -> tuple[Any, ...]:
    match event:
        case TaskNoticeBegun():
            return ("begun", event.rung, event.number)
        case TaskNoticeAttempted():
            return (event.result, event.rung, event.number)
        case TaskNoticeAnswered():
            return ("answered", event.number, event.arrived)


@asynccontextmanager
async def standing(directory: Path) -> AsyncGenerator[Standing]:
    """The county in a new data directory, or the same one opened anew."""
    new = not (directory / "log.db").exists()
    if new:
        found_home(directory, clock=ClockSetting(origin=ORIGIN, rate=0))
    home = await asyncio.to_thread(Home, directory)
    made = Standing(home)
    try:
        if new:
            settle(home)
        yield made
    finally:
        if made.ladder is not None:
            await made.ladder.close(patience=0)
        await asyncio.to_thread(home.close)
