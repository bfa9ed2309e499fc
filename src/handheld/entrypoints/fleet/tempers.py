"""How phones misbehave, drawn from a seed: without signal, slow to read, saying things twice."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import msgspec


class Tempers(msgspec.Struct, frozen=True, kw_only=True):
    """Shares are between 0 and 1; times are seconds of the machine."""

    offline: float = 0.0
    """The share of phones that lose the signal now and then."""
    every: float = 30.0
    """Between two such spells, on average."""
    lasts: float = 8.0
    """A spell, on average."""
    slow: float = 0.0
    """The share of phones that stop reading what they are sent now and then."""
    pause: float = 3.0
    """So long, at the most."""
    duplicates: float = 0.0
    """The share of commands that are sent twice."""
    storm: float = 0.0
    """All connections break at once every so many seconds; 0: never."""


CALM = Tempers()


class Temper:
    """One phone's."""

    __slots__ = ("_chance", "_is_offline", "_is_slow", "_tempers")

    def __init__(self, tempers: Tempers, seed: int, device: str) -> None:
        self._tempers = tempers
        self._chance = Random(f"{seed}/temper/{device}")
        self._is_offline = self._chance.random() < tempers.offline
        self._is_slow = self._chance.random() < tempers.slow

    def spells(self) -> Iterator[tuple[float, float]]:
        """In how many seconds it loses the signal, and for how long; again and again."""
        while self._is_offline:
            told = self._tempers
            yield (
                self._chance.expovariate(1 / told.every),
                self._chance.expovariate(1 / told.lasts),
            )

    def pause(self) -> float:
        """Seconds for which nothing more is read, after a message."""
        if not self._is_slow or self._chance.random() > 0.3:
            return 0.0
        return self._chance.uniform(0, self._tempers.pause)

    def twice(self) -> bool:
        """Whether what is said now is said twice."""
        return self._chance.random() < self._tempers.duplicates

    def back_in(self, attempt: int) -> float:
        """Seconds before the next attempt to connect: more each time, and never all at once."""
        return self._chance.uniform(0, min(15.0, 0.25 * 2 ** min(attempt, 8)))
