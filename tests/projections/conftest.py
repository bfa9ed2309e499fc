"""What tests of keepers share: a PostgreSQL, and a database for views in either engine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support_postgres import Postgres, postgres
from tests.support_views import OpenViews, opening


@pytest.fixture(scope="session")
def server() -> Iterator[Postgres]:
    """A real server, for all tests of a process; each store has a schema of its own."""
    with postgres() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def open_views(request: pytest.FixtureRequest, tmp_path: Path) -> OpenViews:
    """Opens the same views again and again, as a process that starts does."""
    return opening(request, tmp_path)
