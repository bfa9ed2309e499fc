"""A county with a task force under way, for the tests of wall and replay. All people synthetic."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from handheld.adapters.clock import ClockSetting, SimulatedClock
from handheld.bootstrap import Home, found_home
from handheld.domain.ordering import Order
from handheld.domain.register import Contact, DivisionRow, ImportDivisions, ImportPeople, PersonRow
from handheld.domain.starting import StartAdHoc
from handheld_events.forms import Filled, FormField
from handheld_events.ids import TaskIds, order_id, task_force_id
from handheld_projections.organisation import Post
from tests.support_tasks import ORIGIN

DISTRICT = "330825"
TOWNS = {"330825001": "龙洲街道", "330825101": "湖镇镇", "330825102": "小南海镇"}
GRIDS = {f"{town}2{n:02}": f"第{n}村" for town in TOWNS for n in range(1, 4)}
COMMANDER, DUTY = "person-SYN-K", "person-SYN-D"
HEADS = {f"person-SYN-{code}": code for code in GRIDS}
TITLE = "防汛巡查（测试）"
MOVED = (FormField(key="moved", label="转移人数", kind="number", unit="人"),)


class County:
    """A home with the county in it."""

    def __init__(self, home: Home) -> None:
        self.home = home
        assert isinstance(home.clock, SimulatedClock)
        self.clock = home.clock
        names = {DISTRICT: "龙游县", **TOWNS, **GRIDS}
        self.do(ImportDivisions(rows=tuple(DivisionRow(code=c, name=n) for c, n in names.items())))
        people = {
            COMMANDER: ("合成指挥长", Post("district_commander", DISTRICT)),
            DUTY: ("合成值班员", Post("duty_officer", DISTRICT)),
            **{p: (f"合成网格长{c[-5:]}", Post("grid_head", c)) for p, c in HEADS.items()},
        }
        sealed = home.keyring.seal([(person, name) for person, (name, _) in people.items()])
        rows = tuple(
            PersonRow(person=person, contact=Contact(name), posts=(post,), synthetic=True)
            for (person, (_, post)), name in zip(people.items(), sealed, strict=True)
        )
        self.do(ImportPeople(rows=rows))

    def do(self, command: Any, actor: str = "operator", **about: Any) -> Any:
        return self.home.execute(command, actor, **about)

    def start(
        self, title: str = TITLE, drill: bool = False, people: tuple[str, ...] = tuple(HEADS)
    ) -> tuple[str, TaskIds]:
        """A task force with one order to all heads: its stream, and their tasks."""
        command = self.home.new_command_id()
        order = Order(text="巡查本村低洼处，转移人员", people=people, form=MOVED)
        start = StartAdHoc(title=title, division=DISTRICT, orders=(order,))
        self.do(start, COMMANDER, command_id=command, drill=drill)
        return task_force_id(command), TaskIds(order_id(command, 0))

    def later(self, **time: float) -> datetime:
        """Time goes on; gives the new time."""
        self.clock.move_to(self.clock.now() + timedelta(**time))
        return self.clock.now()


def moved(people: int) -> Filled:
    """A form, filled in."""
    return Filled(numbers={"moved": people})


@contextmanager
def county(directory: Path) -> Generator[County]:
    """The county, in a new data directory with a clock that stands still."""
    found_home(directory, clock=ClockSetting(origin=ORIGIN, rate=0))
    with Home(directory) as home:
        yield County(home)
