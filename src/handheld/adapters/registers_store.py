"""Registers beside the views, in the same database: rows that are searched, filtered and paged.

Texts are few and tasks are many, so that a task holds no text: what finds it is its order, its
task force, its division and its assignee. Texts are compared as they were made ready when they
were written: no index finds two Chinese characters faster than a look at some thousand short texts.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from handheld.adapters import registers_search as search
from handheld.adapters.database import Cursor, Engine, alone
from handheld.adapters.pinyin import readings_version
from handheld.adapters.registers_tables import (
    SEARCHED,
    TABLES,
    derived,
    move_people,
    operations,
    ready,
    statements,
)
from handheld.adapters.views_store import SOME, TYPES, StoredViews, facts_of
from handheld.application.ports import Log, ViewsMoved
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

LAYOUT = "2"
_RESIDUE = "residue"


class StoredRegisters:
    """The registers of one log."""

    def __init__(self, views: StoredViews, log: Log) -> None:
        """Opens them; tables of another layout, fold or readings are thrown away and made anew."""
        self._views = views
        self._engine: Engine = views.database.engine
        self._mine = {"layout": LAYOUT, "readings": readings_version()}
        self._beginning = (0, log.mark(0))
        self._residue = self._engine == "sqlite"
        """Whether what was erased may be on the disk: a crash of SQLite leaves it in its log."""
        self._prepare()
        self._scrub()

    def _prepare(self) -> None:
        """See to it that the tables are there, and are those of this version and these readings."""
        with self._views.reading() as c:
            if self._there(c) and self._is_mine(c):
                return
        types = TYPES[self._engine]
        with self._views.writing(lasting=True) as c:
            alone(c, self._engine, "cursors")
            c.execute(
                f"CREATE TABLE IF NOT EXISTS register_facts (name {types['text']} PRIMARY KEY, "
                f"value {types['text']}) {types['by_key']}"
            )
            if self._is_mine(c):
                return
            with self._overwriting(c):
                c.execute("DELETE FROM cursors WHERE fold=?", (FOLD,))
                c.execute("DELETE FROM register_facts")
                for table in TABLES:
                    c.execute(f"DROP TABLE IF EXISTS {table}")
                for statement in statements(self._engine):
                    c.execute(statement)
                c.executemany("INSERT INTO register_facts VALUES (?,?)", list(self._mine.items()))
                c.execute("INSERT INTO cursors VALUES (?,?,?)", (FOLD, *self._beginning))

    def _there(self, c: Cursor) -> bool:
        if self._engine == "sqlite":
            c.execute("SELECT 1 FROM sqlite_master WHERE name='register_facts'")
        else:
            c.execute("SELECT 1 WHERE to_regclass('register_facts') IS NOT NULL")
        return c.fetchone() is not None

    def _is_mine(self, c: Cursor) -> bool:
        """Whether the rows are of this version, these readings and this fold, as far as they go."""
        facts = facts_of(c, "register_facts")
        self._residue |= facts.pop(_RESIDUE, "") != ""
        c.execute("SELECT 1 FROM cursors WHERE fold=?", (FOLD,))
        return facts == self._mine and c.fetchone() is not None

    def cursor(self) -> int:
        """The position up to which the rows are stored; 0 when nothing is."""
        return self._views.cursor(FOLD)

    # --- writing --------------------------------------------------------------------------------

    def write(self, position: int, changes: Changes, *, after: int) -> None:
        """Store changes since `after`, with names in plaintext, and the position that they reach."""
        to = self._views.mark(position)
        people = changes.changed["people"].values()
        erased = any(values.get("erased") for values in people)
        personal = bool(people) or bool(changes.new["people"])
        with self._views.writing() as c:
            self._views.move(c, FOLD, after, to)
            if not self._is_mine(c):  # another version of the program has made them anew
                raise ViewsMoved(FOLD, after)
            with self._overwriting(c, asked=personal):
                for operation in operations(changes):
                    operation.carry_out(c, self._engine)
                if erased and self._engine == "sqlite":
                    move_people(c)
                elif erased:
                    # Until it is seen to: whoever opens them next does it, should this process end.
                    c.execute(
                        "INSERT INTO register_facts VALUES (?,?) ON CONFLICT DO NOTHING",
                        (_RESIDUE, "yes"),
                    )
        self._residue |= erased
        self._scrub()

    @contextmanager
    def _overwriting(self, c: Cursor, *, asked: bool = True) -> Generator[None]:
        """What is deleted within is overwritten in the file of SQLite."""
        wanted = asked and self._engine == "sqlite"
        if wanted:
            c.execute("PRAGMA secure_delete=ON")
        yield
        if wanted:
            c.execute("PRAGMA secure_delete=OFF")

    def _scrub(self) -> None:
        """Take names that were erased off the disk, too: see `Database.scrub`.

        Where somebody reads just now it is done with the next write.
        """
        if not self._residue or not self._views.database.scrub("register_people"):
            return
        if self._engine == "postgresql":
            with self._views.writing() as c:
                c.execute("DELETE FROM register_facts WHERE name=?", (_RESIDUE,))
        self._residue = False

    @contextmanager
    def _looking(self) -> Generator[search.Look]:
        with self._views.reading() as c:
            yield search.Look(c, self._engine)

    # --- reading --------------------------------------------------------------------------------

    def task_forces(self, query: TaskForceQuery) -> Page[TaskForceRow]:
        """A page of task forces. Raises Malformed (`register.cursor`), as the others do."""
        with self._looking() as look:
            return search.page(look, query, search.statement_of(look, query))

    def tasks(self, query: TaskQuery) -> Page[TaskRow]:
        """A page of tasks."""
        with self._looking() as look:
            return search.page(look, query, search.statement_of(look, query))

    def findings(self, query: FindingQuery) -> Page[FindingRow]:
        """A page of findings."""
        with self._looking() as look:
            return search.page(look, query, search.statement_of(look, query))

    def warnings(self, query: WarningQuery) -> Page[WarningRow]:
        """A page of warnings."""
        with self._looking() as look:
            return search.page(look, query, search.statement_of(look, query))

    def people(self, query: PeopleQuery) -> Page[PersonRow]:
        """A page of people."""
        with self._looking() as look:
            return search.page(look, query, search.statement_of(look, query))

    def scan(
        self, query: Query, narrowed: Narrowed, after: int | None, limit: int
    ) -> list[tuple[int, Any]]:
        """The next rows of a narrowed query, each with the position of its first fact."""
        with self._looking() as look:
            return search.scan(look, search.statement_of(look, query, narrowed), after, limit)

    def count(self, query: Query, narrowed: Narrowed, upto: int) -> int:
        """How many rows a narrowed query has, counted up to a number."""
        with self._looking() as look:
            return search.count(look, search.statement_of(look, query, narrowed), upto)

    def rows(self, table: Table) -> Iterator[tuple[object, ...]]:
        """Every row of a table, column by column, in no particular order."""
        columns = COLUMNS[table]
        many = columns.index("divisions") if "divisions" in columns else None
        with self._views.reading() as c:
            for row in _all(c, table, columns):
                if many is not None:
                    yield (*row[:many], tuple(row[many].split()), *row[many + 1 :])
                else:
                    yield tuple(row)

    def unsearchable(self) -> str:
        """The first row that is not found by its own words; "" where all are."""
        with self._views.reading() as c:
            for table, searched in SEARCHED.items():
                if not searched:
                    continue
                sources = [column for column, _ in searched]
                names = [COLUMNS[table][0], "first", *sources, *derived(table)]
                for key, _, *row in _all(c, table, names):
                    texts: Values = dict(zip(sources, row, strict=False))
                    if [*ready(table, texts).values()] != row[len(sources) :]:
                        return f"{table} {key}"
            c.execute("SELECT warning, divisions FROM register_warnings")
            said = {(row[0], code) for row in c.fetchall() for code in row[1].split()}
            c.execute("SELECT warning, division FROM register_warning_divisions")
            wrong = said ^ {(row[0], row[1]) for row in c.fetchall()}
        return f"warnings {min(wrong)[0]}" if wrong else ""


def _all(c: Cursor, table: Table, columns: Sequence[str]) -> Iterator[Sequence[Any]]:
    """Every row, some at a time."""
    place, first = columns.index("first"), 0
    while True:
        c.execute(
            f"SELECT {', '.join(columns)} FROM register_{table} WHERE first > ? "
            "ORDER BY first LIMIT ?",
            (first, SOME),
        )
        some = c.fetchall()
        yield from some
        if len(some) < SOME:
            return
        first = some[-1][place]
