"""The log in SQLite keeps the contract."""

from __future__ import annotations

from pathlib import Path

from handheld.adapters.log import CommandLog, open_sqlite
from tests.adapters.log_contract import LogContract


class TestSQLiteLog(LogContract):
    """In a file."""

    def open_log(self, directory: Path) -> CommandLog:
        return open_sqlite(directory / "log.db")
