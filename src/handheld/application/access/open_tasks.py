"""Who has a task that is not done: they stay signed in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from threading import Lock
from time import monotonic

LOOK_AGAIN = 10.0
"""Seconds for which what was found is believed."""


class OpenTasks:
    """The people with open tasks, looked up rarely: it is asked only of sessions long unused."""

    def __init__(self, people: Callable[[], Iterable[str]]) -> None:
        self._people = people
        self._lock = Lock()
        self._found: frozenset[str] = frozenset()
        self._until = 0.0

    def __call__(self, person: str) -> bool:
        """Whether a person has one."""
        with self._lock:
            if monotonic() >= self._until:
                self._found = frozenset(self._people())
                self._until = monotonic() + LOOK_AGAIN
            return person in self._found
