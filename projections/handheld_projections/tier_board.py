"""The tier board: what a division sees of itself and of those one tier below."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from handheld_events.orders import Level
from handheld_projections import board, funnel
from handheld_projections.boards import Part
from handheld_projections.moves import IN_PROGRESS, STATES, TO_VERIFY, WAITING, State
from handheld_projections.task_forces import Status


class Count(msgspec.Struct, frozen=True):
    """How many tasks are in each state. The states exclude each other: they sum to `tasks`."""

    waiting: int
    in_progress: int
    to_verify: int
    closed: int
    declined: int
    withdrawn: int

    @property
    def tasks(self) -> int:
        """All of them."""
        return (
            self.waiting
            + self.in_progress
            + self.to_verify
            + self.closed
            + self.declined
            + self.withdrawn
        )

    @property
    def open(self) -> int:
        """Those in which something is still to be done."""
        return self.waiting + self.in_progress + self.to_verify


class TaskForceLine(msgspec.Struct, frozen=True):
    """A task force that touches the division, with its tasks there."""

    task_force: str
    title: str
    status: Status
    level: Level | None
    drill: bool
    started_at: datetime
    count: Count


class Child(msgspec.Struct, frozen=True):
    """A division one tier below."""

    code: str
    count: Count


class TierBoard(msgspec.Struct, frozen=True):
    """The board of one division."""

    division: str
    position: int
    """The log position that it shows: two boards of the same position are equal."""
    count: Count
    children: tuple[Child, ...]
    funnel: tuple[funnel.Step, ...]
    task_forces: tuple[TaskForceLine, ...]


class Waiter(msgspec.Struct, frozen=True):
    """Somebody whose task is not done."""

    task: str
    person: str
    division: str
    state: State
    order: str
    dispatched_at: datetime


def tier_board(
    parts: Mapping[str, Part], division: str, position: int, *, drills: bool = False
) -> TierBoard:
    """The board of a division over these task forces.

    Drills are left out, or, if asked for, are all that is shown: they never mix with real figures.
    """
    chosen = [
        part for part in parts.values() if part.summary is not None and part.summary.drill == drills
    ]
    lines = []
    for part in chosen:
        here = board.total(part.counts, division)
        summary = part.summary
        if summary is not None and any(here):
            lines.append(
                TaskForceLine(
                    summary.task_force,
                    summary.title,
                    summary.status,
                    summary.level,
                    summary.drill,
                    summary.started_at,
                    Count(*here),
                )
            )
    children: dict[str, list[list[int]]] = {}
    for part in chosen:
        for code, numbers in board.by_child(part.counts, division).items():
            children.setdefault(code, []).append(numbers)
    return TierBoard(
        division,
        position,
        Count(*board.add(board.total(part.counts, division) for part in chosen)),
        tuple(Child(code, Count(*board.add(children[code]))) for code in sorted(children)),
        tuple(funnel.steps((part.funnel for part in chosen), division)),
        tuple(sorted(lines, key=lambda line: line.task_force)),
    )


def open_tasks(
    parts: Iterable[Part],
    division: str,
    states: tuple[int, ...] = (WAITING, IN_PROGRESS, TO_VERIFY),
    *,
    drills: bool = False,
) -> list[Waiter]:
    """Whose tasks are in these states in a division, those dispatched first first.

    Drills are left out, or, if asked for, are all that is listed.
    """
    waiters = [
        Waiter(
            stream, task.person, task.division, STATES[task.state], task.order, task.dispatched_at
        )
        for part in parts
        if part.summary is not None and part.summary.drill == drills
        for stream, task in part.tasks.items()
        if task.state in states and task.division.startswith(division)
    ]
    waiters.sort(key=lambda waiter: (waiter.dispatched_at, waiter.division, waiter.person))
    return waiters
