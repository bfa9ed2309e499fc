"""Connections to SQLite as the library pools them, with our pragmas and transactions.

Three differences to the library's: a writing transaction takes the write lock at once (a deferred
one fails when another process writes between its read and its write), `synchronous` is chosen by
the caller, and a failed commit is always rolled back, so that its connection can be used again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager, suppress
from time import monotonic, sleep
from typing import Literal

from eventsourcing import persistence
from eventsourcing.persistence import ConnectionPoolClosedError
from eventsourcing.sqlite import (
    SQLiteConnection,
    SQLiteConnectionPool,
    SQLiteCursor,
    SQLiteDatastore,
)

CLOSING_SECONDS = 30.0

Synchronous = Literal["EXTRA", "FULL", "NORMAL", "OFF"]
"""EXTRA: with a journal that is deleted, the name of the file that is gone is on the disk, too."""
Journal = Literal["WAL", "DELETE"]
"""WAL: readers beside a writer; DELETE: all that there is stands in one file."""

_ERRORS: tuple[tuple[type[sqlite3.Error], type[persistence.PersistenceError]], ...] = (
    (sqlite3.InterfaceError, persistence.InterfaceError),
    (sqlite3.DataError, persistence.DataError),
    (sqlite3.OperationalError, persistence.OperationalError),
    (sqlite3.IntegrityError, persistence.IntegrityError),
    (sqlite3.InternalError, persistence.InternalError),
    (sqlite3.ProgrammingError, persistence.ProgrammingError),
    (sqlite3.NotSupportedError, persistence.NotSupportedError),
    (sqlite3.DatabaseError, persistence.DatabaseError),
)


def library_error(error: sqlite3.Error) -> persistence.PersistenceError:
    """The library's counterpart of an SQLite error."""
    for ours, theirs in _ERRORS:
        if isinstance(error, ours):
            return theirs(error)
    return persistence.PersistenceError(error)


def cause(error: BaseException) -> str:
    """The name that SQLite gives to the cause of a library error, such as `SQLITE_FULL`."""
    return getattr(error.__cause__, "sqlite_errorname", "")


def _use(journal: Journal, inner: sqlite3.Connection, patience: float) -> None:
    """Put a file into a journal mode.

    SQLite does not wait here when several processes open a new file at the same moment.
    """
    deadline = monotonic() + patience
    while True:
        try:
            inner.execute(f"PRAGMA journal_mode={journal}")
        except sqlite3.OperationalError as error:
            busy = error.sqlite_errorname.startswith("SQLITE_BUSY")
            if not busy or monotonic() >= deadline:
                raise
            sleep(0.01)
        else:
            return


class Connection(SQLiteConnection):
    """A pooled connection whose writing transactions begin with the write lock."""

    @contextmanager
    def transaction(self, *, commit: bool) -> Generator[SQLiteCursor]:
        """A transaction, committed at the end if asked and nothing was raised."""
        cursor = self.cursor()
        try:
            cursor.execute("BEGIN IMMEDIATE" if commit else "BEGIN")
            with cursor:
                yield cursor
            if commit:
                self.commit()
            else:
                self.rollback()
        except sqlite3.Error as error:
            self._undo()
            raise library_error(error) from error
        except BaseException:
            self._undo()
            raise

    def _undo(self) -> None:
        with suppress(sqlite3.Error):
            self.rollback()


class Pool(SQLiteConnectionPool):
    """Connections with the durability asked for, in WAL mode unless told otherwise."""

    synchronous: Synchronous = "FULL"
    journal: Journal = "WAL"
    _closing = False

    def _get_connection(self, timeout: float = 0.0) -> SQLiteConnection:
        with self._put_condition:
            if self._closing:
                raise ConnectionPoolClosedError
            return super()._get_connection(timeout)

    def close(self) -> None:
        """Close when all have been given back: closed under a statement it crashes the process."""
        with self._put_condition:
            self._closing = True
            if self._closed or not self._put_condition.wait_for(
                lambda: not self._in_use, CLOSING_SECONDS
            ):
                return
            super().close()

    def _create_connection(self) -> SQLiteConnection:
        try:
            inner = sqlite3.connect(
                self.db_name,
                timeout=self.lock_timeout or 5,
                isolation_level=None,
                check_same_thread=False,
                uri=True,
            )
            _use(self.journal, inner, self.lock_timeout or 5)
            inner.execute(f"PRAGMA synchronous={self.synchronous}")
            inner.execute("PRAGMA cache_size=-65536")
            inner.execute("PRAGMA temp_store=MEMORY")
        except sqlite3.Error as error:
            raise library_error(error) from error
        inner.row_factory = sqlite3.Row
        return Connection(sqlite_conn=inner, max_age=self.max_age)


class Datastore(SQLiteDatastore):
    """A database file. `synchronous` FULL flushes every commit to the disk before it returns."""

    def __init__(
        self,
        db_name: str,
        *,
        synchronous: Synchronous = "FULL",
        journal: Journal = "WAL",
        lock_timeout: int = 30,
    ) -> None:
        super().__init__(db_name, lock_timeout=lock_timeout, originator_id_type="text")
        pool = Pool(db_name=db_name, lock_timeout=lock_timeout)
        pool.synchronous, pool.journal = synchronous, journal
        self.pool = pool
