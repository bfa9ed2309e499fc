"""The log in memory keeps the contract."""

from __future__ import annotations

from pathlib import Path

from handheld.adapters.log import CommandLog, open_memory
from tests.adapters.log_contract import LogContract


class TestMemoryLog(LogContract):
    """In memory."""

    def open_log(self, directory: Path) -> CommandLog:
        return open_memory()
