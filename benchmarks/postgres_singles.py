"""64 clients, each sending its next command when the last is durable: against a bare group committer.

The floor is a queue and a thread that write the same rows of events and commands: all that wait, in one
pipelined transaction of two statements with binary arrays.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any

import psycopg
from psycopg.sql import SQL, Identifier

from benchmarks import singles, start
from benchmarks.committer import BareCommitter
from benchmarks.county import Shape
from benchmarks.desk import desk_on
from benchmarks.floor import RawRow, Rows
from benchmarks.measure import Timing, in_turns, spread, timed
from benchmarks.postgres_starts import Starts
from benchmarks.report import Line, contest
from handheld.adapters.log import open_postgres
from handheld.application.ports import Row

CLIENTS = 64
_EVENTS = "int8", "text", "int8", "text", "bytea", "int8"
_COMMANDS = "text", "text", "bytea", "text", "text", "int8", "int8", "int8"


class _Writing:
    """One pipelined transaction of two statements."""

    def __init__(self, conninfo: str, schema: str) -> None:
        self._conn = psycopg.connect(conninfo, autocommit=True)
        self._events = _insert(schema, "events", _EVENTS)
        self._commands = _insert(schema, "commands", _COMMANDS)

    def write(self, rows: Rows) -> None:
        with self._conn.pipeline(), self._conn.transaction():
            self._conn.execute(self._events, _columns(rows.events))
            self._conn.execute(self._commands, _columns(rows.commands))

    def close(self) -> None:
        self._conn.close()


def _command(event: Row) -> RawRow:
    position = event[0]
    return (f"{position:032x}", event[1], bytes(16), "accepted", None, position, position, 1)


def _insert(schema: str, table: str, types: Sequence[str]) -> Any:
    arrays = ", ".join(f"%b::{kind}[]" for kind in types)
    target = Identifier(schema, table)
    text: Any = f"INSERT INTO {{}} SELECT * FROM unnest({arrays})"
    return SQL(text).format(target)


def _columns(rows: Sequence[Sequence[object]]) -> list[list[object]]:
    return [list(column) for column in zip(*rows, strict=True)]


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
            writing = _Writing(conninfo, schema)
            committer = BareCommitter(writing.write)
            submits = [partial(committer.submit, row, _command(row)) for row in events]
            timing = _in_turns_of_clients(submits)
            committer.close()
            writing.close()
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
