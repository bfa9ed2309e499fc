"""Moves: what each fact of a task changes on a board. Boards and funnels fold moves, not facts.

The states exclude each other; delivered and read are stages that a task passes beside them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import msgspec

from handheld_events.envelope import Recorded
from handheld_events.task import (
    TaskAccepted,
    TaskClosed,
    TaskCorrected,
    TaskDeclined,
    TaskDelivered,
    TaskDispatched,
    TaskEvent,
    TaskOvertaken,
    TaskRead,
    TaskReported,
    TaskSentBack,
    TaskVerified,
    TaskWithdrawn,
)
from handheld_events.times import judge

State = Literal["waiting", "in_progress", "to_verify", "closed", "declined", "withdrawn"]
STATES: tuple[State, ...] = (
    "waiting",
    "in_progress",
    "to_verify",
    "closed",
    "declined",
    "withdrawn",
)
"""未领办, 办理中, 待核查, 已办结, 已退单, 已撤回: the columns of every board, in this order."""

Stage = Literal["dispatched", "delivered", "read", "accepted", "reported", "verified", "closed"]
STAGES: tuple[Stage, ...] = (
    "dispatched",
    "delivered",
    "read",
    "accepted",
    "reported",
    "verified",
    "closed",
)
"""派单, 送达, 已读, 领办, 回单, 核查, 办结: the steps of every funnel, in this order."""

WAITING, IN_PROGRESS, TO_VERIFY, CLOSED, DECLINED, WITHDRAWN = range(6)
_DISPATCHED, _DELIVERED, _READ, _ACCEPTED, _REPORTED, _VERIFIED, _CLOSED = range(7)
_TIMED = frozenset((_ACCEPTED, _REPORTED, _CLOSED))
"""The stages whose answer times are kept."""


class OpenTask(msgspec.Struct, array_like=True, gc=False):
    """What must be known of a task to tell its next move, while its task force is open."""

    person: str
    division: str
    order: str
    dispatched_at: datetime
    """Recorded time of the dispatch (UTC)."""
    version: int = 1
    state: int = WAITING
    """Index into STATES."""
    reached: int = 1
    """One bit a stage: it is counted when it is reached first."""

    @property
    def status(self) -> State:
        """The board state."""
        return STATES[self.state]


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


def move(tasks: dict[str, OpenTask], fact: Recorded[Any]) -> Move | None:
    """Take in a fact of a task stream; None where no board changes.

    A fact of a task that is not (or no longer) known changes no board.
    """
    event: TaskEvent = fact.event
    if isinstance(event, TaskDispatched):
        division = fact.division or ""
        tasks[fact.stream] = OpenTask(event.person, division, event.order, fact.recorded_at)
        return Move(fact.position, division, None, WAITING, _DISPATCHED)
    task = tasks.get(fact.stream)
    if task is None:
        return None
    task.version = fact.version
    match event:
        case TaskDelivered():
            return _stage(task, fact, task.state, _DELIVERED)
        case TaskRead():
            return _stage(task, fact, task.state, _READ)
        case TaskAccepted():
            return _stage(task, fact, IN_PROGRESS, _ACCEPTED)
        case TaskReported():
            return _stage(task, fact, TO_VERIFY, _REPORTED)
        case TaskClosed():
            return _stage(task, fact, CLOSED, _CLOSED)
        case TaskVerified():
            return _stage(task, fact, task.state, _VERIFIED)
        case TaskSentBack():
            return _state(task, fact, IN_PROGRESS)
        case TaskDeclined():
            return _state(task, fact, DECLINED)
        case TaskWithdrawn():
            return _state(task, fact, WITHDRAWN)
        case TaskOvertaken() | TaskCorrected():
            return None


def _stage(task: OpenTask, fact: Recorded[Any], now: int, stage: int) -> Move:
    was = task.state
    task.state = now
    bit = 1 << stage
    if task.reached & bit:
        return Move(fact.position, task.division, was, now, None)
    task.reached |= bit
    waited = _waited(task.dispatched_at, fact) if stage in _TIMED else None
    return Move(fact.position, task.division, was, now, stage, waited)


def _waited(dispatched_at: datetime, fact: Recorded[Any]) -> int:
    meta = fact.meta
    at = meta.occurred_at
    # The claim of most facts is plainly possible; `judge` settles the others.
    plain = meta.reported_at is None and not meta.clock_offset
    if not (plain and dispatched_at <= at <= fact.recorded_at):
        at = judge(meta, fact.recorded_at, dispatched_at).at
    waited = at - dispatched_at
    return waited.days * 86_400 + waited.seconds


def _state(task: OpenTask, fact: Recorded[Any], now: int) -> Move:
    was = task.state
    task.state = now
    return Move(fact.position, task.division, was, now, None)
