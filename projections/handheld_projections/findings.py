"""Findings from below: what waits at each desk, and how many there are where.

Drills and real ones are kept apart: one `Findings` each, by the caller.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import msgspec

from handheld_events.envelope import Recorded
from handheld_events.finding import (
    FindingAdded,
    FindingCorrected,
    FindingDealtWith,
    FindingEvent,
    FindingOrdered,
    FindingPassedUp,
    FindingPutBack,
    FindingReported,
    FindingReturned,
    FindingRouted,
    FindingStarted,
)
from handheld_events.territory import within

FindingState = Literal["open", "returned", "ordered", "started", "dealt_with"]
FINDING_STATES: tuple[FindingState, ...] = ("open", "returned", "ordered", "started", "dealt_with")
"""待处置, 已退回, 已下指令, 已发起专班, 已处置: the columns of every count, in this order."""


class FindingLine(msgspec.Struct):
    """A finding as a desk's list shows it."""

    finding: str
    text: str
    division: str
    """Where it is."""
    desk: str
    """Who decides: a division, or a department stream."""
    place: str | None
    photos: int
    reporter: str
    reported_at: datetime
    """Recorded time (UTC)."""
    last_at: datetime
    """Recorded time of the last fact (UTC)."""
    drill: bool
    state: FindingState = "open"
    wants_task_force: bool = False
    reason: str | None = None
    """Why it was passed on or returned last."""
    order: str | None = None
    """The order given about it last."""
    task_force: str | None = None
    """The task force of that order, or the one started about it."""


class Findings(msgspec.Struct):
    """The findings of one log, real ones or those of drills."""

    open: dict[str, FindingLine] = {}
    """By stream: all but those dealt with, in the order in which they were reported."""
    counts: dict[str, list[int]] = {}
    """By the division where they are: one number for each of FINDING_STATES."""


def take(findings: Findings, fact: Recorded[Any]) -> None:
    """Take in a fact; those of other streams, and of findings dealt with, change nothing."""
    if not fact.stream.startswith("finding-"):
        return
    event: FindingEvent = fact.event
    if isinstance(event, FindingReported):
        _reported(findings, fact, event)
        return
    line = findings.open.get(fact.stream)
    if line is None:
        return
    line.last_at = fact.recorded_at
    match event:
        case FindingPassedUp():
            line.desk, line.reason = event.desk, event.reason
            line.wants_task_force = event.wants_task_force
            _move(findings, line, "open")
        case FindingRouted():
            line.desk, line.reason = event.desk, event.reason
            line.wants_task_force = False
            _move(findings, line, "open")
        case FindingReturned():
            line.reason = event.reason
            line.wants_task_force = False
            _move(findings, line, "returned")
        case FindingAdded():
            line.photos += len(event.photos)
            if line.state == "returned":
                _move(findings, line, "open")
        case FindingOrdered():
            line.order, line.task_force = event.order, event.task_force_started
            if line.state != "started":
                _move(findings, line, "ordered")
        case FindingStarted():
            line.task_force = event.task_force_started
            _move(findings, line, "started")
        case FindingPutBack():
            line.reason, line.task_force = event.reason, None
            _move(findings, line, "ordered" if event.ordered else "open")
        case FindingDealtWith():
            _move(findings, line, "dealt_with")
            del findings.open[fact.stream]
        case FindingCorrected():
            if event.version == 1 and event.text is not None:
                line.text = event.text


def waiting_at(findings: Findings, desk: str) -> list[FindingLine]:
    """What a desk has to decide on, the oldest first."""
    return [line for line in findings.open.values() if line.desk == desk and line.state == "open"]


def count_of(findings: Findings, division: str) -> list[int]:
    """How many findings there are in a division and all below it, by state."""
    sums = [0] * len(FINDING_STATES)
    for code, numbers in findings.counts.items():
        if within(code, division):
            sums = [a + b for a, b in zip(sums, numbers, strict=True)]
    return sums


def _reported(findings: Findings, fact: Recorded[Any], event: FindingReported) -> None:
    findings.open[fact.stream] = FindingLine(
        fact.stream,
        event.text,
        event.division,
        event.desk,
        event.place,
        len(event.photos),
        fact.person or fact.meta.actor,
        fact.recorded_at,
        fact.recorded_at,
        fact.meta.drill,
    )
    _counts(findings, event.division)[0] += 1


def _move(findings: Findings, line: FindingLine, state: FindingState) -> None:
    counts = _counts(findings, line.division)
    counts[FINDING_STATES.index(line.state)] -= 1
    counts[FINDING_STATES.index(state)] += 1
    line.state = state


def _counts(findings: Findings, division: str) -> list[int]:
    return findings.counts.setdefault(division, [0] * len(FINDING_STATES))
