"""Tallies: all that is counted of a task force's tasks in one division, in one place.

Counted where the task is; what a division shows is the sum over all whose codes begin with its own.
"""

from __future__ import annotations

from typing import Any

import msgspec

from handheld_events.envelope import Recorded
from handheld_projections import figures
from handheld_projections.board import OVERDUE, WIDTH, Row
from handheld_projections.figures import Exceptions
from handheld_projections.moves import Move
from handheld_projections.open_tasks import ACCEPTED, CLOSED, STAGES, TO_VERIFY, OpenTask
from handheld_projections.sums import Ratings, Visits


def _row() -> Row:
    return [0] * WIDTH


def _stages() -> list[int]:
    return [0] * len(STAGES)


def _times() -> list[list[int]]:
    return [[] for _ in STAGES]


class Tally(msgspec.Struct, array_like=True):
    """One division's part of everything that boards show of a task force."""

    counts: Row = msgspec.field(default_factory=_row)
    """How many tasks are in each state, and how many are overdue."""
    stages: list[int] = msgspec.field(default_factory=_stages)
    """How many tasks have reached each of STAGES."""
    times: list[list[int]] = msgspec.field(default_factory=_times)
    """For each of STAGES: the whole seconds from dispatch, in log order."""
    exceptions: Exceptions = msgspec.field(default_factory=Exceptions)
    sums: dict[str, int] = {}
    """By the key of a form's field, the sum of what was reported."""
    visits: Visits = msgspec.field(default_factory=Visits)
    visited: dict[str, bool | None] = {}
    """The households visited, by whomever, and whether they were satisfied the last time."""
    ratings: Ratings = msgspec.field(default_factory=Ratings)


Tallies = dict[str, Tally]
"""By division code."""


def count(tallies: Tallies, task: OpenTask, move: Move, fact: Recorded[Any]) -> None:
    """Take in a move of a task."""
    here = tallies.get(task.division)
    if here is None:
        here = tallies[task.division] = Tally()
    stage, was, now = move.stage, move.was, move.now
    if stage is not None:
        here.stages[stage] += 1
        waited = move.waited
        if waited is not None:
            here.times[stage].append(waited)
            if stage == ACCEPTED and task.accept_by is not None:
                figures.accepted(here.exceptions, task, waited)
    if was != now:
        counts = here.counts
        counts[now] += 1
        if was is not None:
            counts[was] -= 1
            if was >= TO_VERIFY or now >= CLOSED:
                figures.ended(here.exceptions, task, move, fact)
    if move.overdue:
        here.counts[OVERDUE] += move.overdue
