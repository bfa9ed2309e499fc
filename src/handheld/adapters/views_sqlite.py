"""Views in SQLite, in a file of their own: nothing in it is more than a saving of time."""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import cast

import msgspec
from eventsourcing.persistence import DatabaseError, OperationalError, PersistenceError
from eventsourcing.sqlite import SQLiteCursor

from handheld.adapters.sqlite_store import Datastore
from handheld.application.ports import Log, StoredPart, ViewsDamaged, ViewsUnwritable
from handheld_projections.timeline import Line

_KEPT = ("cursors", "checkpoints", "parts", "lines")
LAYOUT = "4"
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[Line]).decode

_TABLES = (
    "CREATE TABLE IF NOT EXISTS views_facts (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS cursors (fold TEXT PRIMARY KEY, position INTEGER, "
    "mark TEXT) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS checkpoints (fold TEXT, position INTEGER, "
    "PRIMARY KEY (fold, position)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS parts (fold TEXT, key TEXT, position INTEGER, closed INTEGER, "
    "note BLOB, state BLOB, PRIMARY KEY (fold, key, position))",
    "CREATE TABLE IF NOT EXISTS lines (fold TEXT, key TEXT, first INTEGER, last INTEGER, "
    "packed BLOB, PRIMARY KEY (fold, key, first)) WITHOUT ROWID",
)


