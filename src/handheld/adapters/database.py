"""What a store keeps its rows in: a file of SQLite, or a schema of PostgreSQL.

A store writes its statements once, in what both engines understand: `?` for values (by order) or
`:name`, `ON CONFLICT`, no `OR REPLACE`. What differs (types, some functions) it asks `engine` for.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Literal, NamedTuple, Protocol

Engine = Literal["sqlite", "postgresql"]
Values = Sequence[object] | Mapping[str, object]
Fault = Literal["full", "busy", "lost", "damaged", "conflict", "other"]
"""No room; somebody else holds what is needed; no server; not to be read; against what is there, a
key that must be unique say; anything else."""


class DatabaseFault(Exception):
    """The database could not do it; what was to be written is not there."""

    def __init__(self, kind: Fault, reason: str) -> None:
        super().__init__(reason)
        self.kind = kind


class Cursor(Protocol):
    """Statements in one transaction."""

    @property
    def rowcount(self) -> int:
        """How many rows the last statement changed."""
        ...

    def execute(self, statement: str, values: Values = ()) -> Cursor:
        """Carry out a statement; gives itself."""
        ...

    def executemany(self, statement: str, values: Iterable[Values]) -> None:
        """Carry out a statement once for each."""
        ...

    def fetchone(self) -> Sequence[Any] | None:
        """The next row."""
        ...

    def fetchall(self) -> list[Sequence[Any]]:
        """The rows that are left."""
        ...

    def __iter__(self) -> Iterator[Sequence[Any]]:
        """The rows that are left, one by one."""
        ...


class Database(Protocol):
    """A database of one store. Safe to use from several threads."""

    @property
    def engine(self) -> Engine:
        """Which dialect it speaks."""
        ...

    @property
    def name(self) -> str:
        """What people know it by: a path, or a schema."""
        ...

    def prepare(self, layout: int, statements: Sequence[str]) -> int:
        """Make the tables where there are none; gives the layout that is there then.

        In PostgreSQL `handheld migrate` makes them and nobody else: without them Installation
        (`database.not_migrated`) is raised. Raises DatabaseFault.
        """
        ...

    def begin_anew(self, layout: int, statements: Sequence[str]) -> None:
        """Throw all away and make the tables anew: for what can be made again from elsewhere.

        Raises DatabaseFault.
        """
        ...

    def scrub(self, *tables: str) -> bool:
        """Take what was deleted or overwritten in tables off the disk; False where it must wait.

        Not within a transaction. In SQLite: the write-ahead log is emptied into the file, where
        `secure_delete` has overwritten it. In PostgreSQL: the tables are written anew without old
        versions of rows; what a transaction that is still open may see goes with the next time,
        and the write-ahead log of the server keeps it until it is recycled.
        """
        ...

    def reading(self) -> AbstractContextManager[Cursor]:
        """One look: all that is read in it is of one state. Raises DatabaseFault."""
        ...

    def writing(self) -> AbstractContextManager[Cursor]:
        """A transaction, durable at the end, undone where anything is raised. Raises DatabaseFault.

        Those who write one table come one after the other where they say so (`alone`). Whoever is
        in it reads with its cursor: another connection may wait for the end of this very one.
        """
        ...

    def close(self) -> None:
        """Let it go."""
        ...


class Part(NamedTuple):
    """Some values, and the question marks for them."""

    marks: str
    values: list[str]


def in_parts(values: Collection[str]) -> Iterator[Part]:
    """As many values as one statement takes, in order, each once."""
    rest = sorted(set(values))
    for at in range(0, len(rest), _PART):
        some = rest[at : at + _PART]
        yield Part(",".join("?" * len(some)), some)


_PART = 500


def alone(cursor: Cursor, engine: Engine, name: str) -> None:
    """Until the transaction ends nobody else does what is called so in this store.

    SQLite knows one writer only. In PostgreSQL a lock of a table would be in the way of its vacuum.
    """
    if engine == "postgresql":
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || '.' || ?, 0))",
            (name,),
        )


_TYPES = {"BLOB": "BYTEA", "INTEGER": "BIGINT"}


def fitted(statements: Sequence[str], engine: Engine) -> list[str]:
    """Statements that make tables, written for SQLite, as an engine takes them.

    Of the types `TEXT`, `BLOB` and `INTEGER`, with `STRICT` and `WITHOUT ROWID` at will; rows are
    numbered by `INTEGER PRIMARY KEY`.
    """
    if engine == "sqlite":
        return list(statements)
    return [_fitted(one) for one in statements]


def _fitted(statement: str) -> str:
    found = re.sub(
        r"\bINTEGER PRIMARY KEY( AUTOINCREMENT)?",
        "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
        statement,
    )
    found = re.sub(r"\)\s*(STRICT|WITHOUT ROWID)(,\s*(STRICT|WITHOUT ROWID))?\s*$", ")", found)
    return re.sub(r"\b(BLOB|INTEGER)\b", lambda one: _TYPES[one[0]], found)
