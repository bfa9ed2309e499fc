"""Boards: all that is counted, kept in one part a task force.

A part is checkpointed when it has changed; with the close of its task force it leaves memory, and
comes back when something more is said of it (a rating, a late report, a reopening). Parts are
independent of each other, so a board of any past instant needs only those open at that time.
Findings and warnings have parts of their own, drills apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

from handheld_events.base import Event
from handheld_events.envelope import Recorded
from handheld_events.task import (
    HouseholdVisited,
    TaskAmended,
    TaskCancelled,
    TaskRated,
    TaskReassigned,
    TaskReopened,
    TaskReported,
    TaskSentBack,
    TaskWithdrawn,
)
from handheld_events.task_force import OrderIssued
from handheld_projections import board, figures, findings, funnel, warnings
from handheld_projections.figures import FiguresBy
from handheld_projections.findings import Findings
from handheld_projections.moves import NO_ORDERS, move
from handheld_projections.open_tasks import (
    TO_VERIFY,
    OpenTask,
)
from handheld_projections.sums import Sums, Visited, VisitsBy, report, take_back, visit
from handheld_projections.task_forces import IssuedOrder, Summary, summarise
from handheld_projections.warnings import Warnings

FINDINGS, WARNINGS = "findings", "warnings"
"""The names of the parts that belong to no task force; those of drills end in `/drill`."""


class Ratings(msgspec.Struct):
    """How those who asked for tasks rated them (评价): numbers of tasks, each as rated last."""

    satisfied: int = 0
    dissatisfied: int = 0


class Part(msgspec.Struct):
    """Everything about one task force; or the findings, or the warnings, of the whole log."""

    summary: Summary | None = None
    tasks: dict[str, OpenTask] = {}
    counts: board.Counts = {}
    funnel: funnel.Funnel = {}
    departments: board.Counts = {}
    """Counts by the department of the assignee, wherever they serve."""
    sums: Sums = {}
    visits: VisitsBy = {}
    visited: Visited = {}
    ratings: dict[str, Ratings] = {}
    """By division code."""
    figures: FiguresBy = {}
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
    fold_version = 3
    streams = ("tf", "task", "finding", "warning")

    def __init__(self, missing: Callable[[str], Part | None] = _none) -> None:
        self.parts: dict[str, Part] = {}
        self.changed: set[str] = set()
        """Parts changed since `stored` was called last."""
        self._missing = missing

    def apply(self, facts: Iterable[Recorded[Any]]) -> None:
        """Take the facts in, in log order; those of other streams are passed over."""
        count_state, count_stage, count_figures = board.count, funnel.count, figures.take
        name = ""
        part: Part | None = None
        orders = NO_ORDERS
        none = Part()
        tasks, counts, stages, loop = none.tasks, none.counts, none.funnel, none.figures
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
                    tasks, counts = part.tasks, part.counts
                    stages, loop = part.funnel, part.figures
            if part is None:
                continue
            if fact.stream == name:
                part.summary = summarise(part.summary, fact)
                orders = _orders(part)
                _watch_order(part, fact.event)
                continue
            moved = move(tasks, fact, orders)
            if moved is not None:
                if moved.was != moved.now or moved.overdue:
                    count_state(counts, moved)
                    count_figures(loop, tasks[fact.stream], moved, fact)
                    if moved.department is not None:
                        count_state(part.departments, moved, moved.department)
                if moved.stage is not None:
                    count_stage(stages, moved)
            if type(fact.event) in _TELLING:
                _tell(part, fact)
            if part.watched:
                _watch_task(part, fact)

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

    def stored(self) -> None:
        """All parts are stored: nothing has changed since, and what is closed is let go."""
        for name in self.changed:
            part = self.parts.get(name)
            if part is not None and part.closed:
                del self.parts[name]
        self.changed.clear()

    def restore(self, parts: dict[str, Part]) -> None:
        """Go on from stored parts."""
        self.parts = parts
        self.changed.clear()


def _orders(part: Part | None) -> Mapping[str, IssuedOrder]:
    return NO_ORDERS if part is None or part.summary is None else part.summary.orders


def _tell(part: Part, fact: Recorded[Any]) -> None:
    """Take in what a fact says besides a state, whatever state the task is in."""
    task = part.tasks.get(fact.stream)
    if task is None:
        return
    match fact.event:
        case TaskReported() as e:
            report(part.sums, task, e)
            figures.reported(task, fact)
        case HouseholdVisited() as e:
            visit(part.visits, part.visited, task, e)
        case TaskRated(satisfied=satisfied):
            _rate(part, task, satisfied)
        case TaskReopened():
            take_back(part.sums, task)
            _rate(part, task, None)
        case TaskSentBack() | TaskAmended() | TaskWithdrawn() | TaskReassigned() | TaskCancelled():
            take_back(part.sums, task)
        case _:
            pass


def _rate(part: Part, task: OpenTask, satisfied: bool | None) -> None:
    """The rating in place of the one before it; with none, that one is taken back."""
    here = part.ratings.setdefault(task.division, Ratings())
    here.satisfied += (satisfied is True) - (task.rated is True)
    here.dissatisfied += (satisfied is False) - (task.rated is False)
    task.rated = satisfied


def _watch_order(part: Part, event: Event) -> None:
    if isinstance(event, OrderIssued) and (event.open_to is not None or event.finding is not None):
        part.watched[event.order] = set()


def _watch_task(part: Part, fact: Recorded[Any]) -> None:
    task = part.tasks.get(fact.stream)
    streams = part.watched.get(task.order) if task is not None else None
    if task is None or streams is None:
        return
    if task.state <= TO_VERIFY:
        streams.add(fact.stream)
    elif fact.stream in streams:
        streams.discard(fact.stream)
        part.ended[task.order] = (fact.position, fact.stream)
