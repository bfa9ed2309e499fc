"""Keeps the indexes: timelines and inboxes, as lines in the views."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Condition
from typing import Any

from handheld.application.following import Batch, Progress, Stopped, batches
from handheld.application.ports import Log, Views, ViewsUnwritable
from handheld_events.envelope import Recorded
from handheld_projections.inbox import Inbox
from handheld_projections.timeline import Line, Timeline

STORED_TOGETHER = 64
"""So many batches make one transaction when there is much to catch up with."""

TIMELINE = f"{Timeline.name}.{Timeline.fold_version}"
INBOX = f"{Inbox.name}.{Inbox.fold_version}"


class IndexKeeper:
    """The indexes of one log: the lines of a batch are stored with the position it reaches."""

    def __init__(self, log: Log, views: Views) -> None:
        self._log = log
        self._views = views
        self._changed = Condition()
        self._stored = {fold: views.cursor(fold) for fold in (TIMELINE, INBOX)}
        self.position = min(self._stored.values())
        self.stopped: Stopped | None = None
        self._timeline = Timeline()
        self._inbox = Inbox(views.heads(INBOX))

    def catch_up(self, upto: int | None = None, progress: Progress | None = None) -> int:
        """Take in what the log has after the position reached; gives the new position.

        Many batches are stored together: a rebuild is bound by commits, not by lines.
        """
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

        Raises ViewsUnwritable; the position is then as it was.
        """
        self._store([batch])

    def _store(self, together: Sequence[Batch]) -> None:
        if self.stopped is not None or not together:
            return
        facts = [fact for batch in together for fact in batch.facts]
        last = together[-1]
        indexes = ((TIMELINE, self._timeline), (INBOX, self._inbox))
        lines = [
            (fold, list(index.lines(self._new(fold, facts))))
            for fold, index in indexes
            if self._stored[fold] < last.upto
        ]
        try:
            self._views.add_lines(last.upto, lines)
        except ViewsUnwritable:
            self._inbox = Inbox(self._views.heads(INBOX))  # numbers given out are taken back
            raise
        for fold, _ in indexes:
            self._stored[fold] = max(self._stored[fold], last.upto)
        with self._changed:
            self.position = last.upto
            if last.unreadable is not None and last.unreadable[1] in Timeline.streams:
                self.stopped = Stopped.at(TIMELINE, last.unreadable[0])
            self._changed.notify_all()

    def _new(self, fold: str, facts: Sequence[Recorded[Any]]) -> Sequence[Recorded[Any]]:
        """Those that this index does not have yet: each has a cursor of its own."""
        stored = self._stored[fold]
        return facts if stored <= self.position else [f for f in facts if f.position > stored]

    def wait_for(self, position: int, timeout: float) -> bool:
        """Wait until the indexes show a position; False when the time is up or they are stopped."""
        with self._changed:
            return (
                self._changed.wait_for(
                    lambda: self.position >= position or self.stopped is not None, timeout
                )
                and self.position >= position
            )

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
