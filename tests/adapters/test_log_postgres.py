"""The log in PostgreSQL keeps the contract."""

from __future__ import annotations

from pathlib import Path

import pytest

from handheld.adapters.log import CommandLog
from tests.adapters.log_contract import LogContract
from tests.support_postgres import Postgres


class TestPostgresLog(LogContract):
    """In a schema of its own for each test."""

    @pytest.fixture(autouse=True)
    def _server(self, server: Postgres) -> None:
        self.server = server

    def open_log(self, directory: Path) -> CommandLog:
        return self.server.log()
