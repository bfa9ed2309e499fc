"""What tests of the adapters share: a PostgreSQL, and assertions that are told in full."""

from collections.abc import Iterator

import pytest

from tests.support_postgres import Postgres, postgres

pytest.register_assert_rewrite(
    "tests.adapters.contract_writing",
    "tests.adapters.contract_reading",
    "tests.adapters.contract_following",
)


@pytest.fixture(scope="session")
def server() -> Iterator[Postgres]:
    """A real server, for all tests of a process; each log has a schema of its own."""
    with postgres() as running:
        yield running
