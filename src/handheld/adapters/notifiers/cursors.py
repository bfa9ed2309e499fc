"""How far each webhook has been told: it goes on there after a restart, also of another process."""

from __future__ import annotations

from handheld.adapters.database import Database
from handheld.adapters.database_told import told
from handheld.adapters.push_tables import prepare_push


class Cursors:
    """Positions by name of the webhook.

    Raises Busy, Installation (`store.unwritable`, `store.damaged`).
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        prepare_push(database)

    def close(self) -> None:
        """Let the database go."""
        self._database.close()

    def position(self, name: str, log_id: str, end: int) -> int:
        """The position up to which it was told; a new one begins at the log's end.

        After a restore the log is another one from the backup's end on: it goes on from there.
        """
        with told(self._database), self._database.reading() as c:
            row = c.execute(
                "SELECT log_id, position FROM webhooks WHERE name=?", (name,)
            ).fetchone()
        if row is not None and row[0] == log_id:
            return int(row[1])
        position = end if row is None else min(int(row[1]), end)
        self.move(name, log_id, position)
        return position

    def move(self, name: str, log_id: str, position: int) -> None:
        """It was told up to here; durable when it returns."""
        with told(self._database), self._database.writing() as c:
            c.execute(
                "INSERT INTO webhooks (name, log_id, position) VALUES (?,?,?) ON CONFLICT (name) "
                "DO UPDATE SET log_id=excluded.log_id, position=excluded.position",
                (name, log_id, position),
            )
