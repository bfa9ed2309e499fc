"""Sums of report forms (回单汇总): numbers, household visits, ratings.

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


class Visits(msgspec.Struct):
    """Household visits (走访)."""

    visits: int = 0
    households: int = 0
    """Those visited at least once by the one who answers for them."""
    satisfied: int = 0
    """Of the households: those satisfied the last time."""
    dissatisfied: int = 0


class Ratings(msgspec.Struct):
    """How those who asked for tasks rated them (评价): numbers of tasks, each as rated last."""

    satisfied: int = 0
    dissatisfied: int = 0


def report(sums: dict[str, int], task: OpenTask, event: TaskReported) -> None:
    """Take in a report: its numbers, by the key of the form's field."""
    numbers = event.filled.numbers
    if not numbers and not task.numbers:
        return
    take_back(sums, task)
    for key, number in numbers.items():
        sums[key] = sums.get(key, 0) + number
    task.numbers = dict(numbers) or None


def take_back(sums: dict[str, int], task: OpenTask) -> None:
    """The task's last report stands no longer: what it counted leaves the sums."""
    if task.numbers:
        for key, number in task.numbers.items():
            sums[key] -= number
        task.numbers = None


def visit(
    visits: Visits, visited: dict[str, bool | None], task: OpenTask, event: HouseholdVisited
) -> None:
    """Take in a visit; two people who visit the same household have visited one.

    `visited`: the households of the division, and whether they were satisfied the last time.
    """
    if task.visited is None:
        task.visited = {}
    task.visited[event.household] = event.satisfied
    visits.visits += 1
    if event.household not in visited:
        visits.households += 1
    else:
        _satisfaction(visits, visited[event.household], -1)
    _satisfaction(visits, event.satisfied, 1)
    visited[event.household] = event.satisfied


def rate(ratings: Ratings, task: OpenTask, satisfied: bool | None) -> None:
    """The rating in place of the one before it; with none, that one is taken back."""
    ratings.satisfied += (satisfied is True) - (task.rated is True)
    ratings.dissatisfied += (satisfied is False) - (task.rated is False)
    task.rated = satisfied


def total(sums: Iterable[dict[str, int]]) -> dict[str, int]:
    """The sums over divisions and task forces, by field."""
    found: dict[str, int] = {}
    for one in sums:
        for key, number in one.items():
            found[key] = found.get(key, 0) + number
    return dict(sorted(found.items()))


def visits_total(visits: Iterable[Visits]) -> Visits:
    """The visits over divisions and task forces."""
    found = Visits()
    for one in visits:
        found.visits += one.visits
        found.households += one.households
        found.satisfied += one.satisfied
        found.dissatisfied += one.dissatisfied
    return found


def ratings_total(ratings: Iterable[Ratings]) -> Ratings:
    """The ratings over divisions and task forces."""
    found = Ratings()
    for one in ratings:
        found.satisfied += one.satisfied
        found.dissatisfied += one.dissatisfied
    return found


def _satisfaction(here: Visits, satisfied: bool | None, by: int) -> None:
    if satisfied is True:
        here.satisfied += by
    elif satisfied is False:
        here.dissatisfied += by
