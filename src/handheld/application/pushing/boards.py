"""Watchers of boards: each board that somebody watches is made once, compared once, sent to all.

docs/boards.md
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable
from threading import Event, Lock, Thread
from time import monotonic

from handheld.application.access.identity import Identity
from handheld.application.board_keeper import BoardKeeper
from handheld.application.pushing.merge_patch import make_patch
from handheld.application.pushing.showings import Closed, Showing, change, whole
from handheld.application.reading.board_made import Made
from handheld.application.reading.board_wanted import Sight, Wanted
from handheld.application.reading.boards import BoardReading
from handheld.domain.errors import HandheldError, Malformed, NotFound

logger = logging.getLogger(__name__)

BETWEEN_SECONDS = 0.2
"""Showings of one board are at least so far apart."""
QUIET_SECONDS = 5.0
"""Where nothing on a board changes, its watchers are told so often how far the log has come."""
IDLE_SECONDS = 1.0
"""So often the policy is asked again while nothing moves, and what is shown is noted."""
OF_ONE_CONNECTION = 32
"""So many watches of one connection."""
SHARE = 4
"""Of the time of one core showings take one part in so many and one: the rest is for commands."""

Send = Callable[[bytes | Closed], bool]
"""Hands a message over to a connection; False where it has no room, and the message is lost."""


class _Watch:
    """One client's watch."""

    def __init__(
        self, connection: Hashable, name: str, who: Identity, wanted: Wanted, send: Send
    ) -> None:
        self.connection = connection
        self.name = name
        self.who = who
        self.wanted = wanted
        self.send = send
        self.group: _Group | None = None
        """Whose last showing it has; None where it is to be shown the board whole."""


class _Group:
    """All who watch the same board and see the same of it."""

    def __init__(self, made: Made) -> None:
        self.made = made
        """As it was shown last."""
        self.n = 1
        self.told_at = monotonic()

    def go_on(self, made: Made) -> Showing | None:
        """The board as it is now; gives what is to be shown of that, if anything."""
        before, self.made = self.made, made
        if made.board is before.board or made.board == before.board:
            quiet = monotonic() - self.told_at < QUIET_SECONDS
            if made.position == before.position or quiet:
                self.made = before  # what was shown, with the position that was told
                return None
        self.n += 1
        self.told_at = monotonic()
        return change(self.n, made, make_patch(before.board, made.board))


