"""Connections to PostgreSQL as the library pools them, and what its errors mean to a log.

No wait is without end: for a lock, for a connection, for a server that does not answer.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from time import monotonic, sleep
from typing import Any

import psycopg
from eventsourcing.postgres import PostgresDatastore
from psycopg import Connection, Cursor
from psycopg.pq import PGconn, Ping
from psycopg.rows import TupleRow, tuple_row
from psycopg_pool import ConnectionPool, PoolTimeout

from handheld.adapters.postgres_arrays import understand
from handheld.adapters.postgres_schema import migrate
from handheld.domain.errors import Installation

LOCK_SECONDS = 10
"""So long a commit waits for those before it."""
HELD_SECONDS = 5
"""So long a commit may do nothing in its middle."""
CONNECT_SECONDS = 3
PATIENCE_SECONDS = 3.0
"""So long a lost server is asked again, by all of a process together, before anybody is told."""
BRIEF_SECONDS = 0.5
"""So long a connection to a lost server is waited for: nobody waits for those before them."""
RECONNECT_SECONDS = 2
"""So long a pool tries again by itself. Its pauses double: left to go on it would find a server that
was away for minutes again after minutes only."""
AGAIN_SECONDS = 0.2
STARTING_SECONDS = 30.0
"""So long a server that starts up is waited for by a process that starts, too."""
KEEPALIVE: Mapping[str, object] = {
    "connect_timeout": CONNECT_SECONDS,
    "keepalives_idle": 2,
    "keepalives_interval": 1,
    "keepalives_count": 3,
    "tcp_user_timeout": 3_000,
}
"""A machine that was switched off is noticed within three seconds by whoever asks it something, within
five by whoever waits for its answer (libpq's parameters)."""

SESSION = (
    "SET idle_in_transaction_session_timeout = '30s'; "
    "SET timezone = 'UTC'; "
    # A server may be set to acknowledge before the disk has it: not for a log.
    "SELECT set_config('synchronous_commit', 'on', false) "
    "WHERE current_setting('synchronous_commit') IN ('off', 'local')"
)

_FULL = frozenset(("53100",))
_BUSY = frozenset(("55P03", "40001", "40P01", "57014", "53200", "53300", "25006"))
"""Lock timeout, serialization, deadlock, cancelled, no memory, no connection left, read-only."""
_UNMADE = frozenset(("3F000", "42P01"))
_LOST = frozenset(("57P01", "57P02", "57P03"))
"""Shut down, crashed, not yet started; besides those of class 08."""


def sqlstate(error: BaseException) -> str:
    """The code of PostgreSQL behind an error of the library; "" where there is none."""
    cause = error if isinstance(error, psycopg.Error) else error.__cause__
    return (cause.sqlstate or "") if isinstance(cause, psycopg.Error) else ""


def is_full(error: BaseException) -> bool:
    """Whether the database's disk is full."""
    return sqlstate(error) in _FULL


def is_busy(error: BaseException) -> bool:
    """Whether the server is there, could not do it now, and has done nothing."""
    return sqlstate(error) in _BUSY


def is_lost(error: BaseException) -> bool:
    """Whether the server is not there, or was lost in the middle."""
    cause = error if isinstance(error, psycopg.Error) else error.__cause__
    code = sqlstate(error)
    if code:
        return code in _LOST or code.startswith("08")
    return isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError | PoolTimeout)


def is_unmade(error: BaseException | None) -> bool:
    """Whether schema or tables are not there, by an error or what has caused it."""
    while error is not None:
        if isinstance(error, psycopg.Error) and error.sqlstate in _UNMADE:
            return True
        error = error.__cause__
    return False


def must_answer(conninfo: str) -> None:
    """See that the server lets us in: a pool would only say that it waited in vain.

    One that is there and starts up, recovering after a crash, is waited for.

    Raises Installation (`database.unreachable`) with the server's reason, or libpq's, which names host,
    port and user and never a password.
    """
    give_up = monotonic() + STARTING_SECONDS
    while PGconn.ping(conninfo.encode()) == Ping.REJECT and monotonic() < give_up:
        sleep(AGAIN_SECONDS)
    try:
        psycopg.connect(conninfo, connect_timeout=CONNECT_SECONDS).close()
    except psycopg.Error as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise Installation("database.unreachable", reason=reason) from error


class Loss:
    """Whether the server of a pool is lost, which one who asks finds out for all others."""

    def __init__(self, pool: ConnectionPool[Any]) -> None:
        self._pool = pool
        self._usual = pool.timeout
        self._since: float | None = None

    def lasts(self) -> float:
        """It was lost, or still is: since so many seconds."""
        now = monotonic()
        if self._since is None:
            self._since = now
            self._pool.timeout = BRIEF_SECONDS
            self._pool.drain()  # to try each connection takes as long as the first took
        return now - self._since

    def over(self) -> None:
        """The server is there."""
        if self._since is not None:
            self._since = None
            self._pool.timeout = self._usual


class Datastore(PostgresDatastore):
    """A log's schema in a database, and connections to it."""

    def __init__(
        self,
        parameters: Mapping[str, str],
        schema: str,
        *,
        lock_seconds: int = LOCK_SECONDS,
        connect_seconds: float = CONNECT_SECONDS,
        most: int = 16,
    ) -> None:
        super().__init__(
            dbname=parameters.get("dbname", ""),
            host=parameters.get("host", ""),
            user=parameters.get("user", ""),
            password=parameters.get("password", ""),
            port=parameters.get("port", "5432"),
            connect_timeout=connect_seconds,
            pool_size=1,
            max_overflow=most - 1,
            lock_timeout=lock_seconds,
            schema=schema,
            originator_id_type="text",
        )
        given = {name: value for name, value in parameters.items() if value}
        self.parameters: dict[str, Any] = {**KEEPALIVE, **given}
        self.pool.kwargs = {**self.parameters, "row_factory": tuple_row}
        self.pool.reconnect_timeout = RECONNECT_SECONDS
        self.loss = Loss(self.pool)

    def after_connect_func(self) -> Any:
        """What each new connection is told."""
        # Whoever is cut off in the middle of a commit holds the lock that all others wait for.
        held = f"SET idle_in_transaction_session_timeout = '{HELD_SECONDS}s'"
        session = f"SET lock_timeout = '{self.lock_timeout}s'; {SESSION}; {held}"

        def told(conn: Connection[Any]) -> None:
            conn.autocommit = True
            understand(conn)
            conn.execute(session.encode())

        return told

    @contextmanager
    def reading(self) -> Generator[Cursor[TupleRow]]:
        """A cursor for one statement; rows are tuples, values come in binary form."""
        with self.get_connection() as conn, conn.cursor(row_factory=tuple_row, binary=True) as c:
            yield c

    @contextmanager
    def writing(self) -> Generator[Cursor[TupleRow]]:
        """A transaction, committed at the end."""
        with self.reading() as c, c.connection.transaction():
            yield c

    def look_again(self) -> bool:
        """The server was lost: whether it is to be asked again, which it is a little later.

        What all who ask wait is counted from when the first has lost it, so that the wait of each
        has an end, however many there are.
        """
        if self.loss.lasts() >= PATIENCE_SECONDS:
            return False
        sleep(AGAIN_SECONDS)
        return True

    def migrate(self) -> int:
        """Make or bring up to date the tables; how many migrations that took."""
        with self.get_connection() as conn:
            return migrate(conn, self.schema)
