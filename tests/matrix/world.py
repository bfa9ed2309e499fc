"""A small county in which everybody stands to something in every way that the rules know.

All people are synthetic. What is done is kept beside as plain facts, for the oracle: it reads none of
the program's own states.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from handheld.bootstrap import Home, found_home
from handheld.domain.directing import HandOver
from handheld.domain.ending import CancelTaskForce, CloseTaskForce
from handheld.domain.finding_commands import OrderOnFinding, PassUp, ReportFinding, Route
from handheld.domain.joining import PullIn
from handheld.domain.ordering import IssueOrder, Order
from handheld.domain.passing_on import PassOn
from handheld.domain.plan import AdoptPlan
from handheld.domain.register import (
    Contact,
    DivisionRow,
    ErasePerson,
    ImportDivisions,
    ImportPeople,
    PersonRow,
)
from handheld.domain.register_departments import DepartmentRow, ImportDepartments
from handheld.domain.register_groups import FormGroup
from handheld.domain.starting import StartAdHoc
from handheld.domain.task_commands import Accept, Decline, Report, Withdraw
from handheld.domain.task_force import MakeEntry, SendMessage, StrikeEntry
from handheld.domain.warning_commands import RaiseWarning
from handheld_events.forms import Photo
from handheld_events.ids import (
    TaskIds,
    entry_id,
    finding_id,
    message_id,
    order_id,
    task_force_id,
    warning_id,
)
from handheld_events.orders import PlanOrder, Target
from handheld_projections.organisation import Post

D1, D2 = "330825", "330803"
T1, T2, T9 = "330825101", "330825102", "330803101"
V1, V2, V3 = "330825101264", "330825101265", "330825102201"
G1, G2 = "330825101264001", "330825101265001"
V9 = "330803101201"
DIVISIONS = (D1, D2, T1, T2, T9, V1, V2, V3, G1, G2, V9)
DEPARTMENTS = {"water": D1, "enforce": D1, "health": D2}

Held = tuple[str, str, str | None]
"""Role, division, department."""


def _p(short: str) -> str:
    return f"person-SYN-{short}"


POSTS: dict[str, tuple[Held, ...]] = {
    _p("dc1"): (("district_commander", D1, None),),
    _p("duty1"): (("duty_officer", D1, None),),
    _p("tc1"): (("township_commander", T1, None),),
    _p("to1"): (("township_official", T1, None),),
    _p("tc2"): (("township_commander", T2, None),),
    _p("to2"): (("township_official", T2, None),),
    _p("vt1"): (("village_team_leader", V1, None),),
    _p("vo1"): (("village_official", V1, None),),
    _p("vo2"): (("village_official", V2, None),),
    _p("vo3"): (("village_official", V3, None),),
    _p("gh1"): (("grid_head", G1, None),),
    _p("gw1"): (("grid_worker", G1, None),),
    _p("hc1"): (("household_contact", G1, None),),
    _p("gh2"): (("grid_head", G2, None),),
    _p("hc2"): (("household_contact", G2, None),),
    _p("gh3"): (("grid_head", V3, None),),
    _p("wh"): (("department_head", D1, "water"),),
    _p("wo"): (("department_officer", D1, "water"),),
    _p("wt"): (("department_officer", T1, "water"),),
    _p("eh"): (("department_head", D1, "enforce"),),
    _p("ed"): (("duty_officer", D1, "enforce"),),
    _p("eo"): (("enforcement_officer", T1, "enforce"),),
    _p("dc2"): (("district_commander", D2, None),),
    _p("ho"): (("department_officer", D2, "health"),),
    _p("tc9"): (("township_commander", T9, None),),
    _p("to9"): (("township_official", T9, None),),
    _p("none"): (("grid_worker", V9, None),),
    _p("left"): (("township_official", T2, None),),
    _p("gone"): (("household_contact", G2, None),),
    _p("an"): (("grid_worker", V9, None),),
}
"""As they are registered at first; `left` leaves their post, `gone` is erased."""
LEFT, GONE, ANALYST = _p("left"), _p("gone"), _p("an")


@dataclass
class Said:
    """Words, or who was told: at which position, by whom, to whom."""

    position: int
    by: str
    to: str | None = None
    words: str = ""


@dataclass
class Force:
    """What was done with a task force."""

    division: str
    began: int
    words: str
    commander: str
    commanded: set[str] = field(default_factory=set)
    lead: str | None = None
    departments: set[str] = field(default_factory=set)
    pulled: dict[str, int] = field(default_factory=dict)
    """Person: the position after which they see it."""
    finding: str | None = None
    drill: bool = False
    orders: list[str] = field(default_factory=list)
    entries: dict[str, Said] = field(default_factory=dict)
    messages: dict[str, Said] = field(default_factory=dict)


@dataclass
class Ordered:
    """An order."""

    force: str
    position: int
    words: str
    giver: str | None
    finding: str | None = None
    people: set[str] = field(default_factory=set)


@dataclass
class Task:
    """A task."""

    order: str
    person: str
    division: str
    department: str | None
    unit: bool = False


@dataclass
class Found:
    """A finding."""

    division: str
    reporter: str
    words: str
    desks: list[str] = field(default_factory=list)
    force: str | None = None
    orders: list[str] = field(default_factory=list)


@dataclass
class World:
    """The data directory, and the facts."""

    home: Home
    posts: dict[str, tuple[Held, ...]] = field(default_factory=lambda: dict(POSTS))
    forces: dict[str, Force] = field(default_factory=dict)
    orders: dict[str, Ordered] = field(default_factory=dict)
    tasks: dict[str, Task] = field(default_factory=dict)
    findings: dict[str, Found] = field(default_factory=dict)
    warnings: dict[str, tuple[str, ...]] = field(default_factory=dict)
    plans: dict[str, str] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    photos: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    """SHA-256: kind and name of what shows it, and who brought it."""
    words: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Every mark that stands in words of people: kind and name of what it is a part of."""
    said_at: dict[str, int] = field(default_factory=dict)
    """Of words in a task: the position of the fact."""
    names: dict[str, str] = field(default_factory=dict)
    phones: dict[str, str] = field(default_factory=dict)
    upload: str = ""
    _number: int = 0

    def mark(self, *about: str) -> str:
        """Words that occur once; `about` can be told later by `about`."""
        self._number += 1
        text = f"话{self._number:03d}语"
        self.words[text] = about
        return text

    def do(self, command: Any, actor: str, **about: Any) -> tuple[str, int]:
        """Carry it out; gives the command's id and the first position."""
        key = self.home.new_command_id()
        receipt = self.home.execute(command, actor, command_id=key, **about)
        assert receipt.outcome == "accepted", (command, receipt)
        return key, receipt.first or 0

    # --- what is done -----------------------------------------------------------------------------

    def start(
        self, division: str, actor: str, people: dict[str, Held], **more: Any
    ) -> tuple[str, str]:
        """A task force with one order; gives both ids."""
        words, place, drill = self.mark(), self.mark(), more.pop("drill", False)
        to, unit = more.pop("to", ()), more.pop("unit", None)
        order = Order(text=words, people=() if unit else tuple(people), to=to)
        begin = StartAdHoc(
            title=f"专班{len(self.forces)}", division=division, place=place, orders=(order,), **more
        )
        key, position = self.do(begin, actor, drill=drill)
        force = task_force_id(key)
        self.words[place] = ("task_force", force)
        self.forces[force] = Force(
            division, position, place, actor, {actor}, more.get("lead"), drill=drill
        )
        self.forces[force].finding = more.get("finding")
        if more.get("lead"):
            self.forces[force].departments.add(more["lead"])
        if more.get("finding"):
            self.findings[more["finding"]].force = force
        self.ordered(force, order_id(key, 0), position, words, None, people, unit)
        return force, order_id(key, 0)

    def ordered(
        self,
        force: str,
        order: str,
        position: int,
        words: str,
        giver: str | None,
        people: dict[str, Held],
        unit: str | None = None,
        finding: str | None = None,
    ) -> None:
        """Note an order and its tasks."""
        self.words[words] = ("order", order)
        self.forces[force].orders.append(order)
        self.orders[order] = Ordered(force, position, words, giver, finding, set(people))
        for person, (_, division, department) in people.items():
            own = unit is not None and department == unit
            self.tasks[TaskIds(order).of(person)] = Task(order, person, division, department, own)
        if unit is not None:
            self.forces[force].departments.add(unit)

    def task(self, order: str, short: str) -> str:
        return TaskIds(order).of(_p(short))

    def say(self, force: str, actor: str, to: str | None = None, **more: Any) -> str:
        words = self.mark()
        key, position = self.do(SendMessage(task_force=force, text=words, to=to, **more), actor)
        self.words[words] = ("message", force, message_id(key))
        self.forces[force].messages[message_id(key)] = Said(position, actor, to, words)
        return message_id(key)

    def in_task(self, task: str, actor: str, command: Any, **more: Any) -> None:
        """A command with words on one task."""
        words = self.mark("task", task)
        name = "text" if command is Report else "reason"
        _, at = self.do(command(task=task, **{name: words}, **more), actor)
        self.said_at[words] = at

    def enter(self, force: str, actor: str) -> str:
        words = self.mark()
        key, position = self.do(MakeEntry(task_force=force, text=words), actor)
        self.words[words] = ("entry", force, entry_id(key))
        self.forces[force].entries[entry_id(key)] = Said(position, actor, None, words)
        return entry_id(key)

    def pull_in(self, force: str, actor: str, who: str, *, all_: bool) -> None:
        sees: Literal["all", "from_now"] = "all" if all_ else "from_now"
        _, position = self.do(PullIn(task_force=force, person=who, sees=sees), actor)
        self.forces[force].pulled[who] = 0 if all_ else position - 1

    def found(self, reporter: str, division: str, **more: Any) -> str:
        words = self.mark()
        key, _ = self.do(ReportFinding(text=words, division=division, **more), reporter)
        finding = finding_id(key)
        self.words[words] = ("finding", finding)
        self.findings[finding] = Found(division, reporter, words, [division[:12]])
        return finding

    def moved(self, finding: str, actor: str, *, up: bool, to: str) -> None:
        words = self.mark("finding", finding)
        step: Any = PassUp(finding=finding, reason=words)
        if not up:
            step = Route(finding=finding, desk=to, reason=words)
        self.do(step, actor)
        self.findings[finding].desks.append(to)

    def photo(self, who: str, kind: str, name: str, number: int) -> Photo:
        """A photo that somebody brings; its bytes go to the server by themselves."""
        raw = photo_bytes(number)
        digest = sha256(raw).hexdigest()
        self.photos[digest] = (kind, name, who)
        return Photo(sha256=digest, size=len(raw), media="image/jpeg")


