"""The funnel: how many tasks reached each stage, and within what time.

Times are whole seconds from dispatch, judged as `handheld_events.times` says, and kept exactly;
"half within" is the smallest time within which at least half of those who answered had done so.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from handheld_projections.moves import Move
from handheld_projections.open_tasks import (
    STAGES,
)


class Reached(msgspec.Struct, array_like=True):
    """One division's part of the funnel."""

    stages: list[int]
    """One number for each of STAGES."""
    times: list[list[int]]
    """For each of STAGES: the seconds from dispatch, in log order."""


Funnel = dict[str, Reached]
"""By division code."""


class Within(msgspec.Struct, frozen=True):
    """How long those who reached a stage took, in seconds from dispatch."""

    half: int
    nine_in_ten: int
    longest: int


class Step(msgspec.Struct, frozen=True):
    """One stage of a funnel."""

    stage: str
    tasks: int
    within: Within | None
    """None where nobody has reached it; always None for the dispatch itself."""


def empty() -> Reached:
    """A division where nothing has happened."""
    return Reached([0] * len(STAGES), [[] for _ in STAGES])


def count(funnel: Funnel, move: Move) -> None:
    """Take in a move."""
    stage = move.stage
    if stage is None:
        return
    here = funnel.get(move.division)
    if here is None:
        here = funnel[move.division] = empty()
    here.stages[stage] += 1
    waited = move.waited
    if waited is not None:
        here.times[stage].append(waited)


def steps(funnels: Iterable[Funnel], territory: str) -> list[Step]:
    """The funnel of a division and all below it, over one or more task forces."""
    sums = empty()
    for funnel in funnels:
        for code, here in funnel.items():
            if code.startswith(territory):
                _add(sums, here)
    return [
        Step(stage, sums.stages[index], within(sums.times[index]))
        for index, stage in enumerate(STAGES)
    ]


def within(times: list[int]) -> Within | None:
    """The times within which half and nine in ten of them lie; None where there are none."""
    if not times:
        return None
    ordered = sorted(times)
    count = len(ordered)
    return Within(ordered[(count + 1) // 2 - 1], ordered[(count * 9 + 9) // 10 - 1], ordered[-1])


def _add(sums: Reached, here: Reached) -> None:
    for index, number in enumerate(here.stages):
        sums.stages[index] += number
    for total, times in zip(sums.times, here.times, strict=True):
        total += times
