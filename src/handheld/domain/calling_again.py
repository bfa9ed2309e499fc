"""Calling again (再抢办): a place of an open order is free, and those who were let go may claim it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from handheld.domain import task_force
from handheld.domain.assignment import Assignee
from handheld.domain.base import BaseCommand
from handheld.domain.claiming import places_left
from handheld.domain.deadlines import Deadlines, for_a_late_one
from handheld.domain.errors import NotFound
from handheld.domain.having import has_open, next_task, tasks_of
from handheld.domain.ordering import Dispatch, Opening
from handheld.domain.task_force import TaskForce
from handheld.domain.task_state import Task
from handheld_events.task import TaskDispatched
from handheld_projections.open_tasks import OPEN, OpenTask
from handheld_projections.organisation import Organisation


class CallAgain(BaseCommand, frozen=True, kw_only=True, tag="order.call_again"):
    """Somebody who had claimed a place of an open order declined: the others are called again."""

    task_force: str
    order: str


def let_go(tasks: Mapping[str, OpenTask], order: str) -> list[str]:
    """The tasks of the order that were perhaps withdrawn because others were first to claim."""
    return [
        stream
        for stream, one in tasks.items()
        if one.order == order
        and one.status == "withdrawn"
        and one.marks & OPEN
        and not has_open(tasks, one.person, order)
    ]


def decide(
    command: CallAgain,
    at: datetime,
    state: TaskForce | None,
    organisation: Organisation,
    tasks: Mapping[str, OpenTask],
    released: Mapping[str, Task],
) -> Opening:
    """New tasks for those who were let go; `released` are the states of what `let_go` names.

    Nobody is called who declined, whose task was withdrawn for another reason, or who has one.
    Raises NotFound.
    """
    known = task_force.existing(state, command.task_force)
    opening = Opening(task_force=command.task_force, division=known.division)
    if refusal := task_force.not_active(known):
        opening.outcome, opening.code = refusal.outcome, refusal.code
        return opening
    terms = known.orders.get(command.order)
    if terms is None:
        raise NotFound("order.unknown", order=command.order)
    again = {
        one.person: stream
        for stream, one in released.items()
        if one.released and _is_there(organisation, one.person) and _last(tasks, one, stream)
    }
    if not places_left(terms) or terms.withdrawn or not again:
        opening.outcome, opening.code = "already_done", "order.nobody_let_go"
        return opening
    left = for_a_late_one(command.order, terms, Deadlines(terms.accept_by, terms.report_by), at)
    for person, stream in again.items():
        before, one = tasks[stream], released[stream]
        fact = TaskDispatched(
            order=command.order,
            person=person,
            role=one.role,
            steps=terms.steps,
            department=one.department,
            open=True,
            form=bool(terms.form),
            passed_on_from=terms.passed_on_from,
            accept_by=left.accept_by,
            report_by=left.report_by,
        )
        assignee = Assignee(person, before.division, one.role, one.department)
        opening.dispatches.append(Dispatch(next_task(tasks, person, command.order), assignee, fact))
    return opening


def _is_there(organisation: Organisation, person: str) -> bool:
    known = organisation.people.get(person)
    return known is not None and not known.erased


def _last(tasks: Mapping[str, OpenTask], one: Task, stream: str) -> bool:
    """Whether nothing came of the order for them after this task: they neither did nor declined it."""
    theirs = dict(tasks_of(tasks, one.person, one.order))
    last = max(theirs, key=lambda name: theirs[name].dispatched_at, default=None)
    return last == stream and all(task.status == "withdrawn" for task in theirs.values())
