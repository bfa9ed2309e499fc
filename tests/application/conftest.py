"""A bench on each log: a writer, a village, a plan."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from handheld.adapters.log import open_memory, open_sqlite
from tests.support_log import Bench, populate

PEOPLE = 20


@pytest.fixture(params=["memory", "sqlite"])
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    app = open_memory() if request.param == "memory" else open_sqlite(tmp_path / "log.db")
    bench = Bench(app, tmp_path / "keyring.db")
    populate(bench, PEOPLE)
    yield bench
    bench.close()


@pytest.fixture
def sqlite_bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(open_sqlite(tmp_path / "log.db"), tmp_path / "keyring.db")
    populate(bench, PEOPLE)
    yield bench
    bench.close()
