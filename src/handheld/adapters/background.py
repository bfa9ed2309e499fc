"""A coroutine in a thread of its own, beside code that knows no event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from threading import Lock, Thread


class Background:
    """Runs one coroutine, in an event loop of its own, from `start` to `close`."""

    def __init__(self, name: str, body: Callable[[asyncio.Event], Awaitable[None]]) -> None:
        """`body` ends soon after its event is set."""
        self._name = name
        self._body = body
        self._lock = Lock()
        self._thread: Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ending = asyncio.Event()

    def start(self) -> None:
        """Begin; once is enough."""
        with self._lock:
            if self._thread is None:
                self._ending = asyncio.Event()
                self._loop = asyncio.new_event_loop()
                self._thread = Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()

    def call(self, what: Callable[[], object]) -> None:
        """Have something done in the loop, soon; nothing where it does not run."""
        with self._lock:
            if self._loop is not None:
                self._loop.call_soon_threadsafe(what)

    def close(self) -> None:
        """End it, and wait until it has ended."""
        self.call(self._ending.set)
        with self._lock:
            thread, self._thread = self._thread, None
            loop, self._loop = self._loop, None
        if thread is not None and loop is not None:
            thread.join()
            loop.close()

    def _run(self) -> None:
        loop = self._loop
        if loop is not None:
            asyncio.set_event_loop(loop)
            loop.run_until_complete(self._until_ended())
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.run_until_complete(loop.shutdown_default_executor())

    async def _until_ended(self) -> None:
        await self._body(self._ending)
