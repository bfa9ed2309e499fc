"""Taking in what another system has kept: very many records at once, as facts of streams of ours.

A record's stream follows from the source and the record's own id. So a file that comes again, whole,
cut differently or with more behind it, makes nothing twice, and whoever was interrupted begins again.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import closing
from datetime import datetime
from hashlib import blake2b
from itertools import islice
from typing import NamedTuple, TypeVar

from msgspec import msgpack

from handheld.application.ports import Clock, CommandKey, Decided, Log, NewRow, Written
from handheld.domain.errors import Contended
from handheld_events.base import Event
from handheld_events.codec import alone, microseconds
from handheld_events.envelope import About, Meta
from handheld_events.ids import RecordIds, caused_command

BATCH = 12_000
"""So many records share a transaction: others who write wait as long as that takes, a tenth of a
second or so.
"""
AHEAD = 4
"""So many transactions are prepared before they are written."""
ATTEMPTS = 5

T = TypeVar("T")


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
    on_behalf_of: str | None = None
    """The person in whose name they are taken in, if any."""


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
    records: Iterable[T],
    mapped: Callable[[T], Foreign],
    progress: Progress = lambda _: None,
    *,
    batch: int = BATCH,
    workers: Executor | None = None,
) -> TakenIn:
    """Write what is not there yet, some thousands of records in each transaction.

    `mapped` says what a record is here; records in the same order give the same facts. With workers
    it is called by them, and the facts are encoded there: it is then a function of a module, given
    to processes by its name, and its errors must be such as can be sent.

    Each batch is one command, whose id follows from its records; it is there whole or not at all.
    The next are encoded while one is written. What was told to `progress` stays, whatever is raised:
    LogFull, LogBusy and LogBroken, as the log does; EventTooLarge; Contended where others take in
    the same at the same time; BrokenExecutor where a worker was ended; and whatever the records
    themselves or `mapped` raise. Then begin again.
    """
    taken = TakenIn()
    cut = _cut(records, batch)
    batches = (
        (_prepared(source, mapped, some) for some in cut)
        if workers is None
        else _prepared_ahead(workers, source, mapped, cut)
    )
    with closing(batches), ThreadPoolExecutor(1, "taking-in") as writing:
        under_way = None
        while True:
            prepared = next(batches, None)
            if under_way is not None:
                taken = taken.plus(under_way.result())
                progress(taken)
            if prepared is None:
                return taken
            under_way = writing.submit(_write, log, clock, source, prepared)


def _cut(records: Iterable[T], batch: int) -> Iterator[list[T]]:
    rest = iter(records)
    while some := list(islice(rest, batch)):
        yield some


_Rows = list[NewRow]
"""What is written of one record: all on one stream."""


class _Batch(NamedTuple):
    """What is written in one transaction, but for its place in the log."""

    command: str
    """Its id: follows from the records."""
    body: bytes
    """A hash of what is said of them."""
    facts: _Rows
    streams: int
    before: TakenIn = TakenIn()
    """What is known of further records already."""


def _batch(source: Source, fresh: Sequence[_Rows], before: TakenIn) -> _Batch:
    """Its time says nothing: the same batch is the same command whenever it comes."""
    facts = [row for rows in fresh for row in rows]
    topics = "\x1f".join([row[2] for row in facts]).encode()
    body = blake2b(b"\x1f".join([topics, *[row[3] for row in facts]]), digest_size=16).digest()
    command = caused_command(0, source.name, *[rows[0][0] for rows in fresh])
    return _Batch(command, body, facts, len(fresh), before)


def _prepared(source: Source, mapped: Callable[[T], Foreign], records: Sequence[T]) -> _Batch:
    ids = RecordIds(source.name, source.kind)
    actor, drill, on_behalf_of = source.actor, source.drill, source.on_behalf_of
    fresh: dict[str, _Rows] = {}
    before = TakenIn()
    for record, at, about, events in map(mapped, records):
        command, stream = ids.of(microseconds(at) // 1000, record)
        meta = Meta(
            actor=actor, command=command, occurred_at=at, on_behalf_of=on_behalf_of, drill=drill
        )
        rows = [
            (stream, version, event.TOPIC, alone(meta, event, about))
            for version, event in enumerate(events, 1)
        ]
        first = fresh.setdefault(stream, rows)
        if first is not rows:
            before = before.plus(_there_already(first, rows))
    return _batch(source, list(fresh.values()), before)


def _prepared_ahead(
    workers: Executor,
    source: Source,
    mapped: Callable[[T], Foreign],
    batches: Iterator[list[T]],
) -> Generator[_Batch]:
    """In order, an error too: it comes after what was read before it."""
    under_way: deque[Future[bytes]] = deque()
    try:
        while True:
            try:
                if records := next(batches, None):
                    under_way.append(workers.submit(_packed, source, mapped, records))
            except Exception as error:
                records = None
                under_way.append(_failed(error))
            if not under_way:
                return
            if records is None or len(under_way) > AHEAD:
                yield _UNPACKED.decode(under_way.popleft().result())
    finally:
        for waiting in under_way:
            waiting.cancel()


def _packed(source: Source, mapped: Callable[[T], Foreign], records: Sequence[T]) -> bytes:
    """Ready to be sent: to pickle rows would take several times as long."""
    return msgpack.encode(_prepared(source, mapped, records))


_UNPACKED = msgpack.Decoder(_Batch)


def _failed(error: Exception) -> Future[bytes]:
    future: Future[bytes] = Future()
    future.set_exception(error)
    return future


def _write(log: Log, clock: Clock, source: Source, batch: _Batch) -> TakenIn:
    """One transaction; where some of it is there, another with the rest."""
    for _ in range(ATTEMPTS):
        key = CommandKey(source.actor, batch.command, batch.body)
        decided = Decided(key, "accepted", None, (), batch.facts)
        (verdict,) = log.commit([decided], lambda: microseconds(clock.now()))
        if isinstance(verdict, Written):
            count = batch.streams
            now = TakenIn(known=count) if verdict.repeated else TakenIn(new=count)
            return batch.before.plus(now)
        fresh = _by_stream(batch.facts)
        before = batch.before
        known = _by_stream(row[1:5] for row in log.read_streams(fresh))
        for stream, rows in known.items():
            before = before.plus(_there_already(rows, fresh.pop(stream)))
        if not fresh:
            return before
        batch = _batch(source, list(fresh.values()), before)
    raise Contended(ATTEMPTS)


def _by_stream(facts: Iterable[NewRow]) -> dict[str, _Rows]:
    found: dict[str, _Rows] = {}
    for row in facts:
        found.setdefault(row[0], []).append(row)
    return found


def _there_already(kept: Sequence[NewRow], rows: Sequence[NewRow]) -> TakenIn:
    """What was done with the record since does not count: it begins as it was taken in."""
    return TakenIn(known=1) if kept[: len(rows)] == rows else TakenIn(differing=1)
