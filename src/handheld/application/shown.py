"""What boards have shown: a digest of each, kept, to be compared with what the log gives.

What was on a wall at 16:05 cannot be argued about: the board is made again from the log at the
position that was shown then, and its digest is the same, or it is not. docs/boards.md
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from threading import Lock
from time import monotonic
from typing import Literal, NamedTuple, Protocol

import msgspec

from handheld.application.ports import Clock, Log
from handheld.application.reading.board_made import VERSION, Made
from handheld.application.reading.board_wanted import Sight, Wanted
from handheld.application.reading.boards import BoardReading
from handheld.application.reading.moments import recorded
from handheld.domain.errors import NotFound
from handheld_events.codec import instant, microseconds

logger = logging.getLogger(__name__)

INTERVAL_SECONDS = 60.0
"""What goes on being shown without a change is noted so often."""
BETWEEN_SECONDS = 1.0
"""Of a board that keeps changing, notes are at least so far apart; the newest is always noted."""
REMEMBERED = 10_000

Verdict = Literal["identical", "different", "other_version", "not_there"]
"""Not there: the log has no such board at that position."""


class ShownUnwritable(Exception):
    """What was shown could not be stored, on a full disk say: it is tried again."""


class Key(msgspec.Struct, frozen=True):
    """Which board was shown, and to whom it looks so."""

    wanted: Wanted
    sight: Sight


class Note(NamedTuple):
    """A board was shown."""

    key: str
    """A `Key`, as JSON text."""
    place: str
    """The kind and the code or key, such as `division/330825`."""
    shown_us: int
    """By the clock of the log, microseconds since 1970."""
    position: int
    digest: str
    version: str


class ShownStore(Protocol):
    """Where notes are kept. What is lost of it cannot be made again."""

    def add(self, notes: Sequence[Note]) -> None:
        """Store notes, all or none. Raises ShownUnwritable."""
        ...

    def latest(self, place: str, upto_us: int) -> Sequence[Note]:
        """Of each board of a place the last note at or before an instant, by key."""
        ...


class Shown(msgspec.Struct, frozen=True):
    """What was shown, and whether the log gives the same."""

    wanted: Wanted
    parts: tuple[str, ...] | None
    """Only a part was shown: that of these divisions and departments."""
    shown_at: datetime
    """By the clock of the log (UTC): the last note at or before the instant that was asked for."""
    position: int
    digest: str
    """As it was shown."""
    version: str
    verdict: Verdict
    made: str | None = None
    """The digest that the log gives; None where it was not made."""


class _Known(msgspec.Struct):
    written: float = float("-inf")
    digest: str = ""
    waiting: Note | None = None


class ShownKeeper:
    """Notes what is shown, as often as is useful. Safe to use from several threads."""

    def __init__(self, store: ShownStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._lock = Lock()
        self._known: dict[tuple[Wanted, Sight], _Known] = {}

    def note(self, made: Made) -> None:
        """This was shown."""
        key = made.wanted, made.sight
        with self._lock:
            known = self._known.get(key)
            if known is None:
                if len(self._known) >= REMEMBERED:
                    self._known = {k: v for k, v in self._known.items() if v.waiting is not None}
                known = self._known[key] = _Known()
            same = known.digest == made.digest and known.waiting is None
            if same and monotonic() - known.written < INTERVAL_SECONDS:
                return
            known.waiting = Note(
                msgspec.json.encode(Key(*key)).decode(),
                place(made.wanted),
                microseconds(self._clock.now()),
                made.position,
                made.digest,
                VERSION,
            )

    def flush(self, *, everything: bool = False) -> None:
        """Store the notes that are due, or all; what cannot be stored is tried again."""
        now = monotonic()
        with self._lock:
            due = [
                (known, known.waiting)
                for known in self._known.values()
                if known.waiting is not None
                and (everything or now - known.written >= BETWEEN_SECONDS)
            ]
        if not due:
            return
        try:
            self._store.add([note for _, note in due])
        except ShownUnwritable as error:
            logger.warning("what was shown is not stored: %s", error)
            return
        with self._lock:
            for known, note in due:
                known.written, known.digest = now, note.digest
                if known.waiting is note:
                    known.waiting = None


def place(wanted: Wanted) -> str:
    """Where a board is looked for."""
    return f"{wanted.kind}/{wanted.key}"


def shown_at(
    store: ShownStore, reading: BoardReading, log: Log, wanted: Wanted, at: datetime
) -> list[Shown]:
    """What was shown of a board at an instant (UTC), each compared with what the log gives.

    One for each window of rows and each part that somebody saw; none where nobody watched. Of
    `wanted` the rows do not matter. The caller has asked the policy for the board.
    """
    found = []
    for note in store.latest(place(wanted), microseconds(at)):
        key = msgspec.json.decode(note.key, type=Key)
        told = key.wanted
        if (told.task_force, told.drills) == (wanted.task_force, wanted.drills):
            found.append(_compared(note, key, reading, log))
    return found


def _compared(note: Note, key: Key, reading: BoardReading, log: Log) -> Shown:
    verdict: Verdict = "other_version"
    made: str | None = None
    if note.version == VERSION:
        try:
            made = reading.past(key.wanted, key.sight, recorded(log, note.position)).digest
            verdict = "identical" if made == note.digest else "different"
        except NotFound:
            verdict = "not_there"
    return Shown(
        key.wanted,
        key.sight.parts,
        instant(note.shown_us),
        note.position,
        note.digest,
        note.version,
        verdict,
        made,
    )
