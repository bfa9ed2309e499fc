"""A data directory with a village of synthetic people and a plan, made once and copied."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support_log import copied, populated

PEOPLE = 200


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return populated(tmp_path_factory.mktemp("prepared") / "data", PEOPLE)


@pytest.fixture
def data(prepared: Path, tmp_path: Path) -> Path:
    return copied(prepared, tmp_path / "data")
