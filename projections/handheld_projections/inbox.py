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
from handheld_projections.timeline import Line


class Inbox:
    """A new task, and what others do to it."""

    name = "inbox"
    fold_version = 1
    streams = ("task",)

    def __init__(self, heads: Mapping[str, int] | None = None) -> None:
        self._heads = dict(heads or {})

    def lines(self, facts: Iterable[Recorded[Any]]) -> Iterator[Line]:
        """The items that these facts add."""
        for fact in facts:
            person = fact.person
            if person is None or not fact.stream.startswith("task-") or not _reaches(fact):
                continue
            number = self._heads.get(person, 0) + 1
            self._heads[person] = number
            yield Line(person, number, fact.position, fact.stream)


def _reaches(fact: Recorded[Any]) -> bool:
    event: TaskEvent = fact.event
    match event:
        case TaskDispatched() | TaskSentBack() | TaskVerified() | TaskWithdrawn():
            return True
        case TaskAccepted() | TaskDeclined() | TaskReported() | TaskCorrected():
            return fact.meta.actor != fact.person
        case TaskDelivered() | TaskRead() | TaskClosed() | TaskOvertaken():
            return False
