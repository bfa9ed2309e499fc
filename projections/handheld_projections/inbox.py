"""The inbox of a person: what reaches their phone, in gapless numbers.

The numbers follow from the log alone, so that after any rebuild they are the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

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
from handheld_events.task_force import (
    CommandHandedOver,
    OrderUnfilled,
    PersonPulledIn,
    TaskForceCancelled,
)
from handheld_projections.timeline import Line


class Inbox:
    """What others do that somebody must know of: their tasks, their findings, those they answer for."""

    name = "inbox"
    fold_version = 3
    streams = ("tf", "task", "finding")

    def __init__(self, heads: Mapping[str, int] | None = None) -> None:
        self._heads = dict(heads or {})

    def lines(self, facts: Iterable[Recorded[Any]]) -> Iterator[Line]:
        """The items that these facts add."""
        for fact in facts:
            for person in _all_of(fact):
                number = self._heads.get(person, 0) + 1
                self._heads[person] = number
                yield Line(person, number, fact.position, fact.stream)


def may_reach(person: str | None, event: Any) -> tuple[str, ...]:
    """Those whose inboxes a fact may reach: whom it concerns, and whom it names besides."""
    kind = type(event)
    if kind is TaskForceCancelled:
        named: tuple[str, ...] = event.told
    elif kind in (TaskEscalated, CommandHandedOver, OrderUnfilled):
        named = (event.to,)
    else:
        named = ()
    return named if person is None else (person, *named)


def _all_of(fact: Recorded[Any]) -> tuple[str, ...]:
    """The people whose phones a fact reaches."""
    if type(fact.event) is TaskForceCancelled:
        return fact.event.told
    person = _whom(fact)
    return () if person is None else (person,)


def _whom(fact: Recorded[Any]) -> str | None:
    """The person whose phone a fact reaches, if it reaches one and no others."""
    stream = fact.stream
    if stream.startswith("task-"):
        event = fact.event
        if type(event) is TaskEscalated:
            return event.to
        return fact.person if _reaches(fact) else None
    if stream.startswith("finding-"):
        return fact.person if fact.meta.actor != fact.person else None
    match fact.event:
        case PersonPulledIn(order=None):
            return fact.person
        case CommandHandedOver(to=person) if person.startswith("person-"):
            return person
        case OrderUnfilled(to=person):
            return person
        case _:
            return None


def _reaches(fact: Recorded[Any]) -> bool:
    event: TaskEvent = fact.event
    match event:
        case (
            TaskDispatched()
            | TaskSentBack()
            | TaskVerified()
            | TaskWithdrawn()
            | TaskReassigned()
            | TaskSuspended()
            | TaskResumed()
            | TaskExtended()
            | TaskReminded()
            | TaskSupervised()
            | TaskAmended()
            | TaskReopened()
            | TaskRated()
            | TaskEvaluated()
            | TaskCancelled()
        ):
            return True
        case (
            TaskAccepted()
            | TaskEnRoute()
            | TaskOnScene()
            | HouseholdVisited()
            | TaskPassedOn()
            | TaskDeclined()
            | TaskReported()
            | TaskCorrected()
            | TaskOvertaken()
        ):
            return fact.meta.actor != fact.person
        case TaskDelivered() | TaskRead() | TaskClosed() | TaskOverdue() | TaskEscalated():
            return False
        case TaskNoticeBegun() | TaskNoticeAttempted() | TaskNoticeAnswered():
            return False
