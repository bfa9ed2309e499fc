"""Keeps the indexes: timelines and inboxes, as lines in the views."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from handheld.application.following import Batch, Progress, batches
from handheld.application.ports import AddedLines, Log, Views, ViewsMoved, ViewsUnwritable
from handheld.application.stored_fold import StoredFold, Writes
from handheld_events.envelope import Recorded
from handheld_projections.inbox import Inbox
from handheld_projections.timeline import Line, Timeline

STORED_TOGETHER = 64
"""So many batches make one transaction when there is much to catch up with."""

TIMELINE = f"{Timeline.name}.{Timeline.fold_version}"
INBOX = f"{Inbox.name}.{Inbox.fold_version}"


class IndexKeeper(StoredFold):
    """The indexes of one log: the lines of a batch are stored with the position it reaches."""

    def __init__(self, log: Log, views: Views, writes: Writes | None = None) -> None:
        self._log = log
        self._views = views
        self._stored: dict[str, int] = {}
        self._timeline = Timeline()
        self._inbox = Inbox()
        super().__init__(writes)

    def _stored_position(self) -> int:
        return min(self._views.cursor(fold) for fold in (TIMELINE, INBOX))

    def _take_up(self) -> int:
        # Heads are read after the cursor: were they newer than it, nothing could be stored.
        self._stored = {fold: self._views.cursor(fold) for fold in (TIMELINE, INBOX)}
        self._inbox = Inbox(self._views.heads(INBOX))
        return min(self._stored.values())

    def catch_up(self, upto: int | None = None, progress: Progress | None = None) -> int:
        """Take in what the log has after the position reached; gives the new position.

        Many batches are stored together: a rebuild is bound by commits, not by lines. Raises
        ViewsUnwritable, ViewsMoved, as `take`.
        """
        if self._rests():
            return self.position
        together: list[Batch] = []
        for batch in batches(self._log, self.position, upto):
            together.append(batch)
            if len(together) == STORED_TOGETHER or batch.unreadable is not None:
                self._store(together)
                together = []
                if progress is not None:
                    progress(batch.upto)
            if self.stopped is not None:
                return self.position
        self._store(together)
        return self.position

    def take(self, batch: Batch) -> None:
        """Take in a batch that begins right after the position reached.

        Raises ViewsUnwritable, ViewsMoved; nothing is stored then.
        """
        if not self._rests():
            self._store([batch])

    def _store(self, together: Sequence[Batch]) -> None:
        if not together:
            return
        facts = [fact for batch in together for fact in batch.facts]
        last = together[-1]
        indexes = ((TIMELINE, self._timeline), (INBOX, self._inbox))
        added = [
            AddedLines(fold, self._stored[fold], list(index.lines(self._new(fold, facts))))
            for fold, index in indexes
            if self._stored[fold] < last.upto
        ]
        try:
            self._views.add_lines(last.upto, added)
        except (ViewsUnwritable, ViewsMoved):
            self._current = False  # numbers given out are taken back
            raise
        for fold, _ in indexes:
            self._stored[fold] = max(self._stored[fold], last.upto)
        self._reached(last, Timeline.streams, TIMELINE)

    def _new(self, fold: str, facts: Sequence[Recorded[Any]]) -> Sequence[Recorded[Any]]:
        """Those that this index does not have yet: each has a cursor of its own."""
        stored = self._stored[fold]
        return facts if stored <= self.position else [f for f in facts if f.position > stored]

    def timeline(
        self, key: str, *, after: int = 0, upto: int | None = None, limit: int = -1
    ) -> list[Line]:
        """The lines of a task force or a person after a position, at most so many."""
        return self._views.lines(TIMELINE, key, after, upto, limit)

    def timeline_back(
        self, key: str, *, before: int | None = None, after: int = 0, limit: int = -1
    ) -> list[Line]:
        """The lines of a task force or a person before a position, the last one first."""
        return self._views.last_lines(TIMELINE, key, before, after, limit)

    def inbox(self, person: str, *, after: int = 0, upto: int | None = None) -> list[Line]:
        """The items of a person after a number."""
        return self._views.lines(INBOX, person, after, upto)
