"""A recorder of the `eventsourcing` library for SQLite, with positions and recorded times of ours.

A position is an explicit INTEGER PRIMARY KEY. Every commit has one recorded time, never before
that of the commit before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from time import time_ns
from typing import Any, cast
from uuid import UUID

from eventsourcing.persistence import (
    ApplicationRecorder,
    Notification,
    StoredEvent,
    Subscription,
)
from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteCursor

from handheld.adapters.sqlite_store import Datastore
from handheld.adapters.subscription import RecordedNotification, SignalledSubscription, Signals
from handheld.application.ports import Row

_COLUMNS = "position, originator_id, originator_version, topic, state, recorded_us"
_TABLES = (
    "CREATE TABLE IF NOT EXISTS {events} ("
    "position INTEGER PRIMARY KEY, "
    "originator_id TEXT NOT NULL, "
    "originator_version INTEGER NOT NULL, "
    "topic TEXT NOT NULL, "
    "state BLOB NOT NULL, "
    "recorded_us INTEGER NOT NULL, "
    "UNIQUE (originator_id, originator_version))",
    "CREATE TABLE IF NOT EXISTS commands ("
    "command TEXT NOT NULL, "
    "actor TEXT NOT NULL, "
    "body_hash BLOB NOT NULL, "
    "outcome TEXT NOT NULL, "
    "code TEXT, "
    "first_position INTEGER, "
    "last_position INTEGER, "
    "recorded_us INTEGER NOT NULL, "
    "PRIMARY KEY (command, actor)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS log_facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) "
    "WITHOUT ROWID",
)


def _machine_us() -> int:
    return time_ns() // 1000


class PositionRecorder(SQLiteApplicationRecorder):
    """What the library's applications and its own test cases ask of a recorder."""

    datastore: Datastore

    def __init__(self, datastore: Datastore, events_table_name: str = "stored_events") -> None:
        super().__init__(datastore, events_table_name)
        self.signals = Signals()
        self._insert = f"INSERT INTO {events_table_name} ({_COLUMNS}) VALUES (?,?,?,?,?,?)"
        self._select = f"SELECT {_COLUMNS} FROM {events_table_name} "

    def construct_create_table_statements(self) -> list[str]:
        """The tables of a log file."""
        return [table.format(events=self.events_table_name) for table in _TABLES]

    def end(self) -> int:
        """The last position; 0 when empty."""
        with self.datastore.transaction(commit=False) as c:
            return self._last(c)[0]

    def _insert_events(
        self, c: SQLiteCursor, stored_events: Sequence[StoredEvent], **_: Any
    ) -> Sequence[int] | None:
        end, latest = self._last(c)
        recorded_us = max(_machine_us(), latest)
        positions = range(end + 1, end + 1 + len(stored_events))
        c.executemany(
            self._insert,
            (
                (p, str(s.originator_id), s.originator_version, s.topic, s.state, recorded_us)
                for p, s in zip(positions, stored_events, strict=True)
            ),
        )
        return list(positions)

    def insert_events(
        self, stored_events: Sequence[StoredEvent], **kwargs: Any
    ) -> Sequence[int] | None:
        """Append, as the library's applications do."""
        positions = super().insert_events(stored_events, **kwargs)
        self.signals.notify()
        return positions

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
        rows = self._rows(
            "WHERE originator_id=? AND originator_version>? AND originator_version<=? "
            f"ORDER BY originator_version {'DESC' if desc else 'ASC'} LIMIT ?",
            (
                str(originator_id),
                -1 if gt is None else gt,
                2**62 if lte is None else lte,
                -1 if limit is None else limit,
            ),
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
        where = "WHERE position > ? "
        params: list[object] = [after]
        if stop is not None:
            where += "AND position <= ? "
            params.append(stop)
        if topics:
            where += f"AND topic IN ({','.join('?' * len(topics))}) "
            params += topics
        rows = self._rows(where + "ORDER BY position LIMIT ?", [*params, limit])
        return [RecordedNotification.of(row) for row in rows]

    def max_notification_id(self) -> int | None:  # type: ignore[override]
        """The last position; None when empty."""
        return self.end() or None

    def subscribe(
        self, gt: int | None = None, topics: Sequence[str] = ()
    ) -> Subscription[ApplicationRecorder]:
        """Events as they come, those of other processes too."""
        return SignalledSubscription(self, gt=gt, topics=topics)

    def _last(self, c: SQLiteCursor) -> tuple[int, int]:
        c.execute(
            f"SELECT position, recorded_us FROM {self.events_table_name} "
            "ORDER BY position DESC LIMIT 1"
        )
        row = c.fetchone()
        return (0, 0) if row is None else (row[0], row[1])

    def _rows(self, where: str, params: Sequence[object]) -> list[Row]:
        with self.datastore.transaction(commit=False) as c:
            c.sqlite_cursor.row_factory = None
            c.execute(self._select + where, params)
            return cast(list[Row], c.fetchall())
