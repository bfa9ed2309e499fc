"""The library's own test cases for recorders, on each of our logs."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import TestCase
from uuid import uuid4

import pytest
from eventsourcing.persistence import ApplicationRecorder, StoredEvent
from eventsourcing.tests.persistence import (
    ApplicationRecorderTestCase,
    NonInterleavingNotificationIDsBaseCase,
)

from handheld.adapters.log import open_memory, open_sqlite
from tests.support_postgres import Postgres


class OnMemory(TestCase):
    """Recorders of the in-memory log."""

    def create_recorder(self) -> ApplicationRecorder:
        return open_memory().recorder


class OnSQLite(TestCase):
    """Recorders of the SQLite log, each in a directory of its own."""

    def create_recorder(self) -> ApplicationRecorder:
        directory = TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        log = open_sqlite(Path(directory.name) / "log.db")
        self.addCleanup(log.close)
        return log.recorder


class OnPostgres(TestCase):
    """Recorders of the PostgreSQL log, each in a schema of its own."""

    @pytest.fixture(autouse=True)
    def _server(self, server: Postgres) -> None:
        self.server = server

    def create_recorder(self) -> ApplicationRecorder:
        log = self.server.log()
        self.addCleanup(log.close)
        return log.recorder


class RecorderCases(ApplicationRecorderTestCase[ApplicationRecorder]):
    """The recorder test case, with text ids as our streams have them."""

    def new_originator_id(self) -> str:
        return f"task-{uuid4().hex}"

    def test_subscription(self) -> None:
        self.optional_test_insert_subscribe()

    def test_fifty_thousand_events_are_one_append(self) -> None:
        recorder = self.create_recorder()
        events = [
            StoredEvent(f"task-{n:012x}", 1, "task.dispatched.v1", b"x" * 200)
            for n in range(50_000)
        ]
        positions = recorder.insert_events(events)
        assert positions is not None
        self.assertEqual(sorted(set(positions)), list(positions))
        self.assertEqual(recorder.max_notification_id(), positions[-1])
        found = recorder.select_notifications(positions[0], 60_000)
        self.assertEqual(
            [(n.originator_id, n.originator_version, n.topic, n.state) for n in found],
            [(e.originator_id, e.originator_version, e.topic, e.state) for e in events],
        )


class TestMemoryRecorder(OnMemory, RecorderCases):
    """In memory."""


class TestSQLiteRecorder(OnSQLite, RecorderCases):
    """In SQLite."""


class TestPostgresRecorder(OnPostgres, RecorderCases):
    """In PostgreSQL."""


class NonInterleavingCases(NonInterleavingNotificationIDsBaseCase):
    """Positions of one save never interleave with those of another."""

    insert_num = 1000

    def new_originator_id(self) -> str:
        return f"task-{uuid4().hex}"


class TestMemoryDoesNotInterleave(OnMemory, NonInterleavingCases):
    """In memory."""


class TestSQLiteDoesNotInterleave(OnSQLite, NonInterleavingCases):
    """In SQLite."""


class TestPostgresDoesNotInterleave(OnPostgres, NonInterleavingCases):
    """In PostgreSQL."""


# What is only inherited is not to be collected here by itself.
del ApplicationRecorderTestCase, NonInterleavingNotificationIDsBaseCase
del RecorderCases, NonInterleavingCases
