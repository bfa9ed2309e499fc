"""A NATS server and a log for each test of what goes over NATS."""

from collections.abc import Generator
from pathlib import Path

import pytest

from handheld.adapters.log import open_sqlite
from handheld.adapters.log_sqlite import SQLiteLog
from tests.support_nats import LOG, NatsServer


@pytest.fixture
def server(tmp_path: Path) -> Generator[NatsServer]:
    """A NATS server of this test alone."""
    running = NatsServer(tmp_path / "nats")
    running.start()
    yield running
    running.kill()


@pytest.fixture
def log(tmp_path: Path) -> Generator[SQLiteLog]:
    """A log on disk for the relay, with an id."""
    with open_sqlite(tmp_path / "log.db") as opened:
        port = opened.port
        assert isinstance(port, SQLiteLog)
        port.set_facts({"log_id": LOG})
        yield port
