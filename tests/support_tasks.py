"""A small township in a real data directory with a clock that stands still. All people synthetic."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from handheld.adapters.clock import ClockSetting, SimulatedClock
from handheld.application.loading import States
from handheld.application.requests import Receipt
from handheld.bootstrap import Home, found_home
from handheld.domain.ordering import Order
from handheld.domain.register import Contact, DivisionRow, ImportDivisions, ImportPeople, PersonRow
from handheld.domain.register_departments import DepartmentRow, ImportDepartments
from handheld.domain.starting import StartAdHoc
from handheld_events.base import Event
from handheld_events.codec import Reading
from handheld_events.ids import TaskIds, order_id, task_force_id
from handheld_projections.open_tasks import OpenTask
from handheld_projections.organisation import Post

ORIGIN = datetime(2021, 7, 23, 7, tzinfo=UTC)
DISTRICT, TOWNSHIP, VILLAGE = "330825", "330825101", "330825101264"
POSTS = {
    "person-SYN-D": (Post("duty_officer", DISTRICT),),
    "person-SYN-T": (Post("township_official", TOWNSHIP),),
    "person-SYN-A": (Post("grid_head", VILLAGE),),
    "person-SYN-B": (Post("grid_head", VILLAGE),),
    "person-SYN-C": (Post("household_contact", VILLAGE),),
    "person-SYN-W": (Post("department_officer", DISTRICT, "water"),),
    "person-SYN-X": (Post("department_officer", TOWNSHIP, "water"),),
}
DUTY, TOWN, A, B, C, WATER, STATIONED = POSTS


class Township:
    """A home with the township in it, and shorthand for what the tests do there."""

    def __init__(self, home: Home) -> None:
        self.home = home
        clock = home.clock
        assert isinstance(clock, SimulatedClock)
        self.clock = clock
        divisions = tuple(DivisionRow(code=c, name=c) for c in (DISTRICT, TOWNSHIP, VILLAGE))
        self.do(ImportDivisions(rows=divisions))
        water = DepartmentRow(key="water", name="水利局", division=DISTRICT, synthetic=True)
        self.do(ImportDepartments(rows=(water,)))
        names = home.keyring.seal([(person, "合成人员") for person in POSTS])
        rows = tuple(
            PersonRow(person=person, contact=Contact(name), posts=posts, synthetic=True)
            for (person, posts), name in zip(POSTS.items(), names, strict=True)
        )
        self.do(ImportPeople(rows=rows))

    def do(self, command: Any, actor: str = "operator", **about: Any) -> Receipt:
        return self.home.execute(command, actor, **about)

    def start(self, order: Order) -> tuple[str, str]:
        """A task force with this order: its stream, and the order's id."""
        command = self.home.new_command_id()
        start = StartAdHoc(title="道路抢通", division=DISTRICT, orders=(order,))
        self.do(start, command_id=command)
        return task_force_id(command), order_id(command, 0)

    def task(self, order: str, person: str) -> str:
        return TaskIds(order).of(person)

    def tasks(self, task_force: str) -> Mapping[str, OpenTask]:
        """All tasks of a task force, as its board has them."""
        self.home.caught_up()
        return self.home.boards.tasks(task_force)

    def facts(self, stream: str) -> list[Event]:
        """The facts of a stream, as the log has them."""
        reading = Reading()
        return [reading.fact(*row).event for row in self.home.log.read_streams([stream])]

    def state(self, stream: str) -> Any:
        states = States(self.home.log)
        states.load([stream])
        return states.get(stream).state

    def later(self, **time: float) -> None:
        self.clock.move_to(self.clock.now() + timedelta(**time))


@contextmanager
def township(directory: Path) -> Generator[Township]:
    """The township, in a new data directory."""
    found_home(directory, clock=ClockSetting(origin=ORIGIN, rate=0))
    with Home(directory) as home:
        yield Township(home)
