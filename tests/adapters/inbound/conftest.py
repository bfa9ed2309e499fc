"""A NATS server and a data directory for each test of what other systems ask for."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest

from handheld.bootstrap import Home
from tests.support_log import populated
from tests.support_nats import NatsServer


@pytest.fixture
def server(tmp_path: Path) -> Generator[NatsServer]:
    """A NATS server of this test alone."""
    running = NatsServer(tmp_path / "nats")
    running.start()
    yield running
    running.kill()


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """A data directory with a county, people and the plan `storm`."""
    return populated(tmp_path / "data", 3)


@pytest.fixture
def home(directory: Path) -> Generator[Home]:
    """The same, opened."""
    with Home(directory) as opened:
        yield opened
