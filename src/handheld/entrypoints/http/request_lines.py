"""A line in the log for each request and each command, written a few times a second by a thread.

Writing each at once would cost as much as answering from memory does.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Event, Thread
from typing import Any

REQUESTS = logging.getLogger("handheld.http")
COMMANDS = logging.getLogger("handheld.commands")
FLUSH_SECONDS = 0.25

Fields = dict[str, Any]


class Lines:
    """What is on its way to the log: one line for each thing put in."""

    def __init__(
        self, logger: logging.Logger, message: str, fields: Callable[[Any], Fields]
    ) -> None:
        self._logger = logger
        self._message = message
        self._fields = fields
        self._waiting: list[Any] = []
        self._ending = Event()
        self._thread = Thread(target=self._run, name=f"{message}-lines", daemon=True)

    def put(self, one: Any) -> None:
        """This is to have a line; it is the log's from now on."""
        self._waiting.append(one)

    def start(self) -> None:
        """Write from now on."""
        self._thread.start()

    def close(self) -> None:
        """Write what is left."""
        self._ending.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._ending.wait(FLUSH_SECONDS):
            self._flush()
        self._flush()

    def _flush(self) -> None:
        waiting, self._waiting = self._waiting, []
        for one in waiting:
            fields = self._fields(one)
            record = logging.LogRecord(
                self._logger.name, logging.INFO, "", 0, self._message, None, None, None
            )
            record.created = fields.pop("at", record.created)
            record.msecs = record.created % 1 * 1000
            record.fields = fields
            self._logger.handle(record)


def request_lines() -> Lines | None:
    """For requests, each put in as its fields; None where the log has no lines of this weight."""
    enabled = REQUESTS.isEnabledFor(logging.INFO)
    return Lines(REQUESTS, "request", lambda fields: fields) if enabled else None
