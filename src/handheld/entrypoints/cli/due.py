"""What fell due and is recorded now: asked for, counted by kind, failures kept for whoever tells."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from handheld.application.following import BATCH
from handheld.application.ports import Log
from handheld.application.reacting import ACTOR
from handheld.application.telling.facts import Unreadable, facts_in
from handheld.bootstrap import Home
from handheld.domain.errors import HandheldError

KINDS: Mapping[str, str] = {
    "task.reminded.v1": "reminded",
    "task.escalated.v1": "escalated",
    "task.overdue.v1": "overdue",
    "task.resumed.v1": "resumed",
    "task.withdrawn.v1": "withdrawn",
    "task_force.started.v1": "started",
    "task_force.order_issued.v1": "ordered",
    "warning.start_proposed.v1": "proposed",
    "warning.expired.v1": "expired",
    "finding.dealt_with.v1": "settled",
    "division.duty_taken.v1": "duty",
}
"""What reactions do that is told, by topic; the rest goes with these."""


class Done(NamedTuple):
    """What reactions have done."""

    counts: Counter[str]
    """By kind."""
    failures: tuple[HandheldError, ...] = ()


class _Failures(logging.Handler):
    """Keeps what the reactor logs, so that it is told in the user's language."""

    def __init__(self) -> None:
        super().__init__()
        self.errors: list[HandheldError] = []

    def emit(self, record: logging.LogRecord) -> None:
        for value in record.args if isinstance(record.args, tuple) else ():
            if isinstance(value, HandheldError):
                self.errors.append(value)


def stands(home: Home) -> bool:
    """Whether the log's clock goes on only when it is moved by hand."""
    return home.clock.stands


def react(home: Home, now: datetime | None = None) -> Done:
    """Ask for all that is due; nothing is raised for what could not be done."""
    before = home.log.end()
    failures = _Failures()
    logger = logging.getLogger("handheld.application.reactor")
    logger.addHandler(failures)
    try:
        home.reactor.react(now)
    except HandheldError as error:
        failures.errors.append(error)
    finally:
        logger.removeHandler(failures)
    return Done(counted(home.log, before), tuple(failures.errors))


def counted(log: Log, after: int, upto: int | None = None) -> Counter[str]:
    """What reactions have recorded after a position, by kind."""
    counts: Counter[str] = Counter()
    while rows := log.read(after, BATCH, upto):
        for fact in facts_in(rows):
            if not isinstance(fact, Unreadable) and fact.meta.actor == ACTOR:
                kind = KINDS.get(fact.event.TOPIC)
                if kind is not None:
                    counts[kind] += 1
        after = rows[-1][0]
    return counts
