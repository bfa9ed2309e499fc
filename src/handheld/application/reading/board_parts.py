"""What of the boards' parts is for whom."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from msgspec.structs import replace

from handheld.application.reading.beside import Parts
from handheld.application.reading.board_wanted import Wanted
from handheld_events.ids import department_stream
from handheld_projections.boards import Part

DEPARTMENT = department_stream("")


class Named(Protocol):
    """What places are called at the position that is shown."""

    def division(self, code: str) -> str | None: ...

    def department(self, key: str) -> str | None: ...


def is_drill(parts: Parts, wanted: Wanted) -> bool:
    """Whether a drill is shown: a task force says so by itself."""
    part = parts.get(wanted.task_force) if wanted.task_force is not None else None
    return wanted.drills if part is None or part.summary is None else part.summary.drill


def narrowed(parts: Parts, allowed: tuple[str, ...] | None) -> Parts:
    """Of each part what lies in these divisions, and what people of these departments do."""
    if allowed is None:
        return parts
    divisions = tuple(each for each in allowed if not each.startswith(DEPARTMENT))
    departments = {each.removeprefix(DEPARTMENT) for each in allowed} - set(divisions)
    return {name: _narrowed(part, divisions, departments) for name, part in parts.items()}


def _narrowed(part: Part, divisions: tuple[str, ...], departments: Collection[str]) -> Part:
    return replace(
        part,
        tallies={c: tally for c, tally in part.tallies.items() if c.startswith(divisions)},
        tasks={
            stream: task
            for stream, task in part.tasks.items()
            if task.division.startswith(divisions) or task.department in departments
        },
    )
