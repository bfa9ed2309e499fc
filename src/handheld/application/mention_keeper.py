"""Keeps the index of mentions: which facts name which attachments. docs/attachments.md"""

from __future__ import annotations

from handheld.application.following import Batch, batches
from handheld.application.ports import AddedLines, Log, Views, ViewsMoved, ViewsUnwritable
from handheld.application.stored_fold import StoredFold, Writes
from handheld_projections.mentions import Mentions
from handheld_projections.timeline import Line

FOLD = f"{Mentions.name}.{Mentions.fold_version}"
STORE_EVERY = 20_000
"""Positions after which it is stored how far it has come, where nothing was named meanwhile.

Where other processes follow it is stored at once: they know nothing else of it."""


class MentionKeeper(StoredFold):
    """The mentions of one log, as lines in the views."""

    def __init__(self, log: Log, views: Views, writes: Writes | None = None) -> None:
        self._log = log
        self._views = views
        self._every = STORE_EVERY if writes is None else 1
        self._stored = 0
        self._mentions = Mentions()
        super().__init__(writes)

    def _stored_position(self) -> int:
        return self._views.cursor(FOLD)

    def _take_up(self) -> int:
        self._stored = self._stored_position()
        return self._stored

    def catch_up(self, upto: int | None = None) -> int:
        """Take in what the log has after the position reached; gives the new position."""
        if self._rests():
            return self.position
        for batch in batches(self._log, self.position, upto):
            self._store(batch)
            if self.stopped is not None:
                break
        return self.position

    def take(self, batch: Batch) -> None:
        """Take in a batch that begins right after the position reached.

        Raises ViewsUnwritable, ViewsMoved; nothing is stored then.
        """
        if not self._rests():
            self._store(batch)

    def _store(self, batch: Batch) -> None:
        lines = list(self._mentions.lines(batch.facts))
        if batch.upto > self._stored and (lines or batch.upto - self._stored >= self._every):
            try:
                self._views.add_lines(batch.upto, [AddedLines(FOLD, self._stored, lines)])
            except (ViewsUnwritable, ViewsMoved):
                self._current = False
                raise
            self._stored = batch.upto
        self._reached(batch, Mentions.streams, FOLD)

    def of(self, sha256: str) -> list[Line]:
        """The facts that name an attachment, in log order; the note of each is its stream."""
        return self._views.lines(FOLD, sha256)
