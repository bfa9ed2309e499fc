"""Schemas of PostgreSQL as stores' databases: one pool of connections a process for all of them."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, cast

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import tuple_row
from psycopg.sql import SQL, Identifier
from psycopg_pool import ConnectionPool, PoolTimeout

from handheld.adapters.database import DatabaseFault, Engine, Fault, Values
from handheld.adapters.postgres_store import (
    CONNECT_SECONDS,
    KEEPALIVE,
    LOCK_SECONDS,
    RECONNECT_SECONDS,
    SESSION,
    Loss,
    is_busy,
    is_full,
    is_lost,
)
from handheld.domain.errors import Installation

MOST = 8
"""Connections of a process besides those of its log."""

SCRUB_SECONDS = 1
"""So long a table's readers are waited for, when it is to be written anew."""


class PostgresPool:
    """Connections to one database, from which stores take their schemas."""

    def __init__(self, conninfo: str, *, most: int = MOST) -> None:
        kwargs: dict[str, Any] = {**KEEPALIVE, **conninfo_to_dict(conninfo), "autocommit": True}
        self._pool: ConnectionPool[psycopg.Connection[Any]] = ConnectionPool(
            kwargs=kwargs,
            min_size=1,
            max_size=most,
            timeout=CONNECT_SECONDS,
            reconnect_timeout=RECONNECT_SECONDS,
            configure=_told,
            check=ConnectionPool.check_connection,
            open=True,
            name="stores",
        )
        self._loss = Loss(self._pool)

    def of(self, schema: str, *, make: bool = False) -> PostgresDatabase:
        """A store's schema. `make`: whoever opens it may make its tables, as `handheld migrate`."""
        return PostgresDatabase(self._pool, self._loss, schema, make=make)

    def close(self) -> None:
        """Close the connections."""
        self._pool.close()


def _told(conn: psycopg.Connection[Any]) -> None:
    conn.execute(f"SET lock_timeout = '{LOCK_SECONDS}s'; {SESSION}".encode())


class _Cursor:
    """psycopg's cursor, for statements as stores write them."""

    def __init__(self, inner: psycopg.Cursor[tuple[Any, ...]]) -> None:
        self._inner = inner

    @property
    def rowcount(self) -> int:
        return self._inner.rowcount

    def execute(self, statement: str, values: Values = ()) -> _Cursor:
        self._inner.execute(translated(statement), _given(values) or None)
        return self

    def executemany(self, statement: str, values: Iterable[Values]) -> None:
        self._inner.executemany(translated(statement), [_given(one) for one in values])

    def fetchone(self) -> Sequence[Any] | None:
        return self._inner.fetchone()

    def fetchall(self) -> list[Sequence[Any]]:
        return cast("list[Sequence[Any]]", self._inner.fetchall())

    def __iter__(self) -> Iterator[Sequence[Any]]:
        return iter(self._inner)


def _given(values: Values) -> Mapping[str, Any] | Sequence[Any]:
    return values if isinstance(values, Mapping) else tuple(values)


_PLACES = re.compile(r"'[^']*'|\?(?=::\w+\[\])|::\w+|\?|:([a-z_]+)|%")
_ARRAY = re.compile(r"\?(?=::\w+\[\])")


@cache
def translated(statement: str) -> bytes:
    """A statement with psycopg's placeholders: `?` → `%s`, `:name` → `%(name)s`; texts stay.

    Arrays, which are long, go in binary form: `?::text[]` → `%b::text[]`.
    """

    def place(found: re.Match[str]) -> str:
        text = found.group()
        if text == "?":
            return "%b" if _ARRAY.match(statement, found.start()) else "%s"
        if found.group(1):
            return f"%({found.group(1)})s"
        return text.replace("%", "%%") if has_places else text

    bare = _PLACES.sub(lambda one: one.group() if one.group()[0] in "?:" else "", statement)
    has_places = "?" in bare or re.search(r"(?<!:):[a-z_]", bare) is not None
    return _PLACES.sub(place, statement).encode()


