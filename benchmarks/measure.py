"""Timing: floor and product in turns, medians of several rounds, wall time and CPU seconds."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping
from statistics import median
from typing import NamedTuple

from handheld.bootstrap import settle_memory


class Timing(NamedTuple):
    """What one run took, in seconds."""

    wall: float
    cpu: float
    """Of the process with all its threads."""


class Rounds(NamedTuple):
    """All runs of one contestant."""

    runs: tuple[Timing, ...]

    @property
    def wall(self) -> float:
        """The median, in seconds."""
        return median(run.wall for run in self.runs)

    @property
    def cpu(self) -> float:
        """The median, in seconds."""
        return median(run.cpu for run in self.runs)


Contestant = Callable[[], Timing]
"""Prepares, takes one timing, checks what it did, cleans up."""


def timed(work: Callable[[], object]) -> Timing:
    """Time a piece of work, floor or product, with the collector as a server sets it.

    What was left by the preparation is collected first.
    """
    gc.unfreeze()
    settle_memory()
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    return Timing(time.perf_counter() - wall, time.process_time() - cpu)


def in_turns(rounds: int, contestants: Mapping[str, Contestant]) -> dict[str, Rounds]:
    """A B A B …: each once to warm up, then so many rounds."""
    for contestant in contestants.values():
        contestant()
    runs: dict[str, list[Timing]] = {name: [] for name in contestants}
    for _ in range(rounds):
        for name, contestant in contestants.items():
            runs[name].append(contestant())
    return {name: Rounds(tuple(taken)) for name, taken in runs.items()}


def spread(above: Rounds, below: Rounds) -> tuple[float, float]:
    """The smallest and the largest ratio of wall times of any round."""
    ratios = [a.wall / b.wall for a, b in zip(above.runs, below.runs, strict=True)]
    return min(ratios), max(ratios)
