"""Two million records of another system, taken in as facts, against COPY of the very same rows.

The floor sends rows that are there in PostgreSQL's own binary form, in one transaction, into the log's
table with its indexes. The product maps and encodes in processes of its own, numbers and checks, and
answers repeats.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from itertools import count
from os import times
from pathlib import Path

import psycopg
from psycopg.sql import SQL, Identifier

from benchmarks.intake_records import SOURCE, foreign
from benchmarks.measure import Rounds, Timing, spread, timed
from benchmarks.places import Place
from benchmarks.progress import Progress
from benchmarks.report import Line, contest
from handheld.adapters.clock import ClockSetting, RealClock
from handheld.adapters.local_postgres import LocalPostgres, local_postgres
from handheld.adapters.log import found, open_postgres
from handheld.adapters.worker_processes import processors, worker_processes
from handheld.application.taking_in import TakenIn, take_in

NAME = "intake"
RECORDS = 2_000_000
WARMING = 20
"""The warm-up takes one part in so many."""
PIECE = 1 << 20


class Intakes:
    """The same records in two ways, each into a log of its own."""

    def __init__(self, server: LocalPostgres, folder: Path, records: int) -> None:
        self._server = server
        self._file = folder / "rows.bin"
        self._records = records
        self._numbers = count(1)

    def taken_in(self) -> Timing:
        """The product. What it wrote is kept for the floor."""
        told = Progress("taken in", self._records)
        with self._fresh() as schema:
            app = open_postgres(self._server.conninfo, schema)
            taken: list[TakenIn] = []

            def take() -> None:
                with worker_processes(processors()) as workers:
                    all_of_it = take_in(
                        app.port,
                        RealClock(),
                        SOURCE,
                        range(self._records),
                        foreign,
                        lambda one: told(one.new),
                        workers=workers if processors() > 1 else None,
                    )
                taken.append(all_of_it)

            timing = _with_workers(take)
            app.close()
            self._check(schema)
            if taken != [TakenIn(new=self._records)]:
                msg = f"not every record was new: {taken}"
                raise RuntimeError(msg)
            if not self._file.exists():
                self._keep(schema)
        return timing

    def by_hand(self) -> Timing:
        """The floor: the bytes go out as they are."""
        with self._fresh() as schema:
            timing = timed(lambda: self._copy(schema))
            self._check(schema)
        return timing

    def _copy(self, schema: str) -> None:
        statement = SQL("COPY {} FROM STDIN (FORMAT BINARY)").format(Identifier(schema, "events"))
        with (
            psycopg.connect(self._server.conninfo) as conn,
            conn.cursor().copy(statement) as copy,
            self._file.open("rb") as file,
        ):
            while piece := file.read(PIECE):
                copy.write(piece)

    def _keep(self, schema: str) -> None:
        statement = SQL("COPY (SELECT * FROM {} ORDER BY position) TO STDOUT (FORMAT BINARY)")
        with (
            psycopg.connect(self._server.conninfo) as conn,
            conn.cursor().copy(statement.format(Identifier(schema, "events"))) as copy,
            self._file.open("wb") as file,
        ):
            for piece in copy:
                file.write(piece)

    @contextmanager
    def _fresh(self) -> Generator[str]:
        schema = f"intake_{next(self._numbers)}"
        app = open_postgres(self._server.conninfo, schema, make=True)
        found(app, schema, ClockSetting())
        app.close()
        with psycopg.connect(self._server.conninfo, autocommit=True) as conn:
            conn.execute("CHECKPOINT")
            try:
                yield schema
            finally:
                conn.execute(SQL("DROP SCHEMA {} CASCADE").format(Identifier(schema)))

    def _check(self, schema: str) -> None:
        with psycopg.connect(self._server.conninfo) as conn:
            statement = SQL("SELECT count(*), count(DISTINCT originator_id) FROM {}")
            row = conn.execute(statement.format(Identifier(schema, "events"))).fetchone()
        if row != (self._records, self._records):
            msg = f"{row} facts and streams, not {self._records} of each"
            raise RuntimeError(msg)


def run(place: Place, rounds: int, records: int = RECORDS) -> list[Line]:
    """Measure."""
    with local_postgres(shared_buffers="256MB", max_wal_size="4GB") as server:
        warming = Intakes(server, _folder(place, "warming"), max(records // WARMING, 1))
        warming.taken_in()
        warming.by_hand()
        intakes = Intakes(server, _folder(place, "rows"), records)
        runs = [(intakes.taken_in(), intakes.by_hand()) for _ in range(max(rounds, 1))]
    ours, base = (Rounds(tuple(taken)) for taken in zip(*runs, strict=True))
    low, high = spread(base, ours)
    return [
        Line(
            benchmark=NAME,
            what=f"{records:,} foreign records taken in as facts: rate",
            value=base.wall / ours.wall,
            unit="of COPY's rate",
            goal=0.5,
            at_most=False,
            note=f"from {low:.2f} to {high:.2f} by round; {records / ours.wall:,.0f} records/s; the "
            "floor sends rows already in binary form, in one transaction; the product maps, encodes "
            f"in {processors()} processes of its own, whose CPU counts, and checks; one line of commands "
            "for each of its transactions",
            contests=(contest("take_in", ours), contest("COPY by hand", base)),
        )
    ]


def _with_workers(work: Callable[[], object]) -> Timing:
    """The CPU seconds of the processes that it started and ended count as its own."""
    before = times()
    timing = timed(work)
    after = times()
    children = after.children_user - before.children_user
    children += after.children_system - before.children_system
    return timing._replace(cpu=timing.cpu + children)


def _folder(place: Place, name: str) -> Path:
    folder = place.root / name
    folder.mkdir()
    return folder
