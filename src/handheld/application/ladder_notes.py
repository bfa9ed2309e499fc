"""What the ladder asks the writer for: intentions, results, answers; durable when it goes on."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import TypeVar

from handheld.application.ports import Clock
from handheld.application.requests import REACTIONS, Receipt, Request
from handheld.application.writer import Writer
from handheld.domain.errors import Busy, Contended, HandheldError
from handheld.domain.notice_commands import (
    BeginNotices,
    Command,
    NoteAnswers,
    NoteNotices,
    NoticeAnswer,
    NoticeDone,
    NoticeToBegin,
)
from handheld.domain.time_rules import MOST_TASKS
from handheld_events.envelope import Meta
from handheld_events.ids import caused_command
from handheld_events.task import Rung

logger = logging.getLogger(__name__)

PATIENCE = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
"""Seconds before what the writer could not take is asked for again; the last one for good."""

T = TypeVar("T", NoticeToBegin, NoticeDone, NoticeAnswer)


class Notes:
    """Asks until there is an answer."""

    def __init__(self, writer: Writer, clock: Clock) -> None:
        self._writer = writer
        self._clock = clock

    async def begin(self, rung: Rung, tasks: Sequence[NoticeToBegin]) -> Receipt | None:
        """Record the intention; None where it could not be recorded: then nothing may be sent."""
        # The number belongs to the cause: the same rung may be begun again, as another attempt.
        cause = ("notice", rung, *(f"{one.task}/{one.number}" for one in tasks))
        try:
            return await self._submit(BeginNotices(rung=rung, tasks=tuple(tasks)), cause)
        except HandheldError as error:
            logger.warning("notices by %s not begun: %s", rung, error.code)
            return None

    async def done(self, results: Sequence[NoticeDone]) -> None:
        """Record what came of attempts; goes on asking while the writer cannot take it.

        Raises HandheldError where it never will: the next process finds them without a result.
        """
        cause = ("noticed", *(f"{one.task}/{one.number}/{one.result}" for one in results))
        await self._surely(NoteNotices(tasks=tuple(results)), cause)

    async def answered(self, answers: Sequence[NoticeAnswer]) -> Receipt:
        """Record what the other side says of attempts, as `done` does."""
        said = (f"{one.task}/{one.number}/{one.arrived}/{one.code}" for one in answers)
        cause = ("notice_answered", *said)
        return await self._surely(NoteAnswers(tasks=tuple(answers)), cause)

    async def _surely(self, command: Command, cause: Sequence[str]) -> Receipt:
        tries = 0
        while True:
            try:
                return await self._submit(command, cause)
            except HandheldError as error:
                if not isinstance(error, Busy | Contended) and error.code != "log.full":
                    raise
                wait = PATIENCE[min(tries, len(PATIENCE) - 1)]
                logger.warning("notices are recorded again in %s s: %s", wait, error.code)
                await asyncio.sleep(wait)
                tries += 1

    async def _submit(self, command: Command, cause: Sequence[str]) -> Receipt:
        meta = Meta(actor=REACTIONS, command=caused_command(0, *cause), occurred_at=self._now())
        return await self._writer.submit_soon(Request(command, meta))

    def _now(self) -> datetime:
        return self._clock.now()


def together(
    items: Iterable[T], task_force: Callable[[T], str], most: int = MOST_TASKS
) -> Iterator[list[T]]:
    """Those of one task force that share a command: drills and real ones never do."""
    groups: dict[str, list[T]] = {}
    for item in items:
        group = groups.setdefault(task_force(item), [])
        group.append(item)
        if len(group) == most:
            yield groups.pop(task_force(item))
    yield from (group for group in groups.values() if group)
