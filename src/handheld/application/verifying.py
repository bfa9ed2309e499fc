"""Verifying: everything that was made of the log is made again from it, and compared.

One pass over the log: what every stream's history must keep, then each checkpoint of the boards,
the indexes and the organisation against what the log gives.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from hashlib import blake2b
from typing import Any, NamedTuple

import msgspec

from handheld.application import index_keeper, past_boards
from handheld.application.following import Stopped, batches
from handheld.application.loading import EVOLVE
from handheld.application.organisation_keeper import OrganisationKeeper
from handheld.application.ports import Log, Views
from handheld_events.envelope import Recorded
from handheld_projections.boards import Boards, Part
from handheld_projections.inbox import Inbox
from handheld_projections.organisation import Organisation
from handheld_projections.timeline import Line, Timeline

_encode = msgspec.msgpack.Encoder().encode

Progress = Callable[[int, int], None]
"""Told the position reached and the position of the end."""


class Check(NamedTuple):
    """One thing that was compared."""

    what: str
    """`history`, `order`, `boards`, `timeline`, `inbox`, `organisation`, `registers` or `readable`."""
    same: bool
    compared: int
    """How many facts, checkpoints, lines, people and divisions were compared."""
    detail: str = ""
    """The first difference, where there is one."""


def verify(
    log: Log,
    views: Views,
    organisation: OrganisationKeeper,
    progress: Progress | None = None,
    registers: Callable[[], tuple[int, str]] | None = None,
) -> list[Check]:
    """Make all again from the log, as far as the views have come, and compare.

    `registers` compares those, and gives how many rows and the first difference.
    """
    end = log.end()
    history, boards = History(), _Checkpoints(views)
    timeline = _Lines(views, index_keeper.TIMELINE, Timeline())
    inbox = _Lines(views, index_keeper.INBOX, Inbox())
    people = Organisation()
    unreadable: Stopped | None = None
    for batch in batches(log, 0, end):
        if unreadable is None:
            for step in (history.take, boards.take, timeline.take, inbox.take, people.apply):
                step(batch.facts)
            if batch.unreadable is not None:
                unreadable = Stopped.at("log", batch.unreadable[0])
        if progress is not None:
            progress(batch.upto, end)
    if unreadable is not None:
        where = f"{unreadable.topic} at {unreadable.position}: {unreadable.reason}"
        return [Check("readable", same=False, compared=end, detail=where)]
    kept, _ = organisation.caught_up()
    same = kept.snapshot() == people.snapshot()
    rows = [] if registers is None else [registers()]
    return [
        *history.checks(),
        boards.check(),
        timeline.check("timeline"),
        inbox.check("inbox"),
        Check("organisation", same, len(people.people) + len(people.divisions)),
        *(Check("registers", not found, count, found) for count, found in rows),
    ]


class History:
    """Versions without a gap, a state that every fact can follow, times that never decrease."""

    def __init__(self) -> None:
        self._versions: dict[str, int] = {}
        self._states: dict[str, Any] = {}
        self._position = 0
        self._recorded_at: Any = None
        self._count = 0
        self._illegal = self._disorder = ""

    def take(self, facts: Iterable[Recorded[Any]]) -> None:
        for fact in facts:
            self._count += 1
            stream = fact.stream
            ordered = fact.position > self._position and (
                self._recorded_at is None or fact.recorded_at >= self._recorded_at
            )
            if not ordered and not self._disorder:
                self._disorder = f"position {fact.position}"
            self._position, self._recorded_at = fact.position, fact.recorded_at
            if fact.version != self._versions.get(stream, 0) + 1 and not self._illegal:
                self._illegal = f"{fact.event_id}: version"
            self._versions[stream] = fact.version
            evolve = EVOLVE.get(stream.partition("-")[0])
            if evolve is not None:
                try:
                    self._states[stream] = evolve(self._states.get(stream), fact.event)
                except TypeError as error:
                    self._illegal = self._illegal or f"{fact.event_id}: {error}"

    def checks(self) -> list[Check]:
        return [
            Check("history", not self._illegal, len(self._versions), self._illegal),
            Check("order", not self._disorder, self._count, self._disorder),
        ]


class _Checkpoints:
    """Every stored checkpoint of the boards against the boards folded up to it."""

    def __init__(self, views: Views) -> None:
        self._views = views
        self._boards = Boards(self._left_memory)
        self._position = 0
        self._left = views.checkpoints(past_boards.FOLD)
        self._compared = 0
        self._different = ""

    def take(self, facts: Iterable[Recorded[Any]]) -> None:
        waiting: list[Recorded[Any]] = []
        for fact in facts:
            while self._left and fact.position > self._left[0]:
                self._boards.apply(waiting)
                waiting = []
                self._compare(self._left.pop(0))
            waiting.append(fact)
        self._boards.apply(waiting)

    def _left_memory(self, name: str) -> Part | None:
        """A closed part, as it was compared at an earlier checkpoint."""
        stored = self._views.part(past_boards.FOLD, name, self._position)
        return None if stored is None else msgspec.msgpack.decode(stored.state, type=Part)

    def _compare(self, position: int) -> None:
        self._position = position
        stored = {
            part.key: msgspec.msgpack.decode(part.state, type=Part)
            for part in self._views.parts_at(past_boards.FOLD, position)
        }
        expected = self._boards.changed & self._boards.parts.keys()
        if expected != stored.keys() and not self._different:
            self._different = f"{sorted(expected ^ stored.keys())[0]} at {position}"
        for name, part in stored.items():
            self._compared += 1
            if self._boards.parts.get(name) != part and not self._different:
                self._different = f"{name} at {position}"
        self._boards.stored()

    def check(self) -> Check:
        for position in self._left:
            self._compare(position)
        return Check("boards", not self._different, self._compared, self._different)


class _Lines:
    """All lines of an index against those that the log gives, by count and sum of hashes."""

    def __init__(self, views: Views, fold: str, index: Timeline | Inbox) -> None:
        self._views = views
        self._fold = fold
        self._index = index
        self._upto = views.cursor(fold)
        self._made = LineSum()

    def take(self, facts: Iterable[Recorded[Any]]) -> None:
        self._made.add(self._index.lines(f for f in facts if f.position <= self._upto))

    def check(self, what: str) -> Check:
        stored = LineSum()
        stored.add(self._views.all_lines(self._fold))
        same = (stored.count, stored.total) == (self._made.count, self._made.total)
        detail = "" if same else f"{stored.count} / {self._made.count}"
        return Check(what, same, self._made.count, detail)


class LineSum:
    """A sum of hashes: the same for the same lines in any order."""

    def __init__(self) -> None:
        self.count = 0
        self.total = 0

    def add(self, lines: Iterable[Line]) -> None:
        for line in lines:
            digest = blake2b(_encode(line), digest_size=16).digest()
            self.total += int.from_bytes(digest, "big")
            self.count += 1
