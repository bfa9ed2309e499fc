"""Moves: what each fact of a task changes on a board. Boards and funnels fold moves, not facts.

The states exclude each other; delivered and read are stages that a task passes beside them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, NamedTuple

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
        case TaskWithdrawn():
            return Effect(WITHDRAWN)
        case TaskOvertaken() | TaskCorrected():
            return Effect()


_EFFECTS: dict[type, Effect] = {}
"""By type, once seen: a lookup instead of a dozen comparisons, for every fact of a rebuild."""


def move(tasks: dict[str, OpenTask], fact: Recorded[Any]) -> Move | None:
    """Take in a fact of a task stream; None where no board changes.

    A fact of a task that is not (or no longer) known changes no board.
    """
    event = fact.event
    kind = type(event)
    if kind is TaskDispatched:
        division = fact.division or ""
        tasks[fact.stream] = OpenTask(event.person, division, event.order, fact.recorded_at)
        return Move(fact.position, division, None, WAITING, _DISPATCHED)
    task = tasks.get(fact.stream)
    if task is None:
        return None
    task.version = fact.version
    now, stage = _EFFECTS.get(kind) or _EFFECTS.setdefault(kind, effect(event))
    was = task.state
    if now is None:
        now = was
    else:
        task.state = now
    waited = None
    if stage is not None:
        bit = 1 << stage
        if task.reached & bit:
            stage = None
        else:
            task.reached |= bit
            if stage in _TIMED:
                waited = _waited(task.dispatched_at, fact)
    if stage is None and now == was:
        return None
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
