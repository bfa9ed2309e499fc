"""Two million records of another system, taken in as facts, against COPY of the very same rows.

The floor sends rows that are there in PostgreSQL's own binary form, in one transaction, into the log's
table with its indexes. The product maps, encodes, numbers and checks, and answers repeats.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import psycopg
from psycopg.sql import SQL, Identifier

from benchmarks.measure import Rounds, Timing, spread, timed
from benchmarks.places import Place
from benchmarks.progress import Progress
from benchmarks.report import Line, contest
from handheld.adapters.clock import ClockSetting, RealClock
from handheld.adapters.local_postgres import LocalPostgres, local_postgres
from handheld.adapters.log import found, open_postgres
from handheld.application.taking_in import Foreign, Source, TakenIn, take_in
from handheld_events.envelope import About
from handheld_events.finding import FindingReported

NAME = "intake"
RECORDS = 2_000_000
WARMING = 20
"""The warm-up takes one part in so many."""
SOURCE = Source("grid-platform", "operator", "finding")
BEGAN = datetime(2016, 1, 1, tzinfo=UTC)
PIECE = 1 << 20
APART = timedelta(seconds=97)
_DIVISIONS = [f"330825{100 + n % 15}{200 + n // 15:03}" for n in range(263)]
_KINDS = "路面塌陷", "河堤渗水", "山体裂缝", "线路垂落", "占道堆放", "井盖缺失"


def foreign(number: int) -> Foreign:
    """One record, as a pure function makes it of a line of the other system's export."""
    division = _DIVISIONS[number % len(_DIVISIONS)]
    about = About(division=division)
    text = f"{_KINDS[number % 6]}，第{number}号，{number % 97}号院前，已拍照，请核查处置。"
    reported = FindingReported(text=text, division=division, desk=division)
    return Foreign(f"GP{number:09}", BEGAN + number * APART, about, (reported,))


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
                records = map(foreign, range(self._records))
                taken.append(
                    take_in(app.port, RealClock(), SOURCE, records, lambda one: told(one.new))
                )

            timing = timed(take)
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
            "and checks, one line of commands for each of its transactions",
            contests=(contest("take_in", ours), contest("COPY by hand", base)),
        )
    ]


def _folder(place: Place, name: str) -> Path:
    folder = place.root / name
    folder.mkdir()
    return folder
