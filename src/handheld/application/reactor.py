"""The reactor: asks for what is due, when it is due. docs/reactions.md

With a real clock a thread sleeps until the next instant on the agenda, or until the log has grown.
With a simulated clock, and in a command of the CLI, `react` is called: it asks until nothing is due.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime
from threading import Event, Thread
from time import monotonic
from typing import NamedTuple

from handheld.application import reacting
from handheld.application.board_keeper import BoardKeeper
from handheld.application.organisation_keeper import OrganisationKeeper
from handheld.application.ports import Clock, Log
from handheld.application.requests import Receipt, Request
from handheld.application.writer import Writer
from handheld.domain.errors import Busy, Contended, HandheldError, WriterStopped
from handheld_projections.organisation import Organisation

logger = logging.getLogger(__name__)

WAIT_SECONDS = 0.5
PATIENCE_SECONDS = 30.0
UNANSWERED = frozenset(("fold.late", "fold.stopped", "log.full"))
"""Errors that say nothing about what was asked for."""

FIRST_RETRY_SECONDS, LONGEST_RETRY_SECONDS = 1.0, 60.0
"""What nobody could answer is asked for again so much later, twice as long each time."""

REFUSED_KEPT = 1_000

AT_ONCE = 2_000
"""So many requests are under way at most: the writer's queue is for people."""


class Refused(NamedTuple):
    """Something due that was asked for and refused; the outcome is in the log."""

    what: str
    """The command's tag."""
    code: str
    again: bool
    """Whether that was known before: the same cause, asked for by an earlier process."""


