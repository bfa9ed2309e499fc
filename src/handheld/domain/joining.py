"""Pulling people into a running task force (拉入)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from handheld.domain import assignment, task_force
from handheld.domain.answers import Answer, already_done, refused
from handheld.domain.assignment import Assignee
from handheld.domain.base import BaseCommand
from handheld.domain.claiming import places_left
from handheld.domain.deadlines import Deadlines, for_a_late_one
from handheld.domain.errors import NotFound
from handheld.domain.having import has_or_did, next_task
from handheld.domain.ordering import Dispatch, Opening
from handheld.domain.task_force import OrderTerms, TaskForce
from handheld_events.task import TaskDispatched
from handheld_events.task_force import PersonPulledIn, TaskForceEvent
from handheld_projections.open_tasks import (
    OpenTask,
)
from handheld_projections.organisation import Organisation


class PullIn(BaseCommand, frozen=True, kw_only=True, tag="task_force.pull_in"):
    """Somebody joins later (拉入), with a task of an order already given if one is named."""

    task_force: str
    person: str
    order: str | None = None
    sees: Literal["all", "from_now"] = "all"
    """Whether they may see what happened before they joined."""


def decide_pull_in(
    command: PullIn,
    at: datetime,
    state: TaskForce | None,
    organisation: Organisation,
    tasks: Mapping[str, OpenTask],
) -> Opening:
    """Somebody joins; `at` is now, `tasks` are all those of the task force.

    Whoever has the order's task open or has done it is there already; whose task was declined or
    withdrawn gets another. Raises NotFound, Malformed.
    """
    known = task_force.existing(state, command.task_force)
    opening = Opening(task_force=command.task_force, division=known.division)
    if refusal := task_force.not_active(known):
        return _answered(opening, refusal)
    terms = None
    if command.order is not None:
        terms = known.orders.get(command.order)
        if terms is None:
            raise NotFound("order.unknown", order=command.order)
        if terms.withdrawn:
            return _answered(opening, refused("order.withdrawn"))
    if _is_there(command, known, tasks):
        return _answered(opening, already_done("task_force.pulled_in"))
    assignee = assignment.named(organisation, command.person, known.division)
    if command.order is not None and terms is not None:
        opening.dispatches = [_dispatch(command, at, command.order, terms, assignee, tasks)]
    opening.events = [
        PersonPulledIn(
            person=command.person,
            division=assignee.division,
            order=command.order,
            sees=command.sees,
        )
    ]
    return opening


def _answered(opening: Opening, answer: Answer[TaskForceEvent]) -> Opening:
    opening.outcome, opening.code = answer.outcome, answer.code
    return opening


def _is_there(command: PullIn, known: TaskForce, tasks: Mapping[str, OpenTask]) -> bool:
    if has_or_did(tasks, command.person, command.order):
        return True
    return command.order is None and any(person == command.person for person, _ in known.pulled_in)


def _dispatch(
    command: PullIn,
    at: datetime,
    order: str,
    terms: OrderTerms,
    assignee: Assignee,
    tasks: Mapping[str, OpenTask],
) -> Dispatch:
    """The task of somebody who comes later; once all places are claimed it is simply theirs."""
    left = for_a_late_one(order, terms, Deadlines(terms.accept_by, terms.report_by), at)
    fact = TaskDispatched(
        order=order,
        person=command.person,
        role=assignee.role,
        steps=terms.steps,
        department=assignee.department,
        open=bool(places_left(terms)),
        form=bool(terms.form),
        passed_on_from=terms.passed_on_from,
        accept_by=left.accept_by,
        report_by=left.report_by,
    )
    return Dispatch(next_task(tasks, command.person, order), assignee, fact)
