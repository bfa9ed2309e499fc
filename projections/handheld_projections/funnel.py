"""The funnel: how many tasks reached each stage, and within what time.

Times are whole seconds from dispatch, judged as `handheld_events.times` says, and kept exactly;
"half within" is the smallest time within which at least half of those who answered had done so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from handheld_projections.open_tasks import STAGES


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


def steps(parts: Iterable[tuple[Sequence[int], Sequence[Sequence[int]]]]) -> list[Step]:
    """The funnel over divisions and task forces.

    Of each: the number of tasks, and the times in seconds from dispatch, for each of STAGES.
    """
    stages = [0] * len(STAGES)
    times: list[list[int]] = [[] for _ in STAGES]
    for reached, taken in parts:
        for index, number in enumerate(reached):
            stages[index] += number
        for total, more in zip(times, taken, strict=True):
            total += more
    return [Step(stage, stages[index], within(times[index])) for index, stage in enumerate(STAGES)]


def within(times: list[int]) -> Within | None:
    """The times within which half and nine in ten of them lie; None where there are none."""
    if not times:
        return None
    ordered = sorted(times)
    count = len(ordered)
    return Within(ordered[(count + 1) // 2 - 1], ordered[(count * 9 + 9) // 10 - 1], ordered[-1])
