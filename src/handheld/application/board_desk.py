"""All that shows boards to others: reading them, watching them, and what was shown."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from threading import Lock

from handheld.application.board_keeper import BoardKeeper
from handheld.application.ports import Clock, Log
from handheld.application.pushing.boards import BoardWatchers
from handheld.application.reading.board_sight import sight
from handheld.application.reading.board_wanted import Wanted
from handheld.application.reading.boards import BoardReading
from handheld.application.reading.seen import Looking
from handheld.application.shown import Shown, ShownKeeper, ShownStore, shown_at
from handheld.domain.errors import Malformed
from handheld.domain.seeing import Viewer

__all__ = ["BoardDesk"]


class BoardDesk:
    """The boards of one log, for API, gateway and command line. Safe to use from several threads."""

    def __init__(
        self,
        log: Log,
        boards: BoardKeeper,
        looking: Looking,
        clock: Clock,
        store: ShownStore,
        close_store: Callable[[], None],
    ) -> None:
        self._log = log
        self._boards = boards
        self._looking = looking
        self._clock = clock
        self._store = store
        self._close_store = close_store
        self._kept = ShownKeeper(store, clock)
        self.reading = BoardReading(log, boards, looking, clock, self._kept)
        self._opening = Lock()
        self._watchers: BoardWatchers | None = None

    @property
    def watchers(self) -> BoardWatchers:
        """Those who watch boards, begun when they are first asked for."""
        with self._opening:
            if self._watchers is None:
                self._watchers = BoardWatchers(self.reading, self._boards)
            return self._watchers

    def shown_at(self, viewer: Viewer, wanted: Wanted, at: datetime) -> list[Shown]:
        """What was shown of a board at an instant (UTC), and whether the log gives the same.

        One for each window of rows and each part that somebody saw; who sees a part is given only
        what they would see. None where nobody watched. Raises NotFound (`division.unknown`,
        `department.unknown`, `task_force.unknown`), Malformed (`board.future`, `board.department`).
        """
        now = self._clock.now()
        if at > now:
            raise Malformed("board.future", at=at.isoformat(), now=now.isoformat())
        seen = sight(self._looking.look(), viewer, wanted, self.reading.moment(at).position)
        found = shown_at(self._store, self.reading, self._log, wanted, at)
        return [one for one in found if seen.parts is None or one.parts == seen.parts]

    def close(self) -> None:
        """Show the newest once more, store what was shown, close."""
        with self._opening:
            if self._watchers is not None:
                self._watchers.close()
        with suppress(Exception):  # nothing else is kept from closing by it
            self._kept.flush(everything=True)
        self._close_store()
