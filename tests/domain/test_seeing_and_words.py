"""Who may see what, held against the words of the rules on random organisations.

`Words` is written from docs/rules/who-may-see.md with nothing but texts and sets.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import NamedTuple

from hypothesis import event, given
from hypothesis import strategies as st
from msgspec.structs import replace

from handheld.domain import policy, task_force
from handheld.domain.finding_commands import ReportFinding
from handheld.domain.seeing import TABLE, Reading, Seen, View, Viewer, reaches, visible
from handheld.domain.task_state import Task
from handheld_events.task_force import CommandHandedOver, DepartmentCalled, PersonPulledIn
from tests.support_organisation import Posts, erase, organisation
from tests.support_rules import STARTED

DIVISIONS = (
    "330825",
    "330825101",
    "330825102",
    "330825101264",
    "330825101265",
    "330825102201",
    "330825101264001",
    "330825102201001",
    "330803",
    "330803001",
)
HOMES = {"water": "330825", "police": "330825", "town-office": "330825101"}
OFFICIALS = {
    "district_commander",
    "duty_officer",
    "township_commander",
    "township_official",
    "village_official",
}
OVERSEERS = OFFICIALS | {"village_team_leader", "grid_head"}
ANSWERING = {"department_head", "department_officer", "duty_officer"}
ROOMS = {"district_commander", "duty_officer", "township_commander"}
OF_DIVISIONS = sorted(OVERSEERS | {"grid_worker", "household_contact"})
OF_DEPARTMENTS = sorted(ANSWERING | {"enforcement_officer"})
PEOPLE = tuple(f"person-P{n}" for n in range(5))

Held = tuple[str, str, str | None]
NOBODY = "person-unknown"

anywhere = st.sampled_from(DIVISIONS)
anybody = st.sampled_from(PEOPLE)
posts = st.one_of(
    st.tuples(st.sampled_from(OF_DIVISIONS), anywhere, st.none()),
    st.tuples(st.sampled_from(OF_DEPARTMENTS), anywhere, st.sampled_from(sorted(HOMES))),
)
units = st.one_of(anywhere, st.sampled_from([f"department-{key}" for key in HOMES]))


class Scene(NamedTuple):
    """People with their posts, and something that is looked at."""

    held: Mapping[str, list[Held]]
    erased: frozenset[str]
    place: str
    """Of the task force."""
    divisions: tuple[str, ...]
    person: str
    departments: tuple[str, ...]
    of_unit: bool
    commanders: tuple[str, ...]
    """The last commands."""
    pulled_in: frozenset[str]
    called: Mapping[str, str]
    after: Mapping[str, int]
    tasks: frozenset[str]
    giver: str | None
    reporter: str | None
    desks: tuple[str, ...]
    unit: str | None
    as_of: int | None


@st.composite
def scenes(draw: st.DrawFn) -> Scene:
    keys = st.sampled_from(sorted(HOMES))
    return Scene(
        held={p: draw(st.lists(posts, min_size=1, max_size=2, unique=True)) for p in PEOPLE},
        erased=draw(st.frozensets(anybody, max_size=1)),
        place=draw(anywhere),
        divisions=tuple(draw(st.lists(anywhere, min_size=1, max_size=2, unique=True))),
        person=draw(anybody),
        departments=tuple(draw(st.lists(keys, max_size=2, unique=True))),
        of_unit=draw(st.booleans()),
        commanders=tuple(draw(st.lists(anybody, min_size=1, max_size=2))),
        pulled_in=draw(st.frozensets(anybody, max_size=2)),
        called=draw(
            st.sampled_from(
                (
                    {},
                    {"water": "lead"},
                    {"water": "responding"},
                    {"police": "lead", "water": "lead"},
                )
            ).filter(lambda called: list(called.values()).count("lead") < 2)
        ),
        after=draw(st.dictionaries(anybody, st.sampled_from((0, 0, 7)))),
        tasks=draw(st.frozensets(anybody, max_size=2)),
        giver=draw(st.none() | anybody),
        reporter=draw(st.none() | anybody),
        desks=tuple(draw(st.lists(units, max_size=2))),
        unit=draw(st.none() | units),
        as_of=draw(st.sampled_from((None, None, 7, 8))),
    )


def seen_of(scene: Scene) -> Seen:
    """The scene as the rules are told of it, through events and imports."""
    held: dict[str, Posts] = dict(scene.held)
    people = organisation(DIVISIONS, held, HOMES)
    for person in scene.erased:
        erase(people, person)
    first, *later = scene.commanders
    force = task_force.evolve(None, replace(STARTED, division=scene.place, commander=first))
    for commander in later:
        force = task_force.evolve(force, CommandHandedOver(to=commander, handed_by=first))
    for person in sorted(scene.pulled_in):
        force = task_force.evolve(force, PersonPulledIn(person=person, division=scene.place))
    for key, part in scene.called.items():
        called = DepartmentCalled(department=key, part="lead" if part == "lead" else "responding")
        force = task_force.evolve(force, called)
    return Seen(
        people,
        scene.divisions,
        scene.person,
        scene.departments,
        scene.of_unit,
        force,
        scene.after.get,
        scene.tasks.__contains__,
        partial(str_or_none, scene.giver),
        partial(str_or_none, scene.reporter),
        scene.desks,
        () if scene.unit is None else (scene.unit,),
        scene.as_of,
    )


def str_or_none(value: str | None) -> str | None:
    return value


class Words:
    """The words of the rules, about one person who looks at one scene."""

    def __init__(self, me: str, scene: Scene) -> None:
        self.me, self.scene = me, scene
        self.mine = scene.held[me]
        self.places = [(role, place) for role, place, key in self.mine if key is None]
        self.agencies = [(role, place, key) for role, place, key in self.mine if key is not None]

    def an_official_of_it_or_above(self, roles: set[str]) -> bool:
        return any(
            role in roles and place == division[: len(place)]
            for role, place in self.places
            for division in self.scene.divisions
        )

    def room_over(self, division: str) -> bool:
        return any(
            role in ROOMS and len(place) < 12 and place == division[: len(place)]
            for role, place in self.places
        )

    def directs(self) -> bool:
        lead = [key for key, part in self.scene.called.items() if part == "lead"]
        return (
            self.scene.commanders[-1] == self.me
            or self.room_over(self.scene.place)
            or any(
                key in lead and role in {"department_head", "duty_officer"}
                for role, _, key in self.agencies
            )
        )

    def answers_for(self, *keys: str | None) -> bool:
        return any(key in keys and role in ANSWERING for role, _, key in self.agencies)

    def member_since(self) -> int | None:
        since = self.scene.after.get(self.me)
        if since is None or (self.scene.as_of is not None and self.scene.as_of <= since):
            return None
        inside = {*self.scene.commanders, *self.scene.pulled_in}
        official = bool(self.agencies) or any(role in OFFICIALS for role, _ in self.places)
        return since if self.me in inside or official else None

    def part(self) -> tuple[str, ...]:
        below = {
            place
            for role, place in self.places
            for division in self.scene.divisions
            if role in OVERSEERS
            and len(place) > len(division)
            and place[: len(division)] == division
        }
        agencies = {
            f"department-{key}"
            for _, place, key in self.agencies
            for division in self.scene.divisions
            if place[: len(division)] == division or division[: len(place)] == place
        }
        return tuple(sorted(below | agencies))

    def at_a_desk(self) -> bool:
        for desk in self.scene.desks:
            key = desk.removeprefix("department-")
            place = HOMES.get(key, desk)
            if any(role in ROOMS and p == place[: len(p)] for role, p in self.places):
                return True
            if key in HOMES and any(k == key for _, _, k in self.agencies):
                return True
            if key not in HOMES and any(p == desk for _, p in self.places):
                return True
        return False

    def of_the_unit(self) -> bool:
        units = {place for _, place in self.places}
        units |= {f"department-{key}" for _, _, key in self.agencies}
        return self.scene.unit in units

    def my_superior(self) -> bool:
        return any(
            key is None and role in OVERSEERS and place == mine[: len(place)]
            for role, place, key in self.scene.held[self.scene.person]
            for _, mine, _ in self.mine
            if self.scene.person not in self.scene.erased
        )

    def whole(self, reading: Reading) -> bool:
        """Whether they see all of it, but for what only members and analysts see."""
        scene, me = self.scene, self.me
        over = self.an_official_of_it_or_above(OVERSEERS)
        own = scene.person == me
        match reading:
            case "task_force":
                called = self.answers_for(*scene.called) or me in scene.tasks or self.of_the_unit()
                return self.directs() or over or called or me in (scene.giver, scene.reporter)
            case "task_force.timeline" | "entry":
                return self.directs() or over or self.answers_for(*scene.called)
            case "order" | "message":
                inside = self.directs() or over or self.answers_for(*scene.called)
                gave = reading == "order" and scene.giver == me
                return inside or me in scene.tasks or gave
            case "task_force.late":
                return self.directs() or over
            case "message.unit":
                return self.directs() or over or self.of_the_unit() or own
            case "task" | "task.history":
                unit = scene.of_unit and any(k in scene.departments for _, _, k in self.agencies)
                theirs = own or unit or self.answers_for(*scene.departments)
                told = reading == "task" and scene.reporter == me
                return theirs or self.directs() or over or scene.giver == me or told
            case "board.division" | "board.grid" | "late" | "warning" | "plan":
                return over
            case "board.department":
                room = any(self.room_over(division) for division in scene.divisions)
                return self.answers_for(*scene.departments) or room
            case "finding":
                found = scene.reporter == me or self.at_a_desk() or me in scene.tasks
                return found or over or self.directs()
            case "organisation":
                return True
            case "person.name" | "person.phone":
                above = over or self.answers_for(*scene.departments)
                known = own or above or self.directs() or self.my_superior()
                ordered = scene.person in (scene.giver, scene.commanders[-1])
                return known or (reading == "person.name" and me in scene.tasks and ordered)
            case "inbox":
                return own
            case "score":
                home = [k for k in scene.departments if (HOMES[k],) == scene.divisions]
                scored = self.answers_for(*home)
                return own or self.an_official_of_it_or_above(OFFICIALS) or scored


OF_MEMBERS = {"task_force", "task_force.timeline", "order", "entry", "message", "person.name"}
IN_PARTS = OF_MEMBERS - {"person.name"} | {"task_force.late", "warning", "plan"}
NOT_FOR_ANALYSTS = {"organisation", "person.name", "person.phone", "inbox"}


def by_the_words(viewer: Viewer, reading: Reading, scene: Scene) -> View:
    nothing = View("nothing", names=False)
    if viewer.actor not in PEOPLE or viewer.actor in scene.erased:
        return nothing
    words = Words(viewer.actor, scene)
    analyst = viewer.role == "analyst" and (
        reading not in NOT_FOR_ANALYSTS or (reading == "person.name" and viewer.names)
    )
    if words.whole(reading) or (analyst and viewer.names):
        return View("whole")
    since = words.member_since()
    if reading in OF_MEMBERS and since is not None:
        return View("whole", after=since)
    if analyst:
        return View("whole", names=False)
    parts = words.part() if reading in IN_PARTS else ()
    return View("part", parts=parts) if parts else nothing


viewers = st.builds(
    Viewer,
    st.sampled_from((*PEOPLE, NOBODY)),
    st.sampled_from((None, None, "analyst")),
    st.booleans(),
)


@given(scenes(), viewers)
def test_everybody_sees_what_the_words_say_and_nothing_else(scene: Scene, viewer: Viewer) -> None:
    seen = seen_of(scene)
    for reading in TABLE:
        view = visible(viewer, reading, seen)
        event(f"{reading}: {view.extent}")
        assert view == by_the_words(viewer, reading, scene), reading


@given(scenes(), anybody, st.booleans())
def test_whoever_may_act_on_something_sees_it(scene: Scene, actor: str, lent: bool) -> None:
    """What the policy lets somebody do, about a task, its task force or a finding, is not hidden."""
    if actor in scene.erased:
        return
    place = scene.divisions[0]
    seen = seen_of(scene)._replace(divisions=(place,))
    department = next(iter(scene.departments), None)
    of_unit = scene.of_unit and any(
        key == department and key is not None for _, _, key in scene.held[actor]
    )
    subject = policy.Subject(
        seen.organisation,
        scene.place,
        seen.task_force,
        Task(
            order="order-1",
            person=scene.person,
            steps=("accept", "report"),
            department=department,
            unit=scene.of_unit,
        ),
        place,
        of_unit,
        scene.person if lent else None,
        seen.giver,
        reporter=seen.reporter,
        asked=scene.unit,
        member=scene.tasks.__contains__,
        desk=(scene.desks or ("330825",))[0],
    )
    belongs = dict.fromkeys((*scene.commanders, *scene.pulled_in, *scene.tasks), 0)
    force = seen._replace(divisions=(scene.place,), after=belongs.get, as_of=None)
    finding = seen._replace(desks=(subject.desk,))
    asked = 0
    for command in policy.TABLE:
        fields = command.__struct_fields__
        if not policy.may(actor, command, subject) or command is ReportFinding:
            continue
        view: View | None = None
        if "finding" in fields:
            if not lent:  # what a reporter says by telephone, the helper need not see
                view = visible(Viewer(actor), "finding", finding)
        elif "task_force" in fields:
            view = visible(Viewer(actor), "task_force", force)
        elif "task" in fields:
            view = visible(Viewer(actor), "task", seen)
        if view is not None:
            assert view.extent != "nothing", command
            asked += 1
    event(f"may act: {asked > 0}")


@given(scenes(), anybody)
def test_rows_chosen_by_reach_hold_all_that_come_by_territory(scene: Scene, actor: str) -> None:
    """A board of a place that somebody sees lies in what they reach."""
    seen = seen_of(scene)
    reached = reaches(Viewer(actor), seen.organisation)
    for division in DIVISIONS:
        there = seen._replace(divisions=(division,))
        if visible(Viewer(actor), "board.division", there).extent == "whole":
            assert any(division.startswith(code) for code in reached)
