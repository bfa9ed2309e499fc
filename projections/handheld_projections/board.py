"""The counts of a board: how many tasks are in each state, for any division.

Counted where the task is; a division's figure is the sum of all whose code begins with its own.
"""

from __future__ import annotations

from collections.abc import Iterable

from handheld_projections.moves import Move
from handheld_projections.open_tasks import (
    STATES,
)

Counts = dict[str, list[int]]
"""By division code (or department): one number for each of STATES, then how many are overdue."""

WIDTH = len(STATES) + 1
OVERDUE = len(STATES)


def count(counts: Counts, move: Move, department: str | None = None) -> None:
    """Take in a move where the task is, or under the department of the assignee."""
    key = move.division if department is None else department
    here = counts.get(key)
    if here is None:
        here = counts[key] = [0] * WIDTH
    if move.was is not None:
        here[move.was] -= 1
    here[move.now] += 1
    if move.overdue:
        here[OVERDUE] += move.overdue


def total(counts: Counts, territory: str) -> list[int]:
    """The counts of a division and all below it."""
    return add(numbers for code, numbers in counts.items() if code.startswith(territory))


def by_child(counts: Counts, territory: str) -> dict[str, list[int]]:
    """The counts one tier below, by code; those with no task are left out."""
    length = len(territory) + 3
    children: dict[str, list[list[int]]] = {}
    for code, numbers in counts.items():
        if len(code) >= length and code.startswith(territory):
            children.setdefault(code[:length], []).append(numbers)
    return {code: add(children[code]) for code in sorted(children)}


def add(rows: Iterable[list[int]]) -> list[int]:
    """The sums, state by state, and of those overdue."""
    sums = [0] * WIDTH
    for row in rows:
        for index, number in enumerate(row):
            sums[index] += number
    return sums
