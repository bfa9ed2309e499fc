"""The counts of a board: how many tasks are in each state, for any division."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from handheld_projections.moves import Move
from handheld_projections.open_tasks import STATES

Row = list[int]
"""One number for each of STATES, then how many are overdue."""

WIDTH = len(STATES) + 1
OVERDUE = len(STATES)


def count(row: Row, move: Move) -> None:
    """Take in a move."""
    if move.was is not None:
        row[move.was] -= 1
    row[move.now] += 1
    row[OVERDUE] += move.overdue


def by_child(rows: Mapping[str, Row], territory: str) -> dict[str, Row]:
    """The counts one tier below, by code; those with no task are left out."""
    length = len(territory) + 3
    children: dict[str, list[Row]] = {}
    for code, row in rows.items():
        if len(code) >= length and code.startswith(territory):
            children.setdefault(code[:length], []).append(row)
    return {code: add(children[code]) for code in sorted(children)}


def add(rows: Iterable[Row]) -> Row:
    """The sums, state by state, and of those overdue."""
    sums = [0] * WIDTH
    for row in rows:
        for index, number in enumerate(row):
            sums[index] += number
    return sums
