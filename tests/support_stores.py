"""Databases for stores: the same store in a file of SQLite, and in a schema of PostgreSQL."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from handheld.adapters.database import Database, Engine
from handheld.adapters.database_postgres import PostgresPool
from handheld.adapters.database_sqlite import PATIENCE, SQLiteDatabase
from handheld.adapters.sqlite_store import Synchronous

_numbers = count(1)


class Stores:
    """One installation's databases; each can be opened several times, as by several processes."""

    engine: Engine

    def database(self, name: str) -> Database:
        """A database by its name."""
        raise NotImplementedError

    def place(self, name: str) -> tuple[str, str]:
        """For another process: see `opened`."""
        raise NotImplementedError


class SQLiteStores(Stores):
    engine: Engine = "sqlite"

    def __init__(
        self, directory: Path, *, patience: int = PATIENCE, synchronous: Synchronous = "FULL"
    ) -> None:
        self._directory = directory
        self._patience = patience
        self._synchronous: Synchronous = synchronous

    def database(self, name: str) -> Database:
        path = self._directory / f"{name}.db"
        return SQLiteDatabase(
            path, synchronous=self._synchronous, overwrite=True, patience=self._patience
        )

    def place(self, name: str) -> tuple[str, str]:
        return "", str(self._directory / f"{name}.db")


class PostgresStores(Stores):
    engine: Engine = "postgresql"

    def __init__(self, pool: PostgresPool, conninfo: str) -> None:
        self._pool = pool
        self._conninfo = conninfo
        self._number = next(_numbers)

    def database(self, name: str) -> Database:
        return self._pool.of(f"stores_{self._number}_{name}", make=True)

    def place(self, name: str) -> tuple[str, str]:
        return self._conninfo, f"stores_{self._number}_{name}"


@contextmanager
def opened(conninfo: str, name: str) -> Generator[Database]:
    """What `place` has told, in another process."""
    if not conninfo:
        yield SQLiteDatabase(Path(name), overwrite=True)
        return
    pool = PostgresPool(conninfo, most=4)
    try:
        yield pool.of(name)
    finally:
        pool.close()


def tables_of(database: Database) -> bytes:
    """All that the tables of a schema hold."""
    with database.reading() as c:
        names = c.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema=?",
            (database.name,),
        ).fetchall()
        values = [
            value
            for (name,) in names
            for row in c.execute(f'SELECT * FROM "{name}"').fetchall()
            for value in row
        ]
    return b"\n".join(one if isinstance(one, bytes) else str(one).encode() for one in values)
