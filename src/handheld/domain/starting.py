"""Starting a task force (一键发起), further orders, and pulling people in.

Pure: the organisation, the plan and the task force are passed in. One command gives facts on many
streams: the task force, and one new task a person.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

from handheld.domain import assignment, task_force
from handheld.domain.answers import Outcome
from handheld.domain.assignment import Assignee, Assignment, assign
from handheld.domain.base import BaseCommand
from handheld.domain.errors import Malformed, NotFound
from handheld.domain.plan import Plan, check_roles, check_seconds, check_steps
from handheld.domain.task_force import TaskForce
from handheld.domain.words import check_words
from handheld_events.ids import TaskIds, order_id, task_force_id
from handheld_events.orders import Level, PlanOrder, Steps, Target
from handheld_events.task import TaskDispatched
from handheld_events.task_force import (
    OrderIssued,
    PersonPulledIn,
    TaskForceEvent,
    TaskForceStarted,
)
from handheld_events.territory import within
from handheld_projections.organisation import Organisation

VACANCIES_NAMED = 1000
"""So many vacant divisions are named in an order; more are counted, so that the event stays small."""


class Order(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An order given without a plan: to posts, to people by name, or both."""

    text: str
    to: tuple[Target, ...] = ()
    people: tuple[str, ...] = ()
    """Person streams."""
    steps: Steps = ("accept", "report")
    accept_within: int | None = None
    report_within: int | None = None


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


class IssueOrder(BaseCommand, frozen=True, kw_only=True, tag="order.issue"):
    """One more order in a running task force (下指令)."""

    task_force: str
    order: Order


class PullIn(BaseCommand, frozen=True, kw_only=True, tag="task_force.pull_in"):
    """Somebody joins later (拉入), with a task of an order already given if one is named."""

    task_force: str
    person: str
    order: str | None = None


class Dispatch(msgspec.Struct, frozen=True, gc=False):
    """A new task: its stream, whom it is for, and its first fact."""

    task: str
    assignee: Assignee
    event: TaskDispatched


class Opening(NamedTuple):
    """What a start, an order or a pull-in comes to."""

    outcome: Outcome
    code: str | None
    task_force: str
    division: str
    events: list[TaskForceEvent]
    dispatches: list[Dispatch]


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
        orders = [_foreseen(order, n) for n, order in enumerate(command.orders, 1)]
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
        _issue(order_id(command_id, index), order, found, at, events, dispatches)
    return Opening("accepted", None, stream, command.division, events, dispatches)


def decide_order(
    command: IssueOrder,
    command_id: str,
    at: datetime,
    state: TaskForce | None,
    organisation: Organisation,
) -> Opening:
    """A further order and its tasks. Raises NotFound, Malformed."""
    known = task_force.existing(state, command.task_force)
    if refusal := task_force.not_active(known):
        return Opening(refusal.outcome, refusal.code, command.task_force, known.division, [], [])
    order, people = _foreseen(command.order, len(known.orders) + 1)
    found = assign(organisation, known.division, order.to, people)
    if not found.assignees:
        raise Malformed("order.reaches_nobody", order=order.key, text=order.text)
    events: list[TaskForceEvent] = []
    dispatches: list[Dispatch] = []
    _issue(order_id(command_id, 0), order, found, at, events, dispatches)
    return Opening("accepted", None, command.task_force, known.division, events, dispatches)


def decide_pull_in(
    command: PullIn, state: TaskForce | None, organisation: Organisation, tasked: bool
) -> Opening:
    """Somebody joins; `tasked` says whether they have a task of this order already.

    Raises NotFound, Malformed.
    """
    known = task_force.existing(state, command.task_force)
    if refusal := task_force.not_active(known):
        return Opening(refusal.outcome, refusal.code, command.task_force, known.division, [], [])
    if command.order is not None and command.order not in known.orders:
        raise NotFound("order.unknown", order=command.order)
    if tasked or (command.person, command.order) in known.pulled_in:
        return Opening(
            "already_done",
            "task_force.pulled_in",
            command.task_force,
            known.division,
            [],
            [],
        )
    assignee = assignment.named(organisation, command.person, known.division)
    dispatches: list[Dispatch] = []
    if command.order is not None:
        dispatches.append(
            Dispatch(
                TaskIds(command.order).of(command.person),
                assignee,
                TaskDispatched(
                    order=command.order, person=command.person, steps=known.orders[command.order]
                ),
            )
        )
    event = PersonPulledIn(person=command.person, division=assignee.division, order=command.order)
    return Opening("accepted", None, command.task_force, known.division, [event], dispatches)


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


def _foreseen(order: Order, number: int) -> tuple[PlanOrder, tuple[str, ...]]:
    """An ad hoc order in the form of a plan's, with the people named in it."""
    check_words(text=order.text)
    check_steps(order.steps)
    check_roles(*(target.role for target in order.to))
    foreseen = PlanOrder(
        key=str(number),
        text=order.text,
        to=order.to,
        steps=order.steps,
        accept_within=order.accept_within,
        report_within=order.report_within,
    )
    check_seconds(foreseen)
    return foreseen, order.people


def _issue(
    order: str,
    foreseen: PlanOrder,
    found: Assignment,
    at: datetime,
    events: list[TaskForceEvent],
    dispatches: list[Dispatch],
) -> None:
    events.append(
        OrderIssued(
            order=order,
            key=foreseen.key,
            text=foreseen.text,
            to=foreseen.to,
            steps=foreseen.steps,
            tasks=len(found.assignees),
            accept_by=_by(at, foreseen.accept_within),
            report_by=_by(at, foreseen.report_within),
            vacant=tuple(found.vacant[:VACANCIES_NAMED]),
            vacant_count=len(found.vacant),
        )
    )
    ids = TaskIds(order)
    steps = foreseen.steps
    dispatches += [
        Dispatch(
            ids.of(assignee.person),
            assignee,
            TaskDispatched(order=order, person=assignee.person, role=assignee.role, steps=steps),
        )
        for assignee in found.assignees
    ]


def _by(at: datetime, seconds: int | None) -> datetime | None:
    return None if seconds is None else at + timedelta(seconds=seconds)
