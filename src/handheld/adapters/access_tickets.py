"""Tickets that one process gives out and another takes: in PostgreSQL, by the clock of its server."""

from __future__ import annotations

from handheld.adapters.access_words import access_words
from handheld.adapters.database import Database
from handheld.adapters.database_told import told
from handheld.application.access.rules import TICKET_SECONDS

_CLEARED = 100


class DatabaseTickets:
    """The table of tickets beside the accounts, which whoever opened those has made sure of.

    It may be lost with a crash of the server: then tickets are asked for anew. Raises Busy where the
    database is away, Installation (`access.unwritable`).
    """

    def __init__(self, database: Database, seconds: float = TICKET_SECONDS) -> None:
        self._database = database
        self._seconds = seconds

    def put(self, secret: bytes, session: str) -> None:
        """A ticket is given out; some of those whose time is over are cleared away."""
        with told(self._database, access_words), self._database.writing() as c:
            c.execute(
                "DELETE FROM tickets WHERE secret IN (SELECT secret FROM tickets "
                f"WHERE until < now() LIMIT {_CLEARED} FOR UPDATE SKIP LOCKED)"
            )
            c.execute(
                "INSERT INTO tickets VALUES (?, ?, now() + make_interval(secs => ?))",
                (secret, session, self._seconds),
            )

    def take(self, secret: bytes) -> str | None:
        """The session that a ticket stands for; the second time it stands for none."""
        with told(self._database, access_words), self._database.writing() as c:
            found = c.execute(
                "DELETE FROM tickets WHERE secret=? RETURNING session, until > now()", (secret,)
            ).fetchone()
        return str(found[0]) if found is not None and found[1] else None
