"""Rows into tables of PostgreSQL: a few in one message, many by COPY."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, cast

from psycopg import Cursor
from psycopg.rows import TupleRow
from psycopg.sql import SQL, Composed

FEW = 200
"""Fewer rows than this go in one statement; more are copied, in binary form."""

EVENT_COLUMNS: Mapping[str, str] = {
    "position": "int8",
    "originator_id": "text",
    "originator_version": "int8",
    "topic": "text",
    "state": "bytea",
    "recorded_us": "int8",
}
COMMAND_COLUMNS: Mapping[str, str] = {
    "command": "text",
    "actor": "text",
    "body_hash": "bytea",
    "outcome": "text",
    "code": "text",
    "first_position": "int8",
    "last_position": "int8",
    "recorded_us": "int8",
}


class Table(NamedTuple):
    """Rows for one table."""

    name: Composed
    columns: Mapping[str, str]
    """With their types."""
    rows: Sequence[Sequence[object]]


def insert(c: Cursor[TupleRow], tables: Sequence[Table], channel: str) -> None:
    """Insert all of them, and tell a channel, when it is committed, that there is something new."""
    filled = [table for table in tables if table.rows]
    if sum(len(table.rows) for table in filled) < FEW:
        _in_one_statement(c, filled, channel)
        return
    for table in filled:
        _copy(c, table)
    c.execute("SELECT pg_notify(%s, '')", (channel,))


def _in_one_statement(c: Cursor[TupleRow], tables: Sequence[Table], channel: str) -> None:
    parts, values = [], []
    for number, table in enumerate(tables):
        arrays = ", ".join(f"%b::{kind}[]" for kind in table.columns.values())
        columns = ", ".join(table.columns)
        text = f"t{number} AS (INSERT INTO {{}} ({columns}) SELECT * FROM unnest({arrays}))"
        parts.append(_sql(text).format(table.name))
        values += [list(column) for column in zip(*table.rows, strict=True)]
    with_all = SQL("WITH {} ").format(SQL(", ").join(parts)) if parts else SQL("")
    c.execute(SQL("{}SELECT pg_notify(%s, '')").format(with_all), [*values, channel])


def _copy(c: Cursor[TupleRow], table: Table) -> None:
    copying = _sql(f"COPY {{}} ({', '.join(table.columns)}) FROM STDIN (FORMAT BINARY)")
    with c.copy(copying.format(table.name)) as copy:
        copy.set_types(list(table.columns.values()))
        for row in table.rows:
            copy.write_row(row)


def _sql(text: str) -> SQL:
    """A statement made of our own names of columns and types."""
    return SQL(cast(Any, text))
