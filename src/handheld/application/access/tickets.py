"""Tickets: good once, for half a minute, where a session cannot be shown by a cookie or a header."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta
from threading import Lock

from handheld.application.access.rules import TICKET_SECONDS
from handheld.application.ports import Clock

KEPT = 50_000
"""So many at a time; beyond that the oldest are gone early."""


class Tickets:
    """Of one process: in memory, where they end with it."""

    def __init__(self, clock: Clock, kept: int = KEPT) -> None:
        self._clock = clock
        self._kept = kept
        self._lock = Lock()
        self._open: OrderedDict[bytes, tuple[str, datetime]] = OrderedDict()

    def put(self, secret: bytes, session: str) -> None:
        """A ticket is given out."""
        now = self._clock.now()
        with self._lock:
            while self._open:
                first = next(iter(self._open))
                if self._open[first][1] > now and len(self._open) < self._kept:
                    break
                del self._open[first]
            self._open[secret] = (session, now + timedelta(seconds=TICKET_SECONDS))

    def take(self, secret: bytes) -> str | None:
        """The session that a ticket stands for; the second time it stands for none."""
        now = self._clock.now()
        with self._lock:
            session, until = self._open.pop(secret, ("", now))
        return session if now < until else None