class Reactor:
    """Asks the writer for what is due."""

    def __init__(
        self,
        log: Log,
        boards: BoardKeeper,
        organisation: OrganisationKeeper,
        writer: Writer,
        clock: Clock,
        on_duty: Callable[[], bool] = lambda: True,
    ) -> None:
        """`on_duty`: whether it is this process whose thread asks, where there are several."""
        self._on_duty = on_duty
        self._log = log
        self._boards = boards
        self._organisation = organisation
        self._writer = writer
        self._clock = clock
        self._ending = Event()
        self._thread: Thread | None = None
        self._shifts_asked: set[tuple[object, ...]] = set()
        self._again: list[Request] = []
        """What nobody has answered: to be asked for once more, next time."""
        self._retries = 0
        self._retry_at = 0.0
        """By the process's own clock: before that the thread does not ask for it again."""
        self._plans: dict[str, int] = {}
        """The plans that warnings in force have been held against, with their versions."""
        self.refused: deque[Refused] = deque(maxlen=REFUSED_KEPT)
        """What was refused in this process, the latest last."""

    def react(self, now: datetime | None = None) -> int:
        """Ask for all that is due, and for what becomes due by it; how many requests that were.

        Raises HandheldError (`fold.stopped`, `fold.late`) where the boards cannot be brought to the
        log's end: nothing is asked for on a state that is not known.
        """
        return self._react(now, retry=True)

    def _react(self, now: datetime | None, *, retry: bool) -> int:
        done = 0
        again: list[Request] = []
        if retry:
            again, self._again = self._again, []
        if again:
            self._ask(again)
            done += len(again)
        while True:
            self._catch_up()
            due = self._due(now or self._clock.now())
            if not due:
                return done
            self._ask(due)
            done += len(due)
            if self._ending.is_set():
                return done

    def next_due(self) -> datetime | None:
        """The next instant at which something is due, as far as is known (UTC)."""
        shift = self._organisation.known().next_shift_at(self._clock.now())
        task = self._boards.next_due()
        return min((at for at in (shift, task) if at is not None), default=None)

    def start(self) -> None:
        """React from now on, in a thread; there is one, however often it is asked for."""
        if self._thread is not None:
            return
        self._thread = Thread(target=self._run, name="reactor", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Ask for nothing more."""
        self._ending.set()
        self._log.wake()
        if self._thread is not None:
            self._thread.join()

    def _catch_up(self) -> None:
        end = self._log.end()
        if not self._boards.wait_for(end, PATIENCE_SECONDS):
            stopped = self._boards.stopped
            if stopped is not None:
                raise HandheldError("fold.stopped", **stopped._asdict())
            raise HandheldError("fold.late", position=self._boards.position, end=end)

    def _due(self, now: datetime) -> list[Request]:
        shifts = []
        organisation = self._organisation.caught_up()[0]
        for shift in organisation.shifts_due(now):
            if tuple(shift) not in self._shifts_asked:
                self._shifts_asked.add(tuple(shift))
                shifts.append(shift)
        due = reacting.requests(self._boards.due(now), shifts, now)
        return [*due, *self._adopted(organisation, now)]

    def _adopted(self, organisation: Organisation, now: datetime) -> list[Request]:
        """What follows from plans adopted since the last look, for warnings in force."""
        plans = {stream: plan.version for stream, plan in organisation.plans.items()}
        new = {stream for stream, version in plans.items() if self._plans.get(stream) != version}
        self._plans = plans
        if not new:
            return []
        lines = [
            line
            for drills in (False, True)
            for line in self._boards.warnings(drills=drills).open.values()
        ]
        return list(reacting.adopted(lines, organisation, new, now))

    def _ask(self, due: list[Request]) -> None:
        for begin in range(0, len(due), AT_ONCE):
            asked = [self._submit(request) for request in due[begin : begin + AT_ONCE]]
            for request, answer in asked:
                try:
                    receipt = answer.result()
                except HandheldError as error:
                    self._unanswered(request, error)
                else:
                    if receipt.outcome == "refused":
                        self._note(request, receipt)

    def _note(self, request: Request, receipt: Receipt) -> None:
        what = _what(request)
        logger.info("reaction %s refused: %s", what, receipt.code)
        self.refused.append(Refused(what, receipt.code or "", receipt.repeated))

    def _unanswered(self, request: Request, error: HandheldError) -> None:
        """Nobody could say: asked for again later. What a fault of ours stopped is not, here."""
        what = _what(request)
        if isinstance(error, (Busy, Contended, WriterStopped)) or error.code in UNANSWERED:
            self._again.append(request)
            logger.warning("reaction %s will be asked for again: %s", what, error)
        else:
            logger.warning("reaction %s: %s", what, error)

    def _pace(self, *, retried: bool) -> None:
        """Say when what nobody could answer is asked for again: later each time."""
        if not self._again:
            self._retries = 0
            return
        if retried or not self._retries:
            wait = min(LONGEST_RETRY_SECONDS, FIRST_RETRY_SECONDS * 2 ** min(self._retries, 10))
            self._retries += 1
            self._retry_at = monotonic() + wait
            logger.warning("%s reactions are asked for again in %s s", len(self._again), wait)

    def _submit(self, request: Request) -> tuple[Request, Future[Receipt]]:
        while True:
            try:
                return request, self._writer.submit(request)
            except Busy as busy:
                if self._ending.wait(busy.retry_after):
                    raise

    def _run(self) -> None:
        while not self._ending.is_set():
            if not self._on_duty():
                self._ending.wait(WAIT_SECONDS)
                continue
            try:
                retry = monotonic() >= self._retry_at
                self._react(None, retry=retry)
                self._pace(retried=retry)
                self._sleep(self._log.end(), self.next_due())
            except HandheldError as error:
                logger.warning("reactions wait: %s", error)
                self._ending.wait(WAIT_SECONDS)
            except Exception:  # the thread outlives whatever reading the log may raise
                logger.exception("reactions wait")
                self._ending.wait(WAIT_SECONDS)

    def _sleep(self, position: int, due: datetime | None) -> None:
        wait = WAIT_SECONDS
        if due is not None:
            wait = min(wait, max(0.0, (due - self._clock.now()).total_seconds()))
        self._log.wait(position, wait, self._ending.is_set)


def _what(request: Request) -> str:
    return str(type(request.command).__struct_config__.tag)
