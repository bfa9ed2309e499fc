"""A county of one grid in a real data directory, with a clock moved by hand. All people synthetic."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from handheld.adapters.clock import ClockSetting, SimulatedClock
from handheld.application.requests import Receipt
from handheld.bootstrap import Home, found_home
from handheld.domain.ordering import Order
from handheld.domain.plan import AdoptPlan
from handheld.domain.register import Contact, DivisionRow, ImportDivisions, ImportPeople, PersonRow
from handheld.domain.starting import StartAdHoc, StartFromPlan
from handheld_events.base import Event
from handheld_events.codec import Reading
from handheld_events.envelope import Recorded
from handheld_events.ids import TaskIds, order_id, task_force_id
from handheld_events.orders import Level, PlanOrder, Target
from handheld_events.plan import Trigger
from handheld_projections.organisation import Post

ORIGIN = datetime(2021, 7, 23, 7, tzinfo=UTC)
DISTRICT, TOWNSHIP, VILLAGE, GRID = "330825", "330825101", "330825101264", "330825101264001"
DUTY, RELIEF = "person-SYN-DUTY", "person-SYN-RELIEF"
TOWN, OFFICIAL, HEAD = "person-SYN-TOWN", "person-SYN-VILLAGE", "person-SYN-GRID"
CONTACTS = tuple(f"person-SYN-C{n}" for n in range(4))
A, B, C, D = CONTACTS
EVERYBODY = (Target(role="household_contact", tier="grid"),)

POSTS: Mapping[str, tuple[Post, ...]] = {
    DUTY: (Post("duty_officer", DISTRICT),),
    RELIEF: (Post("duty_officer", DISTRICT),),
    TOWN: (Post("township_official", TOWNSHIP),),
    OFFICIAL: (Post("village_official", VILLAGE),),
    HEAD: (Post("grid_head", GRID),),
    **{person: (Post("household_contact", GRID),) for person in CONTACTS},
}

E = TypeVar("E", bound=Event)


class County:
    """A home, and shorthand for what the tests do there."""

    def __init__(self, home: Home) -> None:
        self.home = home

    def do(self, command: Any, actor: str = "operator", **about: Any) -> Receipt:
        return self.home.execute(command, actor, **about)

    def at(self, minute: float) -> int:
        """The clock is moved to so many minutes after the origin; gives how much was asked for."""
        assert isinstance(self.home.clock, SimulatedClock)
        self.home.clock.move_to(instant(minute))
        return self.home.react()

    def start(self, *orders: Order, drill: bool = False) -> tuple[str, list[str]]:
        """A task force started by the duty officer: its stream, and those of the orders."""
        command = self.home.new_command_id()
        start = StartAdHoc(title="台风", division=DISTRICT, orders=orders)
        self.do(start, DUTY, command_id=command, drill=drill)
        return task_force_id(command), [order_id(command, n) for n in range(len(orders))]

    def adopt(
        self, *orders: PlanOrder, level: Level = "IV", triggers: tuple[Trigger, ...] = ()
    ) -> None:
        self.do(
            AdoptPlan(
                plan="typhoon",
                title="防台风",
                division=DISTRICT,
                orders=orders,
                level=level,
                triggers=triggers,
            )
        )

    def start_plan(self) -> str:
        command = self.home.new_command_id()
        start = StartFromPlan(plan="plan-typhoon", division=DISTRICT)
        self.do(start, DUTY, command_id=command)
        return task_force_id(command)

    def recorded(self, stream: str) -> list[Recorded[Any]]:
        reading = Reading()
        return [reading.fact(*row) for row in self.home.log.read_streams([stream])]

    def facts(self, stream: str, kind: type[E]) -> list[tuple[float, E]]:
        """The facts of this kind in a stream, each with the minute at which it was recorded."""
        return [
            ((fact.recorded_at - ORIGIN).total_seconds() / 60, fact.event)
            for fact in self.recorded(stream)
            if isinstance(fact.event, kind)
        ]

    def asked(self) -> list[tuple[str, str | None]]:
        """Outcome and code of every command of the reactions, as the log keeps them."""
        return commands_of_reactions(self.home.directory)


def commands_of_reactions(directory: Path) -> list[tuple[str, str | None]]:
    with sqlite3.connect(directory / "log.db") as log:
        rows = log.execute(
            "SELECT outcome, code FROM commands WHERE actor='reactions' ORDER BY recorded_us, command"
        ).fetchall()
    log.close()
    return [(outcome, code) for outcome, code in rows]


def instant(minute: float) -> datetime:
    return ORIGIN + timedelta(minutes=minute)


def task_of(order: str, person: str) -> str:
    return TaskIds(order).of(person)


def populate(home: Home, posts: Mapping[str, tuple[Post, ...]] = POSTS) -> None:
    divisions = tuple(
        DivisionRow(code=code, name=code, synthetic=True)
        for code in (DISTRICT, TOWNSHIP, VILLAGE, GRID)
    )
    home.execute(ImportDivisions(rows=divisions), "operator")
    names = home.keyring.seal([(person, "合成人员") for person in posts])
    rows = tuple(
        PersonRow(person=person, contact=Contact(name), posts=held, synthetic=True)
        for (person, held), name in zip(posts.items(), names, strict=True)
    )
    home.execute(ImportPeople(rows=rows), "operator")


@contextmanager
def county(directory: Path, clock: ClockSetting | None = None) -> Generator[County]:
    """The county in a new data directory."""
    found_home(directory, clock=clock or ClockSetting(origin=ORIGIN, rate=0))
    with Home(directory) as home:
        populate(home)
        yield County(home)


@contextmanager
def again(directory: Path) -> Generator[County]:
    """The same directory, opened anew."""
    with Home(directory) as home:
        yield County(home)


def by_task(county: County, tell: Callable[[Any], Any]) -> dict[str, list[Any]]:
    """What every task of the log says, fact by fact."""
    found: dict[str, list[Any]] = {}
    reading = Reading()
    for row in county.home.log.read_kinds(0, ["task"]):
        fact = reading.fact(*row)
        found.setdefault(fact.stream, []).append(tell(fact))
    return found
