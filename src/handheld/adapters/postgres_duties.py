"""Duties held by advisory locks of PostgreSQL: one process has each, another takes it over.

A lock is a session's: when the process dies its connection ends, and the lock is free. A machine or
a network that is gone without a word is noticed by both sides: by the server, which probes the
connection each second, and by the process, which believes in its duty only as long as the server has
confirmed it lately. Both take less than `LEASE_SECONDS`, and the next process looks each half second.

A duty saves double work and nothing more: whatever is done twice by two who both believe in it must
be harmless, and is: command ids derive from causes, views are written from the position known only,
the stream refuses what it has.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from threading import Event, Lock, Thread
from time import monotonic
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from handheld.adapters.postgres_store import KEEPALIVE
from handheld.application.duties import Duty

logger = logging.getLogger(__name__)

LOOK_SECONDS = 0.5
LEASE_SECONDS = 3.0
_PROBES: Mapping[str, object] = {"connect_timeout": 2, "tcp_user_timeout": 2_000}
_SESSION = (
    "SET tcp_keepalives_idle = 1; SET tcp_keepalives_interval = 1; SET tcp_keepalives_count = 2; "
    "SET tcp_user_timeout = 2000; SET statement_timeout = '2s'"
)


class PostgresDuties:
    """The duties of one process on one district. Safe to use from several threads.

    `wanted`: which of them this process may have.
    """

    def __init__(self, conninfo: str, district: str, wanted: Sequence[Duty]) -> None:
        self._parameters: dict[str, Any] = {**KEEPALIVE, **conninfo_to_dict(conninfo), **_PROBES}
        self._district = district
        self._wanted: tuple[Duty, ...] = tuple(wanted)
        self._lock = Lock()
        self._held: frozenset[Duty] = frozenset()
        self._confirmed = 0.0
        self._ending = Event()
        self.changed: Callable[[], None] = lambda: None
        """Called, in the thread of the duties, when one was taken or lost."""
        self._thread = Thread(target=self._run, name="duties", daemon=True)
        if self._wanted:
            self._thread.start()

    def holds(self, duty: Duty) -> bool:
        """Whether this process has a duty now."""
        with self._lock:
            return duty in self._held and monotonic() - self._confirmed < LEASE_SECONDS

    def held(self) -> frozenset[Duty]:
        """All that it has."""
        return frozenset(duty for duty in self._wanted if self.holds(duty))

    def told(self) -> tuple[Duty, ...]:
        """All that it has, by name."""
        return tuple(sorted(self.held()))

    def close(self) -> None:
        """Give all back: another process takes them at its next look."""
        self._ending.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._ending.is_set():
            try:
                with psycopg.connect(**self._parameters, autocommit=True) as conn:
                    conn.execute(_SESSION.encode())
                    self._look_until_lost(conn)
            except psycopg.Error as error:
                if not self._ending.is_set():
                    logger.warning("duties cannot be held: %s", error)
            self._now(frozenset())
            self._ending.wait(LOOK_SECONDS)

    def _look_until_lost(self, conn: psycopg.Connection[Any]) -> None:
        """Raises psycopg.Error when the connection, and with it every lock, is lost."""
        held: frozenset[Duty] = frozenset()
        while not self._ending.is_set():
            asked = monotonic()
            missing: list[Duty] = [duty for duty in self._wanted if duty not in held]
            taken: list[Duty] = [duty for duty in missing if self._take(conn, duty)]
            if not missing:
                conn.execute(b"SELECT 1")
            held |= set(taken)
            self._now(held, asked)
            self._ending.wait(LOOK_SECONDS)

    def _take(self, conn: psycopg.Connection[Any], duty: Duty) -> bool:
        found = conn.execute(
            "SELECT pg_try_advisory_lock(hashtextextended(%s, 0))",
            (f"duty {self._district} {duty}",),
        ).fetchone()
        return found is not None and bool(found[0])

    def _now(self, held: frozenset[Duty], confirmed: float = 0.0) -> None:
        with self._lock:
            before, self._held, self._confirmed = self._held, held, confirmed
        if before != held:
            for duty in sorted(held - before):
                logger.info("duty taken", extra={"fields": {"duty": duty}})
            for duty in sorted(before - held):
                given_back = self._ending.is_set()
                level, what = (
                    (logging.INFO, "given back") if given_back else (logging.WARNING, "lost")
                )
                logger.log(level, "duty %s", what, extra={"fields": {"duty": duty}})
            self.changed()
