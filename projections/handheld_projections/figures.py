"""The figures of the loop (闭环指标): how much was accepted and closed, in time, once, to satisfaction.

Which time judges: when it was done, as `handheld_events.times` bounds the claim. Kept where the task
is, like the counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import msgspec

from handheld_events.envelope import Recorded
from handheld_events.task import TaskReassigned
from handheld_events.times import judge
from handheld_projections.moves import Move
from handheld_projections.open_tasks import (
    ACCEPTED_LATE,
    BOUNCED,
    CLOSED,
    DECLINED,
    IN_PROGRESS,
    LATE,
    SENT_BACK,
    STAGES,
    TO_VERIFY,
    WITHDRAWN,
    OpenTask,
)

_ACCEPTED, _REPORTED = (STAGES.index(s) for s in ("accepted", "reported"))


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


FiguresBy = dict[str, Figures]
"""By division code."""


def take(figures: FiguresBy, task: OpenTask, move: Move, fact: Recorded[Any]) -> None:
    """Take in a move of a task."""
    here = figures.get(move.division)
    if here is None:
        here = figures[move.division] = Figures()
    stage, was, now = move.stage, move.was, move.now
    if was is None:
        here.called += 1
        return
    if was != now and (was > IN_PROGRESS or now > IN_PROGRESS):
        _state(here, task, was, now)
        _closing(here, task, move, fact)
        if now == WITHDRAWN != was and isinstance(fact.event, TaskReassigned):
            _reassigned(here, task)
    if stage == _ACCEPTED:
        here.accepted += 1
        if task.accept_by is not None and _late(task, move.waited):
            task.marks |= LATE | ACCEPTED_LATE  # late until a report says otherwise
        else:
            here.accepted_in_time += 1
    elif stage == _REPORTED:
        here.reported += 1


def _state(here: Figures, task: OpenTask, was: int, now: int) -> None:
    if now == WITHDRAWN and not (task.marks & BOUNCED or task.reached & 1 << _ACCEPTED):
        here.called -= 1
    elif now == CLOSED:
        here.closed += 1
        here.closed_in_time += not task.marks & LATE
    elif was == CLOSED:
        here.closed -= 1
        here.closed_in_time -= not task.marks & LATE
    elif was == TO_VERIFY and now == IN_PROGRESS and not task.marks & SENT_BACK:
        task.marks |= SENT_BACK
        here.sent_back += 1
    elif now == DECLINED and not task.marks & BOUNCED:
        task.marks |= BOUNCED
        here.declined += 1


def _closing(here: Figures, task: OpenTask, move: Move, fact: Recorded[Any]) -> None:
    """The seconds of a task count while it is closed; those of its last close."""
    if task.closing is not None:
        here.closing_seconds -= task.closing
        task.closing = None
    if move.now == CLOSED:
        waited = move.waited  # told with the first close alone
        if waited is None:
            at = judge(fact.meta, fact.recorded_at, task.dispatched_at).at
            waited = (at - task.dispatched_at) // timedelta(seconds=1)
        task.closing = waited
        here.closing_seconds += waited


def _reassigned(here: Figures, task: OpenTask) -> None:
    """It counts no more as accepted: somebody else has the task now, which counts instead.

    One that was declined stays: that it was called to the wrong person is not undone.
    """
    if task.marks & BOUNCED or not task.reached & 1 << _ACCEPTED:
        return
    here.called -= 1
    here.accepted -= 1
    here.accepted_in_time -= not task.marks & ACCEPTED_LATE


def _late(task: OpenTask, waited: int | None) -> bool:
    by = task.accept_by
    return by is not None and task.dispatched_at + timedelta(seconds=waited or 0) > by


def reported(task: OpenTask, fact: Recorded[Any]) -> None:
    """Note whether a report came in time; the last one counts."""
    by = task.report_by
    at = judge(fact.meta, fact.recorded_at, task.dispatched_at).at
    task.marks = task.marks | LATE if by is not None and at > by else task.marks & ~LATE


def total(figures: Iterable[FiguresBy], territory: str) -> Figures:
    """The figures of a division and all below it."""
    sums = Figures()
    for one in figures:
        for code, here in one.items():
            if code.startswith(territory):
                for name in Figures.__struct_fields__:
                    setattr(sums, name, getattr(sums, name) + getattr(here, name))
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
