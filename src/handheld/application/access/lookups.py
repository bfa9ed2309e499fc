"""What an event loop asks of the store: on threads, and never for long."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from handheld.domain.errors import Away

T = TypeVar("T")

THREADS = 2
ASKED_SECONDS = 5.0
"""So long whoever asks waits, for a thread and for the store together."""


class Lookups:
    """Threads of their own: strangers who knock during an outage keep nobody else from theirs."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS, "lookups")

    async def soon(self, look: Callable[[], T]) -> T:
        """What comes of a look. Raises Away where nothing came in time; and what the look raises."""
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(ASKED_SECONDS):
                return await loop.run_in_executor(self._threads, look)
        except TimeoutError:
            raise Away from None

    def close(self) -> None:
        """Finish what is being looked up."""
        self._threads.shutdown(wait=True, cancel_futures=True)
