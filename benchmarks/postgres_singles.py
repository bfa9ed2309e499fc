"""64 clients, each sending its next command when the last is durable: against a bare group committer.

The floor is a queue and a thread that write the same rows of events and commands: all that wait, in one
pipelined transaction of two statements with binary arrays.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, NamedTuple

import psycopg
from psycopg.sql import SQL, Identifier

from benchmarks import singles, start
from benchmarks.county import Shape
from benchmarks.desk import desk_on
from benchmarks.measure import Timing, in_turns, spread, timed
from benchmarks.postgres_starts import Starts
from benchmarks.report import Line, contest
from handheld.adapters.log import open_postgres
from handheld.application.ports import Row
from handheld.application.writer import BATCH

CLIENTS = 64
_EVENTS = "int8", "text", "int8", "text", "bytea", "int8"
_COMMANDS = "text", "text", "bytea", "text", "text", "int8", "int8", "int8"


class Waiting(NamedTuple):
    """A caller of the bare committer."""

    event: Row
    command: tuple[object, ...]
    done: asyncio.Future[None]


class BareCommitter:
    """A queue and a thread: as many rows as there are, one transaction, one wake-up of the loop."""

    def __init__(self, conninfo: str, schema: str) -> None:
        self._conn = psycopg.connect(conninfo, autocommit=True)
        self._events = _insert(schema, "events", _EVENTS)
        self._commands = _insert(schema, "commands", _COMMANDS)
        self._queue: SimpleQueue[Waiting | None] = SimpleQueue()
        self._thread = Thread(target=self._run)
        self._thread.start()

    def submit(self, event: Row) -> asyncio.Future[None]:
        """Queue the rows of a command; the future is done when they are durable."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        position = event[0]
        command = (f"{position:032x}", event[1], bytes(16), "accepted", None, position, position, 1)
        self._queue.put(Waiting(event, command, done))
        return done

    def close(self) -> None:
        """Finish."""
        self._queue.put(None)
        self._thread.join()
        self._conn.close()

    def _run(self) -> None:
        while (first := self._queue.get()) is not None:
            batch = [first]
            while len(batch) < BATCH:
                try:
                    item = self._queue.get_nowait()
                except Empty:
                    break
                if item is None:
                    self._queue.put(None)
                    break
                batch.append(item)
            with self._conn.pipeline(), self._conn.transaction():
                self._conn.execute(self._events, _columns([item.event for item in batch]))
                self._conn.execute(self._commands, _columns([item.command for item in batch]))
            batch[0].done.get_loop().call_soon_threadsafe(_settle, batch)


def _insert(schema: str, table: str, types: Sequence[str]) -> Any:
    arrays = ", ".join(f"%b::{kind}[]" for kind in types)
    target = Identifier(schema, table)
    text: Any = f"INSERT INTO {{}} SELECT * FROM unnest({arrays})"
    return SQL(text).format(target)


def _columns(rows: Sequence[Sequence[object]]) -> list[list[object]]:
    return [list(column) for column in zip(*rows, strict=True)]


def _settle(batch: list[Waiting]) -> None:
    for item in batch:
        item.done.set_result(None)


def _in_turns_of_clients(submits: Sequence[Callable[[], Awaitable[object]]]) -> Timing:
    async def client(mine: Sequence[Callable[[], Awaitable[object]]]) -> None:
        for submit in mine:
            await submit()

    async def everybody() -> None:
        await asyncio.gather(*(client(submits[n::CLIENTS]) for n in range(CLIENTS)))

    return timed(lambda: asyncio.run(everybody()))


def measure(starts: Starts, shape: Shape, rounds: int) -> Line:
    """Everybody accepts their task, after the start in the same process."""
    requests = singles.accepts(shape)
    conninfo = starts.server.conninfo
    events: list[Row] = []

    def product() -> Timing:
        with starts.fresh() as schema:
            with desk_on(open_postgres(conninfo, schema)) as opened:
                opened.writer.execute(start.request())
                submits = [partial(opened.writer.submit_soon, one) for one in requests]
                timing = _in_turns_of_clients(submits)
            with starts.log(schema) as app:
                events[:] = app.port.read(starts.rows.events[-1][0], len(requests) + 1)
        if len(events) != len(requests):
            msg = f"{len(events)} of {len(requests)} accepted"
            raise RuntimeError(msg)
        return timing

    def bare() -> Timing:
        with starts.fresh() as schema:
            committer = BareCommitter(conninfo, schema)
            timing = _in_turns_of_clients([partial(committer.submit, row) for row in events])
            committer.close()
        return timing

    took = in_turns(rounds, {"product": product, "floor": bare})
    base, ours = took["floor"], took["product"]
    low, high = spread(base, ours)
    rate = len(requests) / ours.wall
    return Line(
        benchmark="postgres",
        what=f"durable single commands, {CLIENTS} clients: rate",
        value=base.wall / ours.wall,
        unit="of the floor's rate",
        goal=0.5,
        at_most=False,
        note=f"from {low:.2f} to {high:.2f} by round; {base.cpu / ours.cpu:.2f} in CPU of the "
        f"client; {rate:,.0f} commands/s",
        contests=(contest("Writer", ours), contest("bare committer", base)),
    )
