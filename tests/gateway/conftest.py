"""A small county, and a server on it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from pathlib import Path

import pytest

from handheld.bootstrap import Home
from tests.support_gateway import Site, opened, serving
from tests.support_log import copied, populated

PEOPLE = 12


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return populated(tmp_path_factory.mktemp("county") / "data", PEOPLE)


@pytest.fixture
def home(county: Path, tmp_path: Path) -> Iterator[Home]:
    with opened(copied(county, tmp_path / "data")) as home:
        yield home


@pytest.fixture
async def site(home: Home) -> AsyncGenerator[Site]:
    async with serving(home) as site:
        yield site
