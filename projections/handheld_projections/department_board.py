"""The department board (条): its people wherever they serve, the task forces it is in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from handheld_projections import board
from handheld_projections.boards import Part
from handheld_projections.open_tasks import STATES, OpenTask
from handheld_projections.tier_board import Count, TaskForceLine, counted, line


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
        lines.append(line(summary, here or [0] * board.WIDTH))
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
