"""A real PostgreSQL for tests, with as many logs as are asked for."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from itertools import count

from handheld.adapters.local_postgres import LocalPostgres, directory_of_its_own
from handheld.adapters.log import CommandLog, open_postgres

_numbers = count(1)


class Postgres(LocalPostgres):
    """A server that gives out logs."""

    def log(self) -> CommandLog:
        """A new log, in a schema of its own."""
        return open_postgres(self.conninfo, f"log_{next(_numbers)}", make=True)


@contextmanager
def postgres() -> Generator[Postgres]:
    """A new server, until the end of the block."""
    with directory_of_its_own() as directory:
        server = Postgres(directory)
        try:
            server.start()
            yield server
        finally:
            server.stop()
