"""Tickets: good once, for half a minute, where a session cannot be shown by a cookie or a header."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta
from threading import Lock

from handheld.application.access.live import digest
from handheld.application.access.rules import TICKET_SECONDS

KEPT = 50_000
"""So many at a time; beyond that the oldest are gone early."""


class Tickets:
    """Hashes of tickets, with the sessions that they stand for. In memory: they end with the process."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._lock = Lock()
        self._open: OrderedDict[bytes, tuple[str, datetime]] = OrderedDict()

    def put(self, secret: str, session: str, now: datetime) -> None:
        """A ticket is given out."""
        found = digest(secret)
        if found is None:
            raise ValueError
        with self._lock:
            while self._open:
                first = next(iter(self._open))
                if self._open[first][1] > now and len(self._open) < self._kept:
                    break
                del self._open[first]
            self._open[found] = (session, now + timedelta(seconds=TICKET_SECONDS))

    def take(self, secret: str, now: datetime) -> str | None:
        """The session that a ticket stands for; the second time it stands for none."""
        found = digest(secret)
        if found is None:
            return None
        with self._lock:
            session, until = self._open.pop(found, ("", now))
        return session if now < until else None
