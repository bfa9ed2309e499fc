"""The tables of a log in PostgreSQL, and how they come to be there: once, by `migrate`.

A log has a schema of its own, so that several districts share one database. Text is compared byte
by byte (collation "C"), as SQLite does and as the order of streams asks for.
"""

from __future__ import annotations

from typing import Any

from psycopg import Connection
from psycopg.sql import SQL, Composed, Identifier

EVENTS = "events"
"""The table of the facts."""

NEEDED = 1
"""The number of migrations that this version of the program has, and needs."""

_FIRST = """
CREATE TABLE {schema}.{events} (
    position bigint PRIMARY KEY,
    originator_id text COLLATE "C" NOT NULL,
    originator_version bigint NOT NULL,
    topic text COLLATE "C" NOT NULL,
    state bytea NOT NULL,
    recorded_us bigint NOT NULL,
    UNIQUE (originator_id, originator_version)
);
CREATE TABLE {schema}.commands (
    command text COLLATE "C" NOT NULL,
    actor text COLLATE "C" NOT NULL,
    body_hash bytea NOT NULL,
    outcome text NOT NULL,
    code text,
    first_position bigint,
    last_position bigint,
    recorded_us bigint NOT NULL,
    PRIMARY KEY (command, actor)
);
CREATE TABLE {schema}.log_facts (name text PRIMARY KEY, value text NOT NULL);
ALTER TABLE {schema}.{events} ALTER COLUMN state SET STORAGE MAIN;
"""
_MIGRATIONS = (_FIRST,)


def migrate(conn: Connection[Any], schema: str) -> int:
    """Bring a log's tables to this version; how many migrations that took.

    In one transaction, under a lock of the database: several processes may ask for it at once.
    """
    names = {"schema": Identifier(schema), "events": Identifier(EVENTS)}
    with conn.transaction(), conn.cursor() as c:
        c.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"migrate {schema}",))
        c.execute(SQL("CREATE SCHEMA IF NOT EXISTS {schema}").format(**names))
        c.execute(_table_of_migrations(names))
        done = _done(conn, names)
        for number, statements in enumerate(_MIGRATIONS[done:], done + 1):
            c.execute(SQL(statements).format(**names))
            c.execute(
                SQL("INSERT INTO {schema}.migrations (number) VALUES (%s)").format(**names),
                (number,),
            )
    return len(_MIGRATIONS) - done


def migrations_done(conn: Connection[Any], schema: str) -> int:
    """How many migrations a log's tables have seen; 0 where there are none."""
    found = conn.execute("SELECT to_regclass(%s)", (f'"{schema}".migrations',)).fetchone()
    if found is None or found[0] is None:
        return 0
    return _done(conn, {"schema": Identifier(schema)})


def _table_of_migrations(names: dict[str, Identifier]) -> Composed:
    return SQL(
        "CREATE TABLE IF NOT EXISTS {schema}.migrations "
        "(number integer PRIMARY KEY, done_at timestamptz NOT NULL DEFAULT now())"
    ).format(**names)


def _done(conn: Connection[Any], names: dict[str, Identifier]) -> int:
    row = conn.execute(SQL("SELECT count(*) FROM {schema}.migrations").format(**names)).fetchone()
    return int(row[0]) if row is not None else 0
