"""The library's own test case for infrastructure factories, on each of ours."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from eventsourcing.persistence import (
    AggregateRecorder,
    ApplicationRecorder,
    ProcessRecorder,
    TrackingRecorder,
)
from eventsourcing.popo import POPOAggregateRecorder, POPOProcessRecorder, POPOTrackingRecorder
from eventsourcing.postgres import (
    PostgresAggregateRecorder,
    PostgresProcessRecorder,
    PostgresTrackingRecorder,
)
from eventsourcing.tests.persistence import InfrastructureFactoryTestCase
from eventsourcing.utils import Environment

from handheld.adapters import log_memory, log_postgres, log_sqlite
from handheld.adapters.log import open_sqlite
from tests.support_postgres import Postgres

# After our adapters: they put the bundled SQLite in the place of the standard library's.
from eventsourcing.sqlite import (  # isort: skip
    SQLiteAggregateRecorder,
    SQLiteProcessRecorder,
    SQLiteTrackingRecorder,
)


class MemoryTracking(POPOTrackingRecorder):
    """A tracking recorder of a user's own."""


class SQLiteTracking(SQLiteTrackingRecorder):
    """A tracking recorder of a user's own."""


class TestMemoryFactory(InfrastructureFactoryTestCase[log_memory.Factory]):
    """In memory."""

    def setUp(self) -> None:
        self.env = Environment(
            "Test", {"PERSISTENCE_MODULE": "handheld.adapters.log_memory:Factory"}
        )
        super().setUp()

    def expected_factory_class(self) -> type[log_memory.Factory]:
        return log_memory.Factory

    def expected_aggregate_recorder_class(self) -> type[AggregateRecorder]:
        return POPOAggregateRecorder

    def expected_application_recorder_class(self) -> type[ApplicationRecorder]:
        return log_memory.MemoryLog

    def expected_tracking_recorder_class(self) -> type[TrackingRecorder]:
        return POPOTrackingRecorder

    def tracking_recorder_subclass(self) -> type[TrackingRecorder]:
        return MemoryTracking

    def expected_process_recorder_class(self) -> type[ProcessRecorder]:
        return POPOProcessRecorder


class TestSQLiteFactory(InfrastructureFactoryTestCase[log_sqlite.Factory]):
    """In SQLite."""

    def setUp(self) -> None:
        directory = TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        path = Path(directory.name) / "log.db"
        open_sqlite(path).close()  # one case wants a recorder of tables that are there already
        self.env = Environment(
            "Test",
            {
                "PERSISTENCE_MODULE": "handheld.adapters.log_sqlite:Factory",
                "SQLITE_DBNAME": str(path),
            },
        )
        super().setUp()

    def expected_factory_class(self) -> type[log_sqlite.Factory]:
        return log_sqlite.Factory

    def expected_aggregate_recorder_class(self) -> type[AggregateRecorder]:
        return SQLiteAggregateRecorder

    def expected_application_recorder_class(self) -> type[ApplicationRecorder]:
        return log_sqlite.SQLiteLog

    def expected_tracking_recorder_class(self) -> type[TrackingRecorder]:
        return SQLiteTrackingRecorder

    def tracking_recorder_subclass(self) -> type[TrackingRecorder]:
        return SQLiteTracking

    def expected_process_recorder_class(self) -> type[ProcessRecorder]:
        return SQLiteProcessRecorder

    def test_a_factory_without_a_file_is_an_error(self) -> None:
        del self.env["SQLITE_DBNAME"]
        with self.assertRaises(OSError):
            log_sqlite.Factory(self.env)


class PostgresTracking(PostgresTrackingRecorder):
    """A tracking recorder of a user's own."""


class TestPostgresFactory(InfrastructureFactoryTestCase[log_postgres.Factory]):
    """In PostgreSQL."""

    @pytest.fixture(autouse=True)
    def _server(self, server: Postgres) -> None:
        with server.log() as log:
            known = {k: v for k, v in log.env.items() if k.startswith(("POSTGRES_", "PERSIST"))}
        self.env = Environment("Test", known)

    def tearDown(self) -> None:
        self.factory.close()

    def expected_factory_class(self) -> type[log_postgres.Factory]:
        return log_postgres.Factory

    def expected_aggregate_recorder_class(self) -> type[AggregateRecorder]:
        return PostgresAggregateRecorder

    def expected_application_recorder_class(self) -> type[ApplicationRecorder]:
        return log_postgres.PostgresLog

    def expected_tracking_recorder_class(self) -> type[TrackingRecorder]:
        return PostgresTrackingRecorder

    def tracking_recorder_subclass(self) -> type[TrackingRecorder]:
        return PostgresTracking

    def expected_process_recorder_class(self) -> type[ProcessRecorder]:
        return PostgresProcessRecorder

    def test_a_factory_without_a_database_is_an_error(self) -> None:
        del self.env["POSTGRES_DBNAME"]
        with self.assertRaises(OSError):
            log_postgres.Factory(self.env)


del InfrastructureFactoryTestCase
