"""The tables of Web Push and of webhooks: in `push.db`, or where all processes share them."""

from __future__ import annotations

from pathlib import Path

from handheld.adapters.database import Database, fitted
from handheld.adapters.database_sqlite import SQLiteDatabase
from handheld.adapters.database_told import check_layout, told

LAYOUT = 1

_TABLES = (
    "CREATE TABLE IF NOT EXISTS subscriptions (device TEXT PRIMARY KEY, "
    "person TEXT NOT NULL, endpoint TEXT NOT NULL, p256dh TEXT NOT NULL, "
    "auth TEXT NOT NULL, made_at TEXT NOT NULL) WITHOUT ROWID",
    "CREATE INDEX IF NOT EXISTS subscriptions_of ON subscriptions (person)",
    # How often subscriptions were changed: by this others know that they were.
    "CREATE TABLE IF NOT EXISTS changes (number INTEGER NOT NULL)",
    "INSERT INTO changes VALUES (0)",
    "CREATE TABLE IF NOT EXISTS webhooks (name TEXT PRIMARY KEY, log_id TEXT NOT NULL, "
    "position INTEGER NOT NULL) WITHOUT ROWID",
    # The key of Web Push, where it is in no file of its own.
    "CREATE TABLE IF NOT EXISTS vapid (name TEXT PRIMARY KEY, pem TEXT NOT NULL) WITHOUT ROWID",
)


def push_file(path: Path) -> SQLiteDatabase:
    """`push.db`."""
    return SQLiteDatabase(path, journal="DELETE", overwrite=True)


def prepare_push(database: Database) -> None:
    """Make sure of the tables.

    Raises Busy, Installation (`store.unwritable`, `store.damaged`, `database.newer`,
    `database.not_migrated`).
    """
    with told(database):
        found = database.prepare(LAYOUT, fitted(_TABLES, database.engine))
        check_layout(database, found, LAYOUT)