class PostgresDatabase:
    """A schema."""

    engine: Engine = "postgresql"

    def __init__(
        self,
        pool: ConnectionPool[psycopg.Connection[Any]],
        loss: Loss,
        schema: str,
        *,
        make: bool,
    ) -> None:
        self._pool = pool
        self._loss = loss
        self._make = make
        self.name = schema
        path = SQL("SET LOCAL search_path TO {}").format(Identifier(schema)).as_string()
        self._read = f"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; {path}".encode()
        # Each statement sees what was committed before it: also what a lock was waited for.
        self._write = f"BEGIN ISOLATION LEVEL READ COMMITTED; {path}".encode()

    def prepare(self, layout: int, statements: Sequence[str]) -> int:
        """Make the tables where there are none; gives the layout that is there then."""
        if not self._make:
            return self._layout()
        with self._making() as c:
            schema = SQL("CREATE SCHEMA IF NOT EXISTS {0}").format(Identifier(self.name))
            c.execute(schema.as_string())
            path = SQL("SET LOCAL search_path TO {}").format(Identifier(self.name))
            c.execute(path.as_string())
            c.execute("CREATE TABLE IF NOT EXISTS layout (number integer NOT NULL)")
            found = c.execute("SELECT number FROM layout").fetchone()
            if found is not None:
                return int(found[0])
            for statement in statements:
                c.execute(statement)
            c.execute("INSERT INTO layout VALUES (?)", (layout,))
        return layout

    def begin_anew(self, layout: int, statements: Sequence[str]) -> None:
        """Drop the tables and make them anew, in one transaction."""
        with self._making() as c:
            c.execute("SELECT tablename FROM pg_tables WHERE schemaname=?", (self.name,))
            for (table,) in c.fetchall():
                if table != "layout":  # whoever looks just now finds that there are tables
                    c.execute(SQL("DROP TABLE {}").format(Identifier(self.name, table)).as_string())
            path = SQL("SET LOCAL search_path TO {}").format(Identifier(self.name))
            c.execute(path.as_string())
            for statement in statements:
                c.execute(statement)
            c.execute("UPDATE layout SET number=?", (layout,))

    def scrub(self, *tables: str) -> bool:
        """Write the tables anew; False where their readers did not let them go in time."""
        try:
            with self._pool.connection() as conn:
                conn.execute(f"SET lock_timeout = '{SCRUB_SECONDS}s'".encode())
                try:
                    for table in tables:
                        anew = SQL("VACUUM (FULL, ANALYZE) {}").format(Identifier(self.name, table))
                        conn.execute(anew)
                finally:
                    conn.execute(f"SET lock_timeout = '{LOCK_SECONDS}s'".encode())
        except (psycopg.Error, PoolTimeout):
            return False
        return True

    @contextmanager
    def _making(self) -> Generator[_Cursor]:
        """A transaction of whoever makes tables: one after the other."""
        with self._transaction(b"BEGIN") as c:
            c.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended(?, 0))", (f"make {self.name}",)
            )
            yield c

    def _layout(self) -> int:
        with self.reading() as c:
            there = c.execute("SELECT to_regclass(?)", (f'"{self.name}".layout',)).fetchone()
            found = (
                c.execute("SELECT number FROM layout").fetchone() if there and there[0] else None
            )
        if found is None:
            raise Installation("database.not_migrated", schema=self.name)
        return int(found[0])

    @contextmanager
    def reading(self) -> Generator[_Cursor]:
        """One look."""
        with self._transaction(self._read) as c:
            yield c

    @contextmanager
    def writing(self) -> Generator[_Cursor]:
        """A transaction."""
        with self._transaction(self._write) as c:
            yield c

    @contextmanager
    def _transaction(self, begin: bytes) -> Generator[_Cursor]:
        try:
            with (
                self._pool.connection() as conn,
                conn.cursor(row_factory=tuple_row, binary=True) as c,
            ):
                conn.execute(begin)
                try:
                    yield _Cursor(c)
                except BaseException:
                    if not conn.broken:
                        conn.execute(b"ROLLBACK")
                    raise
                conn.execute(b"COMMIT")
        except (psycopg.Error, PoolTimeout) as error:
            kind = _kind(error)
            if kind == "lost":
                self._loss.lasts()
            raise DatabaseFault(kind, str(error)) from error
        self._loss.over()

    def close(self) -> None:
        """The pool is closed by whoever made it."""


def _kind(error: Exception) -> Fault:
    if isinstance(error, PoolTimeout) or is_lost(error):
        return "lost"
    if is_full(error):
        return "full"
    if isinstance(error, psycopg.IntegrityError):
        return "conflict"
    return "busy" if is_busy(error) else "other"
