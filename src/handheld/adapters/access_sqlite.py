"""`access.db`: accounts, sessions, devices, links and the audit, in a SQLite file of their own.

One connection a process, in WAL mode, so that the command line reads and writes beside a server. Every
commit is flushed to the disk before it returns.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Collection, Generator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from threading import RLock
from time import monotonic, sleep
from typing import Any

from handheld.adapters.access_changes import SQLiteChanges, found_account, in_parts
from handheld.adapters.access_tables import SCHEMA, VERSION, get, record
from handheld.application.access.records import Account, Device, Link, Note, Session
from handheld.domain.errors import Busy, Installation
from handheld_events.codec import microseconds

PATIENCE = 10.0
"""Seconds that a writer waits for another process."""


class SQLiteAccess:
    """The store. Raises Installation (`access.damaged`, `access.newer`, `access.unwritable`)."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = RLock()
        if not path.exists():
            path.touch(mode=0o600, exist_ok=True)
            _flush_names(path.parent)
        self._db = sqlite3.connect(
            path, timeout=PATIENCE, check_same_thread=False, isolation_level=None
        )
        try:
            with self._told():
                self._prepare()
        except BaseException:
            self._db.close()
            raise
        self._version = self._data_version()

    def _prepare(self) -> None:
        _use_wal(self._db)
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.execute("PRAGMA secure_delete=ON")
        if self._user_version() == 0:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                if self._user_version() == 0:  # nobody else has made them meanwhile
                    for statement in SCHEMA:
                        self._db.execute(statement)
                self._db.execute("COMMIT")
            except BaseException:
                self._undo()
                raise
        if self._user_version() > VERSION:
            raise Installation("access.newer", path=str(self._path), version=self._user_version())

    def _user_version(self) -> int:
        return int(self._db.execute("PRAGMA user_version").fetchone()[0])

    def _data_version(self) -> int:
        return int(self._db.execute("PRAGMA data_version").fetchone()[0])

    def _undo(self) -> None:
        with suppress(sqlite3.Error):
            if self._db.in_transaction:  # a full disk has rolled back already
                self._db.execute("ROLLBACK")

    @contextmanager
    def _told(self) -> Generator[None]:
        """Faults of the file as ours."""
        try:
            yield
        except sqlite3.Error as error:
            name = getattr(error, "sqlite_errorname", "")
            if name.startswith("SQLITE_BUSY"):
                raise Busy(retry_after=1) from error
            if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
                raise Installation("access.damaged", path=str(self._path)) from error
            raise Installation(
                "access.unwritable", path=str(self._path), reason=str(error)
            ) from error

    # --- writing ------------------------------------------------------------------------------

    @contextmanager
    def change(self) -> Generator[SQLiteChanges]:
        """A transaction; durable at the end, undone where anything is raised."""
        with self._lock, self._told():
            self._db.execute("BEGIN IMMEDIATE")
            changes = SQLiteChanges(self._db)
            try:
                yield changes
                self._db.execute("COMMIT")
            except BaseException:
                self._undo()
                raise
            if changes.forgot:
                # What was forgotten is in no older page of the write-ahead log either.
                self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()

    def keep_seen(self, seen: Sequence[tuple[str, datetime]]) -> None:
        """Keep when sessions, and their devices, were last used; never an earlier time."""
        with self.change() as change:
            change.keep_seen(seen)

    def drop_salts(self, before: datetime) -> None:
        """Forget what is needed to repeat the answer to links redeemed before then."""
        where = "WHERE salt IS NOT NULL AND redeemed_at < ?"
        us = (microseconds(before),)
        with self._lock, self._told():
            if self._db.execute(f"SELECT 1 FROM links {where} LIMIT 1", us).fetchone():
                self._db.execute(f"UPDATE links SET salt=NULL {where}", us)

    # --- reading ------------------------------------------------------------------------------

    def changed(self) -> bool:
        """Whether another process has written since the last time this was asked."""
        with self._lock, self._told():
            # SQLite counts the commits of other connections only; ours are known to us.
            version = self._data_version()
            changed, self._version = version != self._version, version
            return changed

    def account(self, name: str) -> Account | None:
        """An account."""
        with self._lock, self._told():
            return found_account(self._db, name)

    def accounts(self) -> list[Account]:
        """All accounts by name."""
        return [record(Account, row) for row in self._rows(get(Account, "ORDER BY name"))]

    def sessions(self) -> list[Session]:
        """All sessions."""
        return [record(Session, row) for row in self._rows(get(Session))]

    def devices(self, owner: str | None = None) -> list[Device]:
        """The devices of somebody, or all, the one used last first."""
        where = "WHERE ? IN (owner, '') ORDER BY seen_at DESC, id"
        return [record(Device, row) for row in self._rows(get(Device, where), owner or "")]

    def links(self, persons: Collection[str] | None = None) -> list[Link]:
        """The links of some, or all, the latest first."""
        if persons is None:
            rows = self._rows(get(Link))
        else:
            rows = [
                row
                for part in in_parts(persons)
                for row in self._rows(get(Link, f"WHERE person IN ({part.marks})"), *part.values)
            ]
        found = [record(Link, row) for row in rows]
        found.sort(key=lambda one: (one.person, one.id))
        return sorted(found, key=lambda one: one.issued_at, reverse=True)

    def notes(
        self,
        limit: int,
        *,
        before: int | None = None,
        account: str | None = None,
        person: str | None = None,
    ) -> list[Note]:
        """Lines of the audit, the latest first."""
        wanted = {"number<?": before, "account=?": account, "person=?": person}
        given = {where: value for where, value in wanted.items() if value is not None}
        where = f"WHERE {' AND '.join(given)}" if given else ""
        query = get(Note, f"{where} ORDER BY number DESC LIMIT ?")
        return [record(Note, row) for row in self._rows(query, *given.values(), limit)]

    def mentions(self) -> set[str]:
        """The persons of whom there is anything that `forget` removes."""
        query = (
            "SELECT owner FROM devices UNION SELECT person FROM links UNION "
            "SELECT person FROM accounts UNION SELECT actor FROM sessions UNION "
            "SELECT person FROM audit WHERE coalesce(account, device, address) IS NOT NULL"
        )
        return {row[0] for row in self._rows(query) if row[0] is not None}

    def _rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with self._lock, self._told():
            return self._db.execute(query, values).fetchall()

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()


def _use_wal(db: sqlite3.Connection) -> None:
    """SQLite does not wait here when several processes open a new file at the same moment."""
    deadline = monotonic() + PATIENCE
    while True:
        try:
            db.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if not error.sqlite_errorname.startswith("SQLITE_BUSY") or monotonic() >= deadline:
                raise
            sleep(0.01)
        else:
            return


def _flush_names(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def settle_restored(path: Path, now: datetime) -> None:
    """Make a copy of `access.db` safe to go on from: what was used since it was taken is not known.

    Open links are revoked, and no answer to a link is repeated: one that was redeemed after the copy
    was taken opens nothing again. Sessions with a password end. Devices keep theirs.
    """
    with closing(SQLiteAccess(path)) as store, store.change() as change:
        change.settle_restored(now)
