"""Views for tests, in a file of SQLite or in a PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from handheld.adapters.database import Database
from handheld.adapters.database_sqlite import SQLiteDatabase
from handheld.adapters.views_store import StoredViews
from handheld.application.ports import Log
from tests.support_postgres import Postgres

OpenViews = Callable[[Log], StoredViews]
"""The views of a log, opened by one more process; to be closed by whoever opened them."""


def database_of(request: pytest.FixtureRequest, directory: Path) -> Database:
    """A new database, in the engine that is the parameter of a fixture."""
    if request.param == "sqlite":
        return SQLiteDatabase(directory / "views.db", synchronous="NORMAL")
    server: Postgres = request.getfixturevalue("server")
    return server.database()


def opening(request: pytest.FixtureRequest, directory: Path) -> OpenViews:
    """Opens the same views each time."""
    if request.param == "sqlite":
        return lambda log: StoredViews(database_of(request, directory), log)
    database = database_of(request, directory)
    return lambda log: StoredViews(database, log)
