"""Deadlines (期限) of one task: its own where it has any, else those of its order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from handheld.domain.task_force import OrderTerms
from handheld.domain.task_state import Task
from handheld_events.ids import TIME_DIGITS

_SHORTEST, _LONGEST = timedelta(minutes=1), timedelta(days=366)


class Deadlines(NamedTuple):
    """By when a task is to be accepted and reported (UTC); none where it has no such deadline."""

    accept_by: datetime | None
    report_by: datetime | None


def deadlines(task: Task, terms: OrderTerms | None) -> Deadlines:
    """What holds for the task while it is not suspended."""
    return Deadlines(accept_by(task, terms), report_by(task, terms))


def accept_by(task: Task, terms: OrderTerms | None) -> datetime | None:
    """By when it is to be accepted (UTC), while it is not suspended."""
    return task.accept_by or (terms.accept_by if terms is not None else None)


def report_by(task: Task, terms: OrderTerms | None) -> datetime | None:
    """By when it is to be reported (UTC), while it is not suspended."""
    return task.report_by or (terms.report_by if terms is not None else None)


def moved(task: Task, terms: OrderTerms | None, now: datetime) -> Deadlines:
    """What holds once a suspended task goes on: later by as long as it was suspended.

    What was promised meanwhile is later by as long as it waited since then.
    """
    before = deadlines(task, terms)
    if task.suspended is None or task.suspended.since is None:
        return before
    since = task.suspended.since
    waited = max(now - since, timedelta())
    of_report = max(now - max(since, task.suspended.extended or since), timedelta())
    return Deadlines(
        None if before.accept_by is None else before.accept_by + waited,
        None if before.report_by is None else before.report_by + of_report,
    )


def for_a_late_one(order: str, terms: OrderTerms, left: Deadlines, now: datetime) -> Deadlines:
    """What is given to somebody who gets a task of an order later than the others.

    What still lies ahead stands. Nobody is given a deadline that had passed before they were asked:
    in its place they get as long, from now, as the order gave at first. None means the order's own.
    """
    return Deadlines(
        _for_a_late_one(order, terms.accept_by, left.accept_by, now),
        _for_a_late_one(order, terms.report_by, left.report_by, now),
    )


def _for_a_late_one(
    order: str, ordered: datetime | None, left: datetime | None, now: datetime
) -> datetime | None:
    if left is None:
        return None
    if left > now:
        return None if left == ordered else left
    span = (ordered or left) - _given_at(order, now)
    return now + min(max(span, _SHORTEST), _LONGEST)


def _given_at(order: str, now: datetime) -> datetime:
    """When the order was given: an order's id begins with the time of its command."""
    digits = order.removeprefix("order-")[:TIME_DIGITS]
    try:
        return datetime.fromtimestamp(int(digits, 16) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return now
