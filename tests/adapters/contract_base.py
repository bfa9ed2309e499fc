"""What the parts of the contract share: a new log for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from handheld.adapters.log import CommandLog
from handheld.application.ports import Log


class Contract:
    """An adapter joins by saying how to open one of its logs."""

    def open_log(self, directory: Path) -> CommandLog:
        """A new log, with what it stores in this directory."""
        raise NotImplementedError

    @pytest.fixture
    def app(self, tmp_path: Path) -> Iterator[CommandLog]:
        app = self.open_log(tmp_path)
        yield app
        app.close()

    @pytest.fixture
    def log(self, app: CommandLog) -> Log:
        return app.port
