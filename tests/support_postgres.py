"""A real PostgreSQL for tests, with as many logs and stores' schemas as are asked for."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from functools import cached_property
from itertools import count

from handheld.adapters.database_postgres import PostgresDatabase, PostgresPool
from handheld.adapters.local_postgres import LocalPostgres, directory_of_its_own
from handheld.adapters.log import CommandLog, open_postgres

_numbers = count(1)


class Postgres(LocalPostgres):
    """A server that gives out logs and schemas."""

    def log(self) -> CommandLog:
        """A new log, in a schema of its own."""
        return open_postgres(self.conninfo, f"log_{next(_numbers)}", make=True)

    @cached_property
    def pool(self) -> PostgresPool:
        """Connections of one process, for stores."""
        return PostgresPool(self.conninfo)

    def database(self) -> PostgresDatabase:
        """A new schema for a store."""
        return self.pool.of(f"store_{next(_numbers)}", make=True)

    def stop(self) -> None:
        """As an operator stops it, when its own pool is closed."""
        if "pool" in self.__dict__:
            self.pool.close()
        super().stop()


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
