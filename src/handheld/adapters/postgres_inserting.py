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


def copied(c: Cursor[TupleRow], tables: Sequence[Table]) -> Sequence[Table]:
    """Copy the rows where they are many; gives the tables whose rows are still to be inserted."""
    if sum(len(table.rows) for table in tables) < FEW:
        return tables
    for table in tables:
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
        values += [list(column) for column in zip(*table.rows, strict=True)]
    with_all = SQL("WITH {} ").format(SQL(", ").join(parts)) if parts else SQL("")
    statement = SQL("{}SELECT pg_notify(%s, '')").format(with_all)
    with c.connection.pipeline():
        c.execute(statement, [*values, channel])
        c.connection.execute("COMMIT")


def _copy(c: Cursor[TupleRow], table: Table) -> None:
    copying = _sql(f"COPY {{}} ({', '.join(table.columns)}) FROM STDIN (FORMAT BINARY)")
    if not table.rows:
        return
    with c.copy(copying.format(table.name)) as copy:
        copy.set_types(list(table.columns.values()))
        for row in table.rows:
            copy.write_row(row)


def _sql(text: str) -> SQL:
    """A statement made of our own names of columns and types."""
    return SQL(cast(Any, text))
