"""Being woken by what other processes commit: LISTEN, on a connection of its own."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from threading import Event, Lock, Thread
from typing import Any

import psycopg
from psycopg.sql import SQL, Identifier

from handheld.adapters.subscription import Signals

logger = logging.getLogger(__name__)

LOOK_SECONDS = 0.5
AGAIN_SECONDS = 0.5


class Listening:
    """Passes notifications of a channel on to the signals of this process.

    It begins with the first who waits. A connection that is lost is made again; whatever was missed
    meanwhile is told by one signal when it is back, and by everybody's own poll before that.
    While this process is woken in another way it does not listen.
    """

    def __init__(self, parameters: Mapping[str, Any], channel: str, signals: Signals) -> None:
        self._parameters = parameters
        self._channel = channel
        self._signals = signals
        self._ending = Event()
        self._lock = Lock()
        self._thread: Thread | None = None
        self._spared: Callable[[], bool] = lambda: False

    def unless(self, woken: Callable[[], bool]) -> None:
        """Do not listen while this holds: then another way wakes whoever is concerned."""
        self._spared = woken

    def start(self) -> None:
        """Listen from now on; once is enough."""
        if self._thread is not None or self._ending.is_set():
            return
        with self._lock:
            if self._thread is None:
                self._thread = Thread(target=self._run, name="listening", daemon=True)
                self._thread.start()

    def close(self) -> None:
        """Listen no more."""
        self._ending.set()
        with self._lock:
            if self._thread is not None:
                self._thread.join()

    def _run(self) -> None:
        while not self._ending.is_set():
            if self._spared():
                self._ending.wait(LOOK_SECONDS)
                continue
            try:
                with psycopg.connect(**self._parameters, autocommit=True) as conn:
                    conn.execute(SQL("LISTEN {}").format(Identifier(self._channel)))
                    self._signals.notify()
                    while not (self._ending.is_set() or self._spared()):
                        for _ in conn.notifies(timeout=LOOK_SECONDS, stop_after=1):
                            self._signals.notify()
            except psycopg.Error as error:
                logger.warning("not listening to the log: %s", str(error).strip())
                self._ending.wait(AGAIN_SECONDS)
