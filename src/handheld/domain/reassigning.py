"""Reassigning (转派): somebody else does it; the old task ends, and a new one takes its place."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from handheld.domain import assignment
from handheld.domain.answers import Answer, accepted, already_done, refused
from handheld.domain.assignment import Assignee
from handheld.domain.base import BaseCommand
from handheld.domain.claiming import places_left
from handheld.domain.deadlines import for_a_late_one, moved
from handheld.domain.errors import Malformed, NotAllowed, NotFound
from handheld.domain.having import has_open, next_task
from handheld.domain.ordering import Dispatch
from handheld.domain.task_force import OrderTerms, TaskForce
from handheld.domain.task_known import Known
from handheld.domain.task_state import Task
from handheld.domain.words import check_words
from handheld_events.task import TaskDispatched, TaskEvent, TaskReassigned
from handheld_events.territory import within
from handheld_projections.open_tasks import (
    OpenTask,
)
from handheld_projections.organisation import Organisation, Post


class Reassign(BaseCommand, frozen=True, kw_only=True, tag="task.reassign"):
    """转派."""

    task: str
    to: str
    """The person who is to do it."""
    reason: str


class Reassignment(NamedTuple):
    """What it comes to: the end of the old task, and the new one."""

    answer: Answer[TaskEvent]
    dispatch: Dispatch | None = None


def decide(
    command: Reassign,
    task: Task | None,
    known: Known,
    organisation: Organisation,
    tasks: Mapping[str, OpenTask],
    actors: Collection[str | None] = (),
) -> Reassignment:
    """What follows from it; `tasks` are all those of the task force, `actors` who acts, and for whom.

    What is reported waits to be verified and cannot be reassigned: it is sent back first. Raises
    NotFound, Malformed (`task.same_person`, `person.unknown`, `person.erased`), NotAllowed
    (`task.own_ending`, `task.not_answerable`).
    """
    state, terms = known.task_force, known.terms
    if task is None or state is None or terms is None:
        raise NotFound("task.unknown", task=command.task)
    if task.person in actors or known.of_unit:
        raise NotAllowed("task.own_ending", task=command.task)
    if not known.may:
        raise NotAllowed("task.not_answerable", task=command.task)
    check_words(reason=command.reason)
    if command.to == task.person:
        raise Malformed("task.same_person", person=command.to)
    answer = _refusal(command, task, state, terms)
    if answer is not None:
        return Reassignment(answer)
    assignee = _at_their_post(organisation, command.to, state.division, task)
    if has_open(tasks, command.to, task.order):
        return Reassignment(refused("task.has_one"))
    left = for_a_late_one(task.order, terms, moved(task, terms, known.now), known.now)
    stream = next_task(tasks, command.to, task.order)
    stale = task.amended < terms.amended  # it was declined before the order was amended
    fact = TaskDispatched(
        order=task.order,
        person=command.to,
        role=assignee.role,
        steps=terms.steps if stale else task.steps,
        department=assignee.department,
        unit=assignee.unit,
        # As for whoever is pulled in: once all places are claimed it is simply theirs.
        open=task.open and not task.claimed and places_left(terms) != 0,
        form=bool(terms.form) if stale else task.form,
        passed_on_from=task.passed_on_from,
        replaces=command.task,
        accept_by=left.accept_by,
        report_by=left.report_by,
    )
    ended = TaskReassigned(to=command.to, task=stream, reason=command.reason)
    return Reassignment(accepted(ended), Dispatch(stream, assignee, fact))


def _refusal(
    command: Reassign, task: Task, state: TaskForce, terms: OrderTerms
) -> Answer[TaskEvent] | None:
    match task.status:
        case "to_verify":
            return refused("task.reported")
        case "closed":
            return refused("task.closed")
        case "withdrawn":
            same = task.reassigned_to == command.to
            return already_done("task.reassigned") if same else refused("task.withdrawn")
        case "waiting" | "in_progress" | "declined":
            pass
    # After stand-down what is under way is finished, by whomever; nobody is asked anew.
    finishing = state.status == "stood_down" and task.status == "in_progress"
    if state.status != "active" and not finishing:
        return refused(f"task_force.{state.status}")
    return refused("order.withdrawn") if terms.withdrawn else None


def _at_their_post(organisation: Organisation, person: str, territory: str, task: Task) -> Assignee:
    """The person at the post that fits: of the same role if they have one in the territory."""
    found = assignment.named(organisation, person, territory)
    posts = organisation.people[person].posts
    here: list[Post] = [p for p in posts if within(p.division, territory)] or list(posts)
    if not here:
        return found
    post = next((p for p in here if p.role == task.role), here[0])
    unit = task.unit and post.department == task.department
    return Assignee(person, post.division, post.role, post.department, unit)
