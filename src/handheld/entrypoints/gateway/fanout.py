"""Fan-out: from the hub's thread to the connections, in handfuls between which the loop goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from threading import BoundedSemaphore, Event
from typing import Protocol

from handheld.application.pushing.hub import Delivery
from handheld.entrypoints.gateway.figures import Figures

AHEAD = 4
"""So many handfuls the hub may be ahead of the loop."""


class Taker(Protocol):
    """A connection that takes an inbox."""

    def live(self, delivery: Delivery) -> None:
        """New items, in the order of the log."""
        ...


class FanOut:
    """Hands deliveries to the connections of each person."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        present: Mapping[str, Sequence[Taker]],
        figures: Figures,
    ) -> None:
        self._loop = loop
        self._present = present
        self._figures = figures
        self._ahead = BoundedSemaphore(AHEAD)
        self._ended = Event()

    def deliver(self, handed: Sequence[Delivery]) -> None:
        """Hand over a handful, from another thread; waits where the loop is behind."""
        while not self._ahead.acquire(timeout=0.5):
            if self._ended.is_set():
                return
        try:
            self._loop.call_soon_threadsafe(self._write, handed)
        except RuntimeError:  # the loop has closed: nobody is connected any more
            self._ahead.release()

    def close(self) -> None:
        """Nothing is waited for any more."""
        self._ended.set()

    def _write(self, handed: Sequence[Delivery]) -> None:
        began = self._loop.time()
        try:
            for delivery in handed:
                for taker in tuple(self._present.get(delivery.person, ())):
                    taker.live(delivery)
        finally:
            self._ahead.release()
            took = self._loop.time() - began
            self._figures.longest_handover = max(self._figures.longest_handover, took)
