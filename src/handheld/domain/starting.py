"""Starting a task force (发起): from a plan or ad hoc, on a warning or a finding; preview and decision.

Pure: the organisation and the plan are passed in. One command gives facts on many streams: the task
force, and one new task a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from handheld.domain.assignment import Assignment, assign
from handheld.domain.base import BaseCommand
from handheld.domain.duty import may_start
from handheld.domain.errors import Malformed, NotAllowed, NotFound, Unconfirmed
from handheld.domain.ordering import Calling, Opening, Order, foreseen_order
from handheld.domain.plan import Plan
from handheld.domain.waves import call, reached
from handheld.domain.words import check_words
from handheld_events.ids import order_id, task_force_id
from handheld_events.orders import Level, PlanOrder
from handheld_events.task_force import DepartmentCalled, OrderForeseen, TaskForceStarted
from handheld_events.territory import within
from handheld_projections.organisation import Organisation


class StartFromPlan(BaseCommand, frozen=True, kw_only=True, tag="task_force.start"):
    """Start what a plan foresees, in a territory."""

    plan: str
    """The plan's stream."""
    division: str
    title: str | None = None
    """The plan's own title if none is given."""
    place: str | None = None
    level: Level | None = None
    """The plan's own response level if none is given."""
    warning: str | None = None
    """The warning stream that it answers."""
    finding: str | None = None
    """The finding stream that it is about."""
    again: bool = False
    """Start it although the same plan is under way in the same division."""


class StartAdHoc(BaseCommand, frozen=True, kw_only=True, tag="task_force.start_ad_hoc"):
    """Start without a plan: a title, a place, people, a first order."""

    title: str
    division: str
    orders: tuple[Order, ...]
    place: str | None = None
    level: Level | None = None
    lead: str | None = None
    """The department that leads, by its key."""
    warning: str | None = None
    finding: str | None = None


class Preview(NamedTuple):
    """Who would be called, before anybody is: one assignment for each order."""

    title: str
    orders: list[tuple[PlanOrder, Assignment]]
    later: Sequence[PlanOrder] = ()
    """What the plan calls at a time, or at a higher response level."""
    level: Level | None = None
    running: tuple[str, ...] = ()
    """The task forces of the same plan that are under way in the same division."""


def preview(
    command: StartFromPlan | StartAdHoc,
    plan: Plan | None,
    organisation: Organisation,
    at: datetime | None = None,
    running: Sequence[str] = (),
) -> Preview:
    """Whom a start would call, and where nobody is found; `at`: those whose turn it is then.

    `running` are the task forces of the same plan that are under way in the same division.

    Raises NotFound (plan, division), Malformed (a plan that is retired or for elsewhere, an order
    that reaches nobody, a person unknown).
    """
    if command.division not in organisation.divisions:
        raise NotFound("division.unknown", division=command.division)
    orders: Iterable[tuple[PlanOrder, tuple[str, ...]]]
    if isinstance(command, StartFromPlan):
        if plan is None:
            raise NotFound("plan.unknown", plan=command.plan.removeprefix("plan-"))
        _check_plan(plan, command)
        title = command.title or plan.edition.title
        level = command.level or plan.edition.level
        orders = [(order, ()) for order in plan.edition.orders]
    else:
        title, level = command.title, command.level
        orders = [foreseen_order(order, str(n)) for n, order in enumerate(command.orders, 1)]
    check_words(title=title, place=command.place)
    result: list[tuple[PlanOrder, Assignment]] = []
    later: list[PlanOrder] = []
    for order, people in orders:
        if order.after is not None or not reached(order, level):
            later.append(order)
            continue
        found = assign(organisation, command.division, order.to, people, at)
        if not found.assignees:
            raise Malformed("order.reaches_nobody", order=order.key, text=order.text)
        result.append((order, found))
    if not result:
        raise Malformed("start.no_orders")
    return Preview(title, result, later, level, tuple(running))


def decide_start(
    command: StartFromPlan | StartAdHoc,
    command_id: str,
    at: datetime,
    plan: tuple[Plan, int] | None,
    organisation: Organisation,
    organisation_at: int,
    actor: str,
    running: Sequence[str] = (),
) -> Opening:
    """All the facts of a start; `plan` comes with the version read, `at` is when it was ordered.

    District centres start anywhere, a township's command room in its territory; others ask
    (NotAllowed, `start.ask`). The same plan is not started twice in a division while the first runs,
    unless that is meant (Unconfirmed, `start.running`). Raises otherwise as `preview` does.
    """
    if not may_start(organisation, actor, command.division):
        raise NotAllowed("start.ask", division=command.division)
    seen = preview(command, plan[0] if plan else None, organisation, at, running)
    if isinstance(command, StartFromPlan) and running and not command.again:
        raise Unconfirmed(
            "start.running",
            plan=command.plan.removeprefix("plan-"),
            division=command.division,
            task_force=running[-1],
        )
    posture = organisation.posture_of(command.division)
    opening = Opening(task_force=task_force_id(command_id), division=command.division)
    opening.events.append(
        TaskForceStarted(
            title=seen.title,
            division=command.division,
            organisation_at=organisation_at,
            plan=command.plan if isinstance(command, StartFromPlan) else None,
            plan_version=plan[1] if plan else None,
            place=command.place,
            level=seen.level,
            commander=actor if actor.startswith("person-") else None,
            posture=posture,
            warning=command.warning,
            finding=command.finding,
        )
    )
    called = _departments(command, plan[0] if plan else None, organisation)
    opening.events += called
    calling = Calling(posture=posture, departments={event.department for event in called})
    for index, (order, found) in enumerate(seen.orders):
        if order.level is not None and order.every is None:
            # Released when the level falls, it is called anew when the level is raised again.
            opening.events.append(OrderForeseen(order=order))
        call(order, found, at, order_id(command_id, index), opening, calling)
    for order in seen.later:
        if reached(order, seen.level):
            call(order, None, at, "", opening, calling)
        else:
            opening.events.append(OrderForeseen(order=order))
    return opening


def _departments(
    command: StartFromPlan | StartAdHoc, plan: Plan | None, organisation: Organisation
) -> list[DepartmentCalled]:
    if plan is not None:
        lead, responding = plan.edition.lead, plan.edition.responding
    else:
        lead, responding = command.lead if isinstance(command, StartAdHoc) else None, ()
    called = [DepartmentCalled(department=key, part="responding") for key in responding]
    if lead is not None:
        called.insert(0, DepartmentCalled(department=lead, part="lead"))
    for event in called:
        if event.department not in organisation.departments:
            raise NotFound("department.unknown", department=event.department)
    return called


def _check_plan(plan: Plan, command: StartFromPlan) -> None:
    if plan.retired:
        raise Malformed("plan.retired", plan=command.plan.removeprefix("plan-"))
    if not within(command.division, plan.edition.division):
        raise Malformed(
            "plan.elsewhere",
            plan=command.plan.removeprefix("plan-"),
            territory=plan.edition.division,
            division=command.division,
        )
