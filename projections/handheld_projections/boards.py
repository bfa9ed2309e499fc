"""Boards: all that is counted, kept in one part a task force.

A part is checkpointed when it has changed; with the close of its task force it leaves memory, and
comes back when something more is said of it (a rating, a late report, a reopening). Parts are
independent of each other, so a board of any past instant needs only those open at that time.
Findings and warnings have parts of their own, drills apart.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

import msgspec

from handheld_events.base import Event
from handheld_events.envelope import Recorded
from handheld_events.task import (
    HouseholdVisited,
    TaskAmended,
    TaskCancelled,
    TaskDispatched,
    TaskRated,
    TaskReassigned,
    TaskReopened,
    TaskReported,
    TaskSentBack,
    TaskWithdrawn,
)
from handheld_events.task_force import OrderIssued
from handheld_projections import figures, findings, warnings
from handheld_projections.board import WIDTH, Row
from handheld_projections.board import count as count_states
from handheld_projections.findings import Findings
from handheld_projections.moves import DISPATCH, NO_ORDERS, Move, dispatched, move
from handheld_projections.open_tasks import TO_VERIFY, OpenTask
from handheld_projections.sums import rate, report, take_back, visit
from handheld_projections.tally import Tallies, Tally, count
from handheld_projections.task_forces import IssuedOrder, Summary, summarise
from handheld_projections.warnings import Warnings

FINDINGS, WARNINGS = "findings", "warnings"
"""The names of the parts that belong to no task force; those of drills end in `/drill`."""


class Part(msgspec.Struct):
    """Everything about one task force; or the findings, or the warnings, of the whole log."""

    summary: Summary | None = None
    tasks: dict[str, OpenTask] = {}
    tallies: Tallies = {}
    """What is counted, by the division where the tasks are."""
    departments: dict[str, Row] = {}
    """Counts by the department of the assignee, wherever they serve."""
    watched: dict[str, set[str]] = {}
    """The open tasks of orders that something waits for: open to a group, or about a finding."""
    ended: dict[str, tuple[int, str]] = {}
    """Of those orders: the position at which the last of their open tasks ended, and that task."""
    findings: Findings | None = None
    warnings: Warnings | None = None

    @property
    def closed(self) -> bool:
        """Whether nothing more need be done."""
        return self.summary is not None and self.summary.status in ("closed", "cancelled")


def _none(name: str) -> Part | None:
    return None


_BESIDE = frozenset((FINDINGS[0], WARNINGS[0]))
"""How the streams of findings and warnings begin: a look that spares the thousands of others."""


_TELLING = frozenset(
    (
        TaskReported,
        HouseholdVisited,
        TaskRated,
        TaskReopened,
        TaskSentBack,
        TaskAmended,
        TaskWithdrawn,
        TaskReassigned,
        TaskCancelled,
    )
)
"""What says more than a state."""


class Boards:
    """The fold of task forces, tasks, findings and warnings; mutable only through `apply`.

    `missing` gives the part of a closed task force that has left memory.
    """

    name = "boards"
    fold_version = 5
    streams = ("tf", "task", "finding", "warning")

    def __init__(self, missing: Callable[[str], Part | None] = _none) -> None:
        self.parts: dict[str, Part] = {}
        self.changed: set[str] = set()
        """Parts changed since `stored` was called last."""
        self._missing = missing

    def apply(self, facts: Iterable[Recorded[Any]]) -> None:
        """Take the facts in, in log order; those of other streams are passed over."""
        name = ""
        part: Part | None = None
        orders = NO_ORDERS
        none = Part()
        tasks, tallies, watched = none.tasks, none.tallies, none.watched
        for fact in facts:
            task_force = fact.task_force
            if task_force is None:
                if fact.stream[0] in _BESIDE:
                    self._beside(fact)
                continue
            if task_force != name:
                name = task_force
                part = self._part(fact)
                orders = _orders(part)
                if part is not None:
                    tasks, tallies, watched = part.tasks, part.tallies, part.watched
            if part is None:
                continue
            stream = fact.stream
            if stream == name:
                part.summary = summarise(part.summary, fact)
                orders = _orders(part)
                _watch_order(part, fact.event)
                continue
            event = fact.event
            kind = type(event)
            task = tasks.get(stream)
            if task is None:
                if kind is not TaskDispatched:
                    continue
                task = tasks[stream] = dispatched(fact, orders)
                moved: Move | None = DISPATCH
            else:
                moved = move(task, fact)
            if moved is not None:
                count(tallies, task, moved, fact)
                if task.department is not None:
                    _count_department(part.departments, task.department, moved)
            if kind in _TELLING:
                _tell(tallies[task.division], task, fact)
            if watched:
                _watch_task(part, task, fact)

    def _beside(self, fact: Recorded[Any]) -> None:
        kind = fact.stream.partition("-")[0]
        if kind == "finding":
            part = self._own(FINDINGS, fact)
            part.findings = part.findings or Findings()
            findings.take(part.findings, fact)
        elif kind == "warning":
            part = self._own(WARNINGS, fact)
            part.warnings = part.warnings or Warnings()
            warnings.take(part.warnings, fact)

    def _own(self, name: str, fact: Recorded[Any]) -> Part:
        if fact.meta.drill:
            name += "/drill"
        self.changed.add(name)
        part = self.parts.get(name)
        if part is None:
            part = self.parts[name] = Part()
        return part

    def _part(self, fact: Recorded[Any]) -> Part | None:
        """The part that takes in a fact; none where its task force never began."""
        name = fact.task_force or ""
        part = self.parts.get(name)
        if part is None:
            if fact.stream == name and fact.version == 1:
                part = Part()
            else:
                part = self._missing(name)
            if part is None:
                return None
            self.parts[name] = part
        self.changed.add(name)
        return part

    def stored(self, names: Collection[str] | None = None) -> None:
        """These parts, or all that have changed, are stored as they are: the closed are let go."""
        kept = set(self.changed if names is None else names)
        for name in kept:
            part = self.parts.get(name)
            if part is not None and part.closed:
                del self.parts[name]
        self.changed -= kept

    def restore(self, parts: dict[str, Part]) -> None:
        """Go on from stored parts."""
        self.parts = parts
        self.changed.clear()


def _orders(part: Part | None) -> Mapping[str, IssuedOrder]:
    return NO_ORDERS if part is None or part.summary is None else part.summary.orders


def _tell(here: Tally, task: OpenTask, fact: Recorded[Any]) -> None:
    """Take in what a fact says besides a state, whatever state the task is in."""
    match fact.event:
        case TaskReported() as e:
            report(here.sums, task, e)
            figures.reported(task, fact)
        case HouseholdVisited() as e:
            visit(here.visits, here.visited, task, e)
        case TaskRated(satisfied=satisfied):
            rate(here.ratings, task, satisfied)
        case TaskReopened():
            take_back(here.sums, task)
            rate(here.ratings, task, None)
        case TaskSentBack() | TaskAmended() | TaskWithdrawn() | TaskReassigned() | TaskCancelled():
            take_back(here.sums, task)
        case _:
            pass


def _count_department(departments: dict[str, Row], department: str, move: Move) -> None:
    here = departments.get(department)
    if here is None:
        here = departments[department] = [0] * WIDTH
    count_states(here, move)


def _watch_order(part: Part, event: Event) -> None:
    if isinstance(event, OrderIssued) and (event.open_to is not None or event.finding is not None):
        part.watched[event.order] = set()


def _watch_task(part: Part, task: OpenTask, fact: Recorded[Any]) -> None:
    streams = part.watched.get(task.order)
    if streams is None:
        return
    if task.state <= TO_VERIFY:
        streams.add(fact.stream)
    elif fact.stream in streams:
        streams.discard(fact.stream)
        part.ended[task.order] = (fact.position, fact.stream)
