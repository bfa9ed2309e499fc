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
    TaskNoticeAnswered,
    TaskNoticeAttempted,
    TaskNoticeBegun,
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
    ACCEPTED,
    CLOSED,
    CLOSED_STAGE,
    DECLINED,
    DELIVERED,
    DISPATCHED,
    IN_PROGRESS,
    NOTED,
    ON_SCENE,
    OPEN,
    OVERDUE,
    READ,
    REPORTED,
    TO_VERIFY,
    UNIT,
    VERIFIED,
    WAITING,
    WITHDRAWN,
    OpenTask,
)
from handheld_projections.task_forces import IssuedOrder

_TIMED = frozenset((ACCEPTED, ON_SCENE, REPORTED, CLOSED_STAGE))
"""The stages whose answer times are kept."""


NO_ORDERS: Mapping[str, IssuedOrder] = {}


class Move(msgspec.Struct, frozen=True, gc=False):
    """One step of one task: from a state to a state, through a stage."""

    was: int | None
    """Index into STATES; None for a new task."""
    now: int
    stage: int | None
    """Index into STAGES, where the task reaches it for the first time."""
    waited: int | None = None
    """Whole seconds from dispatch to the time that judges this stage."""
    overdue: int = 0
    """1 where the task has become overdue, -1 where it no longer is."""


DISPATCH = Move(None, WAITING, DISPATCHED)
"""The first move of each task."""


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
            return Effect(WAITING, DISPATCHED)
        case TaskDelivered():
            return Effect(None, DELIVERED)
        case TaskRead():
            return Effect(None, READ)
        case TaskAccepted():
            return Effect(IN_PROGRESS, ACCEPTED)
        case TaskOnScene():
            return Effect(None, ON_SCENE)
        case TaskReported():
            return Effect(TO_VERIFY, REPORTED)
        case TaskVerified():
            return Effect(None, VERIFIED)
        case TaskClosed():
            return Effect(CLOSED, CLOSED_STAGE)
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
            | TaskNoticeBegun()
            | TaskNoticeAttempted()
            | TaskNoticeAnswered()
            | TaskCorrected()
        ):
            return Effect()


class _Kind(NamedTuple):
    """What is looked up of a fact, by the type of its event, instead of a dozen comparisons."""

    state: int | None
    stage: int | None
    bit: int
    """Of the stage, as in `OpenTask.reached`."""
    timed: bool
    noted: Callable[[OpenTask, Recorded[Any]], None] | None


_KINDS: dict[type, _Kind] = {}


def _kind(event: TaskEvent) -> _Kind:
    state, stage = effect(event)
    if isinstance(event, TaskReopened):
        state = None  # what is noted of it sets the state: it depends on the one before
    bit = 0 if stage is None else 1 << stage
    kind = _Kind(state, stage, bit, stage in _TIMED, NOTED.get(type(event)))
    return _KINDS.setdefault(type(event), kind)


def move(task: OpenTask, fact: Recorded[Any]) -> Move | None:
    """Take in a fact of a task that is known; None where no board changes."""
    event = fact.event
    task.version = fact.version
    was, marks = task.state, task.marks
    now, stage, bit, timed, noted = _KINDS.get(type(event)) or _kind(event)
    if now is None:
        now = was
    else:
        task.state = now
    if noted is not None:
        noted(task, fact)
        now = task.state
    waited = None
    if stage is not None:
        reached = task.reached
        if reached & bit:
            stage = None
        else:
            task.reached = reached | bit
            if timed:
                waited = _waited(task.dispatched_at, fact)
    overdue = 0
    if (marks | task.marks) & OVERDUE:
        overdue = bool(task.marks & OVERDUE and now <= TO_VERIFY)
        overdue -= bool(marks & OVERDUE and was <= TO_VERIFY)
    if stage is None and now == was and not overdue:
        return None
    return Move(was, now, stage, waited, overdue)


def dispatched(
    fact: Recorded[TaskDispatched], orders: Mapping[str, IssuedOrder] = NO_ORDERS
) -> OpenTask:
    """A new task.

    `orders` are those of its task force: a task has their deadlines where it has none of its own.
    """
    event = fact.event
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
    return OpenTask(
        event.person,
        fact.division or "",
        event.order,
        fact.recorded_at,
        1,
        WAITING,
        1,
        marks,
        event.department,
        accept_by,
        report_by,
    )


def _waited(dispatched_at: datetime, fact: Recorded[Any]) -> int:
    meta = fact.meta
    at = meta.occurred_at
    # The claim of most facts is plainly possible; `judge` settles the others.
    plain = meta.reported_at is None and not meta.clock_offset
    if not (plain and dispatched_at <= at <= fact.recorded_at):
        at = judge(meta, fact.recorded_at, dispatched_at).at
    waited = at - dispatched_at
    return waited.days * 86_400 + waited.seconds
