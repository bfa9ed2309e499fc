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
from handheld.application.ports import Log, LogBusy, ViewsDamaged, ViewsMoved, ViewsUnwritable
from handheld.domain.errors import Busy, HandheldError

logger = logging.getLogger(__name__)

WAIT_SECONDS = 0.5
LOOK_SECONDS = 0.03
"""So often it is looked up what another process stores, while that is behind what is known here."""
BEHIND_SECONDS = 3.0
"""Who stores nothing for so long although there is something is not waited for."""
HURRY_SECONDS = 2.0
"""So long at most the keepers let go first whoever hands new facts to phones."""
SLICE = 20_000
"""Those after the first keeper catch up in slices of so many positions, and let it go on between."""


class Keeper(Protocol):
    """A fold that is kept up with the log."""

    position: int
    stopped: Stopped | None

    def only_follows(self) -> bool:
        """Whether another process stores it: the position is then looked up, and is what that stored."""
        ...

    def take(self, batch: Batch) -> None:
        """Take in a batch that begins right after the position reached."""
        ...

    def catch_up(self, upto: int | None = None) -> int:
        """Take in what the log has after the position reached, or up to a position."""
        ...


class Follower:
    """Each batch is read and decoded once for all keepers that stand at the same position.

    Of keepers that another process stores it only looks up how far they are.

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
        self._elsewhere: list[Keeper] = []
        self._looked = 0.0
        """When it was looked up last how far those stored elsewhere are."""
        self._behind: tuple[int, float] | None = None
        """How far the last of those stored elsewhere is, where it is behind, and since when."""
        self.hurried: Callable[[int], bool] = lambda _: False
        """Whether somebody in a hurry has still to get on to a position: they go first."""
        self.between = 0.0
        """Passes begin so many seconds apart at least: many commits are then stored as one."""
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
            waiting: int | None = None
            since, began = self._log.stirred, monotonic()
            try:
                waiting = self._advance(self._let_go_first())
                if not self._stored_elsewhere_in_time():
                    self._in_trouble("no other process stores the views", None)
                else:
                    self.trouble = None
                self._housekeeping()
            except (ViewsUnwritable, ViewsMoved) as error:
                waiting = None
                self._in_trouble("views cannot be written", error)
            except Busy as error:
                waiting = None
                self._in_trouble("views cannot be read", error)
            except HandheldError as error:
                logger.warning("housekeeping: %s", error)
            except Exception as error:  # the thread outlives whatever reading the log may raise
                waiting = None
                self._in_trouble("the log cannot be read", error)
            if last:
                return
            if waiting is None:
                self._ending.wait(WAIT_SECONDS)
            else:
                soon = self._behind is not None and self.trouble is None
                seconds = LOOK_SECONDS if soon else WAIT_SECONDS
                with suppress(Exception):  # the next pass meets it again, and says so
                    self._log.wait(waiting, seconds, self._ending.is_set, since)
                self._ending.wait(max(self.between - (monotonic() - began), 0.0))

    def _let_go_first(self) -> int:
        """While thousands of phones are told of a start, boards and indexes would only be in the way.

        Gives the log's end.
        """
        end, until = self._log.end(), monotonic() + HURRY_SECONDS
        while self.hurried(end) and monotonic() < until and not self._ending.is_set():
            self._ending.wait(0.005)
        return end

    def _in_trouble(self, what: str, error: Exception | None) -> None:
        told = what if error is None else f"{what}: {error}"
        if self.trouble is None:
            logger.warning("%s, trying again", told)
        self.trouble = told

    def _active(self) -> list[Keeper]:
        """Those that this process folds; of the others it is looked up how far they are.

        Not at each of hundreds of commits a second: what another process stores comes in between.
        """
        active: list[Keeper] = []
        soon = monotonic() - self._looked < LOOK_SECONDS
        known, self._elsewhere = self._elsewhere if soon else (), []
        for keeper in self._keepers:
            if keeper in known:
                self._elsewhere.append(keeper)
            elif keeper.stopped is None:
                self._guard(keeper, partial(self._sort, keeper, active))
        if not soon:
            self._looked = monotonic()
        return active

    def _sort(self, keeper: Keeper, active: list[Keeper]) -> None:
        (self._elsewhere if keeper.only_follows() else active).append(keeper)

    def _reached(self, position: int) -> None:
        """Note whether what another process stores is behind, and since when it has not moved."""
        last = min((keeper.position for keeper in self._elsewhere), default=position)
        if last >= position:
            self._behind = None
        elif self._behind is None or self._behind[0] != last:
            self._behind = last, monotonic()

    def _stored_elsewhere_in_time(self) -> bool:
        return self._behind is None or monotonic() - self._behind[1] < BEHIND_SECONDS

    def _advance(self, end: int) -> int | None:
        """Bring all to the log's end: the first keeper before the others, if they are far behind.

        Gives the position after which to wait for more; None where all are stopped.
        """
        while self._joining:
            self._keepers = (*self._keepers, self._joining.pop(0))
        active = self._active()
        while self._apart(active, end):
            first, *others = active
            self._guard(first, first.catch_up)
            for keeper in others:
                self._guard(keeper, partial(keeper.catch_up, keeper.position + SLICE))
            active = self._active()
        if not active:
            return None
        for batch in batches(self._log, active[0].position):
            for keeper in active:
                if keeper.stopped is None:
                    self._guard(keeper, partial(keeper.take, batch))
            if any(keeper.position != batch.upto for keeper in active if keeper.stopped is None):
                break  # who stores has changed in between: they are brought together first
        position = min(
            (keeper.position for keeper in active if keeper.stopped is None), default=None
        )
        if position is not None:
            self._reached(position)
        return position

    def _apart(self, active: Sequence[Keeper], end: int) -> bool:
        """Whether the keepers stand at different positions, or are far behind."""
        positions = {keeper.position for keeper in active}
        return bool(positions) and (len(positions) > 1 or end - min(positions) > SLICE)

    def _guard(self, keeper: Keeper, step: Callable[[], object]) -> None:
        """A fault in one fold stops that fold, and no other."""
        try:
            step()
        except (ViewsUnwritable, ViewsMoved, LogBusy, Busy):
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