def photo_bytes(number: int) -> bytes:
    folder = Path(__file__).parent.parent / "data" / "attachments"
    plain = (folder / "gps.jpg").read_bytes()
    return plain[:-2] + bytes([number]) * 64 + plain[-2:]


def _held(*shorts: str) -> dict[str, Held]:
    return {_p(short): POSTS[_p(short)][0] for short in shorts}


def _register(world: World) -> None:
    home = world.home
    rows = tuple(DivisionRow(code=c, name=f"区划{c}", synthetic=True) for c in DIVISIONS)
    home.execute(ImportDivisions(rows=rows), "operator")
    departments = tuple(
        DepartmentRow(key=k, name=f"部门{k}", division=d, synthetic=True)
        for k, d in DEPARTMENTS.items()
    )
    home.execute(ImportDepartments(rows=departments), "operator")
    values = []
    for number, person in enumerate(POSTS):
        world.names[person] = f"合成甲{number:02d}乙"
        world.phones[person] = f"1990000{number:04d}"
        values += [(person, world.names[person]), (person, world.phones[person])]
    sealed = home.keyring.seal(values)
    people = tuple(
        PersonRow(
            person=person,
            contact=Contact(sealed[2 * number], sealed[2 * number + 1]),
            posts=tuple(Post(*post) for post in posts),
            households=("H001", "H002") if person == _p("hc1") else None,
            synthetic=True,
        )
        for number, (person, posts) in enumerate(POSTS.items())
    )
    home.execute(ImportPeople(rows=people), "operator")


