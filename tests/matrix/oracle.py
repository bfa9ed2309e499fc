"""Who may see and do what, by brute force over plain facts, as docs/rules/who-may-see.md has it.

It is written from the pages by hand, and asks none of the program's rules.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from tests.matrix.world import DEPARTMENTS, GONE, Held, Ordered, World

OFFICIALS = {
    "district_commander",
    "duty_officer",
    "township_commander",
    "township_official",
    "village_official",
}
OVER = OFFICIALS | {"village_team_leader", "grid_head"}
ROOM = {"district_commander", "duty_officer", "township_commander"}
ANSWERS = {"department_head", "department_officer", "duty_officer"}
COMMANDS_DEPARTMENT = {"department_head", "duty_officer"}
EVERYTHING = "operator"


class Who(NamedTuple):
    """Somebody who looks."""

    person: str
    analyst: bool = False
    names: bool = False

    @property
    def label(self) -> str:
        kind = ("+names" if self.names else "+plain") if self.analyst else ""
        return f"{self.person}{kind}"


class Sees(NamedTuple):
    """How much they see: nothing, a part of it, or the whole from a position on."""

    extent: str
    names: bool = True
    after: int = 0
    parts: tuple[str, ...] = ()


NOTHING = Sees("nothing", names=False)
ALL = Sees("whole")


class Standing(NamedTuple):
    """What somebody may be to something: the lines of the page, each found by itself."""

    whole: tuple[bool, ...] = ()
    member: int | None = None
    parts: tuple[str, ...] = ()


def inside(code: str, other: str) -> bool:
    """Whether a division is another, or lies in it."""
    return code[: len(other)] == other


class Oracle:
    """Answers every question that the routes ask."""

    def __init__(self, world: World) -> None:
        self.world = world

    # --- posts ------------------------------------------------------------------------------------

    def posts(self, person: str) -> tuple[Held, ...]:
        return () if person == GONE else self.world.posts.get(person, ())

    def registered(self, who: Who) -> bool:
        return who.person in self.world.posts and who.person != GONE

    def over(self, person: str, places: Iterable[str], roles: set[str] = OVER) -> bool:
        return any(
            department is None and role in roles and inside(place, division)
            for role, division, department in self.posts(person)
            for place in places
        )

    def room(self, person: str, place: str) -> bool:
        """A command room of the place or above: of districts and townships."""
        return any(
            department is None
            and role in ROOM
            and len(division) in (6, 9)
            and inside(place, division)
            for role, division, department in self.posts(person)
        )

    def answers_for(self, person: str, departments: Iterable[str]) -> bool:
        return any(
            role in ANSWERS and department is not None and department in departments
            for role, _, department in self.posts(person)
        )

    def commands_department(self, person: str, department: str | None) -> bool:
        return department is not None and any(
            role in COMMANDS_DEPARTMENT and its == department for role, _, its in self.posts(person)
        )

    def of_unit(self, person: str, unit: str) -> bool:
        return any(
            unit == (division if department is None else f"department-{department}")
            for _, division, department in self.posts(person)
        )

    def under(self, person: str, places: Iterable[str]) -> tuple[str, ...]:
        return tuple(
            division
            for role, division, department in self.posts(person)
            if department is None
            and role in OVER
            and any(inside(division, place) for place in places)
        )

    def department_there(self, person: str, places: Iterable[str]) -> tuple[str, ...]:
        return tuple(
            f"department-{department}"
            for _, division, department in self.posts(person)
            if department is not None
            and any(inside(division, p) or inside(p, division) for p in places)
        )

    # --- task forces ------------------------------------------------------------------------------

    def directs(self, person: str, force: str | None) -> bool:
        known = self.world.forces.get(force or "")
        return known is not None and (
            person == known.commander
            or self.room(person, known.division)
            or self.commands_department(person, known.lead)
        )

    def called(self, person: str, force: str) -> bool:
        return self.answers_for(person, self.world.forces[force].departments)

    def has_task(self, person: str, force: str) -> bool:
        return any(person in self.world.orders[o].people for o in self.world.forces[force].orders)

    def member(self, person: str, force: str) -> int | None:
        """The position after which they see its course as members; None: not as members."""
        known = self.world.forces[force]
        if person in known.commanded or self.has_task(person, force):
            after = 0
        elif person in known.pulled:
            after = known.pulled[person]
        else:
            return None
        if person in known.commanded or person in known.pulled:
            return after
        serves = any(d is not None or r in OFFICIALS for r, _, d in self.posts(person))
        return after if serves else None

    def gave_by_self(self, person: str, force: str) -> bool:
        return any(self.world.orders[o].giver == person for o in self.world.forces[force].orders)

    def asked(self, person: str, force: str) -> bool:
        return any(
            m.to is not None and self.of_unit(person, m.to)
            for m in self.world.forces[force].messages.values()
        )

    def reports_of(self, finding: str | None) -> str | None:
        return None if finding is None else self.world.findings[finding].reporter

    def _there(self, person: str, places: Iterable[str]) -> tuple[str, ...]:
        places = tuple(places)
        return (*self.under(person, places), *self.department_there(person, places))

    def _put(self, who: Who, standing: Standing, *, analyst: bool = True) -> Sees:
        """The widest of them."""
        if not self.registered(who):
            return NOTHING
        if any(standing.whole):
            return ALL
        found = []
        if standing.member is not None:
            found.append(Sees("whole", True, standing.member))
        if who.analyst and analyst:
            found.append(Sees("whole", who.names))
        if found:
            return min(found, key=lambda view: (not view.names, view.after))
        if standing.parts:
            return Sees("part", parts=tuple(sorted(set(standing.parts))))
        return NOTHING

    def task_force(self, who: Who, force: str) -> Sees:
        if force not in self.world.forces:
            return NOTHING
        known, person = self.world.forces[force], who.person
        whole = (
            self.directs(person, force),
            self.over(person, (known.division,)),
            self.called(person, force),
            self.has_task(person, force),
            self.asked(person, force),
            self.gave_by_self(person, force),
            person == self.reports_of(known.finding),
        )
        there = self._there(person, (known.division,))
        return self._put(who, Standing(whole, self.member(person, force), there))

    def course(self, who: Who, force: str, *, also: bool = False) -> Sees:
        """Its timeline, and its entries; `also`: another standing that is enough."""
        if force not in self.world.forces:
            return NOTHING
        known, person = self.world.forces[force], who.person
        whole = (
            self.directs(person, force),
            self.over(person, (known.division,)),
            self.called(person, force),
            also,
        )
        there = self._there(person, (known.division,))
        return self._put(who, Standing(whole, self.member(person, force), there))

    def late(self, who: Who, force: str) -> Sees:
        known, person = self.world.forces[force], who.person
        whole = (self.directs(person, force), self.over(person, (known.division,)))
        return self._put(who, Standing(whole, None, self._there(person, (known.division,))))

    def order(self, who: Who, order: str) -> Sees:
        known: Ordered = self.world.orders[order]
        also = who.person == known.giver or who.person in known.people
        return self.course(who, known.force, also=also)

    def message(self, who: Who, force: str, message: str) -> Sees:
        """Nothing where it was sent before they see."""
        said, person = self.world.forces[force].messages[message], who.person
        if said.to is None:
            view = self.course(who, force, also=self.has_task(person, force))
        else:
            whole = (
                self.directs(person, force),
                self.over(person, (self.world.forces[force].division,)),
                self.of_unit(person, said.to),
                person == said.by,
            )
            view = self._put(who, Standing(whole))
        return view if view.extent != "nothing" and said.position > view.after else NOTHING

    # --- tasks ------------------------------------------------------------------------------------

    def task(self, who: Who, task: str, *, history: bool = False) -> Sees:
        known = self.world.tasks[task]
        order, person = self.world.orders[known.order], who.person
        holds = any(d == known.department for _, _, d in self.posts(person))
        whole = (
            person == known.person,
            known.unit and known.department is not None and holds,
            self.directs(person, order.force),
            self.over(person, (known.division,)),
            known.department is not None and self.answers_for(person, (known.department,)),
            person == order.giver,
            not history and person == self.reports_of(order.finding),
        )
        return self._put(who, Standing(whole))

    # --- boards -----------------------------------------------------------------------------------

    def board(self, who: Who, division: str) -> Sees:
        return self._put(who, Standing((self.over(who.person, (division,)),)))

    def department_board(self, who: Who, department: str) -> Sees:
        room = self.room(who.person, DEPARTMENTS[department])
        return self._put(who, Standing((self.answers_for(who.person, (department,)), room)))

    # --- findings, warnings, plans ----------------------------------------------------------------

    def decides(self, person: str, desk: str) -> bool:
        department = desk.removeprefix("department-") if desk.startswith("department-") else None
        place = desk if department is None else DEPARTMENTS[department]
        return any(
            (department is not None and its == department)
            or (its is None and department is None and division == desk)
            or (its is None and role in ROOM and inside(place, division))
            for role, division, its in self.posts(person)
        )

    def finding(self, who: Who, finding: str) -> Sees:
        known, person = self.world.findings[finding], who.person
        whole = (
            person == known.reporter,
            self.over(person, (known.division,)),
            any(self.decides(person, desk) for desk in known.desks),
            any(person in self.world.orders[order].people for order in known.orders),
            self.directs(person, known.force),
        )
        return self._put(who, Standing(whole))

    def placed(self, who: Who, places: Iterable[str]) -> Sees:
        """A warning, or a plan."""
        places = tuple(places)
        person = who.person
        return self._put(
            who, Standing((self.over(person, places),), parts=self._there(person, places))
        )

    # --- people -----------------------------------------------------------------------------------

    def phone(self, who: Who, person: str, force: str | None = None) -> bool:
        """In a task force: `force`."""
        if not self.registered(who) or person not in self.world.posts:
            return False
        posts, me = self.posts(person), who.person
        places = tuple(division for _, division, _ in posts)
        departments = tuple(d for _, _, d in posts if d is not None)
        mine = tuple(division for _, division, _ in self.posts(me))
        return (
            me == person
            or self.over(me, places)
            or self.answers_for(me, departments)
            or self.directs(me, force)
            or self.over(person, mine)
        )

    def name(self, who: Who, person: str, force: str | None = None) -> bool:
        if not self.registered(who):
            return False
        if self.phone(who, person, force) or (who.analyst and who.names):
            return True
        if force is None:
            return False
        if self.member(who.person, force) is not None:
            return True
        known = self.world.forces[force]
        gave = any(
            self.world.orders[o].giver == person and who.person in self.world.orders[o].people
            for o in known.orders
        )
        return gave or (person == known.commander and self.has_task(who.person, force))

    def scores(self, who: Who, person: str) -> bool:
        """Somebody's score in one of their posts."""
        if not self.registered(who):
            return False
        return bool(self.posts(person)) and (
            who.person == person
            or who.analyst
            or any(
                self.over(who.person, (division,), OFFICIALS)
                or (
                    department is not None
                    and self.answers_for(who.person, (department,))
                    and division == DEPARTMENTS[department]
                )
                for _, division, department in self.posts(person)
            )
        )

    # --- words ------------------------------------------------------------------------------------

    def reads(self, who: Who, words: str) -> bool:
        """Whether words that somebody wrote may stand anywhere in what they are sent."""
        kind, *about = self.world.words[words]
        match kind:
            case "task_force":
                view = self.task_force(who, about[0])
            case "course":
                view = self.course(who, about[0])
            case "order":
                # every task of it says it, too
                order = self.world.orders[about[0]]
                own = self.order(who, about[0])
                views = [own] if order.position > own.after else []
                views += [
                    self.task(who, t) for t, k in self.world.tasks.items() if k.order == about[0]
                ]
                return any(view.extent != "nothing" and view.names for view in views)
            case "entry":
                said = self.world.forces[about[0]].entries[about[1]]
                view = self.course(who, about[0])
                if said.position <= view.after:
                    return False
            case "message":
                view = self.message(who, about[0], about[1])
            case "task":
                return self._reads_of_task(who, words, about[0])
            case "finding":
                view = self.finding(who, about[0])
            case _:
                raise ValueError(kind)
        return view.extent != "nothing" and view.names

    def _reads_of_task(self, who: Who, words: str, task: str) -> bool:
        """In the task itself, and in the course of its task force."""
        own = self.task(who, task)
        known = self.world.tasks[task]
        course = self.course(who, self.world.orders[known.order].force)
        part = (
            course.extent == "whole"
            or any(inside(known.division, code) for code in course.parts)
            or (known.department is not None and f"department-{known.department}" in course.parts)
        )
        there = part and course.names and self.world.said_at[words] > course.after
        return there or (own.extent != "nothing" and own.names)


def viewers(world: World) -> list[Who]:
    """Everybody, and the accounts for analysis."""
    analyst = "person-SYN-an"
    people = [Who(person) for person in world.posts if person not in (GONE, analyst)]
    return [*people, Who(analyst, True), Who(analyst, True, True)]
