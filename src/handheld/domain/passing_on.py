"""Passing an order on to those below (下派): a task in progress gives an order of its own."""

from __future__ import annotations

from typing import NamedTuple

from handheld.domain import assignment, task_doing, task_force
from handheld.domain.answers import Answer, refused
from handheld.domain.assignment import Assignee
from handheld.domain.base import BaseCommand
from handheld.domain.claiming import taken
from handheld.domain.errors import Malformed, NotAllowed, NotFound
from handheld.domain.order_checks import check_order
from handheld.domain.ordering import Calling, Opening, issue
from handheld.domain.task_commands import Accept
from handheld.domain.task_force import TaskForce
from handheld.domain.task_known import Known
from handheld.domain.task_state import Task
from handheld.domain.words import check_words
from handheld_events.ids import order_id
from handheld_events.orders import DEFAULT_STEPS, PlanOrder, Steps, Target
from handheld_events.task import TaskClosed, TaskEvent, TaskPassedOn
from handheld_events.territory import within
from handheld_projections.organisation import Organisation


class PassOn(BaseCommand, frozen=True, kw_only=True, tag="task.pass_on"):
    """下派: the assignee has people below do it, or part of it, and stays answerable.

    Those below are the people in the division of the task. A department that is called as a unit
    names its own people this way, wherever they serve.
    """

    task: str
    to: tuple[Target, ...] = ()
    people: tuple[str, ...] = ()
    """Person streams."""
    text: str | None = None
    """The words of the order that they have, where none are given."""
    steps: Steps = DEFAULT_STEPS
    accept_within: int | None = None
    """Seconds from now."""
    report_within: int | None = None


class PassedOn(NamedTuple):
    """What it comes to: the order for those below, and the facts of the official's own task."""

    opening: Opening
    own: tuple[TaskEvent, ...]


def decide(
    command: PassOn,
    command_id: str,
    who: str,
    task: Task | None,
    division: str | None,
    known: Known,
    stream: str,
    organisation: Organisation,
) -> PassedOn:
    """What follows from it; `division` is where the task belongs, `stream` its task force.

    The form of the order stays with the official, who reports for all: numbers count once. Raises
    NotFound, NotAllowed (`task.not_yours`, `task.not_answerable`), Malformed (`task.not_below`, `order.reaches_nobody`,
    and what orders and targets raise).
    """
    state, terms = known.task_force, known.terms
    if task is None or state is None or terms is None:
        raise NotFound("task.unknown", task=command.task)
    if who != task.person and not known.of_unit:
        raise NotAllowed("task.not_yours", task=command.task)
    if not known.may:
        raise NotAllowed("task.not_answerable", task=command.task)
    check_words(text=command.text)
    opening = Opening(task_force=stream, division=state.division)
    before = _before(task, state, known)
    if before.outcome != "accepted":
        opening.outcome, opening.code = before.outcome, before.code
        return PassedOn(opening, before.events)
    foreseen = PlanOrder(
        key=task_force.free_key(state),
        text=command.text or terms.text,
        to=command.to,
        steps=command.steps,
        accept_within=command.accept_within,
        report_within=command.report_within,
    )
    check_order(foreseen)
    territory = state.division if task.unit else division or state.division
    found = assignment.assign(organisation, territory, command.to, command.people, known.now)
    below = [a for a in found.assignees if _is_below(a, task, territory, organisation)]
    for person in command.people:
        if person == task.person or all(a.person != person for a in below):
            raise Malformed("task.not_below", person=person)
    if not below:
        raise Malformed("order.reaches_nobody", order=foreseen.key, text=foreseen.text)
    opening.events += taken(task, command.task, before.events, state)
    order = order_id(command_id, 0)
    calling = Calling(departments=state.departments, passed_on_from=command.task)
    issue(order, foreseen, found._replace(assignees=below), known.now, opening, calling)
    passed_on = TaskPassedOn(order=order, tasks=len(below))
    # A task that asks for acceptance alone closes with it: it was passed on before that.
    closes = tuple(event for event in before.events if isinstance(event, TaskClosed))
    accepts = tuple(event for event in before.events if not isinstance(event, TaskClosed))
    return PassedOn(opening, (*accepts, passed_on, *closes))


def _before(task: Task, state: TaskForce, known: Known) -> Answer[TaskEvent]:
    """What must happen first: whoever passes a task on has accepted it."""
    if refusal := task_force.not_active(state):
        return Answer("refused", (), refusal.code)
    match task.status:
        case "waiting":
            return task_doing.decide(task, Accept(task=""), known)
        case "in_progress":
            return Answer("accepted")
        case "to_verify":
            return refused("task.reported")
        case "closed" | "declined" | "withdrawn":
            return refused(f"task.{task.status}")


def _is_below(found: Assignee, task: Task, territory: str, organisation: Organisation) -> bool:
    """Whether somebody may be given the order; never the official, who has it already.

    A duty post above the territory that would stand in for a vacant one is not below either.
    """
    if found.person == task.person:
        return False
    if task.unit:
        posts = organisation.people[found.person].posts
        return any(post.department == task.department for post in posts)
    return within(found.division, territory)