def _plans(world: World) -> None:
    for key, division, actor in (("alpha", D1, _p("duty1")), ("beta", D2, _p("dc2"))):
        orders = (PlanOrder(key="go", text="按预案巡查", to=(Target(role="grid_head"),)),)
        world.do(AdoptPlan(plan=key, title=f"预案{key}", division=division, orders=orders), actor)
        world.plans[f"plan-{key}"] = division
    members = (_p("gh1"), _p("vo1"))
    world.do(FormGroup(group="team", name="先锋队", division=T1, members=members), _p("tc1"))
    world.groups["team"] = T1
    for division, actor in ((T1, _p("tc1")), (D2, _p("dc2"))):
        key, _ = world.do(
            RaiseWarning(event="山洪", level="orange", headline="当心", divisions=(division,)),
            actor,
        )
        world.warnings[warning_id(key)] = (division,)


def _flood(world: World) -> None:
    """At a township: everybody stands to it in some way."""
    force, order = world.start(
        T1, _p("tc1"), _held("vo1", "gh1", "hc1", "wt", "eo", "gone", "left"), level="III"
    )
    world.enter(force, _p("tc1"))
    struck = world.enter(force, _p("tc1"))
    why = world.mark("entry", force, struck)
    world.do(StrikeEntry(task_force=force, entry=struck, reason=why), _p("tc1"))
    world.say(force, _p("tc1"))
    world.say(force, _p("tc1"), "department-health", question=True)
    world.say(force, _p("vo1"), T2)
    # one that an official gave by himself
    words = world.mark()
    given = Order(text=words, people=tuple(_held("vo2", "gh2")))
    key, at = world.do(IssueOrder(task_force=force, order=given), _p("to1"))
    world.ordered(force, order_id(key, 0), at, words, _p("to1"), _held("vo2", "gh2"))
    # one that an assignee passed on
    own = world.task(order, "vo1")
    world.do(Accept(task=own), _p("vo1"))
    words = world.mark()
    key, at = world.do(PassOn(task=own, people=(_p("gw1"),), text=words), _p("vo1"))
    world.ordered(force, order_id(key, 0), at, words, _p("vo1"), _held("gw1"))
    for short in ("hc1", "eo"):
        world.in_task(world.task(order, short), _p(short), Decline)
    task = world.task(order, "gh1")
    photo = world.photo(_p("gh1"), "task", task, 1)
    world.in_task(task, _p("gh1"), Report, photos=(photo,))
    world.pull_in(force, _p("tc1"), _p("to9"), all_=True)
    world.pull_in(force, _p("tc1"), _p("tc9"), all_=False)
    world.pull_in(force, _p("tc1"), _p("none"), all_=False)
    world.enter(force, _p("tc1"))
    world.say(force, _p("tc1"))
    world.in_task(world.task(order, "left"), _p("tc1"), Withdraw)
    photo, words = world.photo(_p("tc1"), "late", force, 2), world.mark()
    key, at = world.do(
        SendMessage(task_force=force, text=words, to="department-water", photos=(photo,)), _p("tc1")
    )
    message = message_id(key)
    world.words[words] = ("message", force, message)
    world.forces[force].messages[message] = Said(at, _p("tc1"), "department-water", words)
    world.photos[photo.sha256] = ("message", f"{force} {message}", _p("tc1"))


