"""The figures of the loop (闭环指标): how much was accepted and closed, in time, once, to satisfaction.

Most tasks go as they should, and the counts and the funnel tell of them: kept is what went otherwise.
Which time judges: when it was done, as `handheld_events.times` bounds the claim.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, NamedTuple

import msgspec

from handheld_events.envelope import Recorded
from handheld_events.task import TaskReassigned
from handheld_events.times import judge
from handheld_projections.board import Row
from handheld_projections.moves import Move
from handheld_projections.open_tasks import (
    ACCEPTED,
    ACCEPTED_LATE,
    BOUNCED,
    CLOSED,
    DECLINED,
    DISPATCHED,
    IN_PROGRESS,
    LATE,
    REPORTED,
    SENT_BACK,
    TO_VERIFY,
    WITHDRAWN,
    OpenTask,
)


class Exceptions(msgspec.Struct, array_like=True):
    """What the counts and the funnel do not say; all but the last are numbers of tasks."""

    not_called: int = 0
    """Withdrawn before they were accepted or declined, or reassigned before they were declined:
    the task of whoever does it instead is called."""
    handed_on: int = 0
    """Of those: reassigned when they were accepted already."""
    accepted_late: int = 0
    """Accepted after the deadline, and not handed on."""
    sent_back: int = 0
    declined: int = 0
    closed_late: int = 0
    closing_seconds: int = 0
    """Of the closed: the seconds from dispatch to the last close, added up."""


class Figures(msgspec.Struct):
    """What the rates are made of; all are numbers of tasks, but for the last."""

    called: int = 0
    """Dispatched, and neither withdrawn before they were accepted or declined, nor reassigned
    before they were declined: the task of whoever does it instead is called."""
    accepted: int = 0
    accepted_in_time: int = 0
    reported: int = 0
    sent_back: int = 0
    """Those of which a report was sent back, once at least."""
    declined: int = 0
    """Those that bounced, once at least."""
    closed: int = 0
    closed_in_time: int = 0
    """Of the closed: those whose last report came by its deadline, or who had none."""
    closing_seconds: int = 0
    """Of the closed: the seconds from dispatch to the last close, added up."""


class Rates(msgspec.Struct, frozen=True):
    """Shares of one; None where there is nothing to take a share of."""

    accepted_in_time: float | None
    """领办率: accepted by the deadline, of those called."""
    closed: float | None
    """办结率: closed, of those called."""
    closed_in_time: float | None
    """按时办结率: closed with a report in time, of those called."""
    rework: float | None
    """重办率: sent back, of those reported."""
    precise: float | None
    """精准派单率: not bounced, of those called."""
    mean_closing: int | None
    """平均办结时长, whole seconds."""


def accepted(kept: Exceptions, task: OpenTask, waited: int) -> None:
    """Note whether the first acceptance, so many seconds after the dispatch, came in time."""
    by = task.accept_by
    if by is not None and task.dispatched_at + timedelta(seconds=waited) > by:
        task.marks |= LATE | ACCEPTED_LATE  # late until a report says otherwise
        kept.accepted_late += 1


def ended(kept: Exceptions, task: OpenTask, move: Move, fact: Recorded[Any]) -> None:
    """Take in that a task has come to an end, or goes on after one, or after its report."""
    was, now = move.was, move.now
    if now == CLOSED:
        kept.closed_late += bool(task.marks & LATE)
    elif was == CLOSED:
        kept.closed_late -= bool(task.marks & LATE)
    elif was == TO_VERIFY and now == IN_PROGRESS and not task.marks & SENT_BACK:
        task.marks |= SENT_BACK
        kept.sent_back += 1
    if now == DECLINED and not task.marks & BOUNCED:
        task.marks |= BOUNCED
        kept.declined += 1
    elif now == WITHDRAWN and not task.marks & BOUNCED:
        _withdrawn(kept, task, reassigned=isinstance(fact.event, TaskReassigned))
    _closing(kept, task, move, fact)


def _withdrawn(kept: Exceptions, task: OpenTask, *, reassigned: bool) -> None:
    """One that was declined stays called: that it went to the wrong person is not undone.

    So does one that was accepted, but where somebody else has it now, whose task counts instead.
    """
    if not task.reached & 1 << ACCEPTED:
        kept.not_called += 1
    elif reassigned:
        kept.not_called += 1
        kept.handed_on += 1
        kept.accepted_late -= bool(task.marks & ACCEPTED_LATE)


def _closing(kept: Exceptions, task: OpenTask, move: Move, fact: Recorded[Any]) -> None:
    """The seconds of a task count while it is closed; those of its last close."""
    if task.closing is not None:
        kept.closing_seconds -= task.closing
        task.closing = None
    if move.now == CLOSED:
        waited = move.waited  # told with the first close alone
        if waited is None:
            at = judge(fact.meta, fact.recorded_at, task.dispatched_at).at
            waited = (at - task.dispatched_at) // timedelta(seconds=1)
        task.closing = waited
        kept.closing_seconds += waited


def reported(task: OpenTask, fact: Recorded[Any]) -> None:
    """Note whether a report came in time; the last one counts."""
    by = task.report_by
    if by is None:
        task.marks &= ~LATE
        return
    at = judge(fact.meta, fact.recorded_at, task.dispatched_at).at
    task.marks = task.marks | LATE if at > by else task.marks & ~LATE


class Counted(NamedTuple):
    """What the figures of one division are made of."""

    counts: Row
    stages: list[int]
    exceptions: Exceptions


def total(parts: Iterable[Counted]) -> Figures:
    """The figures over divisions and task forces."""
    sums = Figures()
    for counts, stages, kept in parts:
        sums.called += stages[DISPATCHED] - kept.not_called
        accepted = stages[ACCEPTED] - kept.handed_on
        sums.accepted += accepted
        sums.accepted_in_time += accepted - kept.accepted_late
        sums.reported += stages[REPORTED]
        sums.sent_back += kept.sent_back
        sums.declined += kept.declined
        sums.closed += counts[CLOSED]
        sums.closed_in_time += counts[CLOSED] - kept.closed_late
        sums.closing_seconds += kept.closing_seconds
    return sums


def rates(figures: Figures) -> Rates:
    """The rates that people are told."""
    called = figures.called
    return Rates(
        _share(figures.accepted_in_time, called),
        _share(figures.closed, called),
        _share(figures.closed_in_time, called),
        _share(figures.sent_back, figures.reported),
        _share(called - figures.declined, called),
        round(figures.closing_seconds / figures.closed) if figures.closed else None,
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole > 0 else None
