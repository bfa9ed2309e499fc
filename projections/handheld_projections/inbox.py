"""The inbox of a person: what reaches their phone, in gapless numbers.

The numbers follow from the log alone, so that after any rebuild they are the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

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
from handheld_events.task_force import PersonPulledIn
from handheld_projections.timeline import Line


class Inbox:
    """A new task and what others do to it, and being pulled in without one."""

    name = "inbox"
    fold_version = 1
    streams = ("tf", "task")

    def __init__(self, heads: Mapping[str, int] | None = None) -> None:
        self._heads = dict(heads or {})

    def lines(self, facts: Iterable[Recorded[Any]]) -> Iterator[Line]:
        """The items that these facts add."""
        for fact in facts:
            person = fact.person
            if person is None or not (_of_task(fact) or _pulled_in(fact)):
                continue
            number = self._heads.get(person, 0) + 1
            self._heads[person] = number
            yield Line(person, number, fact.position, fact.stream)


def _pulled_in(fact: Recorded[Any]) -> bool:
    return isinstance(fact.event, PersonPulledIn) and fact.event.order is None


def _of_task(fact: Recorded[Any]) -> bool:
    return fact.stream.startswith("task-") and _reaches(fact)


def _reaches(fact: Recorded[Any]) -> bool:
    event: TaskEvent = fact.event
    match event:
        case TaskDispatched() | TaskSentBack() | TaskVerified() | TaskWithdrawn():
            return True
        case TaskAccepted() | TaskDeclined() | TaskReported() | TaskCorrected() | TaskOvertaken():
            return fact.meta.actor != fact.person
        case TaskDelivered() | TaskRead() | TaskClosed():
            return False
