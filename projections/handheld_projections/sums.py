"""Sums of report forms (回单汇总): numbers and household visits, for any division.

Kept where the task is, like the counts; a report made again replaces the one before it, and one that
no longer stands (sent back, amended, reopened, reassigned, withdrawn) leaves the sums.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from handheld_events.task import HouseholdVisited, TaskReported
from handheld_projections.open_tasks import (
    OpenTask,
)

Sums = dict[str, dict[str, int]]
"""By division code: by the key of the form's field, the sum of what was reported."""


class Visits(msgspec.Struct):
    """Household visits (走访)."""

    visits: int = 0
    households: int = 0
    """Those visited at least once by the one who answers for them."""
    satisfied: int = 0
    """Of the households: those satisfied the last time."""
    dissatisfied: int = 0


VisitsBy = dict[str, Visits]
"""By division code."""

Visited = dict[str, dict[str, bool | None]]
"""By division code: the households visited, by whomever, and whether satisfied the last time."""


def report(sums: Sums, task: OpenTask, event: TaskReported) -> None:
    """Take in a report."""
    numbers = dict(event.filled.numbers)
    if not numbers and not task.numbers:
        return
    take_back(sums, task)
    here = sums.setdefault(task.division, {})
    for key, number in numbers.items():
        here[key] = here.get(key, 0) + number
    task.numbers = numbers or None


def take_back(sums: Sums, task: OpenTask) -> None:
    """The task's last report stands no longer: what it counted leaves the sums."""
    if task.numbers:
        here = sums[task.division]
        for key, number in task.numbers.items():
            here[key] -= number
        task.numbers = None


def visit(visits: VisitsBy, known: Visited, task: OpenTask, event: HouseholdVisited) -> None:
    """Take in a visit; two people who visit the same household have visited one."""
    here = visits.get(task.division)
    if here is None:
        here = visits[task.division] = Visits()
    if task.visited is None:
        task.visited = {}
    task.visited[event.household] = event.satisfied
    visited = known.setdefault(task.division, {})
    here.visits += 1
    if event.household not in visited:
        here.households += 1
    else:
        _satisfaction(here, visited[event.household], -1)
    _satisfaction(here, event.satisfied, 1)
    visited[event.household] = event.satisfied


def total(sums: Iterable[Sums], territory: str) -> dict[str, int]:
    """The sums of a division and all below it, by field."""
    found: dict[str, int] = {}
    for one in sums:
        for code, numbers in one.items():
            if code.startswith(territory):
                for key, number in numbers.items():
                    found[key] = found.get(key, 0) + number
    return dict(sorted(found.items()))


def visits_total(visits: Iterable[VisitsBy], territory: str) -> Visits:
    """The visits in a division and all below it."""
    found = Visits()
    for one in visits:
        for code, here in one.items():
            if code.startswith(territory):
                found.visits += here.visits
                found.households += here.households
                found.satisfied += here.satisfied
                found.dissatisfied += here.dissatisfied
    return found


def _satisfaction(here: Visits, satisfied: bool | None, by: int) -> None:
    if satisfied is True:
        here.satisfied += by
    elif satisfied is False:
        here.dissatisfied += by
