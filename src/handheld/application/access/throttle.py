"""Counting tries by where they come from, in memory, for as long as they matter."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta
from math import ceil
from threading import Lock

KEPT = 20_000
"""So many sources are remembered; those not heard of for longest are forgotten first."""


class Throttle:
    """At most so many tries of one source in a stretch of time. Thread-safe."""

    def __init__(self, most: int, within: timedelta, kept: int = KEPT) -> None:
        self._most = most
        self._within = within
        self._kept = kept
        self._lock = Lock()
        self._counts: OrderedDict[str, tuple[datetime, int]] = OrderedDict()

    def wait(self, source: str, now: datetime) -> int:
        """The seconds until a source may try again; 0 where it may now."""
        with self._lock:
            since, count = self._counts.get(source, (now, 0))
        left = since + self._within - now
        if count < self._most or left <= timedelta(0):
            return 0
        return max(1, ceil(left.total_seconds()))

    def count(self, source: str, now: datetime) -> bool:
        """Count a try; whether it is the one with which the source has had its tries."""
        with self._lock:
            since, count = self._counts.pop(source, (now, 0))
            if now - since >= self._within or now < since:
                since, count = now, 0
            self._counts[source] = (since, count + 1)
            while len(self._counts) > self._kept:
                self._counts.popitem(last=False)
            return count + 1 == self._most

    def forget(self, source: str) -> None:
        """A source has shown that it is no stranger."""
        with self._lock:
            self._counts.pop(source, None)
