"""A start before it is one, for those who may make it: who would be called, and where nobody is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

import msgspec

from handheld.application.reading.called import Called, Unit
from handheld.application.reading.named import Named, Place
from handheld.application.reading.seen import Look, must_see
from handheld.domain.assignment import Assignee, Assignment
from handheld.domain.duty import PERSON, may_start
from handheld.domain.errors import NotAllowed, NotFound
from handheld.domain.plan import Plan
from handheld.domain.seeing import Seen, Viewer
from handheld.domain.starting import Preview, StartAdHoc, StartFromPlan
from handheld_events.division import Posture, Tier
from handheld_events.ids import department_stream
from handheld_events.orders import Level, PlanOrder, Vacancy
from handheld_events.task_force import DepartmentPart
from handheld_events.territory import tier_of

Start = StartFromPlan | StartAdHoc


class Previewed(NamedTuple):
    """A preview, with what it is a preview of."""

    preview: Preview
    command: Start
    plan: Plan | None

    def departments(self) -> dict[str, DepartmentPart]:
        """The departments that would be called, by key, with their part."""
        found: dict[str, DepartmentPart] = {}
        if self.plan is not None:
            edition = self.plan.edition
            found |= dict.fromkeys(edition.responding, "responding")
            found |= {edition.lead: "lead"} if edition.lead is not None else {}
        elif isinstance(self.command, StartAdHoc) and self.command.lead is not None:
            found[self.command.lead] = "lead"
        for _, assigned in self.preview.orders:
            for assignee in assigned.assignees:
                if assignee.unit and assignee.department is not None:
                    found.setdefault(assignee.department, "responding")
        return found

    def stand_ins(self) -> list[tuple[PlanOrder, Assignee]]:
        """Who would stand in for vacant posts, by order."""
        return [
            (order, assignee)
            for order, assigned in self.preview.orders
            for assignee in assigned.assignees
            if assignee.instead_of
        ]

    def conflicts(self) -> dict[str, list[str]]:
        """Whoever would be called by more than one order, with the keys of those orders."""
        orders: dict[str, list[str]] = {}
        for order, assigned in self.preview.orders:
            for assignee in assigned.assignees:
                orders.setdefault(assignee.person, []).append(order.key)
        return {person: keys for person, keys in orders.items() if len(keys) > 1}

    def people(self) -> int:
        """How many people would be called."""
        return len({a.person for _, found in self.preview.orders for a in found.assignees})

    def tasks(self) -> int:
        """How many tasks there would be."""
        return sum(len(found.assignees) for _, found in self.preview.orders)


def by_role(found: Assignment) -> dict[tuple[str | None, Tier], int]:
    """How many of those called hold which role at which tier."""
    return dict(Counter((a.role, tier_of(a.division)) for a in found.assignees))


class Calls(msgspec.Struct, frozen=True, kw_only=True):
    """So many of a role at a tier."""

    role: str | None
    """None of people who are named without a post."""
    tier: Tier
    tasks: int


class WouldHave(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who would get a task."""

    person: Named
    """With the telephone number, where that is for who looks."""
    role: str | None
    division: Place
    department: Unit | None
    unit: bool
    """The department itself would be called; this person answers for it."""
    instead_of: tuple[Vacancy, ...]
    """The vacant posts for which they would stand in."""


class OrderPreviewed(msgspec.Struct, frozen=True, kw_only=True):
    """An order, and who would get it."""

    order: PlanOrder
    tasks: int
    by_role: tuple[Calls, ...]
    vacant: tuple[Vacancy, ...]
    """The posts asked for that nobody holds."""
    stand_ins: tuple[WouldHave, ...]
    assignees: tuple[WouldHave, ...] | None
    """Everybody; None where it was not asked for."""


