"""A long-running process is asked to end, and ends by itself."""

from __future__ import annotations

import signal
from collections.abc import Generator
from contextlib import contextmanager
from threading import Event
from types import FrameType


@contextmanager
def asked_to_end() -> Generator[Event]:
    """An event that is set by SIGINT or SIGTERM, for the main thread to look at.

    An exception raised wherever the thread happens to be could leave a lock taken that the way out
    needs.
    """
    ending = Event()

    def end(number: int, frame: FrameType | None) -> None:
        ending.set()

    before = {one: signal.signal(one, end) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield ending
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
