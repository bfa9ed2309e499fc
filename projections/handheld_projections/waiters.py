"""Waiters: whose tasks are open, and who is late (迟办名单)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from heapq import nsmallest

import msgspec

from handheld_projections.boards import Part
from handheld_projections.open_tasks import (
    OPEN,
    OVERDUE,
    STATES,
    SUSPENDED,
    TO_VERIFY,
    WAITING,
    OpenTask,
    State,
)
from handheld_projections.tier_board import counted


class Waiter(msgspec.Struct, frozen=True):
    """Somebody whose task is not done."""

    task: str
    person: str
    division: str
    state: State
    order: str
    dispatched_at: datetime
    task_force: str = ""
    department: str | None = None
    delivered: bool = False
    overdue: bool = False
    suspended: bool = False
    open: bool = False
    """To be claimed by one of a group."""
    due_at: datetime | None = None
    """The deadline of the step that is awaited."""
    reminded: int = 0
    escalated: int = 0

    @property
    def key(self) -> tuple[datetime, str, str, str]:
        """Where it stands in a list: those dispatched first come first."""
        return (self.dispatched_at, self.division, self.person, self.task)


def open_tasks(
    parts: Iterable[Part],
    division: str,
    *,
    drills: bool = False,
    late: bool = False,
    department: str | None = None,
) -> list[Waiter]:
    """Whose tasks are open in a division, those dispatched first first.

    Drills are left out, or, if asked for, are all that is listed. `late`: only those overdue, those
    due first first. `department`: only its people, wherever they serve.
    """
    found = _found(parts, division, drills=drills, late=late, department=department)
    found.sort()
    return [_waiter(part, stream, task) for *_, stream, task, part in found]


def open_window(
    parts: Iterable[Part],
    division: str,
    offset: int,
    limit: int,
    *,
    drills: bool = False,
    late: bool = False,
    department: str | None = None,
    state: State | None = None,
) -> tuple[list[Waiter], int]:
    """Some of the same list, and how many there are in all: of thousands only these are made.

    `state`: only those in this one.
    """
    found = _found(parts, division, drills=drills, late=late, department=department, state=state)
    chosen = nsmallest(offset + limit, found)[offset:]
    return [_waiter(part, stream, task) for *_, stream, task, part in chosen], len(found)


_Place = tuple[datetime, datetime, str, str, str, OpenTask, Part]
"""Where an open task stands in a list, and what it is; streams differ, so no more is compared."""


def _found(
    parts: Iterable[Part],
    division: str,
    *,
    drills: bool,
    late: bool,
    department: str | None,
    state: State | None = None,
) -> list[_Place]:
    lowest, highest = (WAITING, TO_VERIFY) if state is None else (STATES.index(state),) * 2
    return [
        (
            (_due_at(task) or task.dispatched_at) if late else task.dispatched_at,
            task.dispatched_at,
            task.division,
            task.person,
            stream,
            task,
            part,
        )
        for part in counted(parts, drills=drills)
        for stream, task in part.tasks.items()
        if lowest <= task.state <= highest
        and (not late or task.marks & OVERDUE)
        and task.division.startswith(division)
        and (department is None or task.department == department)
    ]


def _due_at(task: OpenTask) -> datetime | None:
    """The deadline of the step that is awaited."""
    return task.accept_by or task.report_by if task.state == WAITING else task.report_by


def _waiter(part: Part, stream: str, task: OpenTask) -> Waiter:
    summary = part.summary
    return Waiter(
        stream,
        task.person,
        task.division,
        STATES[task.state],
        task.order,
        task.dispatched_at,
        summary.task_force if summary else "",
        task.department,
        task.delivered,
        task.overdue,
        bool(task.marks & SUSPENDED),
        bool(task.marks & OPEN),
        _due_at(task),
        task.reminded,
        task.escalated,
    )
