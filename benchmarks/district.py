"""A district on PostgreSQL with its processes, as operators run it; each round on a copy of its own."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.sql import SQL, Identifier

from benchmarks import county
from benchmarks.county import Shape
from benchmarks.places import Place
from handheld.adapters.local_postgres import LocalPostgres
from handheld.bootstrap import Home, Shared, Where, migrate
from handheld.entrypoints.cluster.processes import Kind, Member

_NAME = "longyou"
_SETTLED = "settled"
_TICK = os.sysconf("SC_CLK_TCK")


class Districts:
    """Copies of one district, and processes on them."""

    def __init__(
        self, server: LocalPostgres, place: Place, shape: Shape, more: Callable[[Home], None]
    ) -> None:
        self.server = server
        self._folder = place.root / "district"
        self._numbers = count(1)
        (self._folder / "logs").mkdir(parents=True)
        with self._administering() as conn:
            conn.execute(SQL("CREATE DATABASE {}").format(Identifier(_SETTLED)))
        where = self._where(_SETTLED)
        migrate(where, county.CLOCK)
        with Home(Shared(where)) as home:
            county.fill(home, shape)
            more(home)

    @contextmanager
    def fresh(self) -> Generator[Where]:
        """A copy, analysed and on disk."""
        name = f"round_{next(self._numbers)}"
        copy, target = Identifier(_SETTLED), Identifier(name)
        with self._administering() as conn:
            conn.execute(SQL("CREATE DATABASE {} TEMPLATE {}").format(target, copy))
        where = self._where(name)
        with psycopg.connect(where.database, autocommit=True) as conn:
            conn.execute("ANALYZE")
            conn.execute("CHECKPOINT")
        try:
            yield where
        finally:
            with self._administering() as conn:
                conn.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(target))

    @contextmanager
    def processes(self, where: Where, kinds: Sequence[Kind]) -> Generator[list[Member]]:
        """One process of each of these kinds, started together; a kind may come several times."""
        env = {
            "HANDHELD_DATABASE": where.database,
            "HANDHELD_DISTRICT": where.district,
            "HANDHELD_DATA": str(where.directory),
        }
        members = [
            Member(kind, number, env, self._folder / "logs") for number, kind in enumerate(kinds, 1)
        ]

        async def together(start: bool) -> None:
            await asyncio.gather(*(one.start() if start else one.stop() for one in members))

        with asyncio.Runner() as runner:
            try:
                runner.run(together(start=True))
                yield members
            finally:
                runner.run(together(start=False))

    def cpu(self, members: Iterable[Member]) -> float:
        """Seconds that the database and these processes have used, with all that they started."""
        leaders = {self.server.pid, *(one.pid for one in members)}
        return sum(_cpu_of_sessions({one for one in leaders if one is not None}))

    def _where(self, database: str) -> Where:
        conninfo = make_conninfo(self.server.conninfo, dbname=database)
        return Where(database=conninfo, district=_NAME, directory=self._folder / "files")

    def _administering(self) -> psycopg.Connection:
        return psycopg.connect(self.server.conninfo, autocommit=True)


def _cpu_of_sessions(leaders: set[int]) -> Generator[float]:
    """Of each process of these sessions; a leader's with those of its children that have ended."""
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[3]) in leaders:
            ended = int(entry.name) in leaders
            yield sum(map(int, fields[11 : 15 if ended else 13])) / _TICK
