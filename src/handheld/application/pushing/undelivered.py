"""Which tasks no device of their assignee has stored yet."""

from __future__ import annotations

from collections.abc import Iterable
from threading import Lock
from typing import NamedTuple

from handheld.application.pushing.numbers import Fact, Numbered
from handheld_events.task import (
    TaskCancelled,
    TaskClosed,
    TaskDelivered,
    TaskDispatched,
    TaskReassigned,
    TaskWithdrawn,
)

_OVER = (TaskDelivered, TaskClosed, TaskWithdrawn, TaskReassigned, TaskCancelled)


class Waiting(NamedTuple):
    """A task that is queued for its assignee."""

    task: str
    number: int
    """Of its dispatch, in the inbox of the assignee."""
    dispatched_ms: int
    """When the dispatch was recorded: milliseconds since 1970."""


class Undelivered:
    """By person, from the dispatch until a device says that it is stored there.

    What was closed, withdrawn, reassigned or cancelled before is no longer queued.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._of: dict[str, dict[str, Waiting]] = {}

    def put(self, person: str, waiting: Iterable[Waiting]) -> None:
        """Tasks of a person that were dispatched before."""
        with self._lock:
            self._of.setdefault(person, {}).update({one.task: one for one in waiting})

    def take(self, facts: Iterable[Fact], numbered: Iterable[Numbered]) -> None:
        """Take in facts, and the numbers that they got in inboxes."""
        with self._lock:
            for person, number, fact in numbered:
                if type(fact.event) is TaskDispatched:
                    recorded = int(fact.recorded_at.timestamp() * 1000)
                    mine = self._of.setdefault(person, {})
                    mine[fact.stream] = Waiting(fact.stream, number, recorded)
            for fact in facts:
                if isinstance(fact.event, _OVER) and fact.person is not None:
                    mine = self._of.get(fact.person, {})
                    mine.pop(fact.stream, None)
                    if not mine:
                        self._of.pop(fact.person, None)

    def upto(self, person: str, number: int) -> list[Waiting]:
        """The tasks of a person whose dispatch has this number or an earlier one."""
        if person not in self._of:
            return []
        with self._lock:
            return [one for one in self._of.get(person, {}).values() if one.number <= number]

    def __len__(self) -> int:
        with self._lock:
            return sum(map(len, self._of.values()))