class CalledTwice(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody whom more than one order would call."""

    person: Named
    orders: tuple[str, ...]
    """The keys of the orders."""


class DepartmentPreviewed(msgspec.Struct, frozen=True, kw_only=True):
    """A department that would be called."""

    department: Unit
    part: DepartmentPart


class StartPreview(msgspec.Struct, frozen=True, kw_only=True):
    """A start before it is one."""

    title: str
    division: Place
    level: Level | None
    posture: Posture
    """Of the division: by which procedure the orders would go."""
    people: int
    """How many people would be called."""
    tasks: int
    """How many tasks there would be."""
    departments: tuple[DepartmentPreviewed, ...]
    orders: tuple[OrderPreviewed, ...]
    later: tuple[PlanOrder, ...]
    """What the plan calls at a time, or at a higher response level."""
    called_twice: tuple[CalledTwice, ...]
    running: tuple[str, ...]
    """The task forces of the same plan that are under way there: starting again must be meant."""


def start_preview(
    look: Look,
    viewer: Viewer,
    command: Start,
    ask: Callable[[Start], Preview],
    *,
    names: bool = False,
) -> StartPreview:
    """Whom a start would call; `ask` is `Home.preview`, `names` lists everybody.

    Only for those who could make it. Raises NotAllowed (`start.ask`), NotFound (`plan.unknown`, for
    a plan that is hidden, too; `division.unknown`), and Malformed as the start itself would.
    """
    organisation = look.organisation
    registered = NotFound("division.unknown", division=command.division)
    must_see(viewer, "organisation", Seen(organisation), registered)
    if command.division not in organisation.divisions:
        raise registered
    nobody = viewer.role is not None and not viewer.actor.startswith(PERSON)
    if nobody or not may_start(organisation, viewer.actor, command.division):
        raise NotAllowed("start.ask", division=command.division)
    plan = _plan(look, viewer, command.plan) if isinstance(command, StartFromPlan) else None
    shown = Previewed(ask(command), command, plan)
    return Showing(Called(look, viewer), shown).start(names=names)


def _plan(look: Look, viewer: Viewer, stream: str) -> Plan:
    known = look.organisation.plans.get(stream)
    absent = NotFound("plan.unknown", plan=stream.removeprefix("plan-"))
    seen = None if known is None else Seen(look.organisation, (known.edition.division,))
    must_see(viewer, "plan", seen, absent)
    if known is None:
        raise absent
    return Plan(known.edition, known.retired)


class Showing(NamedTuple):
    """A preview, as it is shown to somebody."""

    called: Called
    seen: Previewed

    def start(self, *, names: bool) -> StartPreview:
        """All of it."""
        called, seen = self.called, self.seen
        division = seen.command.division
        return StartPreview(
            title=seen.preview.title,
            division=called.place(division),
            level=seen.preview.level,
            posture=called.look.organisation.posture_of(division),
            people=seen.people(),
            tasks=seen.tasks(),
            departments=self.departments(),
            orders=tuple(self.order(*one, names=names) for one in seen.preview.orders),
            later=tuple(seen.preview.later),
            called_twice=self.called_twice(),
            running=seen.preview.running,
        )

    def departments(self) -> tuple[DepartmentPreviewed, ...]:
        """The departments that would be called."""
        return tuple(
            DepartmentPreviewed(department=self.called.unit(department_stream(key)), part=part)
            for key, part in self.seen.departments().items()
        )

    def called_twice(self) -> tuple[CalledTwice, ...]:
        """Those whom more than one order would call."""
        return tuple(
            CalledTwice(person=self.called.person(person), orders=tuple(orders))
            for person, orders in self.seen.conflicts().items()
        )

    def order(self, order: PlanOrder, found: Assignment, *, names: bool) -> OrderPreviewed:
        """An order, and who would get it."""
        return OrderPreviewed(
            order=order,
            tasks=len(found.assignees),
            by_role=tuple(
                Calls(role=role, tier=tier, tasks=count)
                for (role, tier), count in by_role(found).items()
            ),
            vacant=tuple(found.vacant),
            stand_ins=tuple(self._person(one) for one in found.assignees if one.instead_of),
            assignees=tuple(map(self._person, found.assignees)) if names else None,
        )

    def _person(self, one: Assignee) -> WouldHave:
        called, key = self.called, one.department
        return WouldHave(
            person=called.naming().with_phone(one.person),
            role=one.role,
            division=called.place(one.division),
            department=None if key is None else called.unit(department_stream(key)),
            unit=one.unit,
            instead_of=one.instead_of,
        )
