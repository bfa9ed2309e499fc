"""The follower: a thread that keeps boards and indexes up with the log."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from threading import Event, Thread
from time import monotonic
from typing import Protocol

from handheld.application.following import Batch, Stopped, batches
from handheld.application.ports import Log, LogBusy, ViewsDamaged, ViewsUnwritable
from handheld.domain.errors import HandheldError

logger = logging.getLogger(__name__)

WAIT_SECONDS = 0.5
HURRY_SECONDS = 2.0
"""So long at most the keepers let go first whoever hands new facts to phones."""
SLICE = 20_000
"""Those after the first keeper catch up in slices of so many positions, and let it go on between."""


class Keeper(Protocol):
    """A fold that is kept up with the log."""

    position: int
    stopped: Stopped | None

    def take(self, batch: Batch) -> None:
        """Take in a batch that begins right after the position reached."""
        ...

    def catch_up(self, upto: int | None = None) -> int:
        """Take in what the log has after the position reached, or up to a position."""
        ...


class Follower:
    """Each batch is read and decoded once for all keepers that stand at the same position.

    `housekeeping` is called when a pass is done: for what need not be done at once.
    """

    def __init__(
        self,
        log: Log,
        keepers: Sequence[Keeper],
        housekeeping: Callable[[], None] = lambda: None,
    ) -> None:
        self._log = log
        self._keepers = keepers
        self._housekeeping = housekeeping
        self._joining: list[Keeper] = []
        self.hurried: Callable[[int], bool] = lambda _: False
        """Whether somebody in a hurry has still to get on to a position: they go first."""
        self._ending = Event()
        self.damaged = False
        """Whether the views turned out to be damaged: they are good for nothing any more."""
        self.trouble: str | None = None
        """Why it does not get on just now; it goes on trying."""
        self._thread = Thread(target=self._run, name="follower", daemon=True)

    def start(self) -> None:
        """Follow from now on."""
        self._thread.start()

    def also(self, keeper: Keeper) -> None:
        """Keep one more up with the log, from the position that it has reached, from the next pass on."""
        self._joining.append(keeper)
        self._log.wake()

    def close(self) -> None:
        """Take in what is there, then stop."""
        self._ending.set()
        self._log.wake()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while True:
            last = self._ending.is_set()
            try:
                self._let_go_first()
                self._advance()
                self.trouble = None
                self._housekeeping()
            except ViewsUnwritable as error:
                self._in_trouble("views cannot be written", error)
            except HandheldError as error:
                logger.warning("housekeeping: %s", error)
            except Exception as error:  # the thread outlives whatever reading the log may raise
                self._in_trouble("the log cannot be read", error)
            if last:
                return
            active = self._active()
            if active and self.trouble is None:
                position = min(keeper.position for keeper in active)
                with suppress(Exception):  # the next pass meets it again, and says so
                    self._log.wait(position, WAIT_SECONDS, self._ending.is_set)
            else:
                self._ending.wait(WAIT_SECONDS)

    def _let_go_first(self) -> None:
        """While thousands of phones are told of a start, boards and indexes would only be in the way."""
        end, until = self._log.end(), monotonic() + HURRY_SECONDS
        while self.hurried(end) and monotonic() < until and not self._ending.is_set():
            self._ending.wait(0.005)

    def _in_trouble(self, what: str, error: Exception) -> None:
        if self.trouble is None:
            logger.warning("%s, trying again: %s", what, error)
        self.trouble = f"{what}: {error}"

    def _active(self) -> list[Keeper]:
        return [keeper for keeper in self._keepers if keeper.stopped is None]

    def _advance(self) -> None:
        """Bring all to the log's end: the first keeper before the others, if they are far behind."""
        while self._joining:
            self._keepers = (*self._keepers, self._joining.pop(0))
        while self._apart():
            first, *others = self._active()
            self._guard(first, first.catch_up)
            for keeper in others:
                self._guard(keeper, partial(keeper.catch_up, keeper.position + SLICE))
        active = self._active()
        if not active:
            return
        for batch in batches(self._log, active[0].position):
            for keeper in active:
                if keeper.stopped is None:
                    self._guard(keeper, partial(keeper.take, batch))

    def _apart(self) -> bool:
        """Whether the keepers stand at different positions, or are far behind."""
        positions = {keeper.position for keeper in self._active()}
        return bool(positions) and (len(positions) > 1 or self._log.end() - min(positions) > SLICE)

    def _guard(self, keeper: Keeper, step: Callable[[], object]) -> None:
        """A fault in one fold stops that fold, and no other."""
        try:
            step()
        except (ViewsUnwritable, LogBusy):
            raise
        except ViewsDamaged as error:
            self.damaged = True
            name = type(keeper).__name__
            logger.warning("%s stopped: the views are damaged: %s", name, error)
            reason = f"views.db is damaged, and is made anew at the next start: {error}"
            keeper.stopped = Stopped(name, keeper.position + 1, "", reason)
        except Exception as error:
            name = type(keeper).__name__
            logger.exception("%s stopped after position %s", name, keeper.position)
            keeper.stopped = Stopped(
                name, keeper.position + 1, "", f"{type(error).__name__}: {error}"
            )
