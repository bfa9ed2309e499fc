"""Keeps the index of mentions: which facts name which attachments. docs/attachments.md"""

from __future__ import annotations

from threading import Condition

from handheld.application.following import Batch, Stopped, batches
from handheld.application.ports import Log, Views
from handheld_projections.mentions import Mentions
from handheld_projections.timeline import Line

FOLD = f"{Mentions.name}.{Mentions.fold_version}"
STORE_EVERY = 20_000
"""Positions after which it is stored how far it has come, where nothing was named meanwhile."""


class MentionKeeper:
    """The mentions of one log, as lines in the views."""

    def __init__(self, log: Log, views: Views) -> None:
        self._log = log
        self._views = views
        self._changed = Condition()
        self._mentions = Mentions()
        self.position = self._stored = views.cursor(FOLD)
        self.stopped: Stopped | None = None

    def catch_up(self, upto: int | None = None) -> int:
        """Take in what the log has after the position reached; gives the new position."""
        for batch in batches(self._log, self.position, upto):
            self.take(batch)
            if self.stopped is not None:
                break
        return self.position

    def take(self, batch: Batch) -> None:
        """Take in a batch that begins right after the position reached. Raises ViewsUnwritable."""
        if self.stopped is not None:
            return
        lines = list(self._mentions.lines(batch.facts))
        if lines or batch.upto - self._stored >= STORE_EVERY:
            self._views.add_lines(batch.upto, [(FOLD, lines)])
            self._stored = batch.upto
        with self._changed:
            self.position = batch.upto
            if batch.unreadable is not None and batch.unreadable[1] in Mentions.streams:
                self.stopped = Stopped.at(FOLD, batch.unreadable[0])
            self._changed.notify_all()

    def wait_for(self, position: int, timeout: float) -> bool:
        """Wait until a position is shown; False when the time is up or it is stopped."""
        with self._changed:
            return (
                self._changed.wait_for(
                    lambda: self.position >= position or self.stopped is not None, timeout
                )
                and self.position >= position
            )

    def of(self, sha256: str) -> list[Line]:
        """The facts that name an attachment, in log order; the note of each is its stream."""
        return self._views.lines(FOLD, sha256)
