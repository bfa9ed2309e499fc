"""Orders (指令): what is to be done, and the tasks that carry it out, one a person."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

import msgspec
from msgspec.structs import replace

from handheld.domain import task_force
from handheld.domain.answers import Outcome
from handheld.domain.assignment import Assignee, Assignment, assign
from handheld.domain.base import BaseCommand
from handheld.domain.errors import Malformed
from handheld.domain.order_checks import check_order
from handheld.domain.targets import check_targets
from handheld.domain.task_force import TaskForce
from handheld.domain.words import check_words
from handheld_events.division import Posture
from handheld_events.forms import Form
from handheld_events.ids import TaskIds, order_id
from handheld_events.orders import DEFAULT_STEPS, Level, PlanOrder, Reminding, Steps, Target
from handheld_events.task import TaskDispatched, TaskEvent
from handheld_events.task_force import DepartmentCalled, OrderIssued, TaskForceEvent
from handheld_projections.organisation import Organisation

VACANCIES_NAMED = 1000
"""So many vacant divisions are named in an order; more are counted, so that the event stays small."""


class Order(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An order given without a plan: to posts, units, groups, people by name."""

    text: str
    to: tuple[Target, ...] = ()
    people: tuple[str, ...] = ()
    """Person streams."""
    steps: Steps = DEFAULT_STEPS
    accept_within: int | None = None
    report_within: int | None = None
    form: Form = ()
    open_to: int | None = None
    """So many of those called are enough: first to claim."""
    remind_accept: Reminding | None = None
    remind_report: Reminding | None = None


class IssueOrder(BaseCommand, frozen=True, kw_only=True, tag="order.issue"):
    """One more order in a running task force (下指令)."""

    task_force: str
    order: Order


class Dispatch(msgspec.Struct, frozen=True, gc=False):
    """A new task: its stream, whom it is for, and its first fact."""

    task: str
    assignee: Assignee
    event: TaskDispatched


class Opening(msgspec.Struct, kw_only=True):
    """What a command on a task force comes to: its own facts, new tasks, and facts of tasks it has."""

    task_force: str
    division: str
    outcome: Outcome = "accepted"
    code: str | None = None
    events: list[TaskForceEvent] = []
    dispatches: list[Dispatch] = []
    deeds: dict[str, TaskEvent] = {}
    """Facts of tasks that exist, by their streams."""


class Calling(msgspec.Struct, frozen=True, kw_only=True):
    """How an order comes to be given, besides what it says."""

    posture: Posture = "peacetime"
    departments: Collection[str] = ()
    """Those that the task force has called already."""
    called_at_level: Level | None = None
    occurrence: int | None = None
    next_at: datetime | None = None
    skipped: int = 0
    passed_on_from: str | None = None
    finding: str | None = None
    given_by: str | None = None
    """The person who gives it by itself."""


def decide_order(
    command: IssueOrder,
    command_id: str,
    at: datetime,
    state: TaskForce | None,
    organisation: Organisation,
    finding: str | None = None,
    given_by: str | None = None,
) -> Opening:
    """A further order and its tasks; `given_by` is the person, if one gives it. Raises NotFound, Malformed."""
    known = task_force.existing(state, command.task_force)
    opening = Opening(task_force=command.task_force, division=known.division)
    if refusal := task_force.not_active(known):
        opening.outcome, opening.code = refusal.outcome, refusal.code
        return opening
    order, people = foreseen_order(command.order, task_force.free_key(known))
    found = assign(organisation, known.division, order.to, people, at)
    if not found.assignees:
        raise Malformed("order.reaches_nobody", order=order.key, text=order.text)
    calling = Calling(
        posture=known.posture,
        departments=known.departments,
        finding=finding,
        given_by=given_by,
    )
    issue(order_id(command_id, 0), order, found, at, opening, calling)
    return opening


def known_at(opening: Opening, position: int) -> Opening:
    """The opening, with its orders saying up to which position the register of people was known."""
    opening.events = [
        replace(event, organisation_at=position) if isinstance(event, OrderIssued) else event
        for event in opening.events
    ]
    return opening


def foreseen_order(order: Order, key: str) -> tuple[PlanOrder, tuple[str, ...]]:
    """An ad hoc order in the form of a plan's, with the people named in it. Raises Malformed."""
    check_words(text=order.text)
    check_targets(order.to)
    foreseen = PlanOrder(
        key=key,
        text=order.text,
        to=order.to,
        steps=order.steps,
        accept_within=order.accept_within,
        report_within=order.report_within,
        form=order.form,
        open_to=order.open_to,
        remind_accept=order.remind_accept,
        remind_report=order.remind_report,
    )
    check_order(foreseen)
    return foreseen, order.people


def at_posture(order: PlanOrder, posture: Posture) -> PlanOrder:
    """The order as it is given at this posture: in wartime sooner, and with fewer steps."""
    wartime = order.wartime
    if posture == "peacetime" or wartime is None:
        return order
    return replace(
        order,
        accept_within=wartime.accept_within or order.accept_within,
        report_within=wartime.report_within or order.report_within,
        steps=wartime.steps or order.steps,
    )


def issue(
    order: str,
    foreseen: PlanOrder,
    found: Assignment,
    at: datetime,
    opening: Opening,
    calling: Calling,
) -> None:
    """Add the facts of an order, and of its tasks, to those of the command; `at` is the dispatch."""
    foreseen = at_posture(foreseen, calling.posture)
    called = dict.fromkeys(
        a.department for a in found.assignees if a.unit and a.department is not None
    )
    known = {event.department for event in opening.events if isinstance(event, DepartmentCalled)}
    opening.events += [
        DepartmentCalled(department=department, part="responding")
        for department in called
        if department not in calling.departments and department not in known
    ]
    opening.events.append(
        OrderIssued(
            order=order,
            key=foreseen.key,
            text=foreseen.text,
            to=foreseen.to,
            steps=foreseen.steps,
            tasks=len(found.assignees),
            accept_by=by(at, foreseen.accept_within),
            report_by=by(at, foreseen.report_within),
            vacant=tuple(found.vacant[:VACANCIES_NAMED]),
            vacant_count=len(found.vacant),
            form=foreseen.form,
            open_to=foreseen.open_to,
            called_at_level=calling.called_at_level,
            occurrence=calling.occurrence,
            next_at=calling.next_at,
            skipped=calling.skipped,
            remind_accept=foreseen.remind_accept,
            remind_report=foreseen.remind_report,
            passed_on_from=calling.passed_on_from,
            finding=calling.finding,
            given_by=calling.given_by,
        )
    )
    ids = TaskIds(order)
    steps, form = foreseen.steps, bool(foreseen.form)
    claimed = foreseen.open_to is not None
    parent = calling.passed_on_from
    opening.dispatches += [
        Dispatch(
            ids.of(assignee.person),
            assignee,
            TaskDispatched(
                order=order,
                person=assignee.person,
                role=assignee.role,
                steps=steps,
                department=assignee.department,
                unit=assignee.unit,
                open=claimed,
                instead_of=assignee.instead_of,
                form=form,
                passed_on_from=parent,
            ),
        )
        for assignee in found.assignees
    ]


def by(at: datetime, seconds: int | None) -> datetime | None:
    """A deadline so many seconds after an instant; none where there is none."""
    return None if seconds is None else at + timedelta(seconds=seconds)
