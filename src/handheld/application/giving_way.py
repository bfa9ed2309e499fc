"""A process that pushes nothing gives way to those that do, where they share a machine.

After a start its boards, and what it stores, may come a moment later than the tasks on the phones: as
in one process, where whoever hands facts to phones goes first (`Hub.hurries`).
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

SECONDS_EACH = 50e-6
"""So long it takes to number, make and send what one fact means to phones, on two cores."""
MUCH = 64
"""For fewer facts at once nobody need wait."""


class GivingWay:
    """Says of a log's end whether the pushing of what came last is likely to be still under way."""

    def __init__(self, end: int, now: Callable[[], float] = monotonic) -> None:
        self._end = end
        self._now = now
        self._until = now()

    def __call__(self, end: int) -> bool:
        """Asked again and again while one waits; a higher end is a new commit."""
        came, self._end = end - self._end, max(end, self._end)
        now = self._now()
        if came > MUCH:
            self._until = max(self._until, now) + came * SECONDS_EACH
        return now < self._until
