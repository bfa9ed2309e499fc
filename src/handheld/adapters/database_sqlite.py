"""A file of SQLite as a store's database."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from eventsourcing.persistence import ConnectionUnavailableError, PersistenceError
from eventsourcing.sqlite import SQLiteCursor

from handheld.adapters.database import DatabaseFault, Engine, Fault, Values
from handheld.adapters.sqlite_store import Datastore, Journal, Synchronous, cause

PATIENCE = 30

PATIENCE_SECONDS = 1.0
"""So long those who read are waited for, when erased pages are to leave the write-ahead log."""


class _Cursor:
    """The library's cursor; its rows are tuples."""

    def __init__(self, inner: SQLiteCursor) -> None:
        self._inner = inner.sqlite_cursor
        self._inner.row_factory = None

    @property
    def rowcount(self) -> int:
        return self._inner.rowcount

    def execute(self, statement: str, values: Values = ()) -> _Cursor:
        self._inner.execute(statement, values)
        return self

    def executemany(self, statement: str, values: Iterable[Values]) -> None:
        self._inner.executemany(statement, values)

    def fetchone(self) -> Sequence[Any] | None:
        found: Sequence[Any] | None = self._inner.fetchone()
        return found

    def fetchall(self) -> list[Sequence[Any]]:
        return self._inner.fetchall()

    def __iter__(self) -> Iterator[Sequence[Any]]:
        return iter(self._inner)


class SQLiteDatabase:
    """A file. `synchronous` FULL: on the disk before a transaction is left."""

    engine: Engine = "sqlite"

    def __init__(
        self,
        path: Path,
        *,
        synchronous: Synchronous = "FULL",
        journal: Journal = "WAL",
        overwrite: bool = False,
        patience: int = PATIENCE,
    ) -> None:
        """`overwrite`: what is deleted is overwritten in the file (`secure_delete`).

        `patience`: seconds that are waited for another process.
        """
        self.path = path
        self._overwrite = overwrite
        self._synchronous: Synchronous = synchronous
        self._journal: Journal = journal
        self._patience = patience
        self._open()

    def _open(self) -> None:
        if not self.path.exists():
            self.path.touch(mode=0o600, exist_ok=True)
            _flush_names(self.path.parent)
        self._store = Datastore(
            str(self.path),
            synchronous=self._synchronous,
            journal=self._journal,
            lock_timeout=self._patience,
        )
        self._store.pool.pool_timeout = self._patience  # threads wait for each other as long

    @property
    def name(self) -> str:
        """The path."""
        return str(self.path)

    def prepare(self, layout: int, statements: Sequence[str]) -> int:
        """Make the tables where there are none; gives the layout that is there then."""
        with self.reading() as c:
            found = _layout(c)
        if found:
            return found
        with self.writing() as c:
            found = _layout(c)
            if found:  # somebody else has made them meanwhile
                return found
            for statement in statements:
                c.execute(statement)
            c.execute(f"PRAGMA user_version={layout}")
        return layout

    def begin_anew(self, layout: int, statements: Sequence[str]) -> None:
        """Make a new file in the place of this one, which need not be readable."""
        self._store.close()
        for suffix in ("", "-wal", "-shm"):
            with suppress(FileNotFoundError):
                self.path.with_name(f"{self.path.name}{suffix}").unlink()
        self._open()
        self.prepare(layout, statements)

    def scrub(self, *tables: str) -> bool:
        """Empty the write-ahead log into the file; False where somebody reads just now."""
        try:
            with closing(
                sqlite3.connect(self.path, timeout=PATIENCE_SECONDS, isolation_level=None)
            ) as db:
                return not db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        except sqlite3.OperationalError:
            return False

    @contextmanager
    def reading(self) -> Generator[_Cursor]:
        """One look."""
        with _told(), self._store.transaction(commit=False) as c:
            yield _Cursor(c)

    @contextmanager
    def writing(self) -> Generator[_Cursor]:
        """A transaction, with the write lock from its beginning."""
        with _told(), self._store.transaction(commit=True) as c:
            found = _Cursor(c)
            if self._overwrite:
                found.execute("PRAGMA secure_delete=ON")
            yield found

    def close(self) -> None:
        """Close the file."""
        self._store.close()


def _layout(c: _Cursor) -> int:
    return int((c.execute("PRAGMA user_version").fetchone() or (0,))[0])


def _flush_names(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _told() -> Generator[None]:
    try:
        yield
    except ConnectionUnavailableError as error:
        raise DatabaseFault("busy", str(error)) from error
    except PersistenceError as error:
        raise DatabaseFault(_kind(cause(error)), str(error)) from error
    except sqlite3.Error as error:
        raise DatabaseFault(_kind(getattr(error, "sqlite_errorname", "")), str(error)) from error


def _kind(name: str) -> Fault:
    if name.startswith("SQLITE_FULL"):
        return "full"
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return "busy"
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return "damaged"
    if name.startswith("SQLITE_CONSTRAINT"):
        return "conflict"
    return "other"