def _others(world: World) -> None:
    """At the district with a lead department and one called as a unit; and what has ended."""
    force, _ = world.start(
        D1,
        _p("duty1"),
        _held("eh"),
        to=(Target(department="enforce"),),
        unit="enforce",
        lead="water",
    )
    world.do(HandOver(task_force=force, to=_p("dc1")), _p("duty1"))
    world.forces[force].commander = _p("dc1")
    world.forces[force].commanded.add(_p("dc1"))
    finding = world.found(_p("wo"), V3)
    words = world.mark()
    given = Order(text=words, people=(_p("gh3"),))
    key, at = world.do(OrderOnFinding(finding=finding, task_force=force, order=given), _p("duty1"))
    world.ordered(force, order_id(key, 0), at, words, _p("duty1"), _held("gh3"), finding=finding)
    world.findings[finding].orders.append(order_id(key, 0))
    moving = world.found(_p("hc1"), G1)
    world.moved(moving, _p("vo1"), up=True, to=T1)
    world.moved(moving, _p("to1"), up=True, to=D1)
    world.moved(moving, _p("duty1"), up=False, to=T2)
    cause = world.found(_p("hc2"), G2)
    world.start(T1, _p("tc1"), _held("gh2"), finding=cause)
    photo = world.photo(_p("to9"), "finding", "", 3)
    far = world.found(_p("to9"), T9, photos=(photo,))
    world.photos[photo.sha256] = ("finding", far, _p("to9"))
    drill, _ = world.start(T2, _p("tc2"), _held("gh3"), drill=True)
    outcome = world.mark("course", drill)
    world.do(
        CloseTaskForce(task_force=drill, outcome=outcome, withdraw_open=True), _p("tc2"), drill=True
    )
    over, _ = world.start(D2, _p("dc2"), _held("to9"))
    why = world.mark("course", over)
    world.do(CancelTaskForce(task_force=over, reason=why), _p("dc2"))


def _leaving(world: World) -> None:
    row = PersonRow(person=LEFT, contact=None, posts=(Post("grid_worker", V9),), synthetic=True)
    world.home.execute(ImportPeople(rows=(row,)), "operator")
    world.posts[LEFT] = (("grid_worker", V9, None),)
    world.home.execute(ErasePerson(person=GONE, reason="离开"), "operator")
    world.home.erase_keys(GONE)
    world.posts[GONE] = ()


@contextmanager
def county(directory: Path) -> Generator[World]:
    """The county, as all of it was done."""
    found_home(directory)
    with Home(directory) as home:
        world = World(home)
        _register(world)
        _plans(world)
        _flood(world)
        _others(world)
        _leaving(world)
        home.caught_up()
        yield world
