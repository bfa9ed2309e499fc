"""The floor of single commands: a queue and a thread, with nothing around them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from threading import Thread
from typing import NamedTuple

from benchmarks.floor import RawRow, Rows
from handheld.application.writer import BATCH


class Waiting(NamedTuple):
    """A caller."""

    event: RawRow
    command: RawRow
    done: asyncio.Future[None]


class BareCommitter:
    """As many rows as there are, one transaction by `write`, one wake-up of the loop."""

    def __init__(self, write: Callable[[Rows], object]) -> None:
        self._write = write
        self._queue: SimpleQueue[Waiting | None] = SimpleQueue()
        self._thread = Thread(target=self._run)
        self._thread.start()

    def submit(self, event: RawRow, command: RawRow) -> asyncio.Future[None]:
        """Queue the rows; the future is done when they are durable."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queue.put(Waiting(event, command, done))
        return done

    def close(self) -> None:
        """Finish."""
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (first := self._queue.get()) is not None:
            batch = [first]
            while len(batch) < BATCH:
                try:
                    item = self._queue.get_nowait()
                except Empty:
                    break
                if item is None:
                    self._queue.put(None)
                    break
                batch.append(item)
            self._write(Rows([item.event for item in batch], [item.command for item in batch]))
            batch[0].done.get_loop().call_soon_threadsafe(_settle, batch)


def _settle(batch: Sequence[Waiting]) -> None:
    for item in batch:
        item.done.set_result(None)
