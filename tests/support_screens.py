"""A small county with the plan that is shipped, a way to its server, and what its screens show, for stories
that are told through the pages. All people are synthetic.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple, cast

import msgspec
from playwright.async_api import Browser, Page

from handheld import data
from handheld.adapters.clock import ClockSetting, SimulatedClock
from handheld.application.reading.board_wanted import Wanted
from handheld.bootstrap import Home, found_home
from handheld.config import Settings
from handheld.domain.plan import AdoptPlan
from handheld.domain.register import Contact, DivisionRow, ImportDivisions, ImportPeople, PersonRow
from handheld.domain.register_departments import DepartmentRow, ImportDepartments
from handheld.domain.standing import Viewer
from handheld_events.codec import Reading
from handheld_events.envelope import Recorded
from handheld_projections.organisation import Post
from tests.support_browser import DESK, PHONE, Looking, somebody
from tests.support_server import Served
from tests.support_signal import Signal

START = datetime(2021, 7, 23, 7, 0, tzinfo=UTC)
"""Three in the afternoon there."""
DISTRICT, TOWN, VILLAGE = "330825", "330825101", "330825101264"
GRIDS = tuple(f"{VILLAGE}00{n}" for n in (1, 2, 3))
DIVISIONS = {
    DISTRICT: "龙游县",
    TOWN: "湖镇镇",
    VILLAGE: "希塘村村民委员会",
    **{code: f"第{n}网格" for n, code in zip("一二三", GRIDS, strict=True)},
}
PEOPLE = {
    "person-SYN-K": ("合成指挥长", Post("district_commander", DISTRICT)),
    "person-SYN-D": ("合成值班员", Post("duty_officer", DISTRICT)),
    "person-SYN-V": ("合成村干部", Post("village_official", VILLAGE)),
    "person-SYN-L": ("合成驻村队长", Post("village_team_leader", VILLAGE)),
    "person-SYN-A": ("合成网格长甲", Post("grid_head", GRIDS[0])),
    "person-SYN-B": ("合成网格长乙", Post("grid_head", GRIDS[1])),
    "person-SYN-C": ("合成网格长丙", Post("grid_head", GRIDS[2])),
    "person-SYN-H1": ("合成联户甲", Post("household_contact", GRIDS[0])),
    "person-SYN-H2": ("合成联户乙", Post("household_contact", GRIDS[1])),
    "person-SYN-H3": ("合成联户丙", Post("household_contact", GRIDS[2])),
}
COMMANDER, DUTY, CADRE, LEADER, A, B, C, *CONTACTS = PEOPLE
PATIENCE = 30_000

_READ = """(root) => {
  const box = document.querySelector(root);
  const found = {};
  for (const one of box ? box.querySelectorAll(".states .state, .funnel .step") : []) {
    const name = [...one.classList].find((word) => word !== "state" && word !== "step" && word !== "none");
    found[name.replace("is-", "")] = Number(one.querySelector(".number").textContent);
  }
  return found;
}"""
_NOTE = f"""() => {{
  const read = {_READ};
  window.noted = window.noted || {{}};
  const look = () => {{
    const board = document.querySelector(".dk-board:not(.stale)");
    const found = board ? read(".dk-board") : {{}};
    if (found.dispatched) (window.noted[board.dataset.position] ||= new Set()).add(JSON.stringify(found));
  }};
  new MutationObserver(look).observe(document.body, {{subtree: true, childList: true, characterData: true, attributes: true}});
  look();
}}"""
_NOTED = "() => Object.entries(window.noted || {}).map(([at, said]) => [Number(at), [...said]])"

Figures = dict[str, int]
"""The states of a board and the stages of its funnel, as they stand on a screen."""
STATES = ("waiting", "in_progress", "to_verify", "closed", "declined", "withdrawn", "overdue")


@contextmanager
def county(directory: Path) -> Generator[Home]:
    """The county in a new data directory, at three in the afternoon of the day of the typhoon."""
    found_home(directory, clock=ClockSetting(origin=START, rate=1))
    with Home(directory) as home:
        _register(home)
        yield home


def _register(home: Home) -> None:
    plan = msgspec.json.decode(data.plan("typhoon").read_bytes(), type=AdoptPlan)
    called = [target.department for order in plan.orders for target in order.to]
    departments = sorted({key for key in (*called, plan.lead, *plan.responding) if key})
    divisions = tuple(DivisionRow(code=code, name=name) for code, name in DIVISIONS.items())
    home.execute(ImportDivisions(rows=divisions), "operator")
    rows = tuple(
        DepartmentRow(key=key, name=f"合成部门{n}", division=DISTRICT, synthetic=True)
        for n, key in enumerate(departments, 1)
    )
    home.execute(ImportDepartments(rows=rows), "operator")
    sealed = home.keyring.seal([(person, name) for person, (name, _) in PEOPLE.items()])
    people = tuple(
        PersonRow(person=person, contact=Contact(name), posts=(post,), synthetic=True)
        for (person, (_, post)), name in zip(PEOPLE.items(), sealed, strict=True)
    )
    home.execute(ImportPeople(rows=people), "operator")
    home.execute(plan, "operator")


class _Here(NamedTuple):
    """What `somebody` has to know of a server."""

    url: str


class Stand:
    """A server that can be stopped and started, at addresses that stay: one of the office, one in the field."""

    def __init__(self, home: Home, running: Browser, office: Signal, field: Signal) -> None:
        self.home = home
        self.running = running
        self.office, self.field = office, field
        self.server: Served | None = None
        self.everybody: list[Looking] = []

    @property
    def clock(self) -> SimulatedClock:
        assert isinstance(self.home.clock, SimulatedClock)
        return self.home.clock

    async def open(self) -> None:
        """The server starts, and both ways lead to it."""
        origins = (self.office.url, self.field.url)
        self.server = Served(self.home, Settings(data=self.home.directory, origins=origins))
        await asyncio.to_thread(self.server.start)
        self.signal_back(self.office)
        self.signal_back(self.field)

    async def shut(self) -> None:
        """The server is stopped as an administrator stops it: it takes leave of whoever is connected."""
        self.office.leads_to = self.field.leads_to = 0
        server, self.server = self.server, None
        if server is None:
            return
        await asyncio.to_thread(server.stop)
        self.office.lost()
        self.field.lost()

    def signal_back(self, way: Signal) -> None:
        """A way leads to the server again."""
        assert self.server is not None
        way.leads_to = int(self.server.url.rpartition(":")[2])

    @asynccontextmanager
    async def desk(self, who: str) -> AsyncGenerator[Looking]:
        """Somebody's computer in the office, signed in."""
        assert self.server is not None
        token = self.server.token(who, device=f"desk-of-{who}")
        here = cast(Served, _Here(self.office.url))
        async with somebody(self.running, here, token, size=DESK) as looking:
            yield self._met(looking)

    @asynccontextmanager
    async def phone(self, who: str, way: Signal | None = None) -> AsyncGenerator[Page]:
        """Somebody's phone: they scan the code on their sheet, press once, and see their tasks."""
        here = cast(Served, _Here((way or self.office).url))
        async with somebody(self.running, here, size=PHONE) as looking:
            self._met(looking)
            (issued,) = self.home.access.issue_links([who])
            page = await looking.page(f"/s#{issued.secret}")
            await page.locator("main.sign-in .button.main").click()
            await page.wait_for_url("**/phone*")
            yield page

    def _met(self, looking: Looking) -> Looking:
        looking.context.set_default_timeout(PATIENCE)
        self.everybody.append(looking)
        return looking

    def held(self, task_force: str) -> Figures:
        """The same figures as the log holds them now."""
        self.home.caught_up()
        wanted = Wanted(key=DISTRICT, task_force=task_force)
        board = self.home.board_desk.reading.get(Viewer(DUTY), wanted).board
        return {
            **{state: board["count"][state] for state in STATES},
            **{stage: row["tasks"] for stage, row in board["funnel"].items()},
        }

    def facts(self, kind: type[Any]) -> list[Recorded[Any]]:
        """All facts of a kind, in the log's order."""
        reading = Reading()
        found = [reading.fact(*row) for row in self.home.log.read(0, 100_000)]
        return [one for one in found if isinstance(one.event, kind)]


async def figures(page: Page, root: str) -> Figures:
    """What stands within an element of a page."""
    found: Figures = await page.evaluate(_READ, root)
    return found


class Beside:
    """Two desks side by side: what each of them showed at every position of the log."""

    def __init__(self, *desks: Page) -> None:
        self._desks = desks
        self._seen: dict[Page, dict[int, set[str]]] = {desk: {} for desk in desks}

    async def watch(self) -> None:
        """Begin to note, and go on after a page was loaded anew."""
        for desk in self._desks:
            await desk.evaluate(_NOTE)

    async def note(self) -> None:
        """Take down what was noted so far."""
        for desk in self._desks:
            for position, said in await desk.evaluate(_NOTED):
                self._seen[desk].setdefault(position, set()).update(said)

    def compared(self) -> int:
        """At how many positions both showed something, and it was the same."""
        first, second = self._seen.values()
        both = sorted(first.keys() & second.keys())
        for position in both:
            assert len(first[position]) == 1, (position, first[position])
            assert first[position] == second[position], position
        return len(both)
