"""Folds of which everything is in the store: one process writes them, the others follow it."""

from __future__ import annotations

from collections.abc import Callable
from threading import Condition

from handheld.application.following import Batch, Stopped

Writes = Callable[[], bool]
"""Whether this process is the one that stores, just now: it may change at any time."""


class StoredFold:
    """What the three keepers of stored folds have in common.

    Without `writes` no other process has the store. With it, and while it says no, nothing is
    stored: the position is what the other process has stored, as looked up last. Whoever begins to
    write, or finds that somebody else has written, takes up anew what is stored.
    """

    def __init__(self, writes: Writes | None) -> None:
        self._writes = writes
        self._current = False
        """Whether this process knows where the store stands, so that it may write on from there."""
        self._changed = Condition()
        self.position = 0
        self.stopped: Stopped | None = None
        self.only_follows()

    def _stored_position(self) -> int:
        """The position up to which the store has it."""
        raise NotImplementedError

    def _take_up(self) -> int:
        """Be ready to write on from where the store stands, which is given."""
        raise NotImplementedError

    def catch_up(self, upto: int | None = None) -> int:
        """Take in what the log has after the position reached; gives the new position.

        Raises ViewsUnwritable, ViewsMoved, as `take`.
        """
        raise NotImplementedError

    def take(self, batch: Batch) -> None:
        """Take in a batch that begins right after the position reached.

        Raises ViewsUnwritable, ViewsMoved; nothing is stored then.
        """
        raise NotImplementedError

    def only_follows(self) -> bool:
        """Whether another process stores it; the position is looked up then.

        Raises Busy, ViewsDamaged, ViewsUnwritable.
        """
        if self._writes is not None and not self._writes():
            self._current = False
            self._show(self._stored_position())
            return True
        if not self._current:
            self._show(self._take_up())
            self._current = True
        return False

    def _rests(self) -> bool:
        """Whether there is nothing to be done here: it is stopped, or another process does it."""
        return self.stopped is not None or self.only_follows()

    def _show(self, position: int) -> None:
        with self._changed:
            self.position = position
            self._changed.notify_all()

    def _reached(self, batch: Batch, stops_at: tuple[str, ...], fold: str) -> None:
        """A batch is stored; an unreadable event of these kinds of stream after it is the end."""
        with self._changed:
            self.position = max(self.position, batch.upto)
            if batch.unreadable is not None and batch.unreadable[1] in stops_at:
                self.stopped = Stopped.at(fold, batch.unreadable[0])
            self._changed.notify_all()

    def wait_for(self, position: int, timeout: float) -> bool:
        """Wait until a position is shown; False when the time is up (seconds) or it is stopped."""
        with self._changed:
            return (
                self._changed.wait_for(
                    lambda: self.position >= position or self.stopped is not None, timeout
                )
                and self.position >= position
            )
