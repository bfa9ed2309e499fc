"""Moves: what each fact of a task changes on a board. Boards and funnels fold moves, not facts.

The states exclude each other; delivered and read are stages that a task passes beside them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from handheld_events.envelope import Recorded
from handheld_events.task import (
    HouseholdVisited,
    TaskAccepted,
    TaskAmended,
    TaskCancelled,
    TaskClosed,
    TaskCorrected,
    TaskDeclined,
    TaskDelivered,
    TaskDispatched,
    TaskEnRoute,
    TaskEscalated,
    TaskEvaluated,
    TaskEvent,
    TaskExtended,
    TaskOnScene,
    TaskOverdue,
    TaskOvertaken,
    TaskPassedOn,
    TaskRated,
    TaskRead,
    TaskReassigned,
    TaskReminded,
    TaskReopened,
    TaskReported,
    TaskResumed,
    TaskSentBack,
    TaskSupervised,
    TaskSuspended,
    TaskVerified,
    TaskWithdrawn,
)
from handheld_events.times import judge
from handheld_projections.open_tasks import (
    CLOSED,
    DECLINED,
    IN_PROGRESS,
    NOTED,
    OPEN,
    OVERDUE,
    TO_VERIFY,
    UNIT,
    WAITING,
    WITHDRAWN,
    OpenTask,
)
from handheld_projections.task_forces import IssuedOrder

_DISPATCHED, _DELIVERED, _READ, _ACCEPTED, _ON_SCENE, _REPORTED, _VERIFIED, _CLOSED = range(8)
"""Indexes into STAGES."""
_TIMED = frozenset((_ACCEPTED, _ON_SCENE, _REPORTED, _CLOSED))
"""The stages whose answer times are kept."""


NO_ORDERS: Mapping[str, IssuedOrder] = {}


class Move(msgspec.Struct, frozen=True, gc=False):
    """One step of one task: from a state to a state, through a stage."""

    position: int
    division: str
    was: int | None
    """Index into STATES; None for a new task."""
    now: int
    stage: int | None
    """Index into STAGES, where the task reaches it for the first time."""
    waited: int | None = None
    """Whole seconds from dispatch to the time that judges this stage."""
    overdue: int = 0
    """1 where the task has become overdue, -1 where it no longer is."""
    department: str | None = None


class Effect(NamedTuple):
    """What an event of this type does to any task."""

    state: int | None = None
    """The state afterwards; None where it stays."""
    stage: int | None = None
    """The stage that is reached with it."""


def effect(event: TaskEvent) -> Effect:
    """What the event does; it depends on its type alone."""
    match event:
        case TaskDispatched():
            return Effect(WAITING, _DISPATCHED)
        case TaskDelivered():
            return Effect(None, _DELIVERED)
        case TaskRead():
            return Effect(None, _READ)
        case TaskAccepted():
            return Effect(IN_PROGRESS, _ACCEPTED)
        case TaskOnScene():
            return Effect(None, _ON_SCENE)
        case TaskReported():
            return Effect(TO_VERIFY, _REPORTED)
        case TaskVerified():
            return Effect(None, _VERIFIED)
        case TaskClosed():
            return Effect(CLOSED, _CLOSED)
        case TaskSentBack():
            return Effect(IN_PROGRESS)
        case TaskDeclined():
            return Effect(DECLINED)
        case TaskWithdrawn() | TaskReassigned() | TaskCancelled():
            return Effect(WITHDRAWN)
        case TaskAmended():
            return Effect(WAITING)
        case TaskReopened():
            return Effect(IN_PROGRESS)  # a declined one waits: see `_kind`
        case (
            TaskEnRoute()
            | HouseholdVisited()
            | TaskPassedOn()
            | TaskSuspended()
            | TaskResumed()
            | TaskExtended()
            | TaskReminded()
            | TaskEscalated()
            | TaskOverdue()
            | TaskSupervised()
            | TaskRated()
            | TaskEvaluated()
            | TaskOvertaken()
            | TaskCorrected()
        ):
            return Effect()


_Kind = tuple[int | None, int | None, Callable[[OpenTask, Recorded[Any]], None] | None]
_KINDS: dict[type, _Kind] = {}
"""By type, once seen: a lookup instead of a dozen comparisons, for every fact of a rebuild."""


def _kind(event: TaskEvent) -> _Kind:
    state, stage = effect(event)
    if isinstance(event, TaskReopened):
        state = None  # what is noted of it sets the state: it depends on the one before
    return _KINDS.setdefault(type(event), (state, stage, NOTED.get(type(event))))


def move(
    tasks: dict[str, OpenTask], fact: Recorded[Any], orders: Mapping[str, IssuedOrder] = NO_ORDERS
) -> Move | None:
    """Take in a fact of a task stream; None where no board changes.

    `orders` are those of its task force: a task has their deadlines where it has none of its own.
    A fact of a task that is not known changes no board.
    """
    event = fact.event
    kind = type(event)
    if kind is TaskDispatched:
        return _dispatched(tasks, fact, orders)
    task = tasks.get(fact.stream)
    if task is None:
        return None
    task.version = fact.version
    now, stage, noted = _KINDS.get(kind) or _kind(event)
    was, marks = task.state, task.marks
    if now is not None:
        task.state = now
    if noted is not None:
        noted(task, fact)
    now = task.state
    waited = None
    if stage is not None:
        bit = 1 << stage
        if task.reached & bit:
            stage = None
        else:
            task.reached |= bit
            if stage in _TIMED:
                waited = _waited(task.dispatched_at, fact)
    overdue = 0
    if (marks | task.marks) & OVERDUE:
        overdue = bool(task.marks & OVERDUE and now <= TO_VERIFY)
        overdue -= bool(marks & OVERDUE and was <= TO_VERIFY)
    if stage is None and now == was and not overdue:
        return None
    return Move(fact.position, task.division, was, now, stage, waited, overdue, task.department)


def _dispatched(
    tasks: dict[str, OpenTask], fact: Recorded[Any], orders: Mapping[str, IssuedOrder]
) -> Move:
    event: TaskDispatched = fact.event
    division = fact.division or ""
    marks = 0
    if event.open:
        marks = OPEN
    if event.unit:
        marks |= UNIT
    accept_by, report_by = event.accept_by, event.report_by
    order = orders.get(event.order)
    if order is not None:
        accept_by = accept_by or order.accept_by
        report_by = report_by or order.report_by
    department = event.department
    tasks[fact.stream] = OpenTask(
        event.person,
        division,
        event.order,
        fact.recorded_at,
        1,
        WAITING,
        1,
        marks,
        department,
        accept_by,
        report_by,
    )
    return Move(fact.position, division, None, WAITING, _DISPATCHED, None, 0, department)


def _waited(dispatched_at: datetime, fact: Recorded[Any]) -> int:
    meta = fact.meta
    at = meta.occurred_at
    # The claim of most facts is plainly possible; `judge` settles the others.
    plain = meta.reported_at is None and not meta.clock_offset
    if not (plain and dispatched_at <= at <= fact.recorded_at):
        at = judge(meta, fact.recorded_at, dispatched_at).at
    waited = at - dispatched_at
    return waited.days * 86_400 + waited.seconds
