"""How far each webhook has been told, in `push.db`: it goes on there after a restart."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from threading import Lock


class Cursors:
    """Positions by name of the webhook."""

    def __init__(self, path: Path) -> None:
        path.touch(mode=0o600, exist_ok=True)
        self._lock = Lock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=DELETE")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS webhooks (name TEXT PRIMARY KEY, log_id TEXT NOT NULL, "
            "position INTEGER NOT NULL) WITHOUT ROWID"
        )

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()

    def position(self, name: str, log_id: str, end: int) -> int:
        """The position up to which it was told; a new one begins at the log's end.

        After a restore the log is another one from the backup's end on: it goes on from there.
        """
        with self._lock:
            row = self._db.execute(
                "SELECT log_id, position FROM webhooks WHERE name=?", (name,)
            ).fetchone()
        if row is not None and row[0] == log_id:
            return int(row[1])
        position = end if row is None else min(int(row[1]), end)
        self.move(name, log_id, position)
        return position

    def move(self, name: str, log_id: str, position: int) -> None:
        """It was told up to here; durable when it returns."""
        with self._lock:
            self._db.execute(
                "INSERT OR REPLACE INTO webhooks (name, log_id, position) VALUES (?,?,?)",
                (name, log_id, position),
            )
