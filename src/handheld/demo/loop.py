"""The figures of the loop (领办率, 办结率, 按时办结率, 重办率), as a fold over the facts of tasks.

They count the tasks that stood to the end: what was reassigned is counted where it went, and what
was withdrawn because others had claimed it, or because nobody needed it, is left out. A task that
was withdrawn unaccepted after its deadline stays: it was not accepted in time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from handheld_events.envelope import Recorded
from handheld_events.task import (
    TaskAccepted,
    TaskAmended,
    TaskClosed,
    TaskDispatched,
    TaskOverdue,
    TaskReassigned,
    TaskReported,
    TaskSentBack,
    TaskWithdrawn,
)
from handheld_events.task_force import OrderAmended, OrderIssued
from handheld_events.times import judge

TOPICS = frozenset(
    event.TOPIC
    for event in (
        OrderIssued,
        OrderAmended,
        TaskDispatched,
        TaskAccepted,
        TaskAmended,
        TaskReported,
        TaskSentBack,
        TaskClosed,
        TaskOverdue,
        TaskReassigned,
        TaskWithdrawn,
    )
)
"""All that the fold reads."""


@dataclass(slots=True)
class Figures:
    """What came of the tasks of an order, or of all."""

    tasks: int = 0
    accepted_in_time: int = 0
    closed: int = 0
    closed_in_time: int = 0
    reported: int = 0
    sent_back: int = 0
    """Of those reported: sent back at least once."""

    def add(self, other: Figures) -> None:
        """Count others with these."""
        self.tasks += other.tasks
        self.accepted_in_time += other.accepted_in_time
        self.closed += other.closed
        self.closed_in_time += other.closed_in_time
        self.reported += other.reported
        self.sent_back += other.sent_back


@dataclass(slots=True)
class _Course:
    order: str
    dispatched_at: datetime
    accept_by: datetime | None
    report_by: datetime | None
    accepted: datetime | None = None
    reported: datetime | None = None
    closed: bool = False
    sent_back: bool = False
    overdue: bool = False
    left_out: bool = False


@dataclass(slots=True)
class Loop:
    """The fold; `keys` are the plan's names of the orders."""

    keys: dict[str, str] = field(default_factory=dict)
    _orders: dict[str, tuple[datetime | None, datetime | None]] = field(default_factory=dict)
    _tasks: dict[str, _Course] = field(default_factory=dict)

    def take(self, facts: Iterable[Recorded[Any]]) -> None:
        """Take facts in, in log order."""
        for fact in facts:
            match fact.event:
                case OrderIssued() as e:
                    self._orders[e.order] = (e.accept_by, e.report_by)
                    self.keys[e.order] = "" if e.finding is not None else e.key or ""
                case OrderAmended() as e:
                    self._orders[e.order] = (e.accept_by, e.report_by)
                case TaskDispatched() as e:
                    accept_by, report_by = self._orders.get(e.order, (None, None))
                    self._tasks[fact.stream] = _Course(
                        e.order,
                        fact.recorded_at,
                        e.accept_by or accept_by,
                        e.report_by or report_by,
                    )
                case event if fact.stream in self._tasks:
                    _go_on(self._tasks[fact.stream], event, fact)
                case _:
                    pass

    def by_order(self) -> dict[str, Figures]:
        """The figures by the plan's name of the order; "" for orders about findings."""
        found: dict[str, Figures] = {}
        for course in self._tasks.values():
            if not course.left_out:
                here = found.setdefault(self.keys.get(course.order, ""), Figures())
                here.tasks += 1
                here.accepted_in_time += _in_time(course.accepted, course.accept_by)
                here.closed += course.closed
                here.closed_in_time += course.closed and _in_time(course.reported, course.report_by)
                here.reported += course.reported is not None
                here.sent_back += course.sent_back
        return found

    def total(self) -> Figures:
        """The figures of all."""
        found = Figures()
        for figures in self.by_order().values():
            found.add(figures)
        return found


def _go_on(course: _Course, event: Any, fact: Recorded[Any]) -> None:
    match event:
        case TaskAccepted():
            course.accepted = judge(fact.meta, fact.recorded_at, course.dispatched_at).at
        case TaskReported():
            course.reported = judge(fact.meta, fact.recorded_at, course.dispatched_at).at
        case TaskAmended(accept_by=accept_by, report_by=report_by):
            course.accepted = course.reported = None
            course.accept_by, course.report_by = accept_by, report_by
        case TaskSentBack():
            course.sent_back = True
        case TaskClosed():
            course.closed = True
        case TaskOverdue():
            course.overdue = True
        case TaskReassigned():
            course.left_out = True
        case TaskWithdrawn():
            course.left_out = not course.overdue
        case _:
            pass


def _in_time(moment: datetime | None, deadline: datetime | None) -> bool:
    return moment is not None and (deadline is None or moment <= deadline)
