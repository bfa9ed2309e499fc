"""Starting a task force (一键发起): from a plan or ad hoc.

Pure: the organisation and the plan are passed in. One command gives facts on many streams: the task
force, and one new task a person.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from handheld.domain.assignment import Assignment, assign
from handheld.domain.base import BaseCommand
from handheld.domain.errors import Malformed, NotFound
from handheld.domain.ordering import Dispatch, Opening, Order, foreseen_order, issue
from handheld.domain.plan import Plan
from handheld.domain.words import check_words
from handheld_events.ids import order_id, task_force_id
from handheld_events.orders import Level, PlanOrder
from handheld_events.task_force import TaskForceEvent, TaskForceStarted
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


class StartAdHoc(BaseCommand, frozen=True, kw_only=True, tag="task_force.start_ad_hoc"):
    """Start without a plan: a title, a place, people, a first order."""

    title: str
    division: str
    orders: tuple[Order, ...]
    place: str | None = None
    level: Level | None = None


class Preview(NamedTuple):
    """Who would be called, before anybody is: one assignment for each order."""

    title: str
    orders: list[tuple[PlanOrder, Assignment]]


def preview(
    command: StartFromPlan | StartAdHoc, plan: Plan | None, organisation: Organisation
) -> Preview:
    """Whom a start would call, and where nobody is found.

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
        orders = [(order, ()) for order in plan.edition.orders]
    else:
        title = command.title
        orders = [foreseen_order(order, n) for n, order in enumerate(command.orders, 1)]
    check_words(title=title, place=command.place)
    result = []
    for order, people in orders:
        found = assign(organisation, command.division, order.to, people)
        if not found.assignees:
            raise Malformed("order.reaches_nobody", order=order.key, text=order.text)
        result.append((order, found))
    if not result:
        raise Malformed("start.no_orders")
    return Preview(title, result)


def decide_start(
    command: StartFromPlan | StartAdHoc,
    command_id: str,
    at: datetime,
    plan: tuple[Plan, int] | None,
    organisation: Organisation,
    organisation_at: int,
) -> Opening:
    """All the facts of a start; `plan` comes with the version read, `at` is when it was ordered.

    Raises as `preview` does.
    """
    seen = preview(command, plan[0] if plan else None, organisation)
    stream = task_force_id(command_id)
    level = (
        command.level
        if isinstance(command, StartAdHoc)
        else (plan[0].edition.level if plan else None)
    )
    events: list[TaskForceEvent] = [
        TaskForceStarted(
            title=seen.title,
            division=command.division,
            organisation_at=organisation_at,
            plan=command.plan if isinstance(command, StartFromPlan) else None,
            plan_version=plan[1] if plan else None,
            place=command.place,
            level=level,
        )
    ]
    dispatches: list[Dispatch] = []
    for index, (order, found) in enumerate(seen.orders):
        issue(order_id(command_id, index), order, found, at, events, dispatches)
    return Opening("accepted", None, stream, command.division, events, dispatches)


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