class BoardWatchers:
    """Shows boards to all who watch them, from a thread of its own. Safe to use from any thread.

    The newest state is always shown in the end; states in between may be left out.
    """

    def __init__(
        self, reading: BoardReading, boards: BoardKeeper, *, between: float = BETWEEN_SECONDS
    ) -> None:
        self._reading = reading
        self._boards = boards
        self._between = between
        self._lock = Lock()
        self._watches: dict[Hashable, dict[str, _Watch]] = {}
        """By connection and name."""
        self._groups: dict[tuple[Wanted, Sight], _Group] = {}
        self._came = Event()
        """Somebody came: they are not kept waiting."""
        self._moved = Event()
        self._told = self._moved.set
        boards.listeners.append(self._told)
        self._ending = False
        self._thread = Thread(target=self._run, name="boards", daemon=True)
        self._thread.start()

    # --- from connections -------------------------------------------------------------------------

    def watch(
        self, connection: Hashable, name: str, who: Identity, wanted: Wanted, send: Send
    ) -> None:
        """Show this board from now on; the same name again takes the place of what it was before.

        `send` is called from the thread of the watchers, and must not wait. First comes the board
        whole, then what changes. Where it is not for them, or comes not to be, `Closed` comes, and
        nothing after it. Raises Malformed (`board.watches`) where one connection watches too many.
        """
        with self._lock:
            mine = self._watches.setdefault(connection, {})
            if name not in mine and len(mine) >= OF_ONE_CONNECTION:
                raise Malformed("board.watches", most=OF_ONE_CONNECTION)
            mine[name] = _Watch(connection, name, who, wanted, send)
        self._moved.set()
        self._came.set()

    def unwatch(self, connection: Hashable, name: str) -> None:
        """No longer; what is under way may still come."""
        with self._lock:
            self._forget(connection, name)

    def gone(self, connection: Hashable) -> None:
        """A connection is gone, with all its watches."""
        with self._lock:
            self._watches.pop(connection, None)

    @property
    def count(self) -> int:
        """How many watches there are."""
        with self._lock:
            return sum(map(len, self._watches.values()))

    def _forget(self, connection: Hashable, name: str) -> None:
        mine = self._watches.get(connection, {})
        mine.pop(name, None)
        if not mine:
            self._watches.pop(connection, None)

    def _stands(self, watch: _Watch) -> bool:
        """Whether it is neither gone nor replaced."""
        return self._watches.get(watch.connection, {}).get(watch.name) is watch

    def close(self) -> None:
        """Show the newest state once more, then stop."""
        if self._told in self._boards.listeners:
            self._boards.listeners.remove(self._told)
        self._ending = True
        self._moved.set()
        self._came.set()
        self._thread.join()

    # --- the thread -------------------------------------------------------------------------------

    def _run(self) -> None:
        due = monotonic()
        ended = False
        while not ended:
            self._came.wait(max(due - monotonic(), 0.0))
            self._moved.wait(IDLE_SECONDS)
            ended = self._ending
            early = not ended and monotonic() < due
            self._came.clear()
            if not early:
                self._moved.clear()
            began, shown = monotonic(), False
            try:
                shown = self._round(only_new=early)
                self._reading.keep_shown()
            except Exception:  # the thread outlives whatever reading the log may raise
                logger.exception("boards not shown")
            if not early:
                took = monotonic() - began
                due = began + max(self._between if shown else 0.0, took * (SHARE + 1))

    def _round(self, *, only_new: bool) -> bool:
        """Show what has changed, to all who may still see it; or only those who came, what is shown.

        Gives whether anything was shown: only then the next showing is to be kept apart from it.
        """
        with self._lock:
            watches = [
                watch
                for mine in self._watches.values()
                for watch in mine.values()
                if watch.group is None or not only_new
            ]
        members: dict[tuple[Wanted, Sight], list[_Watch]] = {}
        for watch in watches:
            seen = self._seen(watch)
            if seen is not None:
                members.setdefault((watch.wanted, seen), []).append(watch)
        if not only_new:
            self._groups = {key: self._groups[key] for key in members if key in self._groups}
        shown = False
        for key, these in members.items():
            try:
                shown |= self._show(key, these, only_new=only_new)
            except (NotFound, Malformed) as error:
                for watch in these:
                    self._close(watch, error)
            except HandheldError as error:
                logger.warning("board not shown: %s", error.code)
            except Exception:  # the others are shown all the same; this one is tried again
                logger.exception("board not shown")
        return shown

    def _show(self, key: tuple[Wanted, Sight], members: list[_Watch], *, only_new: bool) -> bool:
        group = self._groups.get(key)
        changed: Showing | None = None
        if group is None:
            group = self._groups[key] = _Group(self._reading.now(*key))
        elif not only_new:
            changed = group.go_on(self._reading.now(*key))
        self._reading.note(group.made)
        first: Showing | None = None
        for watch in members:
            if watch.group is not group:
                first = first or whole(group.n, group.made)
                watch.group = group if self._hand(watch, first) else None
            elif changed is not None and not self._hand(watch, changed):
                watch.group = None
            if watch.group is None:  # it has missed this one: it is shown the next whole
                self._moved.set()
        return first is not None or changed is not None

    def _hand(self, watch: _Watch, showing: Showing) -> bool:
        if not self._stands(watch):
            return True
        try:
            return watch.send(showing.text(watch.name))
        except Exception:  # one that fails keeps no other from what is shown
            logger.exception("a showing was not handed over")
            return False

    def _seen(self, watch: _Watch) -> Sight | None:
        """How much of it they see now; None where nothing is to be shown to them."""
        try:
            return self._reading.look(watch.who.viewer, watch.wanted)
        except (NotFound, Malformed) as error:
            self._close(watch, error)
        except HandheldError as error:
            logger.warning("board not shown: %s", error.code)
        return None

    def _close(self, watch: _Watch, error: HandheldError) -> None:
        with self._lock:
            if not self._stands(watch):
                return
            self._forget(watch.connection, watch.name)
        watch.send(Closed(watch.name, error))
