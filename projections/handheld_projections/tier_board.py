"""The tier board: what a division sees of itself and of those one tier below."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from handheld_events.orders import Level
from handheld_projections import board, figures, funnel
from handheld_projections.boards import FINDINGS, WARNINGS, Part
from handheld_projections.figures import Figures
from handheld_projections.findings import FINDING_STATES, count_of
from handheld_projections.open_tasks import (
    OPEN,
    STATES,
    SUSPENDED,
    TO_VERIFY,
    WAITING,
    OpenTask,
    State,
)
from handheld_projections.sums import Ratings, Visits, ratings_total, total, visits_total
from handheld_projections.tally import Tally
from handheld_projections.task_forces import Status, Summary
from handheld_projections.warnings import touching


class Count(msgspec.Struct, frozen=True):
    """How many tasks are in each state. The states exclude each other: they sum to `tasks`."""

    waiting: int
    in_progress: int
    to_verify: int
    closed: int
    declined: int
    withdrawn: int
    overdue: int = 0
    """Of those open: a deadline has passed (超期). A mark, not a state."""

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
    sums: dict[str, int] = {}
    """What reports have counted, by the key of the form's field."""
    visits: Visits = msgspec.field(default_factory=Visits)
    ratings: Ratings = msgspec.field(default_factory=Ratings)
    figures: Figures = msgspec.field(default_factory=Figures)
    """What the rates of the loop are made of: see `handheld_projections.figures.rates`."""
    findings: dict[str, int] = {}
    """How many findings are in each state."""
    warnings: tuple[str, ...] = ()
    """The streams of the warnings in force that touch the division."""


class PersonLine(msgspec.Struct, frozen=True):
    """Somebody of a department with tasks, counted by state."""

    person: str
    divisions: tuple[str, ...]
    """Where those tasks are."""
    count: Count


class DepartmentBoard(msgspec.Struct, frozen=True):
    """The board of one department (条): its people, wherever they serve."""

    department: str
    position: int
    count: Count
    task_forces: tuple[TaskForceLine, ...]
    """Those it is called to, or whose tasks its people have, with its people's tasks."""
    people: tuple[PersonLine, ...] = ()
    """Its people with tasks, wherever they serve: those overdue first, then those with most open."""


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


def tier_board(
    parts: Mapping[str, Part], division: str, position: int, *, drills: bool = False
) -> TierBoard:
    """The board of a division over these task forces.

    Drills are left out, or, if asked for, are all that is shown: they never mix with real figures.
    """
    chosen = counted(parts.values(), drills=drills)
    tallies: list[Tally] = []
    lines = []
    children: dict[str, list[board.Row]] = {}
    for part in chosen:
        here = {code: t for code, t in part.tallies.items() if code.startswith(division)}
        tallies += here.values()
        rows = {code: tally.counts for code, tally in here.items()}
        row = board.add(rows.values())
        if part.summary is not None and any(row):
            lines.append(_line(part.summary, row))
        for code, numbers in board.by_child(rows, division).items():
            children.setdefault(code, []).append(numbers)
    return TierBoard(
        division,
        position,
        Count(*board.add(tally.counts for tally in tallies)),
        tuple(Child(code, Count(*board.add(children[code]))) for code in sorted(children)),
        tuple(funnel.steps((tally.stages, tally.times) for tally in tallies)),
        tuple(sorted(lines, key=lambda line: line.task_force)),
        total(tally.sums for tally in tallies),
        visits_total(tally.visits for tally in tallies),
        ratings_total(tally.ratings for tally in tallies),
        figures.total(
            figures.Counted(tally.counts, tally.stages, tally.exceptions) for tally in tallies
        ),
        _findings(parts, division, drills=drills),
        _warnings(parts, division, drills=drills),
    )


def department_board(
    parts: Mapping[str, Part], department: str, position: int, *, drills: bool = False
) -> DepartmentBoard:
    """The board of a department: its people wherever they serve, the task forces it is in."""
    chosen = counted(parts.values(), drills=drills)
    lines = []
    for part in chosen:
        here = part.departments.get(department)
        summary = part.summary
        if summary is None or (here is None and department not in summary.departments):
            continue
        lines.append(_line(summary, here or [0] * board.WIDTH))
    rows = [part.departments[department] for part in chosen if department in part.departments]
    return DepartmentBoard(
        department,
        position,
        Count(*board.add(rows)),
        tuple(sorted(lines, key=lambda line: line.task_force)),
        tuple(_people(chosen, department)),
    )


def _people(chosen: Iterable[Part], department: str) -> list[PersonLine]:
    """A line for each person of the department who has a task."""
    found: dict[str, list[OpenTask]] = {}
    for part in chosen:
        if department in part.departments:
            for task in part.tasks.values():
                if task.department == department:
                    found.setdefault(task.person, []).append(task)
    lines = []
    for person, tasks in found.items():
        states = [task.state for task in tasks]
        row = [*map(states.count, range(len(STATES))), sum(task.overdue for task in tasks)]
        divisions = tuple(sorted({task.division for task in tasks}))
        lines.append(PersonLine(person, divisions, Count(*row)))
    lines.sort(key=lambda line: (-line.count.overdue, -line.count.open, line.person))
    return lines


def counted(parts: Iterable[Part], *, drills: bool) -> list[Part]:
    """The parts that count: those of task forces, without those started by mistake."""
    return [
        part
        for part in parts
        if part.summary is not None
        and part.summary.drill == drills
        and part.summary.status != "cancelled"
    ]


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
    waiters = [
        _waiter(part, stream, task)
        for part in counted(parts, drills=drills)
        for stream, task in part.tasks.items()
        if task.state <= TO_VERIFY
        and task.division.startswith(division)
        and (not late or task.overdue)
        and (department is None or task.department == department)
    ]
    if late:
        waiters.sort(key=lambda waiter: (waiter.due_at or waiter.dispatched_at, waiter.key))
    else:
        waiters.sort(key=lambda waiter: waiter.key)
    return waiters


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
        task.accept_by or task.report_by if task.state == WAITING else task.report_by,
        task.reminded,
        task.escalated,
    )


def _line(summary: Summary, numbers: list[int]) -> TaskForceLine:
    return TaskForceLine(
        summary.task_force,
        summary.title,
        summary.status,
        summary.level,
        summary.drill,
        summary.started_at,
        Count(*numbers),
    )


def own_part(parts: Mapping[str, Part], name: str, *, drills: bool) -> Part | None:
    """The part of the findings or the warnings, real or of drills."""
    return parts.get(f"{name}/drill" if drills else name)


def _findings(parts: Mapping[str, Part], division: str, *, drills: bool) -> dict[str, int]:
    part = own_part(parts, FINDINGS, drills=drills)
    if part is None or part.findings is None:
        return {}
    return dict(zip(FINDING_STATES, count_of(part.findings, division), strict=True))


def _warnings(parts: Mapping[str, Part], division: str, *, drills: bool) -> tuple[str, ...]:
    part = own_part(parts, WARNINGS, drills=drills)
    if part is None or part.warnings is None:
        return ()
    return tuple(line.warning for line in touching(part.warnings, division))
