"""Taking in what another system has kept: very many records at once, as facts of streams of ours.

A record's stream follows from the source and the record's own id. So a file that comes again, whole,
cut differently or with more behind it, makes nothing twice, and whoever was interrupted begins again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from hashlib import blake2b
from itertools import islice
from typing import NamedTuple

from handheld.application.ports import Clock, CommandKey, Decided, Log, NewRow, Written
from handheld.domain.errors import Contended
from handheld_events.base import Event
from handheld_events.codec import alone, microseconds
from handheld_events.envelope import About, Meta
from handheld_events.ids import RecordIds, caused_command

BATCH = 4_000
"""So many records share a transaction: others who write wait as long as that takes."""
ATTEMPTS = 5


class Foreign(NamedTuple):
    """A record of another system, as facts of a stream of its own."""

    record: str
    """Its id there: never given to another record."""
    occurred_at: datetime
    """UTC; a record keeps it, as it is part of the stream's name."""
    about: About
    events: Sequence[Event]
    """In order; one at least."""


class Source(NamedTuple):
    """Where the records come from."""

    name: str
    """Names the system and what of it is taken in, the same every time."""
    actor: str
    """Who takes them in."""
    kind: str
    """The kind of stream that each record becomes, such as `finding`."""
    drill: bool = False


class TakenIn(NamedTuple):
    """What came of the records so far."""

    new: int = 0
    known: int = 0
    """There already, as they are."""
    differing: int = 0
    """There already with other facts, which stay: a log is not written over."""

    def plus(self, other: TakenIn) -> TakenIn:
        """Both together."""
        return TakenIn(*(mine + more for mine, more in zip(self, other, strict=True)))


Progress = Callable[[TakenIn], object]
"""Told after each transaction what is durable."""


def take_in(
    log: Log,
    clock: Clock,
    source: Source,
    records: Iterable[Foreign],
    progress: Progress = lambda _: None,
    *,
    batch: int = BATCH,
) -> TakenIn:
    """Write what is not there yet, some thousands of records in each transaction.

    Each batch is one command, whose id follows from its records; it is there whole or not at all.
    The next is encoded while one is written. What was told to `progress` stays, whatever is raised:
    LogFull, LogBusy and LogBroken, as the log does; EventTooLarge; Contended where others take in
    the same at the same time; and whatever the records themselves raise. Then begin again.
    """
    taken = TakenIn()
    encoded = _encoded(source, records)
    with ThreadPoolExecutor(1, "taking-in") as writing:
        under_way = None
        while True:
            records_now = list(islice(encoded, batch))
            if under_way is not None:
                taken = taken.plus(under_way.result())
                progress(taken)
            if not records_now:
                return taken
            under_way = writing.submit(_write, log, clock, source, records_now)


_Rows = list[NewRow]
"""What is written of one record: all on one stream."""


def _encoded(source: Source, records: Iterable[Foreign]) -> Iterator[_Rows]:
    ids = RecordIds(source.name, source.kind)
    actor, drill = source.actor, source.drill
    for record, at, about, events in records:
        command, stream = ids.of(microseconds(at) // 1000, record)
        meta = Meta(actor=actor, command=command, occurred_at=at, drill=drill)
        yield [
            (stream, version, event.TOPIC, alone(meta, event, about))
            for version, event in enumerate(events, 1)
        ]


def _write(log: Log, clock: Clock, source: Source, records: Sequence[_Rows]) -> TakenIn:
    """One transaction; where some of it is there, another with the rest."""
    fresh: dict[str, _Rows] = {}
    before = TakenIn()
    for rows in records:
        first = fresh.setdefault(rows[0][0], rows)
        if first is not rows:
            before = before.plus(_there_already(first, rows))
    for _ in range(ATTEMPTS):
        facts = [row for rows in fresh.values() for row in rows]
        decided = Decided(_key(source, fresh, facts), "accepted", None, (), facts)
        (verdict,) = log.commit([decided], lambda: microseconds(clock.now()))
        if isinstance(verdict, Written):
            count = len(fresh)
            return before.plus(TakenIn(known=count) if verdict.repeated else TakenIn(new=count))
        known: dict[str, _Rows] = {}
        for _, stream, version, topic, state, _ in log.read_streams(fresh):
            known.setdefault(stream, []).append((stream, version, topic, state))
        for stream, rows in known.items():
            before = before.plus(_there_already(rows, fresh.pop(stream)))
        if not fresh:
            return before
    raise Contended(ATTEMPTS)


def _there_already(kept: Sequence[NewRow], rows: Sequence[NewRow]) -> TakenIn:
    """What was done with the record since does not count: it begins as it was taken in."""
    return TakenIn(known=1) if kept[: len(rows)] == rows else TakenIn(differing=1)


def _key(source: Source, fresh: Mapping[str, _Rows], facts: _Rows) -> CommandKey:
    """The id follows from the records, the hash from what is said of them. Its time says nothing."""
    topics = "\x1f".join([row[2] for row in facts]).encode()
    body = blake2b(b"\x1f".join([topics, *(row[3] for row in facts)]), digest_size=16).digest()
    return CommandKey(source.actor, caused_command(0, source.name, *fresh), body)
