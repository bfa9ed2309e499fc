"""Accounts, sessions, devices, links and the audit, in a database of their own.

Those who write come one after the other, also from several processes. Whatever begins or ends a
session has a line in the audit in the same transaction: by its lines others know what has changed.
"""

from __future__ import annotations

from collections.abc import Collection, Generator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from threading import RLock
from typing import Any

from handheld.adapters.access_changes import AccessChanges, found_account, found_sessions
from handheld.adapters.access_tables import VERSION, get, record, schema
from handheld.adapters.access_words import access_words
from handheld.adapters.database import Cursor, Database, alone, in_parts
from handheld.adapters.database_sqlite import SQLiteDatabase
from handheld.adapters.database_told import check_layout, told
from handheld.application.access.records import Account, Device, Link, Note, Session
from handheld.domain.errors import Installation
from handheld_events.codec import microseconds

PATIENCE = 10
"""Seconds that a writer waits for another process."""


class DatabaseAccess:
    """The store.

    Raises Installation (`access.damaged`, `access.newer`, `access.unwritable`,
    `database.newer`, `database.not_migrated`), Busy.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = RLock()
        try:
            with told(database, access_words):
                found = database.prepare(VERSION, schema(database.engine))
                if database.engine == "postgresql":
                    check_layout(database, found, VERSION)
                elif found > VERSION:
                    raise Installation("access.newer", path=database.name, version=found)
                with database.reading() as c:
                    self._known = _last(c)
        except BaseException:
            database.close()
            raise

    # --- writing ------------------------------------------------------------------------------

    @contextmanager
    def change(self) -> Generator[AccessChanges]:
        """A transaction; durable at the end, undone where anything is raised."""
        with self._lock, told(self._database, access_words):
            with self._database.writing() as c:
                alone(c, self._database.engine, "access")
                changes, before = AccessChanges(c), _last(c)
                yield changes
                after = _last(c)
            if before == self._known:  # nobody else has written in between
                self._known = after
            if changes.forgot:
                self._database.scrub("accounts", "audit", "devices", "links", "sessions")

    def settle_restored(self, now: datetime) -> None:
        """Make it safe to go on from after a restore: what was used since then is not known.

        Open links are revoked, and no answer to a link is repeated: one that was redeemed afterwards
        opens nothing again. Sessions with a password end. Devices keep theirs.
        """
        with self.change() as change:
            change.settle_restored(now)

    def keep_seen(self, seen: Sequence[tuple[str, datetime]]) -> None:
        """Keep when sessions, and their devices, were last used; never an earlier time."""
        with self.change() as change:
            change.keep_seen(seen)

    def drop_salts(self, before: datetime) -> None:
        """Forget what is needed to repeat the answer to links redeemed before then."""
        where = "WHERE salt IS NOT NULL AND redeemed_at < ?"
        us = (microseconds(before),)
        with told(self._database, access_words):
            with self._database.reading() as c:
                found = c.execute(f"SELECT 1 FROM links {where} LIMIT 1", us).fetchone()
            if found:
                with self._database.writing() as c:
                    alone(c, self._database.engine, "access")
                    c.execute(f"UPDATE links SET salt=NULL {where}", us)

    # --- reading ------------------------------------------------------------------------------

    def changed(self) -> set[str]:
        """The sessions that other processes have begun or ended since this was last asked."""
        with self._lock, self._reading() as c:
            rows = c.execute("SELECT number, session FROM audit WHERE number>?", (self._known,))
            found = rows.fetchall()
            self._known = max((number for number, _ in found), default=self._known)
        return {session for _, session in found if session is not None}

    def account(self, name: str) -> Account | None:
        """An account."""
        with self._reading() as c:
            return found_account(c, name)

    def accounts(self) -> list[Account]:
        """All accounts by name."""
        found = [record(Account, row) for row in self._rows(get(Account))]
        return sorted(found, key=lambda one: one.name)

    def sessions(self, ids: Collection[str] | None = None) -> list[Session]:
        """All sessions, or those of these ids."""
        with self._reading() as c:
            if ids is None:
                return found_sessions(c)
            return [
                one
                for part in in_parts(ids)
                for one in found_sessions(c, f"WHERE id IN ({part.marks})", *part.values)
            ]

    def session_of(self, token: bytes) -> Session | None:
        """The session whose token has this hash."""
        with self._reading() as c:
            found = found_sessions(c, "WHERE token=?", token)
        return found[0] if found else None

    def devices(self, owner: str | None = None) -> list[Device]:
        """The devices of somebody, or all, the one used last first."""
        where, values = ("", ()) if owner is None else ("WHERE owner=?", (owner,))
        found = [record(Device, row) for row in self._rows(get(Device, where), *values)]
        found.sort(key=lambda one: one.id)
        return sorted(found, key=lambda one: one.seen_at, reverse=True)

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

    @contextmanager
    def _reading(self) -> Generator[Cursor]:
        with told(self._database, access_words), self._database.reading() as c:
            yield c

    def _rows(self, query: str, *values: object) -> list[Sequence[Any]]:
        with self._reading() as c:
            return c.execute(query, values).fetchall()

    def close(self) -> None:
        """Let the database go."""
        self._database.close()


class FileAccess(DatabaseAccess):
    """The same in a file of SQLite: the command line reads and writes it beside a server."""

    def __init__(self, path: Path) -> None:
        super().__init__(SQLiteDatabase(path, overwrite=True, patience=PATIENCE))


def _last(c: Cursor) -> int:
    row = c.execute("SELECT max(number) FROM audit").fetchone()
    return 0 if row is None or row[0] is None else int(row[0])


def settle_restored(path: Path, now: datetime) -> None:
    """See `DatabaseAccess.settle_restored`, for a copy of `access.db`."""
    with closing(FileAccess(path)) as store:
        store.settle_restored(now)
