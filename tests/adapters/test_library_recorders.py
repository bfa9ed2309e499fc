"""The library's own test cases, on each of our logs."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import TestCase
from uuid import uuid4

import pytest
from eventsourcing.persistence import ApplicationRecorder
from eventsourcing.tests.persistence import (
    ApplicationRecorderTestCase,
    NonInterleavingNotificationIDsBaseCase,
)

from handheld.adapters.log import open_memory, open_sqlite


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


class RecorderCases(ApplicationRecorderTestCase[ApplicationRecorder]):
    """The recorder test case, with text ids as our streams have them."""

    def new_originator_id(self) -> str:
        return f"task-{uuid4().hex}"

    def test_subscription(self) -> None:
        self.optional_test_insert_subscribe()


class TestMemoryRecorder(OnMemory, RecorderCases):
    """In memory."""


class TestSQLiteRecorder(OnSQLite, RecorderCases):
    """In SQLite."""


class NonInterleavingCases(NonInterleavingNotificationIDsBaseCase):
    """Positions of one save never interleave with those of another."""

    insert_num = 1000

    def new_originator_id(self) -> str:
        return f"task-{uuid4().hex}"


class TestMemoryDoesNotInterleave(OnMemory, NonInterleavingCases):
    """In memory."""


class TestSQLiteDoesNotInterleave(OnSQLite, NonInterleavingCases):
    """In SQLite."""


del ApplicationRecorderTestCase, NonInterleavingNotificationIDsBaseCase
del RecorderCases, NonInterleavingCases
_ = pytest
