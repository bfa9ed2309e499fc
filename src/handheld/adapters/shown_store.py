"""What boards have shown, in a database of its own: evidence, made by nothing again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from handheld.adapters.database import Database, DatabaseFault, fitted
from handheld.adapters.database_sqlite import SQLiteDatabase
from handheld.adapters.database_told import check_layout, told
from handheld.application.shown import Note, ShownUnwritable
from handheld.domain.errors import HandheldError, Installation

LAYOUT = 1

_TABLES = (
    "CREATE TABLE IF NOT EXISTS boards (id INTEGER PRIMARY KEY, log TEXT, version TEXT, "
    "place TEXT, key TEXT, UNIQUE (log, version, place, key))",
    "CREATE TABLE IF NOT EXISTS shown (number INTEGER PRIMARY KEY, board INTEGER, shown_us INTEGER, "
    "position INTEGER, digest BLOB)",
    "CREATE INDEX IF NOT EXISTS shown_when ON shown (board, shown_us, number)",
)


class DatabaseShown:
    """What was shown of the boards of one log. Notes of another log there are not given.

    Opening raises Installation (`shown.damaged`, `database.newer`, `database.not_migrated`),
    Busy: evidence is not thrown away to go on.
    """

    def __init__(self, database: Database, log_id: str) -> None:
        self._log_id = log_id
        self._database = database
        try:
            with told(database, _damaged):
                found = database.prepare(LAYOUT, fitted(_TABLES, database.engine))
                check_layout(database, found, LAYOUT)
        except BaseException:
            database.close()
            raise

    def add(self, notes: Sequence[Note]) -> None:
        """Store notes, all or none. Raises ShownUnwritable."""
        boards = [(self._log_id, note.version, note.place, note.key) for note in notes]
        try:
            with self._database.writing() as c:
                c.executemany(
                    "INSERT INTO boards (log, version, place, key) VALUES (?,?,?,?) "
                    "ON CONFLICT DO NOTHING",
                    sorted(set(boards)),  # in one order, so that no two wait for each other
                )
                c.executemany(
                    "INSERT INTO shown (board, shown_us, position, digest) VALUES "
                    "((SELECT id FROM boards WHERE log=? AND version=? AND place=? AND key=?),?,?,?)",
                    [
                        (*board, note.shown_us, note.position, bytes.fromhex(note.digest))
                        for board, note in zip(boards, notes, strict=True)
                    ],
                )
        except DatabaseFault as fault:
            raise ShownUnwritable(str(fault)) from fault

    def latest(self, place: str, upto_us: int) -> Sequence[Note]:
        """Of each board of a place the last note at or before an instant, by key.

        Raises Busy, Installation (`store.damaged`, `store.unwritable`).
        """
        with told(self._database), self._database.reading() as c:
            rows = c.execute(
                "SELECT key, version, shown_us, position, digest FROM boards JOIN shown "
                "ON number = (SELECT number FROM shown WHERE board = boards.id "
                "AND shown_us <= ? ORDER BY shown_us DESC, number DESC LIMIT 1) "
                "WHERE log=? AND place=? ORDER BY boards.id",
                (upto_us, self._log_id, place),
            ).fetchall()
        found: dict[str, Note] = {}
        for key, version, shown_us, position, digest in rows:
            known = found.get(key)  # of two versions that made it, the later
            if known is None or known.shown_us <= shown_us:
                found[key] = Note(key, place, shown_us, position, digest.hex(), version)
        return [found[key] for key in sorted(found)]

    def close(self) -> None:
        """Let the database go."""
        self._database.close()


class FileShown(DatabaseShown):
    """The same in a file of SQLite."""

    def __init__(self, path: Path, log_id: str) -> None:
        super().__init__(SQLiteDatabase(path, synchronous="NORMAL"), log_id)


def _damaged(database: Database, fault: DatabaseFault) -> HandheldError:
    return Installation("shown.damaged", path=database.name, reason=str(fault))
