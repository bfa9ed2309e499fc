"""Rows into tables of PostgreSQL: a few in one statement, many by COPY.

What is copied is packed here, a column at a time: through the driver's adapters, a value at a time, it
took longer than the server needs to take it in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain, islice, repeat
from struct import Struct
from typing import Any, NamedTuple, cast

from psycopg import Cursor
from psycopg.rows import TupleRow
from psycopg.sql import SQL, Composed

from handheld.application.ports import CommandKey, NewRow, Written

FEW = 200
"""Fewer rows than this go in one statement; more are copied, in binary form."""

_EVENT_COLUMNS: Mapping[str, str] = {
    "position": "int8",
    "originator_id": "text",
    "originator_version": "int8",
    "topic": "text",
    "state": "bytea",
    "recorded_us": "int8",
}
_COMMAND_COLUMNS: Mapping[str, str] = {
    "command": "text",
    "actor": "text",
    "body_hash": "bytea",
    "outcome": "text",
    "code": "text",
    "first_position": "int8",
    "last_position": "int8",
    "recorded_us": "int8",
}

_PIECE = 2_000
"""So many rows are packed at a time: the server takes them in while the next are."""
_BEGINNING = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_END = b"\xff\xff"
_NULL = b"\xff\xff\xff\xff"
_count = Struct(">h").pack
_length = Struct(">i").pack
_integer = Struct(">iq").pack


class Table(NamedTuple):
    """Rows for one table."""

    name: Composed
    columns: Mapping[str, str]
    """With their types."""
    values: Sequence[Sequence[object]]
    """Column by column."""

    @property
    def rows(self) -> int:
        """How many."""
        return len(self.values[0]) if self.values else 0


def facts(name: Composed, rows: Sequence[NewRow], end: int, recorded_us: int) -> Table:
    """Facts for the table of events, numbered on from `end`."""
    positions = range(end + 1, end + 1 + len(rows))
    values = (positions, *zip(*rows, strict=True), (recorded_us,) * len(rows))
    return Table(name, _EVENT_COLUMNS, values)


def commands(name: Composed, keys: Iterable[CommandKey], answers: Iterable[Written]) -> Table:
    """What was answered to commands, for the table of them."""
    rows = [
        (key.command, key.actor, key.body_hash, *answer[:5])
        for key, answer in zip(keys, answers, strict=True)
    ]
    return Table(name, _COMMAND_COLUMNS, tuple(zip(*rows, strict=True)))


def copied(c: Cursor[TupleRow], tables: Sequence[Table]) -> Sequence[Table]:
    """Copy the rows where they are many; gives the tables whose rows are still to be inserted."""
    if sum(table.rows for table in tables) < FEW:
        return tables
    for table in tables:
        if table.rows:
            _copy(c, table)
    return ()


def finish(c: Cursor[TupleRow], tables: Sequence[Table], channel: str) -> None:
    """Insert a few rows, tell a channel that there is something new, and commit: in one message.

    When an insertion fails, nothing after it is done.
    """
    parts, values = [], []
    for number, table in enumerate(table for table in tables if table.rows):
        arrays = ", ".join(f"%b::{kind}[]" for kind in table.columns.values())
        columns = ", ".join(table.columns)
        text = f"t{number} AS (INSERT INTO {{}} ({columns}) SELECT * FROM unnest({arrays}))"
        parts.append(_sql(text).format(table.name))
        values += [list(column) for column in table.values]
    with_all = SQL("WITH {} ").format(SQL(", ").join(parts)) if parts else SQL("")
    statement = SQL("{}SELECT pg_notify(%s, '')").format(with_all)
    with c.connection.pipeline():
        c.execute(statement, [*values, channel])
        c.connection.execute("COMMIT")


def _copy(c: Cursor[TupleRow], table: Table) -> None:
    copying = _sql(f"COPY {{}} ({', '.join(table.columns)}) FROM STDIN (FORMAT BINARY)")
    parts = _parts(table)
    packed = chain.from_iterable(zip(*parts, strict=False))
    with c.copy(copying.format(table.name)) as copy:
        copy.write(_BEGINNING)
        while piece := b"".join(islice(packed, _PIECE * len(parts))):
            copy.write(piece)
        copy.write(_END)


def _parts(table: Table) -> list[Iterable[bytes]]:
    """What rows are made of, in PostgreSQL's binary form: each gives its part of one after the other."""
    parts: list[Iterable[bytes]] = [repeat(_count(len(table.columns)))]
    for kind, column in zip(table.columns.values(), table.values, strict=True):
        parts += _bytes(column) if kind == "bytea" else _often_the_same(_KINDS[kind], column)
    return parts


_Parts = Sequence[Iterable[bytes]]


def _often_the_same(kind: Callable[[Any], _Parts], column: Sequence[object]) -> _Parts:
    distinct = set(column)
    if None not in distinct and 2 * len(distinct) > len(column):
        return kind(column)
    fields = {
        value: _NULL if value is None else b"".join(chain(*kind((value,)))) for value in distinct
    }
    return (map(fields.__getitem__, column),)


def _integers(column: Sequence[int]) -> _Parts:
    return (map(_integer, repeat(8), column),)


def _texts(column: Sequence[str]) -> _Parts:
    return _bytes([text.encode() for text in column])


def _bytes(column: Sequence[Any]) -> _Parts:
    return map(_length, map(len, column)), column


_KINDS: Mapping[str, Callable[[Any], _Parts]] = {"int8": _integers, "text": _texts}


def _sql(text: str) -> SQL:
    """A statement made of our own names of columns and types."""
    return SQL(cast(Any, text))
