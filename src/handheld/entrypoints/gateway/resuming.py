"""Resuming: what connections miss is read together, off the loop, a bounded number at a time."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from handheld.application.pushing.hub import Asked, Caught, Hub

logger = logging.getLogger(__name__)

TOGETHER = 128
"""So many connections are read for at once: 11,000 that come back at once take turns."""
WRITTEN = 16
"""After so many the loop goes on with other things."""


class Behind(Protocol):
    """A connection that misses something."""

    def missing(self) -> Asked | None:
        """From where on; None where nothing is missing any more."""
        ...

    def caught(self, asked: Asked, found: Caught | Exception) -> None:
        """What was read for it."""
        ...


class Resuming:
    """One task and one thread for all connections."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._queue: deque[Behind] = deque()
        self._wake = asyncio.Event()
        self._threads = ThreadPoolExecutor(1, "resuming")

    def want(self, behind: Behind) -> None:
        """Read what this connection misses, in its turn."""
        self._queue.append(behind)
        self._wake.set()

    def __len__(self) -> int:
        return len(self._queue)

    async def run(self) -> None:
        """Read as long as the gateway runs."""
        loop = asyncio.get_running_loop()
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._queue:
                turn = [self._queue.popleft() for _ in range(min(TOGETHER, len(self._queue)))]
                asked = [(one, what) for one in turn if (what := one.missing()) is not None]
                if not asked:
                    continue
                questions = [what for _, what in asked]
                found: list[Caught | Exception]
                try:
                    found = await loop.run_in_executor(self._threads, self._hub.catch_up, questions)
                except Exception as error:
                    logger.exception("what %s connections miss cannot be read", len(asked))
                    found = [error] * len(asked)
                for number, ((one, what), result) in enumerate(zip(asked, found, strict=True)):
                    one.caught(what, result)
                    if number % WRITTEN == WRITTEN - 1:
                        await asyncio.sleep(0)

    def close(self) -> None:
        """Let the thread go; what it reads is read to the end."""
        self._threads.shutdown(wait=True)
