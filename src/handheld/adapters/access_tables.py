"""The tables of accounts, sessions, devices, links and the audit, and how rows become records."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

from handheld.adapters.database import Engine, fitted
from handheld.application.access.records import Account, Device, Link, Note, Session
from handheld_events.codec import instant, microseconds

VERSION = 1
"""Of the tables. Those of a later version are not opened."""

_TABLES = (
    """CREATE TABLE accounts (
        name TEXT PRIMARY KEY, hash TEXT NOT NULL, person TEXT, role TEXT, names INTEGER NOT NULL,
        created_at INTEGER NOT NULL, password_at INTEGER NOT NULL, disabled_at INTEGER,
        failures INTEGER NOT NULL, failed_at INTEGER, locked_until INTEGER
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE sessions (
        id TEXT PRIMARY KEY, token BLOB NOT NULL UNIQUE, actor TEXT NOT NULL, account TEXT,
        device TEXT, created_at INTEGER NOT NULL, seen_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX sessions_of ON sessions (actor)",
    "CREATE INDEX sessions_by ON sessions (account) WHERE account IS NOT NULL",
    "CREATE INDEX sessions_on ON sessions (device) WHERE device IS NOT NULL",
    """CREATE TABLE devices (
        owner TEXT NOT NULL, id TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL,
        first_at INTEGER NOT NULL, seen_at INTEGER NOT NULL, PRIMARY KEY (owner, id)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE links (
        id TEXT PRIMARY KEY, secret BLOB NOT NULL UNIQUE, person TEXT NOT NULL,
        issued_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, issued_by TEXT NOT NULL,
        redeemed_at INTEGER, session TEXT, device TEXT, salt BLOB, revoked_at INTEGER
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX links_of ON links (person)",
    "CREATE INDEX links_salted ON links (redeemed_at) WHERE salt IS NOT NULL",
    """CREATE TABLE audit (
        number INTEGER PRIMARY KEY AUTOINCREMENT, what TEXT NOT NULL, at INTEGER NOT NULL,
        account TEXT, person TEXT, session TEXT, link TEXT, device TEXT, address TEXT, by TEXT
    ) STRICT""",
    "CREATE INDEX audit_of_person ON audit (person)",
    "CREATE INDEX audit_of_account ON audit (account)",
)

# Nothing in the audit is changed or removed, but for what an erasure takes from it.
_STAYS = {
    "sqlite": (
        """CREATE TRIGGER audit_stays BEFORE DELETE ON audit
            BEGIN SELECT RAISE(ABORT, 'the audit stays'); END""",
        """CREATE TRIGGER audit_is_as_it_was
            BEFORE UPDATE OF number, what, at, session, link, by ON audit
            BEGIN SELECT RAISE(ABORT, 'the audit stays as it is'); END""",
        """CREATE TRIGGER audit_only_forgets
            BEFORE UPDATE OF account, person, device, address ON audit
            WHEN coalesce(new.address, new.device) IS NOT NULL
                OR new.person IS NOT old.person
                OR coalesce(new.account, old.account) IS NOT old.account
            BEGIN SELECT RAISE(ABORT, 'the audit only forgets'); END""",
    ),
    "postgresql": (
        """CREATE FUNCTION the_audit_stays() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'the audit stays as it is'; END $$""",
        """CREATE TRIGGER audit_stays BEFORE DELETE OR TRUNCATE ON audit
            FOR EACH STATEMENT EXECUTE FUNCTION the_audit_stays()""",
        """CREATE TRIGGER audit_is_as_it_was
            BEFORE UPDATE OF number, what, at, session, link, by ON audit
            FOR EACH STATEMENT EXECUTE FUNCTION the_audit_stays()""",
        """CREATE TRIGGER audit_only_forgets
            BEFORE UPDATE OF account, person, device, address ON audit FOR EACH ROW
            WHEN (coalesce(new.address, new.device) IS NOT NULL
                OR new.person IS DISTINCT FROM old.person
                OR coalesce(new.account, old.account) IS DISTINCT FROM old.account)
            EXECUTE FUNCTION the_audit_stays()""",
        # Tickets may go with a crash: they hold for half a minute.
        "CREATE UNLOGGED TABLE tickets (secret BYTEA PRIMARY KEY, session TEXT NOT NULL, "
        "until TIMESTAMPTZ NOT NULL)",
        "CREATE INDEX tickets_over ON tickets (until)",
    ),
}


def schema(engine: Engine) -> list[str]:
    """The statements that make the tables."""
    return [*fitted(_TABLES, engine), *_STAYS[engine]]


Record = Account | Session | Device | Link | Note
TABLES: dict[type[Record], str] = {
    Account: "accounts",
    Session: "sessions",
    Device: "devices",
    Link: "links",
    Note: "audit",
}


def columns(kind: type[Record]) -> tuple[str, ...]:
    """The columns of a record; the number of a line of the audit is given by the file."""
    return tuple(name for name in kind.__struct_fields__ if name != "number")


def put(kind: type[Record], *, anew: bool = False) -> str:
    """The statement that keeps a record; `anew`: in place of one with the same key."""
    names = columns(kind)
    marks = ",".join("?" * len(names))
    statement = f"INSERT INTO {TABLES[kind]} ({','.join(names)}) VALUES ({marks})"
    if not anew:
        return statement
    key, *rest = names
    changed = ", ".join(f"{name}=excluded.{name}" for name in rest)
    return f"{statement} ON CONFLICT ({key}) DO UPDATE SET {changed}"


def get(kind: type[Record], rest: str = "") -> str:
    """The statement that reads records."""
    names = ",".join(kind.__struct_fields__)
    return f"SELECT {names} FROM {TABLES[kind]} {rest}"


def row(record: Record) -> tuple[Any, ...]:
    """A record as a row."""
    return tuple(_stored(getattr(record, name)) for name in columns(type(record)))


def _stored(value: Any) -> Any:
    if isinstance(value, datetime):
        return microseconds(value)
    return int(value) if isinstance(value, bool) else value


R = TypeVar("R", Account, Session, Device, Link, Note)


def record(kind: type[R], found: Sequence[Any]) -> R:
    """The record of a row."""
    values: dict[str, Any] = {
        name: instant(value) if value is not None and name in _TIMES else value
        for name, value in zip(kind.__struct_fields__, found, strict=True)
    }
    if "names" in values:
        values["names"] = bool(values["names"])
    return kind(**values)


_TIMES = frozenset(
    {
        "at",
        "created_at",
        "disabled_at",
        "expires_at",
        "failed_at",
        "first_at",
        "issued_at",
        "locked_until",
        "password_at",
        "redeemed_at",
        "revoked_at",
        "seen_at",
    }
)
