"""The ladder: who is told next by which way, and when (通知). docs/reaching-people.md

Pure: from what was tried, the rungs there are, and the times between them.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import NamedTuple

import msgspec

from handheld_events.task import Rung
from handheld_projections.notices import Attempt

RUNGS: tuple[Rung, ...] = ("web_push", "messenger", "sms", "voice", "call_list")
"""In this order; nobody goes back to one before."""

TRIES = 2
"""So often at most the same is sent where nobody knows what came of it."""

USUAL_WAITS: Mapping[Rung, float] = {
    "web_push": 60,
    "messenger": 180,
    "sms": 480,
    "voice": 720,
    "call_list": 900,
}


class Ladder(msgspec.Struct, frozen=True, kw_only=True):
    """The rules of one installation."""

    waits: Mapping[Rung, float] = msgspec.field(default_factory=lambda: dict(USUAL_WAITS))
    """By rung: seconds since the task waits for somebody, before they are told by it. A rung that
    is not named is not used."""
    drills: frozenset[Rung] = frozenset({"web_push", "messenger", "call_list"})
    """The rungs that are used in drills."""
    again_after: float = 60
    """Seconds until what nobody knows the result of is sent once more."""


class Next(NamedTuple):
    """The next attempt, and when it is due."""

    rung: Rung
    number: int
    at: datetime
    repeats: int | None = None


def next_notice(
    ladder: Ladder,
    reachable: Container[Rung],
    since: datetime,
    attempts: Sequence[Attempt],
    *,
    numbered: int,
    drill: bool,
    floor: datetime | None = None,
) -> Next | None:
    """What is to be tried next for somebody who has not been reached; None where nothing is left.

    `numbered`: the number of the latest attempt. `floor`: nothing is due before the first wait after
    it, since phones first come back to a server that was down. Rungs missed meanwhile keep the time
    between them: nobody is told four times in a second.
    """
    if any(one.result is None for one in attempts):
        return None
    last = attempts[-1] if attempts else None
    if last is not None and last.result == "unknown":
        tries = sum(one.rung == last.rung and one.result == "unknown" for one in attempts)
        if tries < TRIES and _allowed(ladder, last.rung, reachable, drill=drill):
            at = last.at + timedelta(seconds=ladder.again_after)
            return Next(last.rung, numbered + 1, at, last.repeats or last.number)
    reached = -1 if last is None else RUNGS.index(last.rung)
    for rung in RUNGS[reached + 1 :]:
        if _allowed(ladder, rung, reachable, drill=drill):
            at = _due(ladder, rung, since, last, floor)
            return Next(rung, numbered + 1, at)
    return None


def attempt_id(task: str, number: int) -> str:
    """Under which an attempt is sent: the same when it is made once more. 32 hex digits."""
    return blake2b(f"{task}/notice/{number}".encode(), digest_size=16).hexdigest()


def _allowed(ladder: Ladder, rung: Rung, reachable: Container[Rung], *, drill: bool) -> bool:
    return rung in ladder.waits and rung in reachable and (not drill or rung in ladder.drills)


def _due(
    ladder: Ladder, rung: Rung, since: datetime, last: Attempt | None, floor: datetime | None
) -> datetime:
    wait = ladder.waits[rung]
    at = since + timedelta(seconds=wait)
    if floor is not None:
        at = max(at, floor + timedelta(seconds=min(ladder.waits.values())))
    if last is not None:
        between = wait - ladder.waits.get(last.rung, 0)
        at = max(at, last.at + timedelta(seconds=max(between, 0)))
    return at
