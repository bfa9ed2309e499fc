"""Views in a database of their own: nothing in it is more than a saving of time."""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import msgspec

from handheld.adapters.database import Cursor, Database, DatabaseFault, Engine, alone
from handheld.adapters.database_sqlite import SQLiteDatabase
from handheld.application.ports import (
    AddedLines,
    Log,
    StoredPart,
    ViewsDamaged,
    ViewsMoved,
    ViewsUnwritable,
)
from handheld.domain.errors import Away, Busy, Installation
from handheld_projections.timeline import Line

_KEPT = ("cursors", "checkpoints", "parts", "lines")
LAYOUT = 4
ALL = 1 << 62
"""More than there is of anything: no limit."""
SOME = 1_000
"""So many rows at a time, where there is no end of them."""

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[Line]).decode

TYPES: Mapping[Engine, Mapping[str, str]] = {
    "sqlite": {"text": "TEXT", "integer": "INTEGER", "blob": "BLOB", "by_key": "WITHOUT ROWID"},
    # Codes of divisions are compared byte by byte, whatever the language of the database.
    "postgresql": {"text": 'TEXT COLLATE "C"', "integer": "BIGINT", "blob": "BYTEA", "by_key": ""},
}
"""How each engine calls the types of columns, and tables that lie in the order of their key."""

_TABLES = (
    "CREATE TABLE IF NOT EXISTS views_facts (name {text} PRIMARY KEY, value {text}) {by_key}",
    "CREATE TABLE IF NOT EXISTS cursors (fold {text} PRIMARY KEY, position {integer}, "
    "mark {text}) {by_key}",
    "CREATE TABLE IF NOT EXISTS checkpoints (fold {text}, position {integer}, "
    "PRIMARY KEY (fold, position)) {by_key}",
    "CREATE TABLE IF NOT EXISTS parts (fold {text}, key {text}, position {integer}, "
    "closed {integer}, note {blob}, state {blob}, PRIMARY KEY (fold, key, position))",
    "CREATE TABLE IF NOT EXISTS lines (fold {text}, key {text}, first {integer}, last {integer}, "
    "packed {blob}, PRIMARY KEY (fold, key, first)) {by_key}",
)


_LATEST = (
    "SELECT p.key, p.{column} FROM parts p JOIN (SELECT key, max(position) AS latest FROM parts "
    "WHERE fold=? AND position<=? GROUP BY key) found ON p.key=found.key "
    "AND p.position=found.latest WHERE p.fold=? AND p.closed={closed} ORDER BY p.key"
)


