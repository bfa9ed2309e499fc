"""A start on PostgreSQL: decided, encoded, committed, against COPY of the same rows into the same tables."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from itertools import count

import psycopg
from psycopg.sql import SQL, Identifier

from benchmarks import county, floor
from benchmarks.county import Shape
from benchmarks.desk import desk, desk_on
from benchmarks.floor import Rows
from benchmarks.measure import Timing, timed
from benchmarks.places import Place, plain
from benchmarks.start import request
from handheld.adapters.local_postgres import LocalPostgres
from handheld.adapters.log import CommandLog, open_postgres
from handheld.application.ports import CommandKey, Decided

_TYPES = {
    "events": ("int8", "text", "int8", "text", "bytea", "int8"),
    "commands": ("text", "text", "bytea", "text", "text", "int8", "int8", "int8"),
    "log_facts": ("text", "text"),
}


class Starts:
    """One start in three ways, each on a copy of the same log in a schema of its own."""

    def __init__(self, place: Place, server: LocalPostgres, shape: Shape) -> None:
        self.server = server
        self._numbers = count(1)
        template = place.template("county", lambda path: county.settle(path, shape))
        end = floor.end_of(template)
        db = plain(template)
        facts = db.execute("SELECT * FROM log_facts").fetchall()
        db.close()
        with place.copy(template) as path:
            with desk(path) as opened:
                opened.writer.execute(request())
            self.rows: Rows = floor.rows_after(path, end)
        with self.log("template"):
            before = floor.rows_after(template, 0)
            self._copy("template", before.events, before.commands, facts)

    @contextmanager
    def log(self, schema: str) -> Generator[CommandLog]:
        app = open_postgres(self.server.conninfo, schema, make=True)
        try:
            yield app
        finally:
            app.close()

    @contextmanager
    def fresh(self) -> Generator[str]:
        """The name of a schema with the template's log in it, analysed and written to disk."""
        schema = f"round_{next(self._numbers)}"
        with self.log(schema), psycopg.connect(self.server.conninfo, autocommit=True) as conn:
            for table in _TYPES:
                to, of = Identifier(schema, table), Identifier("template", table)
                conn.execute(SQL("INSERT INTO {} SELECT * FROM {}").format(to, of))
                conn.execute(SQL("ANALYZE {}").format(to))
            conn.execute("CHECKPOINT")
        try:
            yield schema
        finally:
            with psycopg.connect(self.server.conninfo, autocommit=True) as conn:
                conn.execute(SQL("DROP SCHEMA {} CASCADE").format(Identifier(schema)))

    def _copy(self, schema: str, *tables: Sequence[Sequence[object]]) -> None:
        with psycopg.connect(self.server.conninfo) as conn, conn.cursor() as c:
            for (name, types), rows in zip(_TYPES.items(), tables, strict=False):
                table = Identifier(schema, name)
                with c.copy(SQL("COPY {} FROM STDIN (FORMAT BINARY)").format(table)) as copy:
                    copy.set_types(types)
                    for row in rows:
                        copy.write_row(row)

    def by_hand(self) -> Timing:
        """The floor: COPY of rows that are there, in one transaction, connecting included."""
        with self.fresh() as schema:
            return timed(lambda: self._copy(schema, self.rows.events, self.rows.commands))

    def from_rows(self) -> Timing:
        """The product's commit alone, with everything decided and encoded."""
        line = self.rows.commands[0]
        key = CommandKey(line[1], line[0], line[2])
        new = [row[1:5] for row in self.rows.events]
        decided = Decided(key, "accepted", None, ((county.PLAN, 1),), new)
        with self.fresh() as schema, self.log(schema) as app:
            app.port.end()
            timing = timed(lambda: app.port.commit([decided], lambda: self.rows.events[0][5]))
            self._check(app)
        return timing

    def whole(self) -> Timing:
        """The whole command, with nothing beside it."""
        asked = request()
        with self.fresh() as schema:
            app = open_postgres(self.server.conninfo, schema)
            with desk_on(app) as opened:
                timing = timed(lambda: opened.writer.execute(asked))
            with self.log(schema) as again:
                self._check(again)
        return timing

    def _check(self, app: CommandLog) -> None:
        first = self.rows.events[0][0]
        found = [row[1:5] for row in app.port.read(first - 1, len(self.rows.events) + 1)]
        if sorted(found) != sorted(tuple(row[1:5]) for row in self.rows.events):
            msg = "a start did not write the rows that it should"
            raise RuntimeError(msg)
