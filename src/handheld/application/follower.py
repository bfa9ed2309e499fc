"""The follower: a thread that keeps boards and indexes up with the log."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from threading import Event, Thread
from typing import Protocol

from handheld.application.following import Batch, Stopped, batches
from handheld.application.ports import Log

logger = logging.getLogger(__name__)

WAIT_SECONDS = 0.5


class Keeper(Protocol):
    """A fold that is kept up with the log."""

    position: int
    stopped: Stopped | None

    def take(self, batch: Batch) -> None:
        """Take in a batch that begins right after the position reached."""
        ...

    def catch_up(self) -> int:
        """Take in what the log has after the position reached."""
        ...


class Follower:
    """Each batch is read and decoded once for all keepers that stand at the same position."""

    def __init__(self, log: Log, keepers: Sequence[Keeper]) -> None:
        self._log = log
        self._keepers = keepers
        self._ending = Event()
        self._thread = Thread(target=self._run, name="follower", daemon=True)

    def start(self) -> None:
        """Follow from now on."""
        self._thread.start()

    def close(self) -> None:
        """Take in what is there, then stop."""
        self._ending.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while True:
            last = self._ending.is_set()
            self._advance()
            if last:
                return
            position = min((k.position for k in self._active()), default=0)
            if not self._active():
                self._ending.wait(WAIT_SECONDS)
            else:
                self._log.wait(position, WAIT_SECONDS)

    def _active(self) -> list[Keeper]:
        return [keeper for keeper in self._keepers if keeper.stopped is None]

    def _advance(self) -> None:
        active = self._active()
        for keeper in active:
            if keeper.position != max(k.position for k in active):
                self._guard(keeper, None)
        active = self._active()
        if not active or len({keeper.position for keeper in active}) > 1:
            return
        for batch in batches(self._log, active[0].position):
            for keeper in active:
                if keeper.stopped is None:
                    self._guard(keeper, batch)

    def _guard(self, keeper: Keeper, batch: Batch | None) -> None:
        """A fault in one fold stops that fold, and no other."""
        try:
            if batch is None:
                keeper.catch_up()
            else:
                keeper.take(batch)
        except Exception as error:
            name = type(keeper).__name__
            logger.exception("%s stopped after position %s", name, keeper.position)
            keeper.stopped = Stopped(
                name, keeper.position + 1, "", f"{type(error).__name__}: {error}"
            )
