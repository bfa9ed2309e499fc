from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.driving import Terminal, small_county


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    """A program with a data directory that does not exist yet."""
    return Terminal(tmp_path / "data")


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the small county, which tests copy: to make it takes ten times as long."""
    folder = tmp_path_factory.mktemp("small")
    small_county(Terminal(folder / "data"), folder)
    return folder


@pytest.fixture
def county(tmp_path: Path, made_once: Path) -> Terminal:
    """The same with a few villages, synthetic people in every post, and a plan."""
    shutil.copytree(made_once, tmp_path, dirs_exist_ok=True)
    return Terminal(tmp_path / "data")
