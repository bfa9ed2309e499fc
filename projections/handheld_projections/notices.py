"""Whether somebody was reached with their task, and how it was tried: folded from the task's facts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec.structs import replace

from handheld_events.envelope import Recorded
from handheld_events.task import (
    NoticeResult,
    Rung,
    TaskAccepted,
    TaskAmended,
    TaskCancelled,
    TaskClosed,
    TaskDeclined,
    TaskDelivered,
    TaskDispatched,
    TaskNoticeAnswered,
    TaskNoticeAttempted,
    TaskNoticeBegun,
    TaskReassigned,
    TaskReopened,
    TaskResumed,
    TaskSuspended,
    TaskWithdrawn,
)


class Attempt(msgspec.Struct, frozen=True):
    """One attempt to tell somebody."""

    rung: Rung
    number: int
    at: datetime
    """Recorded time (UTC) of the intention; of the result, once there is one."""
    result: NoticeResult | None = None
    """None while nobody has said what came of it."""
    code: str | None = None
    reference: str | None = None
    repeats: int | None = None
    arrived: bool | None = None
    """What the other side says became of it; None where it has not said."""


class Reaching(msgspec.Struct, frozen=True):
    """A task, as far as reaching its assignee goes."""

    task: str
    task_force: str
    division: str
    person: str
    order: str
    drill: bool
    since: datetime
    """Since when it waits for them (UTC), without the time for which it was suspended."""
    dispatched_at: datetime
    """Recorded time of the dispatch (UTC)."""
    version: int = 1
    waiting: bool = True
    """Nobody has accepted or declined it yet, and it was not withdrawn."""
    delivered: bool = False
    suspended_at: datetime | None = None
    numbered: int = 0
    """The number of the latest attempt."""
    attempts: tuple[Attempt, ...] = ()
    """Those since it waits, in order, and whatever was under way then."""

    @property
    def unreached(self) -> bool:
        """Whether they are still to be told."""
        return self.waiting and not self.delivered and self.suspended_at is None


def reaching(facts: Iterable[Recorded[Any]]) -> dict[str, Reaching]:
    """What the facts of tasks say, by stream; each stream from its first fact, in order."""
    found: dict[str, Reaching] = {}
    for fact in facts:
        known = found.get(fact.stream)
        if known is not None:
            known = replace(known, version=fact.version)
            found[fact.stream] = _after(known, fact)
        elif isinstance(fact.event, TaskDispatched):
            found[fact.stream] = _begun(fact, fact.event)
    return found


def _begun(fact: Recorded[Any], event: TaskDispatched) -> Reaching:
    return Reaching(
        task=fact.stream,
        task_force=fact.task_force or "",
        division=fact.division or "",
        person=event.person,
        order=event.order,
        drill=fact.meta.drill,
        since=fact.recorded_at,
        dispatched_at=fact.recorded_at,
    )


def _after(known: Reaching, fact: Recorded[Any]) -> Reaching:
    """Facts that say nothing of it change nothing: those added later, too."""
    event, at = fact.event, fact.recorded_at
    match event:
        case TaskDelivered():
            return replace(known, delivered=True)
        case (
            TaskAccepted()
            | TaskDeclined()
            | TaskClosed()
            | TaskWithdrawn()
            | TaskReassigned()
            | TaskCancelled()
        ):
            return replace(known, waiting=False, suspended_at=None)
        case TaskAmended() | TaskReopened():
            under_way = tuple(one for one in known.attempts if one.result is None)
            return replace(known, waiting=True, suspended_at=None, since=at, attempts=under_way)
        case TaskSuspended():
            return replace(known, suspended_at=event.at or at)
        case TaskResumed():
            waited = at - max(known.suspended_at or at, known.since)
            since = known.since + max(waited, timedelta())
            return replace(known, suspended_at=None, since=since)
        case TaskNoticeBegun():
            begun = Attempt(event.rung, event.number, at, repeats=event.repeats)
            return _attempted(known, begun)
        case TaskNoticeAttempted():
            before = _numbered(known, event.number)
            done = Attempt(
                event.rung,
                event.number,
                at,
                event.result,
                event.code,
                event.reference,
                None if before is None else before.repeats,
            )
            return _attempted(known, done)
        case TaskNoticeAnswered():
            answered = _numbered(known, event.number)
            if answered is None:
                return known
            return _attempted(known, replace(answered, arrived=event.arrived))
        case _:
            return known


def _numbered(known: Reaching, number: int) -> Attempt | None:
    return next((one for one in known.attempts if one.number == number), None)


def _attempted(known: Reaching, attempt: Attempt) -> Reaching:
    """The attempt takes the place of what was known of it."""
    others = tuple(one for one in known.attempts if one.number != attempt.number)
    attempts = tuple(sorted((*others, attempt), key=lambda one: one.number))
    return replace(known, attempts=attempts, numbered=max(known.numbered, attempt.number))
