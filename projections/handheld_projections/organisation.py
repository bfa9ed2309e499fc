"""Who there is: divisions, departments, people and their posts, groups, rosters, plans in force."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from handheld_events.department import (
    DepartmentDissolved,
    DepartmentEvent,
    DepartmentRegistered,
    DepartmentRenamed,
)
from handheld_events.division import (
    DivisionEvent,
    DivisionOutlined,
    DivisionRegistered,
    DivisionRenamed,
    DutyTaken,
    Posture,
    PostureSwitched,
    RosterSet,
)
from handheld_events.envelope import Recorded
from handheld_events.group import GroupDissolved, GroupEvent, GroupFormed
from handheld_events.person import (
    HouseholdsLinked,
    PersonContactChanged,
    PersonErased,
    PersonEvent,
    PersonRegistered,
    PostLeft,
    PostTaken,
)
from handheld_events.plan import PlanAdopted, PlanRetired
from handheld_events.territory import TIERS, ancestors, tier_of, within
from handheld_projections.posts import Post, Posts, PostsState
from handheld_projections.rosters import DutyPost, Rosters, ShiftDue
from handheld_projections.units import (
    Department,
    Division,
    Group,
    Outline,
    Person,
    PlanInForce,
    outline_digest,
)

__all__ = [
    "Department",
    "Division",
    "Group",
    "Organisation",
    "OrganisationState",
    "Person",
    "PlanInForce",
    "Post",
    "ShiftDue",
]


class OrganisationState(msgspec.Struct):
    """What a checkpoint holds."""

    divisions: list[Division]
    departments: list[Department]
    people: list[Person]
    groups: list[Group]
    plans: list[PlanInForce]
    posts: PostsState
    rosters: list[DutyPost]


class Organisation:
    """The register; it changes only through `apply`."""

    name = "organisation"
    fold_version = 2
    streams = ("division", "department", "person", "group", "plan")

    def __init__(self) -> None:
        self.divisions: dict[str, Division] = {}
        """By code."""
        self.departments: dict[str, Department] = {}
        """By key."""
        self.people: dict[str, Person] = {}
        """By stream."""
        self.groups: dict[str, Group] = {}
        """By key."""
        self.plans: dict[str, PlanInForce] = {}
        """By stream."""
        self._posts = Posts()
        self._rosters = Rosters()

    # --- facts ------------------------------------------------------------------------------------

    def apply(self, facts: Iterable[Recorded[Any]]) -> None:
        """Take the facts in, in log order; those of other streams are passed over."""
        duty = False
        for fact in facts:
            kind, _, key = fact.stream.partition("-")
            if kind == "person":
                self._person(fact.stream, fact.version, fact.event)
            elif kind == "division":
                self._division(key, fact)
                duty = duty or isinstance(fact.event, RosterSet | DutyTaken)
            elif kind == "department":
                self._department(key, fact.version, fact.event)
            elif kind == "group":
                self._group(key, fact.version, fact.event)
            elif kind == "plan":
                self._plan(fact.stream, fact.version, fact.event)
        if duty:
            self._rosters.settle()

    def _division(self, code: str, fact: Recorded[DivisionEvent]) -> None:
        event = fact.event
        if isinstance(event, DivisionRegistered):
            known = Division(event.code, event.name, event.kind, event.synthetic, fact.version)
        else:
            known = self._division_changed(self.divisions[code], event, fact)
        self.divisions[code] = replace(known, version=fact.version)

    def _division_changed(
        self, division: Division, event: DivisionEvent, fact: Recorded[DivisionEvent]
    ) -> Division:
        match event:
            case DivisionRegistered():
                msg = "a division is registered once"
                raise TypeError(msg)
            case DivisionRenamed():
                return replace(division, name=event.name)
            case PostureSwitched():
                return replace(division, posture=event.posture)
            case RosterSet():
                post = Post(event.role, division.code, event.department)
                self._rosters.set(post, event.shifts)
                return division
            case DutyTaken():
                post = Post(event.role, division.code, event.department)
                self._rosters.taken(post, event.person, fact.recorded_at)
                return division
            case DivisionOutlined(polygons=polygons):
                found = Outline(fact.position, outline_digest(polygons)) if polygons else None
                return replace(division, outline=found)

    def _department(self, key: str, version: int, event: DepartmentEvent) -> None:
        match event:
            case DepartmentRegistered() as e:
                self.departments[key] = Department(key, e.name, e.division, e.synthetic, version)
            case DepartmentRenamed():
                known = self.departments[key]
                self.departments[key] = replace(known, name=event.name, version=version)
            case DepartmentDissolved():
                known = self.departments[key]
                self.departments[key] = replace(known, dissolved=True, version=version)

    def _group(self, key: str, version: int, event: GroupEvent) -> None:
        match event:
            case GroupFormed() as e:
                self.groups[key] = Group(key, e.name, e.division, e.members, version)
            case GroupDissolved():
                self.groups[key] = replace(self.groups[key], dissolved=True, version=version)

    def _plan(self, stream: str, version: int, event: PlanAdopted | PlanRetired) -> None:
        match event:
            case PlanAdopted():
                self.plans[stream] = PlanInForce(stream, event, version)
            case PlanRetired():
                self.plans[stream] = replace(self.plans[stream], retired=True, version=version)

    def _person(self, stream: str, version: int, event: PersonEvent) -> None:
        person = self.people.get(stream)
        if isinstance(event, PersonRegistered):
            person = Person(stream, event.name, event.phone, event.synthetic, version)
        elif person is None:
            msg = f"{stream} begins with person.registered, not {event.TOPIC}"
            raise TypeError(msg)
        else:
            person = replace(self._changed(person, event), version=version)
        self.people[stream] = person

    def _changed(self, person: Person, event: PersonEvent) -> Person:
        match event:
            case PersonRegistered():
                msg = "a person is registered once"
                raise TypeError(msg)
            case PersonContactChanged():
                return replace(person, name=event.name, phone=event.phone)
            case PostTaken():
                post = Post(event.role, event.division, event.department)
                self._posts.take(person.stream, post)
                return replace(person, posts=(*person.posts, post))
            case PostLeft():
                post = Post(event.role, event.division, event.department)
                self._posts.leave(person.stream, post)
                return replace(person, posts=tuple(p for p in person.posts if p != post))
            case HouseholdsLinked():
                return replace(person, households=event.households)
            case PersonErased():
                for post in person.posts:
                    self._posts.leave(person.stream, post)
                return replace(person, erased=True, posts=(), households=())

    # --- posts ------------------------------------------------------------------------------------

    def holders(self, role: str, division: str, department: str | None = None) -> Sequence[str]:
        """The people who hold this post, in the order in which they took it."""
        return self._posts.holders(Post(role, division, department))

    def posts_of(self, role: str) -> Mapping[str, Sequence[str]]:
        """Every division with a post of its own of this role, with the holders. Not to be changed."""
        return self._posts.own(role)

    def department_posts(self, key: str) -> Mapping[str, Sequence[tuple[str, str]]]:
        """By role, who holds a post of this department, and the division where they serve."""
        return self._posts.of_department(key)

    def posts_in_departments(self, role: str) -> Iterable[tuple[str, str, str]]:
        """Department, person and division of every department's post of this role."""
        return self._posts.in_departments(role)

    def stationed(self, post: Post) -> bool:
        """Whether the post is a stationed one (派驻): it serves elsewhere than its department is."""
        known = self.departments.get(post.department or "")
        return known is not None and post.division != known.division

    def _holds(self, person: str, post: Post) -> bool:
        known = self.people.get(person)
        return known is not None and post in known.posts

    def _may_take(self, person: str, post: Post) -> bool:
        known = self.departments.get(post.department or "")
        return self._holds(person, post) and not (known is not None and known.dissolved)

    # --- duty and posture -------------------------------------------------------------------------

    def on_duty(
        self, role: str, division: str, department: str | None = None, at: datetime | None = None
    ) -> str | None:
        """Who is on duty in this post: whoever took it last, if they still hold the post.

        With a time: whose turn has begun by then, even where nobody has recorded it yet.
        """
        return self._rosters.on_duty(Post(role, division, department), self._holds, at)

    def duty_of(self, post: Post) -> DutyPost:
        """The roster of a post, and who took the duty last."""
        return self._rosters.of(post)

    def shifts_due(self, now: datetime) -> list[ShiftDue]:
        """The shifts that have begun, are not over and not taken; of each roster the latest.

        None of a department that was dissolved: nobody takes its duty any more.
        """
        return self._rosters.due(now, self._may_take)

    def next_shift_at(self, after: datetime) -> datetime | None:
        """When the next shift of any roster begins."""
        return self._rosters.next_at(after)

    def posture_of(self, code: str) -> Posture:
        """The posture of a division: its own, or that of the nearest above it that says."""
        for above in reversed(ancestors(code)):
            known = self.divisions.get(above)
            if known is not None and known.posture is not None:
                return known.posture
        return "peacetime"

    # --- divisions --------------------------------------------------------------------------------

    def children(self, code: str) -> list[Division]:
        """The divisions one tier below, by code."""
        length = len(code) + 3
        return sorted(
            (d for d in self.divisions.values() if len(d.code) == length and within(d.code, code)),
            key=lambda d: d.code,
        )

    def count_by_tier(self) -> dict[str, int]:
        """How many divisions there are of each tier."""
        counts = dict.fromkeys(TIERS.values(), 0)
        for code in self.divisions:
            counts[tier_of(code)] += 1
        return {str(tier): count for tier, count in counts.items()}

    # --- copies and checkpoints -------------------------------------------------------------------

    def copy(self) -> Organisation:
        """Another organisation that can go on by itself; what is shared never changes."""
        other = Organisation()
        other.divisions = dict(self.divisions)
        other.departments = dict(self.departments)
        other.people = dict(self.people)
        other.groups = dict(self.groups)
        other.plans = dict(self.plans)
        other._posts = self._posts.copy()
        other._rosters = self._rosters.copy()
        return other

    def snapshot(self) -> OrganisationState:
        """The state for a checkpoint; it holds no plaintext of a personal field."""
        return OrganisationState(
            list(self.divisions.values()),
            list(self.departments.values()),
            list(self.people.values()),
            list(self.groups.values()),
            list(self.plans.values()),
            self._posts.snapshot(),
            self._rosters.snapshot(),
        )

    def restore(self, state: OrganisationState) -> None:
        """Go on from a checkpoint."""
        self.divisions = {d.code: d for d in state.divisions}
        self.departments = {d.key: d for d in state.departments}
        self.people = {p.stream: p for p in state.people}
        self.groups = {g.key: g for g in state.groups}
        self.plans = {p.stream: p for p in state.plans}
        self._posts = Posts(state.posts)
        self._rosters = Rosters(state.rosters)
