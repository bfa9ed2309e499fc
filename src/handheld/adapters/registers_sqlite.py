"""Registers in SQLite, in the file of the views: rows that are searched, filtered and paged.

Texts are few and tasks are many, so that a task holds no text: what finds it is its order, its
task force, its division and its assignee. Texts are compared as they were made ready when they
were written: no index finds two Chinese characters faster than a look at some thousand short texts.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

from handheld.adapters import registers_search as search
from handheld.adapters.pinyin import readings_version
from handheld.adapters.registers_tables import (
    INDEXES,
    SEARCHED,
    create_table,
    derived,
    move_people,
    operations,
    ready,
)
from handheld.adapters.views_sqlite import SQLiteViews
from handheld.application.ports import Log
from handheld.application.register_keeper import FOLD
from handheld.application.register_queries import (
    FindingQuery,
    Page,
    PeopleQuery,
    Query,
    TaskForceQuery,
    TaskQuery,
    WarningQuery,
)
from handheld.application.register_reach import Narrowed
from handheld_projections.register import Changes
from handheld_projections.register_rows import (
    COLUMNS,
    FindingRow,
    PersonRow,
    Table,
    TaskForceRow,
    TaskRow,
    Values,
    WarningRow,
)

LAYOUT = "1"
PATIENCE_SECONDS = 1.0
"""So long those who read are waited for, when erased pages are to leave the write-ahead log."""


class SQLiteRegisters:
    """The registers of one log."""

    def __init__(self, views: SQLiteViews, log: Log) -> None:
        self._views = views
        self._mark = log.mark
        self._residue = True
        """Whether the write-ahead log may hold what was erased: a crash leaves it there."""
        self._prepare()
        self._scrub()

    def _prepare(self) -> None:
        """See to it that the tables are there, and are those of this version and these readings."""
        mine = {"layout": LAYOUT, "readings": readings_version()}
        with self._views.writing() as c:
            c.execute(
                "CREATE TABLE IF NOT EXISTS register_facts (name TEXT PRIMARY KEY, value TEXT) "
                "WITHOUT ROWID"
            )
            c.execute("SELECT name, value FROM register_facts")
            same = dict(c.fetchall()) == mine
            c.execute("SELECT 1 FROM cursors WHERE fold=?", (FOLD,))
            if same and c.fetchone() is not None:
                return
            c.execute("PRAGMA secure_delete=ON")
            c.execute("DELETE FROM cursors WHERE fold=?", (FOLD,))
            c.execute("DELETE FROM register_facts")
            c.execute(
                "SELECT name FROM sqlite_master WHERE type='table' AND name GLOB 'register_*'"
            )
            for (name,) in c.fetchall():
                if name != "register_facts":
                    c.execute(f"DROP TABLE {name}")
            for table in COLUMNS:
                c.execute(create_table(table, f"register_{table}"))
            for statement in INDEXES:
                c.execute(statement)
            c.executemany("INSERT INTO register_facts VALUES (?,?)", list(mine.items()))
            c.execute("PRAGMA secure_delete=OFF")

    def cursor(self) -> int:
        """The position up to which the rows are stored; 0 when nothing is."""
        return self._views.cursor(FOLD)

    # --- writing --------------------------------------------------------------------------------

    def write(self, position: int, changes: Changes) -> None:
        """Store changes, with names in plaintext, and the position that they reach."""
        mark = self._mark(position)
        people = changes.changed["people"].values()
        erased = any(values.get("erased") for values in people)
        personal = bool(people) or bool(changes.new["people"])
        with self._views.writing() as c:
            if personal:
                c.execute("PRAGMA secure_delete=ON")
            for statement, rows in operations(changes):
                c.executemany(statement, rows)
            if erased:
                move_people(c)
            if personal:
                c.execute("PRAGMA secure_delete=OFF")
            c.execute("INSERT OR REPLACE INTO cursors VALUES (?,?,?)", (FOLD, position, mark))
        self._residue |= erased
        self._scrub()

    def _scrub(self) -> None:
        """Bring the overwritten pages into the file, and empty the write-ahead log.

        Where somebody reads just now it is done with the next write.
        """
        if not self._residue:
            return
        try:
            with closing(
                sqlite3.connect(self._views.path, timeout=PATIENCE_SECONDS, isolation_level=None)
            ) as db:
                busy = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        except sqlite3.OperationalError:
            busy = 1
        self._residue = bool(busy)

    # --- reading --------------------------------------------------------------------------------

    def task_forces(self, query: TaskForceQuery) -> Page[TaskForceRow]:
        """A page of task forces. Raises Malformed (`register.cursor`), as the others do."""
        with self._views.reading() as c:
            return search.page(c, query, search.statement_of(c, query))

    def tasks(self, query: TaskQuery) -> Page[TaskRow]:
        """A page of tasks."""
        with self._views.reading() as c:
            return search.page(c, query, search.statement_of(c, query))

    def findings(self, query: FindingQuery) -> Page[FindingRow]:
        """A page of findings."""
        with self._views.reading() as c:
            return search.page(c, query, search.statement_of(c, query))

    def warnings(self, query: WarningQuery) -> Page[WarningRow]:
        """A page of warnings."""
        with self._views.reading() as c:
            return search.page(c, query, search.statement_of(c, query))

    def people(self, query: PeopleQuery) -> Page[PersonRow]:
        """A page of people."""
        with self._views.reading() as c:
            return search.page(c, query, search.statement_of(c, query))

    def scan(
        self, query: Query, narrowed: Narrowed, after: int | None, limit: int
    ) -> list[tuple[int, Any]]:
        """The next rows of a narrowed query, each with the position of its first fact."""
        with self._views.reading() as c:
            return search.scan(c, search.statement_of(c, query, narrowed), after, limit)

    def count(self, query: Query, narrowed: Narrowed, upto: int) -> int:
        """How many rows a narrowed query has, counted up to a number."""
        with self._views.reading() as c:
            return search.count(c, search.statement_of(c, query, narrowed), upto)

    def rows(self, table: Table) -> Iterator[tuple[object, ...]]:
        """Every row of a table, column by column, in no particular order."""
        columns = COLUMNS[table]
        many = columns.index("divisions") if "divisions" in columns else None
        with self._views.reading() as c:
            c.execute(f"SELECT {', '.join(columns)} FROM register_{table}")
            for found in c.sqlite_cursor:
                row = tuple(found)
                if many is not None:
                    row = (*row[:many], tuple(row[many].split()), *row[many + 1 :])
                yield row

    def unsearchable(self) -> str:
        """The first row that is not found by its own words; "" where all are."""
        with self._views.reading() as c:
            for table, searched in SEARCHED.items():
                if not searched:
                    continue
                sources = [column for column, _ in searched]
                names = [COLUMNS[table][0], *sources, *derived(table)]
                c.execute(f"SELECT {', '.join(names)} FROM register_{table}")
                for row in c.sqlite_cursor:
                    stored = tuple(row)[1 + len(sources) :]
                    texts: Values = dict(zip(sources, tuple(row)[1:], strict=False))
                    if tuple(ready(table, texts).values()) != stored:
                        return f"{table} {row[0]}"
            c.execute("SELECT warning, divisions FROM register_warnings")
            said = {(row[0], code) for row in c.fetchall() for code in row[1].split()}
            c.execute("SELECT warning, division FROM register_warning_divisions")
            wrong = said ^ {(row[0], row[1]) for row in c.fetchall()}
        return f"warnings {min(wrong)[0]}" if wrong else ""
