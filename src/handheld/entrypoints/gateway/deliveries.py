"""Delivered: when a device says what it has stored, that becomes a fact of each task in it (送达)."""

from __future__ import annotations

import logging
from functools import partial
from typing import NamedTuple

from handheld.application.ports import Clock
from handheld.application.pushing.undelivered import Undelivered, Waiting
from handheld.application.requests import Request
from handheld.application.writer import Result, Writer
from handheld.domain import task
from handheld.domain.errors import Busy, Contended, HandheldError
from handheld.entrypoints.gateway.figures import Figures
from handheld_events.envelope import Meta
from handheld_events.ids import caused_command

logger = logging.getLogger(__name__)


class _Asked(NamedTuple):
    person: str
    device: str
    waiting: Waiting


class Deliveries:
    """Asks for `task.deliver`, once for each task whichever device is first.

    The id follows from the dispatch: asked for again, by another device or another process, it is
    the same command. By the server's clock, since the server hears of it as it happens.
    """

    def __init__(
        self, undelivered: Undelivered, writer: Writer, clock: Clock, figures: Figures
    ) -> None:
        self._undelivered = undelivered
        self._writer = writer
        self._clock = clock
        self._figures = figures
        self._asked: set[str] = set()
        self._again: list[_Asked] = []

    def stored(self, person: str, device: str, upto: int) -> None:
        """A device has stored the inbox of its person up to a number."""
        for one in self._undelivered.upto(person, upto):
            if one.task not in self._asked:
                self._ask(_Asked(person, device, one))

    def retry(self) -> None:
        """Ask once more for what the writer had no room for."""
        again, self._again = self._again, []
        for one in again:
            self._ask(one)

    def _ask(self, one: _Asked) -> None:
        person, device, waiting = one
        command = caused_command(waiting.dispatched_ms, "delivered", waiting.task)
        meta = Meta(actor=person, command=command, occurred_at=self._clock.now(), device=device)
        try:
            request = Request(task.Deliver(task=waiting.task), meta)
            self._writer.submit_and_tell(request, partial(self._settled, one))
        except Busy:
            self._again.append(one)
            return
        except HandheldError as error:
            logger.warning("delivery of %s not recorded: %s", waiting.task, error.code)
            return
        self._asked.add(waiting.task)
        self._figures.delivered += 1

    def _settled(self, one: _Asked, result: Result) -> None:
        self._asked.discard(one.waiting.task)
        if isinstance(result, (Busy, Contended)):
            self._again.append(one)
        elif isinstance(result, HandheldError):  # queued no longer, or the writer has stopped
            logger.warning("delivery of %s not recorded: %s", one.waiting.task, result.code)