class StoredViews:
    """The views of one log."""

    def __init__(self, database: Database, log: Log) -> None:
        """Opens them; views of another log or another layout are thrown away.

        In PostgreSQL raises Installation (`database.not_migrated`, `database.newer`,
        `database.unreachable`).
        """
        self.database = database
        self._mark = log.mark
        self._log_id = log.log_id
        self._tables = [table.format(**TYPES[database.engine]) for table in _TABLES]
        try:
            mine = self._belongs()
        except (DatabaseFault, ValueError) as error:
            if database.engine == "postgresql":
                raise Installation("database.unreachable", reason=str(error)) from error
            mine = False
        if not mine:
            self.begin_anew()

    def _belongs(self) -> bool:
        layout = self.database.prepare(LAYOUT, self._tables)
        if layout != LAYOUT:
            if layout > LAYOUT and self.database.engine == "postgresql":
                # Others use it: an older program does not take it from them.
                raise Installation("database.newer", schema=self.database.name)
            return False
        with self.database.writing() as c:
            alone(c, self.database.engine, "views_facts")
            facts = facts_of(c, "views_facts")
            mine = {"log_id": self._log_id, "layout": str(LAYOUT)}
            if not facts:
                c.executemany("INSERT INTO views_facts VALUES (?,?)", list(mine.items()))
                return True
            # A log put back from a copy keeps its id: its facts tell that it is not the same.
            marks = c.execute("SELECT position, mark FROM cursors").fetchall()
        return facts == mine and all(self._mark(position) == mark for position, mark in marks)

    def begin_anew(self) -> None:
        """Throw all away: it can be made again from the log.

        Other processes that use it find that it has moved, and go on from its beginning.
        """
        self.database.begin_anew(LAYOUT, self._tables)
        self._belongs()

    def close(self) -> None:
        """Close the database."""
        self.database.close()

    @contextmanager
    def reading(self) -> Generator[Cursor]:
        """A transaction that reads. Raises ViewsDamaged, Busy."""
        try:
            with self.database.reading() as c:
                yield c
        except DatabaseFault as error:
            if error.kind == "damaged":
                raise ViewsDamaged(str(error)) from error
            if error.kind == "lost":
                raise Away from error
            if error.kind == "busy":
                raise Busy(retry_after=1) from error
            raise

    @contextmanager
    def writing(self, *, lasting: bool = False) -> Generator[Cursor]:
        """A transaction that writes; what a crash may not take away is `lasting`.

        Raises ViewsUnwritable, ViewsDamaged.
        """
        try:
            with self.database.writing() as c:
                if self.database.engine == "postgresql" and not lasting:
                    # The cursor goes with what it tells of, and that is made again.
                    c.execute("SET LOCAL synchronous_commit = off")
                yield c
        except DatabaseFault as error:
            if error.kind in ("damaged", "conflict"):
                raise ViewsDamaged(str(error)) from error
            raise ViewsUnwritable(str(error)) from error

    # --- how far they are -----------------------------------------------------------------------

    def cursor(self, fold: str) -> int:
        """The position up to which this fold is stored; 0 when nothing is."""
        found = self._one("SELECT position FROM cursors WHERE fold=?", fold)
        return cast(int, found[0]) if found else 0

    def mark(self, position: int) -> tuple[int, str]:
        """A position, with what tells that it is one of this log."""
        return position, self._mark(position)

    def move(self, c: Cursor, fold: str, after: int, to: tuple[int, str]) -> None:
        """Move the cursor of a fold on, as the first thing in a transaction that stores.

        Until that ends nobody else can. Raises ViewsMoved where it is not where the writer left it.
        """
        position, mark = to
        c.execute(
            "UPDATE cursors SET position=?, mark=? WHERE fold=? AND position=?",
            (position, mark, fold, after),
        )
        if c.rowcount != 1:
            raise ViewsMoved(fold, after)

    def _begin(self, c: Cursor, fold: str) -> None:
        c.execute(
            "INSERT INTO cursors VALUES (?,0,?) ON CONFLICT DO NOTHING", (fold, self._mark(0))
        )

    # --- states ---------------------------------------------------------------------------------

    def checkpoint(
        self, fold: str, position: int, parts: Sequence[StoredPart], *, after: int
    ) -> None:
        """Store the parts that have changed since `after`, and the position that they show."""
        to = self.mark(position)
        with self.writing() as c:
            if after == 0:
                self._begin(c, fold)
            self.move(c, fold, after, to)
            c.executemany(
                "INSERT INTO parts VALUES (?,?,?,?,?,?)",
                [(fold, p.key, position, int(p.closed), p.note, p.state) for p in parts],
            )
            c.execute("INSERT INTO checkpoints VALUES (?,?)", (fold, position))

    def checkpoint_before(self, fold: str, position: int) -> int:
        """The last checkpoint at or before a position; 0 when there is none."""
        found = self._one(
            "SELECT max(position) FROM checkpoints WHERE fold=? AND position<=?", fold, position
        )
        return cast(int, found[0] or 0) if found else 0

    def checkpoints(self, fold: str) -> list[int]:
        """The positions of all checkpoints."""
        with self.reading() as c:
            c.execute("SELECT position FROM checkpoints WHERE fold=? ORDER BY position", (fold,))
            return [row[0] for row in c]

    def parts_at(self, fold: str, position: int) -> list[StoredPart]:
        """The parts that this very checkpoint stored."""
        with self.reading() as c:
            c.execute(
                "SELECT key, state, closed FROM parts WHERE fold=? AND position=? ORDER BY key",
                (fold, position),
            )
            return [StoredPart(row[0], row[1], bool(row[2])) for row in c]

    def open_parts(self, fold: str, upto: int) -> list[StoredPart]:
        """Every part that was not closed, as stored last at or before a position."""
        with self.reading() as c:
            c.execute(_LATEST.format(column="state", closed=0), (fold, upto, fold))
            return [StoredPart(key, state) for key, state in c]

    def closed_notes(self, fold: str) -> list[tuple[str, bytes]]:
        """Key and note of every part that is closed, as stored last."""
        with self.reading() as c:
            c.execute(_LATEST.format(column="note", closed=1), (fold, ALL, fold))
            return [(key, note) for key, note in c]

    def part(self, fold: str, key: str, upto: int) -> StoredPart | None:
        """One part, closed or not, as stored last at or before a position."""
        found = self._one(
            "SELECT state, closed FROM parts WHERE fold=? AND key=? AND position<=? "
            "ORDER BY position DESC LIMIT 1",
            fold,
            key,
            upto,
        )
        return StoredPart(key, cast(bytes, found[0]), bool(found[1])) if found else None

    # --- lines ----------------------------------------------------------------------------------

    def add_lines(self, position: int, added: Sequence[AddedLines]) -> None:
        """Store lines of indexes, and that all of these folds are stored to a position.

        The lines that one key gets at once are one row: half the time of a row a line.
        """
        to = self.mark(position)
        with self.writing() as c:
            for fold, after, lines in added:
                if after == 0:
                    self._begin(c, fold)
                self.move(c, fold, after, to)
                by_key: dict[str, list[Line]] = {}
                for line in lines:
                    by_key.setdefault(line.key, []).append(line)
                rows = [
                    (fold, key, mine[0].number, mine[-1].number, _encode(mine))
                    for key, mine in sorted(by_key.items())
                ]
                if self.database.engine == "sqlite":
                    c.executemany("INSERT INTO lines VALUES (?,?,?,?,?)", rows)
                elif rows:
                    c.execute(
                        "INSERT INTO lines SELECT * FROM unnest"
                        "(?::text[], ?::text[], ?::bigint[], ?::bigint[], ?::bytea[])",
                        [list(column) for column in zip(*rows, strict=True)],
                    )

    def lines(
        self, fold: str, key: str, after: int = 0, upto: int | None = None, limit: int = -1
    ) -> list[Line]:
        """Lines under a key, by number; `after` is a number, `upto` a position."""
        found: list[Line] = []
        with self.reading() as c:
            c.execute(
                "SELECT packed FROM lines WHERE fold=? AND key=? AND last>? ORDER BY first LIMIT ?",
                (fold, key, after, limit if limit >= 0 else ALL),
            )
            for (packed,) in c:
                for line in _decode(packed):
                    if line.number > after and (upto is None or line.position <= upto):
                        if len(found) == limit:
                            return found
                        found.append(line)
        return found

    def last_lines(
        self, fold: str, key: str, before: int | None = None, after: int = 0, limit: int = -1
    ) -> list[Line]:
        """Lines under a key, the last one first; `before` and `after` are numbers."""
        found: list[Line] = []
        ceiling = before if before is not None else ALL
        with self.reading() as c:
            # One row at most goes beyond both ends, and holds none of these lines.
            c.execute(
                "SELECT packed FROM lines WHERE fold=? AND key=? AND first<? AND last>? "
                "ORDER BY first DESC LIMIT ?",
                (fold, key, ceiling, after, limit + 1 if limit >= 0 else ALL),
            )
            for (packed,) in c:
                for line in reversed(_decode(packed)):
                    if after < line.number < ceiling:
                        if len(found) == limit:
                            return found
                        found.append(line)
        return found

    def all_lines(self, fold: str) -> Iterator[Line]:
        """Every line of an index, in no particular order."""
        key, first = "", -1
        with self.reading() as c:
            while True:
                c.execute(
                    "SELECT key, first, packed FROM lines WHERE fold=? AND (key, first) > (?, ?) "
                    "ORDER BY key, first LIMIT ?",
                    (fold, key, first, SOME),
                )
                some = c.fetchall()
                for _, _, packed in some:
                    yield from _decode(packed)
                if len(some) < SOME:
                    return
                key, first, _ = some[-1]

    def heads(self, fold: str) -> dict[str, int]:
        """The last number under every key."""
        with self.reading() as c:
            c.execute("SELECT key, max(last) FROM lines WHERE fold=? GROUP BY key", (fold,))
            return {row[0]: row[1] for row in c}

    # --- what is not needed any more ------------------------------------------------------------

    def drop(self, fold: str) -> None:
        """Forget all that this fold has stored."""
        with self.writing() as c:
            for table in _KEPT:
                c.execute(f"DELETE FROM {table} WHERE fold = ?", (fold,))

    def keep_only(self, folds: Collection[str]) -> None:
        """Drop what other folds, or other versions of these, have left."""
        # Whatever was stored has a cursor: to look through all lines would take minutes.
        with self.reading() as c:
            c.execute("SELECT fold FROM cursors")
            left = [row[0] for row in c.fetchall() if row[0] not in folds]
        for fold in left:
            self.drop(fold)

    def _one(self, statement: str, *params: object) -> Sequence[object] | None:
        with self.reading() as c:
            return c.execute(statement, params).fetchone()


def facts_of(c: Cursor, table: str) -> dict[str, str]:
    """What a table of names and values says."""
    return {row[0]: row[1] for row in c.execute(f"SELECT name, value FROM {table}")}


def file_of_views(path: Path, log: Log) -> StoredViews:
    """Views in a file of SQLite: a crash of the machine may take the last of them away, no more."""
    return StoredViews(SQLiteDatabase(path, synchronous="NORMAL"), log)
