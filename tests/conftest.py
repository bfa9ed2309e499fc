"""What holds for all tests."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from handheld.adapters.database_postgres import PostgresPool
    from tests.support_postgres import Postgres
    from tests.support_stores import Stores

# The tests start hundreds of processes, and each would compile the whole program anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


@pytest.fixture(scope="session")
def server() -> Iterator[Postgres]:
    """A real server, for all tests of a process; each log and each store has a schema of its own."""
    from tests.support_postgres import postgres

    with postgres() as running:
        yield running


@pytest.fixture(scope="session")
def pool(server: Postgres) -> Iterator[PostgresPool]:
    """Connections to it for stores."""
    from handheld.adapters.database_postgres import PostgresPool

    made = PostgresPool(server.conninfo)
    yield made
    made.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def stores(request: pytest.FixtureRequest, tmp_path: Path) -> Stores:
    """Databases of one installation, on each engine."""
    from tests.support_stores import PostgresStores, SQLiteStores

    if request.param == "sqlite":
        return SQLiteStores(tmp_path)
    server: Postgres = request.getfixturevalue("server")
    return PostgresStores(request.getfixturevalue("pool"), server.conninfo)
