"""Whether PostgreSQL is there and as it should be, and the district's tables in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from handheld.adapters.checks.result import Checked, failed, fine, warning

OLDEST = 15
PATIENCE_SECONDS = 5
APART_SECONDS = 2.0
"""By which two machines' clocks may differ before anybody should look at them."""


def look(conninfo: str, district: str) -> Iterator[Checked]:
    """Its version, its promise, its clock, the tables."""
    given: dict[str, Any] = {**conninfo_to_dict(conninfo), "connect_timeout": PATIENCE_SECONDS}
    try:
        with psycopg.connect(**given, autocommit=True) as conn:
            yield _version(conn.info.server_version // 10_000)
            yield _promise(conn)
            yield _clock(conn)
            yield _tables(conn, district)
    except psycopg.Error as error:
        # libpq names host, port and user; never a password.
        lines = str(error).strip().splitlines() or [type(error).__name__]
        yield failed("database.unreachable", reason=lines[-1])


def _version(version: int) -> Checked:
    if version < OLDEST:
        return failed("database.old", version=version, least=OLDEST)
    return fine("database.version", version=version)


def _promise(conn: psycopg.Connection) -> Checked:
    """Whether it acknowledges before the disk has it: ours is told not to, other programs' is not."""
    row = conn.execute("SHOW synchronous_commit").fetchone()
    setting = str(row[0]) if row else ""
    if setting in ("off", "local"):
        return warning("database.asynchronous", setting=setting)
    return fine("database.synchronous", setting=setting)


def _clock(conn: psycopg.Connection) -> Checked:
    before = datetime.now(UTC)
    row = conn.execute("SELECT clock_timestamp()").fetchone()
    after = datetime.now(UTC)
    there: datetime = row[0] if row else after
    apart = max((before - there).total_seconds(), (there - after).total_seconds(), 0.0)
    if apart > APART_SECONDS:
        return warning("database.clock", seconds=round(apart))
    return fine("database.same_clock")


def _tables(conn: psycopg.Connection, district: str) -> Checked:
    found = conn.execute("SELECT to_regclass(%s)", (f'"{district}".events',)).fetchone()
    if not (found and found[0]):
        return failed("database.no_tables", district=district)
    return fine("database.tables", district=district)
