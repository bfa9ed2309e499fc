"""The agenda: what will be due when, over all that the boards hold. Nothing scans.

A heap of instants. An entry says only "look again at this then": what is really due is told by the
state at that time, so whatever has moved on in between costs nothing but the look. It holds no
clock, and no state of its own that would have to be stored: it follows from the boards.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from heapq import heappop, heappush
from typing import Any, NamedTuple

from handheld_events.envelope import Recorded
from handheld_events.orders import Awaited
from handheld_events.task_force import TaskForceCancelled, TaskForceClosed, TaskForceReopened
from handheld_projections import warnings
from handheld_projections.boards import WARNINGS, Boards, Part
from handheld_projections.deadlines import Due, Kind, dues, latest
from handheld_projections.open_tasks import (
    OPEN,
    TO_VERIFY,
    OpenTask,
)
from handheld_projections.warnings import WarningLine

Key = tuple[str, str]
"""What to look at: the name of a part, and a stream in it (empty: the part as a whole)."""


class Late(NamedTuple):
    """The same thing is due for several tasks of one order."""

    kind: Kind
    task_force: str
    order: str
    awaited: Awaited
    number: int
    skipped: int
    at: datetime
    """When it was due; of what is not overdue to the minute, so that tasks due close together share
    a command."""


class LateTask(NamedTuple):
    """One of those tasks, as it is now."""

    task: str
    version: int


class Calls(NamedTuple):
    """An order that a plan foresaw is due."""

    task_force: str
    key: str
    at: datetime
    reopened: int = 0
    """How often the task force had been reopened: what its end refused is due once more then."""


class Filled(NamedTuple):
    """All places of an open order are taken, and others still wait for one."""

    task_force: str
    order: str
    anew: int = 0
    """How many places had become free again before: it is due once more then."""


class Freed(NamedTuple):
    """A claimed place of an open order is free again: those who were let go are called again."""

    task_force: str
    times: int
    """How many places became free so far. Not the last field: tuples alike are equal, whatever type."""
    order: str
    reopened: int = 0


class Unfilled(NamedTuple):
    """The time to claim an open order has passed with places free."""

    task_force: str
    order: str
    at: datetime
    reopened: int = 0


class Settled(NamedTuple):
    """All tasks of an order that was given about a finding are done."""

    task_force: str
    order: str
    finding: str
    ended: int
    """The position at which the last of them was done."""
    task: str
    """The one that was done last."""


class WarningDue(NamedTuple):
    """Something is due for a warning."""

    line: WarningLine
    """As it is now."""
    due: warnings.Due


class Found:
    """What is due at an instant."""

    def __init__(self) -> None:
        self.late: dict[Late, list[LateTask]] = {}
        """By what is due: the tasks."""
        self.others: list[Calls | Filled | Freed | Unfilled | Settled | WarningDue] = []
        self._like: tuple[object, ...] = ()
        self._alike: list[LateTask] = []

    def add(
        self,
        name: str,
        stream: str,
        task: OpenTask,
        due: Due,
        at: datetime,
        number: int,
        skipped: int,
    ) -> None:
        """One more task; those before it are mostly due for the same."""
        like = (due, at, number, skipped, task.order, name)
        if like != self._like:
            self._like = like
            late = Late(due.kind, name, task.order, due.awaited, number, skipped, at)
            self._alike = self.late.setdefault(late, [])
        self._alike.append(LateTask(stream, task.version))


class Agenda:
    """When to look at what. `take` and `restore` follow the boards; `due` says what is due."""

    def __init__(self) -> None:
        self._heap: list[datetime] = []
        self._noted: dict[datetime, list[Key]] = {}
        """By instant: what to look at then, unless it has moved. Thousands share a deadline."""
        self._at: dict[Key, datetime] = {}
        self._tried: dict[Key, tuple[object, ...]] = {}
        """What has been asked for already: it is not asked for twice, whatever came of it."""

    def next_due(self) -> datetime | None:
        """The next instant at which to look (UTC)."""
        while self._heap:
            at = self._heap[0]
            if any(self._at.get(key) == at for key in self._noted[at]):
                return at
            del self._noted[heappop(self._heap)]
        return None

    def restore(self, parts: Mapping[str, Part]) -> None:
        """Begin with what the boards hold."""
        self._heap.clear()
        self._noted.clear()
        self._at.clear()
        self._tried.clear()
        for name, part in parts.items():
            if part.closed:
                continue
            self._look_at_tasks(name, part)
            self._look_at_part(name, part)

    def take(self, facts: Iterable[Recorded[Any]], boards: Boards) -> None:
        """Take in facts that the boards have taken in just now."""
        changed: dict[str, Part] = {}
        for fact in facts:
            name = fact.task_force
            if name is None:
                if fact.stream.startswith("warning-"):
                    name = f"{WARNINGS}/drill" if fact.meta.drill else WARNINGS
                    self._look_at_warning(name, fact.stream, boards.parts.get(name))
                continue
            part = boards.parts.get(name)
            if part is None:
                continue
            if part.closed:
                if isinstance(fact.event, TaskForceClosed | TaskForceCancelled):
                    self._forget(name, part)
                continue
            changed[name] = part
            if type(fact.event) is TaskForceReopened:
                self._look_at_tasks(name, part)
            task = part.tasks.get(fact.stream)
            if task is not None:
                key = (name, fact.stream)
                self._tried.pop(key, None)
                self._look_at_task(key, task, part)
        for name, part in changed.items():
            self._look_at_part(name, part)

    def due(self, now: datetime, boards: Boards) -> Found:
        """What is due at an instant, in the order in which it fell due; it is told once."""
        found = Found()
        others: list[Key] = []
        later: list[tuple[Key, datetime]] = []
        while self._heap and self._heap[0] <= now:
            at = heappop(self._heap)
            # Sorted, so that after a crash the same tasks share a command again.
            for key in sorted(self._noted.pop(at)):
                if self._at.get(key) != at:
                    continue
                del self._at[key]
                part = boards.parts.get(key[0])
                if part is None or part.closed:
                    continue
                task = part.tasks.get(key[1])
                if task is None:
                    self._look(key, part, now, found)
                    others.append(key)
                    continue
                left = self._look_at_due(key, task, part, now, found)
                if left is not None:
                    later.append((key, left))
        for key, at in later:
            self._note(key, at)
        for key in others:
            part = boards.parts[key[0]]
            if part.warnings is not None:
                self._look_at_warning(key[0], key[1], part)
            else:
                self._look_at_part(key[0], part)
        return found

    def _look_at_due(
        self, key: Key, task: OpenTask, part: Part, now: datetime, found: Found
    ) -> datetime | None:
        """Tell what is due for a task; gives the instant of what is left."""
        order = part.summary.orders.get(task.order) if part.summary else None
        tried = self._tried.get(key, ())
        left: datetime | None = None
        for due in dues(task, order):
            if due in tried:
                continue
            at = due.at
            if at > now:
                left = at if left is None or at < left else left
                continue
            tried = self._tried[key] = (*tried, due)
            number, skipped = due.number, 0
            if due.kind != "overdue":
                number, skipped = latest(due, task, order, now)
                at = at.replace(second=0, microsecond=0)
            found.add(*key, task, due, at, number, skipped)
        return left

    def _look(self, key: Key, part: Part, now: datetime, found: Found) -> None:
        name, stream = key
        line = part.warnings.open.get(stream) if part.warnings is not None else None
        if part.warnings is not None and line is None:
            return
        tried = self._tried.get(key, ())
        if line is not None:
            for each in warnings.due(line, now):
                if each.cause + each.what not in tried:
                    tried = self._tried[key] = (*tried, each.cause + each.what)
                    found.others.append(WarningDue(line, each))
        elif part.summary is not None:
            for what, at in _of_part(name, part):
                if at <= now and what not in tried:
                    tried = self._tried[key] = (*tried, what)
                    found.others.append(what)

    def _forget(self, name: str, part: Part) -> None:
        """It has ended: nothing is asked for any more, unless it is reopened."""
        self._tried.pop((name, ""), None)
        for stream in part.tasks:
            self._tried.pop((name, stream), None)

    def _look_at_tasks(self, name: str, part: Part) -> None:
        for stream, task in part.tasks.items():
            if task.state <= TO_VERIFY:
                self._look_at_task((name, stream), task, part)

    def _look_at_task(self, key: Key, task: OpenTask, part: Part) -> None:
        order = part.summary.orders.get(task.order) if part.summary else None
        tried = self._tried.get(key, ())
        left: datetime | None = None
        for due in dues(task, order):
            at = due.at
            if (left is None or at < left) and due not in tried:
                left = at
        if left is not None:
            self._note(key, left)

    def _look_at_part(self, name: str, part: Part) -> None:
        if part.warnings is not None:
            for stream in part.warnings.open:
                self._look_at_warning(name, stream, part)
            return
        tried = self._tried.get((name, ""), ())
        at = min((at for what, at in _of_part(name, part) if what not in tried), default=None)
        if at is not None:
            self._note((name, ""), at)

    def _look_at_warning(self, name: str, stream: str, part: Part | None) -> None:
        line = part.warnings.open.get(stream) if part and part.warnings else None
        if line is None:  # it has ended; told anew, what falls due then has other causes
            self._tried.pop((name, stream), None)
            self._at.pop((name, stream), None)
            return
        tried = self._tried.get((name, stream), ())
        left = (each.at for each in warnings.dues(line) if each.cause + each.what not in tried)
        at = min(left, default=None)
        if at is not None:
            self._note((name, stream), at)

    def _note(self, key: Key, at: datetime) -> None:
        known = self._at.get(key)
        if known is None or at < known:
            self._at[key] = at
            noted = self._noted.get(at)
            if noted is None:
                self._noted[at] = [key]
                heappush(self._heap, at)
            else:
                noted.append(key)


def _of_part(
    name: str, part: Part
) -> Iterator[tuple[Calls | Filled | Freed | Unfilled | Settled, datetime]]:
    """What is due for a task force as a whole, and when."""
    summary = part.summary
    if summary is None:
        return
    if summary.status == "active":
        for foreseen in summary.foreseen.values():
            if foreseen.at is not None:
                calls = Calls(name, foreseen.key, foreseen.at, summary.reopened)
                yield calls, foreseen.at
    for name_of_order, streams in part.watched.items():
        order = summary.orders[name_of_order]
        ended = part.ended.get(name_of_order)
        if order.finding is not None and not streams and ended is not None:
            yield Settled(name, order.order, order.finding, *ended), summary.started_at
        filled = order.open_to is not None and order.claimed >= order.open_to
        if filled and any(part.tasks[stream].marks & OPEN for stream in streams):
            yield Filled(name, order.order, order.claimed_anew), summary.started_at
        if order.claimed_anew and not filled and summary.status == "active":
            freed = Freed(name, order.claimed_anew, order.order, summary.reopened)
            yield freed, summary.started_at
        by = order.accept_by
        if order.open_to is None or filled or by is None or order.withdrawn:
            continue
        if summary.status == "active" and order.unfilled != by:
            yield Unfilled(name, order.order, by, summary.reopened), by
