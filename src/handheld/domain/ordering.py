"""Orders (指令): what is to be done, and the tasks that carry it out, one a person."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

from handheld.domain import task_force
from handheld.domain.answers import Outcome
from handheld.domain.assignment import Assignee, Assignment, assign
from handheld.domain.base import BaseCommand
from handheld.domain.errors import Malformed
from handheld.domain.plan import check_roles, check_seconds, check_steps
from handheld.domain.task_force import TaskForce
from handheld.domain.words import check_words
from handheld_events.ids import TaskIds, order_id
from handheld_events.orders import PlanOrder, Steps, Target
from handheld_events.task import TaskDispatched
from handheld_events.task_force import OrderIssued, TaskForceEvent
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


class IssueOrder(BaseCommand, frozen=True, kw_only=True, tag="order.issue"):
    """One more order in a running task force (下指令)."""

    task_force: str
    order: Order


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
    order, people = foreseen_order(command.order, len(known.orders) + 1)
    found = assign(organisation, known.division, order.to, people)
    if not found.assignees:
        raise Malformed("order.reaches_nobody", order=order.key, text=order.text)
    events: list[TaskForceEvent] = []
    dispatches: list[Dispatch] = []
    issue(order_id(command_id, 0), order, found, at, events, dispatches)
    return Opening("accepted", None, command.task_force, known.division, events, dispatches)


def foreseen_order(order: Order, number: int) -> tuple[PlanOrder, tuple[str, ...]]:
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


def issue(
    order: str,
    foreseen: PlanOrder,
    found: Assignment,
    at: datetime,
    events: list[TaskForceEvent],
    dispatches: list[Dispatch],
) -> None:
    """Add the facts of an order, and of its tasks, to those of the command; `at` is the dispatch."""
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
