"""Following the log: rows in order, in batches, decoded once for all the folds that read them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from handheld.application.ports import Log, Row
from handheld_events.codec import Reading, UnreadableEvent
from handheld_events.envelope import Recorded

BATCH = 512
"""Rows at a time: few enough that what was decoded is still in the cache when it is folded."""

Progress = Callable[[int], None]
"""Told the position reached, after each batch."""


class Batch(NamedTuple):
    """Facts in log order, and the event after them that could not be read, if any."""

    facts: Sequence[Recorded[Any]]
    upto: int
    """The position that a fold has reached when it has taken in the facts."""
    unreadable: tuple[UnreadableEvent, str] | None = None
    """The event right after `upto`, and the kind of its stream; those who skip it go on behind it."""


def batches(
    log: Log, after: int, upto: int | None = None, reading: Reading | None = None
) -> Iterator[Batch]:
    """The facts after a position, to the end of the log or to a position."""
    fact = (reading or Reading()).fact
    while True:
        rows = log.read(after, BATCH, upto)
        if not rows:
            return
        after = rows[-1][0]
        try:
            whole = [fact(*row) for row in rows]
        except UnreadableEvent:
            yield from _around_unreadable(rows, fact)
        else:
            yield Batch(whole, after)
        if len(rows) < BATCH:
            return


def _around_unreadable(rows: Sequence[Row], fact: Callable[..., Recorded[Any]]) -> Iterator[Batch]:
    facts: list[Recorded[Any]] = []
    for row in rows:
        try:
            facts.append(fact(*row))
        except UnreadableEvent as error:
            yield Batch(facts, row[0] - 1, (error, row[1].partition("-")[0]))
            facts = []
    yield Batch(facts, rows[-1][0])


class Stopped(NamedTuple):
    """A fold that cannot go on: it shows what it knew before this event."""

    fold: str
    position: int
    topic: str
    reason: str

    @classmethod
    def at(cls, fold: str, error: UnreadableEvent) -> Stopped:
        """Stopped at an unreadable event."""
        return cls(fold, error.position, error.topic, error.reason)
