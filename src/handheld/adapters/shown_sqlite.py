"""What boards have shown, in SQLite, in a file of its own: evidence, made by nothing again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from eventsourcing.persistence import PersistenceError

from handheld.adapters.sqlite_store import Datastore
from handheld.application.shown import Note, ShownUnwritable
from handheld.domain.errors import Installation

_TABLES = (
    "CREATE TABLE IF NOT EXISTS boards (id INTEGER PRIMARY KEY, log TEXT, version TEXT, "
    "place TEXT, key TEXT, UNIQUE (log, version, place, key))",
    "CREATE TABLE IF NOT EXISTS shown (number INTEGER PRIMARY KEY, board INTEGER, shown_us INTEGER, "
    "position INTEGER, digest BLOB)",
    "CREATE INDEX IF NOT EXISTS shown_when ON shown (board, shown_us, number)",
)


class SQLiteShown:
    """What was shown of the boards of one log. Notes of another log in the file are not given.

    Opening raises Installation (`shown.damaged`): evidence is not thrown away to go on.
    """

    def __init__(self, path: Path, log_id: str) -> None:
        self._log_id = log_id
        self._store = Datastore(str(path), synchronous="NORMAL")
        try:
            with self._store.transaction(commit=True) as c:
                for statement in _TABLES:
                    c.execute(statement)
        except PersistenceError as error:
            self._store.close()
            raise Installation("shown.damaged", path=str(path), reason=str(error)) from error

    def add(self, notes: Sequence[Note]) -> None:
        """Store notes, all or none. Raises ShownUnwritable."""
        boards = [(self._log_id, note.version, note.place, note.key) for note in notes]
        try:
            with self._store.transaction(commit=True) as c:
                c.executemany(
                    "INSERT OR IGNORE INTO boards (log, version, place, key) VALUES (?,?,?,?)",
                    boards,
                )
                c.executemany(
                    "INSERT INTO shown (board, shown_us, position, digest) VALUES "
                    "((SELECT id FROM boards WHERE log=? AND version=? AND place=? AND key=?),?,?,?)",
                    [
                        (*board, note.shown_us, note.position, bytes.fromhex(note.digest))
                        for board, note in zip(boards, notes, strict=True)
                    ],
                )
        except PersistenceError as error:
            raise ShownUnwritable(str(error)) from error

    def latest(self, place: str, upto_us: int) -> Sequence[Note]:
        """Of each board of a place the last note at or before an instant, by key."""
        with self._store.transaction(commit=False) as c:
            c.execute(
                "SELECT key, version, (SELECT number FROM shown WHERE board = boards.id "
                "AND shown_us <= ? ORDER BY shown_us DESC, number DESC LIMIT 1) AS last "
                "FROM boards WHERE log=? AND place=? ORDER BY key, id",
                (upto_us, self._log_id, place),
            )
            boards = [(row[0], row[1], row[2]) for row in c.fetchall() if row[2] is not None]
            found: dict[str, Note] = {}
            for key, version, number in boards:
                c.execute("SELECT shown_us, position, digest FROM shown WHERE number=?", (number,))
                row = c.fetchone()
                note = Note(key, place, row[0], row[1], bytes(row[2]).hex(), version)
                known = found.get(key)  # of two versions that made it, the later
                if known is None or known.shown_us <= note.shown_us:
                    found[key] = note
        return list(found.values())

    def close(self) -> None:
        """Close the file."""
        self._store.close()
