"""Transactions on what is kept of access."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from handheld.adapters.access_tables import get, put, record, row
from handheld.adapters.database import Cursor, in_parts
from handheld.application.access.records import Account, Device, Link, Note, Session
from handheld.application.access.rules import DEVICES_MOST
from handheld_events.codec import microseconds

_ALL = 1_000_000_000


def found_account(c: Cursor, name: str) -> Account | None:
    """An account."""
    found = c.execute(get(Account, "WHERE name=?"), (name,)).fetchone()
    return None if found is None else record(Account, found)


def found_sessions(c: Cursor, where: str = "", *values: object) -> list[Session]:
    """Sessions."""
    rows = c.execute(get(Session, where), values).fetchall()
    return [record(Session, found) for found in rows]


class AccessChanges:
    """What can be done in one transaction; whoever began it ends it."""

    def __init__(self, c: Cursor) -> None:
        self._c = c
        self.forgot = False
        """Whether something was removed that must be nowhere in a file."""

    def account(self, name: str) -> Account | None:
        """An account."""
        return found_account(self._c, name)

    def put_account(self, account: Account) -> None:
        """Keep a new account, or a changed one."""
        self._c.execute(put(Account, anew=True), row(account))

    # --- sessions -----------------------------------------------------------------------------

    def put_sessions(self, sessions: Iterable[Session]) -> None:
        """Keep new sessions."""
        self._c.executemany(put(Session), map(row, sessions))

    def end_sessions(
        self,
        *,
        ids: Collection[str] | None = None,
        account: str | None = None,
        person: str | None = None,
    ) -> list[Session]:
        """End sessions by id, by account, or all of a person; gives those that there were."""
        if ids is not None:
            found = [
                one
                for part in in_parts(ids)
                for one in self._sessions(f"WHERE id IN ({part.marks})", *part.values)
            ]
        elif account is not None:
            found = self._sessions("WHERE account=?", account)
        else:
            found = self._sessions("WHERE actor=?", person)
        self._c.executemany("DELETE FROM sessions WHERE id=?", [(one.id,) for one in found])
        return found

    def session(self, session: str) -> Session | None:
        """A session by its id."""
        found = self._sessions("WHERE id=?", session)
        return found[0] if found else None

    def owned(self, actor: str, account: str | None) -> list[Session]:
        """The sessions of a person by link, or of an account, the one used last first."""
        where = "WHERE actor=? AND account IS NOT DISTINCT FROM ? ORDER BY seen_at DESC, created_at DESC, id"
        return self._sessions(where, actor, account)

    def _sessions(self, where: str, *values: object) -> list[Session]:
        return found_sessions(self._c, where, *values)

    def keep_seen(self, seen: Sequence[tuple[str, datetime]]) -> None:
        """Keep when sessions, and their devices, were last used; never an earlier time."""
        rows = [{"id": session, "at": microseconds(at)} for session, at in seen]
        self._c.executemany("UPDATE sessions SET seen_at=:at WHERE id=:id AND seen_at < :at", rows)
        self._c.executemany(
            "UPDATE devices SET seen_at=:at FROM sessions WHERE sessions.id=:id "
            "AND devices.id=sessions.device AND devices.seen_at < :at AND devices.owner="
            "CASE sessions.actor WHEN 'operator' THEN 'account-' || sessions.account "
            "ELSE sessions.actor END",
            rows,
        )

    # --- devices ------------------------------------------------------------------------------

    def put_device(self, device: Device) -> None:
        """Keep a device, or what has changed of it; a name stays until there is another."""
        self._c.execute(
            f"{put(Device)} ON CONFLICT (owner, id) DO UPDATE SET kind=excluded.kind, "
            "name=CASE excluded.name WHEN '' THEN devices.name ELSE excluded.name END, "
            "seen_at=CASE WHEN excluded.seen_at > devices.seen_at THEN excluded.seen_at "
            "ELSE devices.seen_at END",
            row(device),
        )
        self._c.execute(
            "DELETE FROM devices WHERE owner=:owner AND id IN "
            "(SELECT id FROM devices WHERE owner=:owner AND NOT EXISTS "
            "(SELECT 1 FROM sessions WHERE sessions.device=devices.id) "
            f"ORDER BY seen_at DESC LIMIT {_ALL} OFFSET :most)",
            {"owner": device.owner, "most": DEVICES_MOST},
        )

    def rename_device(self, owner: str, device: str, name: str) -> bool:
        """Give a device a name; whether there is one."""
        done = self._c.execute(
            "UPDATE devices SET name=? WHERE owner=? AND id=?", (name, owner, device)
        )
        return done.rowcount > 0

    # --- links --------------------------------------------------------------------------------

    def link(self, secret: bytes) -> Link | None:
        """The link whose secret has this hash."""
        found = self._c.execute(get(Link, "WHERE secret=?"), (secret,)).fetchone()
        return None if found is None else record(Link, found)

    def put_links(self, links: Sequence[Link]) -> None:
        """Keep new links, or changed ones."""
        self._c.executemany(put(Link, anew=True), map(row, links))

    def revoke_links(
        self,
        now: datetime,
        *,
        ids: Collection[str] | None = None,
        persons: Collection[str] | None = None,
    ) -> list[Link]:
        """Revoke open links, by id or by person; gives those that there were."""
        column, values = ("id", ids) if ids is not None else ("person", persons or ())
        open_ = "redeemed_at IS NULL AND revoked_at IS NULL"
        found = [
            record(Link, one)
            for part in in_parts(values)
            for one in self._c.execute(
                get(Link, f"WHERE {open_} AND {column} IN ({part.marks})"), part.values
            ).fetchall()
        ]
        us = microseconds(now)
        self._c.executemany(
            "UPDATE links SET revoked_at=? WHERE id=?", [(us, one.id) for one in found]
        )
        return found

    # --- the audit, and what is taken from it -----------------------------------------------------

    def note(self, notes: Iterable[Note]) -> None:
        """Add to the audit."""
        self._c.executemany(put(Note), map(row, notes))

    def forget(self, person: str) -> None:
        """Remove devices, links and accounts of somebody, and from where they came."""
        self._c.execute("DELETE FROM devices WHERE owner=?", (person,))
        self._c.execute("DELETE FROM links WHERE person=?", (person,))
        self._c.execute("DELETE FROM accounts WHERE person=?", (person,))
        self._c.execute(
            "UPDATE audit SET account=NULL, device=NULL, address=NULL WHERE person=?", (person,)
        )
        self.forgot = True

    def settle_restored(self, now: datetime) -> None:
        """See `access_store.settle_restored`."""
        us = microseconds(now)
        self._c.execute(
            "UPDATE links SET revoked_at=? WHERE redeemed_at IS NULL AND revoked_at IS NULL", (us,)
        )
        self._c.execute("UPDATE links SET salt=NULL")
        self._c.execute("DELETE FROM sessions WHERE account IS NOT NULL")
        self.note([Note(what="restored", at=now)])
