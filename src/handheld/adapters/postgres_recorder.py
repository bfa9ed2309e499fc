"""A recorder of the `eventsourcing` library for PostgreSQL, with positions and recorded times of ours.

Writers follow one another: each takes one lock of the database until it has committed, so positions
have no gaps and are seen in their order. The library's own way is not used: its pipeline can hang on
a large save, and its functions in the database take no lock (docs/adr/).
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager, suppress
from time import time_ns
from typing import Any, LiteralString, cast
from uuid import UUID

import psycopg
from eventsourcing.persistence import ApplicationRecorder, Notification, StoredEvent, Subscription
from eventsourcing.postgres import PostgresApplicationRecorder
from psycopg import Cursor
from psycopg.pq import TransactionStatus
from psycopg.rows import TupleRow
from psycopg.sql import SQL, Composed, Identifier

from handheld.adapters.postgres_inserting import copied, facts, finish
from handheld.adapters.postgres_listening import Listening
from handheld.adapters.postgres_schema import EVENTS
from handheld.adapters.postgres_store import Datastore
from handheld.adapters.subscription import RecordedNotification, SignalledSubscription, Signals
from handheld.application.ports import Row

Cur = Cursor[TupleRow]


@contextmanager
def undone(c: Cur) -> Generator[None]:
    """What is not committed at the end is undone."""
    try:
        yield
    finally:
        if c.connection.info.transaction_status != TransactionStatus.IDLE:
            with suppress(psycopg.Error):
                c.connection.execute("ROLLBACK")


class PositionRecorder(PostgresApplicationRecorder):
    """What the library's applications and its own test cases ask of a recorder."""

    datastore: Datastore

    def __init__(self, datastore: Datastore) -> None:
        super().__init__(datastore, events_table_name=EVENTS)
        self.signals = Signals()
        self.channel = f"handheld {datastore.schema}"[:63]
        self.listening = Listening(datastore.parameters, self.channel, self.signals)
        self._select = self.sql(
            "SELECT position, originator_id, originator_version, topic, state, recorded_us "
            "FROM {events} "
        )
        self._last_row = self.sql(
            "SELECT position, recorded_us FROM {events} ORDER BY position DESC LIMIT 1"
        )
        # The first number says what is locked, the second which log; any first number does.
        self.lock = self.sql(
            "SELECT pg_advisory_xact_lock(5203, '{events}'::regclass::oid::integer)"
        )

    def sql(self, text: LiteralString) -> Composed:
        """A statement, with the names of the schema and of its tables."""
        schema = Identifier(self.datastore.schema)
        events = Identifier(self.datastore.schema, self.events_table_name)
        commands = Identifier(self.datastore.schema, "commands")
        facts = Identifier(self.datastore.schema, "log_facts")
        return SQL(text).format(schema=schema, events=events, commands=commands, facts=facts)

    def create_table(self) -> None:
        """Make the tables where there are none."""
        self.datastore.migrate()

    def end(self) -> int:
        """The last position; 0 when empty."""
        with self.datastore.reading() as c:
            return self._last(c)[0]

    def insert_events(self, stored_events: Sequence[StoredEvent], **_: Any) -> Sequence[int] | None:
        """Append, as the library's applications do."""
        with self.locked(self._last_row) as c:
            end, latest = c.fetchone() or (0, 0)
            recorded_us = max(time_ns() // 1000, latest)
            rows = [
                (str(stored.originator_id), stored.originator_version, stored.topic, stored.state)
                for stored in stored_events
            ]
            table = facts(self.sql("{events}"), rows, end, recorded_us)
            finish(c, copied(c, [table]), self.channel)
        self.signals.notify()
        return list(range(end + 1, end + 1 + len(rows)))

    @contextmanager
    def locked(self, look: Composed, params: Sequence[object] = ()) -> Generator[Cur]:
        """A transaction that holds the write lock from its beginning; undone unless it is finished.

        What `look` asks for is on the cursor; it sees all that was committed before the lock was
        given. It goes in one message with beginning and lock: a commit is as slow as the messages
        whose answers it waits for.
        """
        with self.datastore.reading() as c, undone(c):
            with c.connection.pipeline():
                c.connection.execute("BEGIN")
                c.connection.execute(self.lock)
                c.execute(look, params)
            yield c

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """The events of one stream, with their positions and recorded times."""
        rows = self.rows(
            "WHERE originator_id = %s AND originator_version > %s AND originator_version <= %s "
            f"ORDER BY originator_version {'DESC' if desc else 'ASC'} LIMIT %s",
            (str(originator_id), -1 if gt is None else gt, 2**62 if lte is None else lte, limit),
        )
        return [RecordedNotification.of(row) for row in rows]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """The events from a position on, with their recorded times."""
        after = 0 if start is None else start - (1 if inclusive_of_start else 0)
        where = "WHERE position > %s AND position <= %s "
        params: list[object] = [after, 2**62 if stop is None else stop]
        if topics:
            where += "AND topic = ANY(%s) "
            params.append(list(topics))
        rows = self.rows(where + "ORDER BY position LIMIT %s", [*params, limit])
        return [RecordedNotification.of(row) for row in rows]

    def max_notification_id(self) -> int | None:
        """The last position; None when empty."""
        return self.end() or None

    def subscribe(
        self, gt: int | None = None, topics: Sequence[str] = ()
    ) -> Subscription[ApplicationRecorder]:
        """Events as they come, those of other processes too."""
        self.listening.start()
        return SignalledSubscription(self, gt=gt, topics=topics)

    def rows(self, where: str, params: Sequence[object]) -> list[Row]:
        """The rows of the log that a condition picks."""
        with self.datastore.reading() as c:
            c.execute(self._select + SQL(cast(Any, where)), params)
            return cast(list[Row], c.fetchall())

    def _last(self, c: Cur) -> tuple[int, int]:
        c.execute(self._last_row)
        row = c.fetchone()
        return (0, 0) if row is None else (row[0], row[1])
