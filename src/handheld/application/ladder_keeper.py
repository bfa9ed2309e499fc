"""Which tasks the ladder must look at, and when. It follows the log; nothing scans.

An entry says only "look at this task then": what is to be done is told by the task's own facts, read
when its time has come. So a start of thousands costs one entry each, and whoever has got their task
costs nothing more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from heapq import heappop, heappush
from threading import Condition
from typing import Any

from handheld.application.board_keeper import BoardKeeper
from handheld.application.following import Batch, Stopped, batches
from handheld.application.ports import Log
from handheld_events.codec import Reading, UnreadableEvent
from handheld_events.envelope import Recorded
from handheld_events.person import PersonErased
from handheld_events.task import (
    TaskAccepted,
    TaskAmended,
    TaskCancelled,
    TaskClosed,
    TaskDeclined,
    TaskDelivered,
    TaskDispatched,
    TaskNoticeAttempted,
    TaskReassigned,
    TaskReopened,
    TaskResumed,
    TaskWithdrawn,
)
from handheld_events.task_force import TaskForceCancelled, TaskForceClosed, TaskForceReopened
from handheld_projections.notices import Reaching, reaching

FOLD = "ladder"

_WATCHED = frozenset((TaskDispatched, TaskAmended, TaskReopened, TaskResumed, TaskNoticeAttempted))
_LET_GO = frozenset(
    (
        TaskDelivered,
        TaskAccepted,
        TaskDeclined,
        TaskClosed,
        TaskWithdrawn,
        TaskReassigned,
        TaskCancelled,
    )
)


class LadderKeeper:
    """Follows the log beside the boards. Safe to use from several threads."""

    def __init__(self, log: Log, boards: BoardKeeper, first_wait: float) -> None:
        """`first_wait`: seconds before anything is due for a task that is new."""
        self._log = log
        self._boards = boards
        self._first = timedelta(seconds=first_wait)
        self._changed = Condition()
        self._watched: dict[str, str] = {}
        """Tasks not known to have reached their assignee, with their task force."""
        self._heap: list[tuple[datetime, str]] = []
        self._at: dict[str, datetime] = {}
        self._taken: dict[str, list[tuple[str, int]]] = {}
        """By reference of the other side: task and number of attempt."""
        self.woken: Callable[[], None] = lambda: None
        """Called from the thread of the follower when there is something to look at earlier."""
        self.erased: Callable[[str], None] = lambda _: None
        """Called from there with the stream of a person who was erased."""
        self.stopped: Stopped | None = None
        self.position = log.end()
        boards.wait_for(self.position, 30.0)
        self._restore()

    def _restore(self) -> None:
        """Begin with the open tasks of the boards, as far as nobody was reached with them.

        And with those of which an attempt has no result: the process that began it is gone.
        """
        names = [
            waiter.task
            for drills in (False, True)
            for waiter in self._boards.waiters("", drills=drills)
        ]
        for known in self.read(names).values():
            if known.waiting and not known.delivered:
                self._watched[known.task] = known.task_force
                self._note(known.task, known.since)
            elif any(one.result is None for one in known.attempts):
                self._note(known.task, known.since)
            for one in known.attempts:
                if one.reference is not None:
                    self._taken.setdefault(one.reference, []).append((known.task, one.number))

    # --- following ------------------------------------------------------------------------------

    def only_follows(self) -> bool:
        """No: it is in the memory of whoever keeps it."""
        return False

    def catch_up(self, upto: int | None = None) -> int:
        """Take in what the log has after the position reached, or up to a position."""
        for batch in batches(self._log, self.position, upto):
            self.take(batch)
            if self.stopped is not None:
                break
        return self.position

    def take(self, batch: Batch) -> None:
        """Take in a batch that begins right after the position reached."""
        earliest: datetime | None = None
        with self._changed:
            for fact in batch.facts:
                kind = type(fact.event)
                if kind in _LET_GO:
                    self._let_go(fact.stream)
                elif kind in _WATCHED:
                    at = self._watch(fact)
                    earliest = at if earliest is None else min(earliest, at)
                elif kind is PersonErased:
                    self.erased(fact.stream)
                elif kind is TaskForceClosed or kind is TaskForceCancelled:
                    self._end(fact.stream)
                elif kind is TaskForceReopened:
                    self._begin_anew(fact.stream, fact.recorded_at)
                    earliest = fact.recorded_at
            self.position = batch.upto
            if batch.unreadable is not None and batch.unreadable[1] == "task":
                self.stopped = Stopped.at(FOLD, batch.unreadable[0])
            self._changed.notify_all()
        if earliest is not None:
            self.woken()

    def _watch(self, fact: Recorded[Any]) -> datetime:
        at = fact.recorded_at
        if type(fact.event) is TaskNoticeAttempted:
            if fact.event.reference is not None:
                known = self._taken.setdefault(fact.event.reference, [])
                known.append((fact.stream, fact.event.number))
            if fact.stream not in self._watched:
                return at
        else:
            self._watched[fact.stream] = fact.task_force or ""
            if type(fact.event) is not TaskResumed:
                at += self._first
        self._note(fact.stream, at)
        return at

    def _let_go(self, stream: str) -> None:
        self._watched.pop(stream, None)
        self._at.pop(stream, None)

    def _end(self, task_force: str) -> None:
        for stream in [s for s, name in self._watched.items() if name == task_force]:
            self._let_go(stream)

    def _begin_anew(self, task_force: str, at: datetime) -> None:
        for stream, task in self._boards.tasks(task_force, only_open=True).items():
            if not task.delivered:
                self._watched[stream] = task_force
                self._note(stream, at)

    # --- what to look at ------------------------------------------------------------------------

    def due(self, now: datetime) -> list[str]:
        """The tasks to look at by now, each told once; `look_at` brings one back."""
        found: list[str] = []
        with self._changed:
            while self._heap and self._heap[0][0] <= now:
                at, stream = heappop(self._heap)
                if self._at.get(stream) == at:
                    del self._at[stream]
                    found.append(stream)
        return found

    def look_at(self, stream: str, at: datetime) -> None:
        """Look at this task again then, unless it is let go before."""
        with self._changed:
            if stream in self._watched:
                self._note(stream, at)

    def next_due(self) -> datetime | None:
        """When to look next (UTC)."""
        with self._changed:
            while self._heap:
                at, stream = self._heap[0]
                if self._at.get(stream) == at:
                    return at
                heappop(self._heap)
            return None

    def wanted(self, stream: str) -> bool:
        """Whether the assignee of a task has still to be told, as far as is known."""
        with self._changed:
            return stream in self._watched

    def taken_as(self, reference: str) -> list[tuple[str, int]]:
        """Task and number of the attempts that the other side knows under a reference."""
        with self._changed:
            return list(self._taken.get(reference, ()))

    def wait_for(self, position: int, timeout: float) -> bool:
        """Wait until it has taken in a position; False when the time is up or it is stopped."""
        with self._changed:
            return (
                self._changed.wait_for(
                    lambda: self.position >= position or self.stopped is not None, timeout
                )
                and self.position >= position
            )

    def read(self, streams: Iterable[str]) -> dict[str, Reaching]:
        """What the log says of these tasks; what cannot be read is left out, and said elsewhere."""
        return reaching(_readable(self._log, list(streams)))

    def _note(self, stream: str, at: datetime) -> None:
        known = self._at.get(stream)
        if known is None or at < known:
            self._at[stream] = at
            heappush(self._heap, (at, stream))


def _readable(log: Log, streams: Sequence[str]) -> list[Recorded[Any]]:
    fact = Reading().fact
    found: list[Recorded[Any]] = []
    broken: set[str] = set()
    for row in log.read_streams(streams):
        if row[1] in broken:
            continue
        try:
            found.append(fact(*row))
        except UnreadableEvent:
            broken.add(row[1])
    return [one for one in found if one.stream not in broken]