class SQLiteViews:
    """The views of one log."""

    def __init__(self, path: Path, log: Log) -> None:
        self._path = path
        self._mark = log.mark
        self._log_id = log.log_id
        self._open(path)
        try:
            mine = self._belongs_to(self._log_id)
        except (PersistenceError, ValueError):
            mine = False
        if not mine:
            self.begin_anew()

    def _open(self, path: Path) -> None:
        self._store = Datastore(str(path), synchronous="NORMAL")

    def _belongs_to(self, log_id: str) -> bool:
        with self._store.transaction(commit=True) as c:
            for table in _TABLES:
                c.execute(table)
            c.execute("SELECT name, value FROM views_facts")
            facts = dict(c.fetchall())
            if not facts:
                c.executemany(
                    "INSERT INTO views_facts VALUES (?,?)",
                    [("log_id", log_id), ("layout", LAYOUT)],
                )
                return True
            # A log put back from a copy keeps its id: its facts tell that it is not the same.
            c.execute("SELECT position, mark FROM cursors")
            marks = [(row[0], row[1]) for row in c.fetchall()]
        return facts == {"log_id": log_id, "layout": LAYOUT} and all(
            self._mark(position) == mark for position, mark in marks
        )

    def begin_anew(self) -> None:
        """Throw all away: it can be made again from the log."""
        self._store.close()
        for suffix in ("", "-wal", "-shm"):
            with suppress(FileNotFoundError):
                Path(f"{self._path}{suffix}").unlink()
        self._open(self._path)
        self._belongs_to(self._log_id)

    def close(self) -> None:
        """Close the file."""
        self._store.close()

    def cursor(self, fold: str) -> int:
        """The position up to which this fold is stored; 0 when nothing is."""
        found = self._one("SELECT position FROM cursors WHERE fold=?", fold)
        return cast(int, found[0]) if found else 0

    @property
    def path(self) -> Path:
        """The file."""
        return self._path

    @contextmanager
    def reading(self) -> Generator[SQLiteCursor]:
        """A transaction that reads. Raises ViewsDamaged."""
        try:
            with self._store.transaction(commit=False) as c:
                yield c
        except DatabaseError as error:
            if isinstance(error, OperationalError):
                raise
            raise ViewsDamaged(str(error)) from error

    @contextmanager
    def writing(self) -> Generator[SQLiteCursor]:
        """A transaction that writes. Raises ViewsUnwritable, ViewsDamaged."""
        try:
            with self._store.transaction(commit=True) as c:
                yield c
        except OperationalError as error:
            raise ViewsUnwritable(str(error)) from error
        except DatabaseError as error:
            raise ViewsDamaged(str(error)) from error

    def checkpoint(self, fold: str, position: int, parts: Sequence[StoredPart]) -> None:
        """Store the parts that have changed, and the position that they show."""
        mark = self._mark(position)
        with self.writing() as c:
            c.executemany(
                "INSERT OR REPLACE INTO parts VALUES (?,?,?,?,?,?)",
                [(fold, p.key, position, p.closed, p.note, p.state) for p in parts],
            )
            c.execute("INSERT OR REPLACE INTO checkpoints VALUES (?,?)", (fold, position))
            c.execute("INSERT OR REPLACE INTO cursors VALUES (?,?,?)", (fold, position, mark))

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
            return [row[0] for row in c.fetchall()]

    def parts_at(self, fold: str, position: int) -> list[StoredPart]:
        """The parts that this very checkpoint stored."""
        with self.reading() as c:
            c.execute(
                "SELECT key, state, closed FROM parts WHERE fold=? AND position=? ORDER BY key",
                (fold, position),
            )
            return [StoredPart(row[0], row[1], bool(row[2])) for row in c.fetchall()]

    def open_parts(self, fold: str, upto: int) -> list[StoredPart]:
        """Every part that was not closed, as stored last at or before a position."""
        with self.reading() as c:
            c.execute(
                "SELECT key, max(position), closed FROM parts "
                "WHERE fold=? AND position<=? GROUP BY key",
                (fold, upto),
            )
            latest = [(row[0], row[1]) for row in c.fetchall() if not row[2]]
            parts = []
            for key, position in latest:
                c.execute(
                    "SELECT state FROM parts WHERE fold=? AND key=? AND position=?",
                    (fold, key, position),
                )
                parts.append(StoredPart(key, c.fetchone()[0]))
            return parts

    def closed_notes(self, fold: str) -> list[tuple[str, bytes]]:
        """Key and note of every part that is closed, as stored last."""
        with self.reading() as c:
            c.execute(
                "SELECT key, note, closed, max(position) FROM parts "
                "WHERE fold=? GROUP BY key ORDER BY key",
                (fold,),
            )
            return [(row[0], row[1]) for row in c.fetchall() if row[2]]

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

    def add_lines(self, position: int, lines: Sequence[tuple[str, Sequence[Line]]]) -> None:
        """Store lines of indexes by fold, and that all of these folds are stored to a position.

        The lines that one key gets at once are one row: half the time of a row a line.
        """
        mark = self._mark(position)
        with self.writing() as c:
            for fold, added in lines:
                by_key: dict[str, list[Line]] = {}
                for line in added:
                    by_key.setdefault(line.key, []).append(line)
                c.executemany(
                    "INSERT OR REPLACE INTO lines VALUES (?,?,?,?,?)",
                    [
                        (fold, key, mine[0].number, mine[-1].number, _encode(mine))
                        for key, mine in sorted(by_key.items())
                    ],
                )
                c.execute("INSERT OR REPLACE INTO cursors VALUES (?,?,?)", (fold, position, mark))

    def lines(
        self, fold: str, key: str, after: int = 0, upto: int | None = None, limit: int = -1
    ) -> list[Line]:
        """Lines under a key, by number; `after` is a number, `upto` a position."""
        found: list[Line] = []
        with self.reading() as c:
            c.execute(
                "SELECT packed FROM lines WHERE fold=? AND key=? AND last>? ORDER BY first",
                (fold, key, after),
            )
            for (packed,) in c.sqlite_cursor:
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
        ceiling = before if before is not None else 1 << 62
        with self.reading() as c:
            c.execute(
                "SELECT packed FROM lines WHERE fold=? AND key=? AND first<? AND last>? "
                "ORDER BY first DESC",
                (fold, key, ceiling, after),
            )
            for (packed,) in c.sqlite_cursor:
                for line in reversed(_decode(packed)):
                    if after < line.number < ceiling:
                        if len(found) == limit:
                            return found
                        found.append(line)
        return found

    def all_lines(self, fold: str) -> Iterator[Line]:
        """Every line of an index, in no particular order."""
        with self.reading() as c:
            c.execute("SELECT packed FROM lines WHERE fold=?", (fold,))
            for (packed,) in c.sqlite_cursor:
                yield from _decode(packed)

    def heads(self, fold: str) -> dict[str, int]:
        """The last number under every key."""
        with self.reading() as c:
            c.execute("SELECT key, max(last) FROM lines WHERE fold=? GROUP BY key", (fold,))
            return {row[0]: row[1] for row in c.fetchall()}

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
            c.execute(statement, params)
            return cast("Sequence[object] | None", c.fetchone())
