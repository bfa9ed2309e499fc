from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.driving import Terminal, small_county


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    """A program with a data directory that does not exist yet."""
    return Terminal(tmp_path / "data")


@pytest.fixture
def county(tmp_path: Path) -> Terminal:
    """The same with a few villages, synthetic people in every post, and a plan."""
    terminal = Terminal(tmp_path / "data")
    small_county(terminal, tmp_path)
    return terminal
