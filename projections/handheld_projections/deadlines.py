"""Deadlines of one task: what is due next, and when. Pure: the instant comes from the log or is given.

A task that waits to be accepted, or to be reported, is reminded first after a while, then every so
often; then the superiors are told, one tier up each time; at its deadline it is overdue.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from handheld_events.orders import Awaited, Reminding
from handheld_projections.open_tasks import (
    ACCEPT_OVERDUE,
    IN_PROGRESS,
    OPEN,
    REPORT_OVERDUE,
    SUSPENDED,
    WAITING,
    OpenTask,
)
from handheld_projections.task_forces import IssuedOrder

Kind = Literal["overdue", "remind", "escalate", "resume"]


class Due(NamedTuple):
    """Something that is due for one task."""

    at: datetime
    kind: Kind
    awaited: Awaited
    number: int = 0
    """Of a reminder or an escalation: the how manieth."""


def dues(task: OpenTask, order: IssuedOrder | None) -> list[Due]:
    """What is due for a task next: each kind at most once, in no order."""
    if task.state not in (WAITING, IN_PROGRESS):
        return []
    waiting = task.state == WAITING
    awaited: Awaited = "accept" if waiting else "report"
    if task.marks & SUSPENDED:
        return [] if task.until is None else [Due(task.until, "resume", awaited)]
    found: list[Due] = []
    if not task.marks & OPEN:  # what anybody may claim is nobody's delay
        if waiting and task.accept_by is not None and not task.marks & ACCEPT_OVERDUE:
            found.append(Due(task.accept_by, "overdue", "accept"))
        if task.report_by is not None and not task.marks & REPORT_OVERDUE:
            found.append(Due(task.report_by, "overdue", "report"))
    if order is not None:
        rule = order.remind_accept if waiting else order.remind_report
        if rule is not None:
            found += _waits(task, rule, awaited)
    return found


def latest(due: Due, task: OpenTask, order: IssuedOrder | None, now: datetime) -> tuple[int, int]:
    """Of a reminder or escalation that is due: the latest one that is, and how many it skips.

    After a time when nothing ran, those missed collapse into the latest.
    """
    rule = None
    if order is not None:
        rule = order.remind_accept if due.awaited == "accept" else order.remind_report
    if rule is None:
        return due.number, 0
    most = rule.most if due.kind == "remind" else _tiers(task)
    missed = (now - due.at) // timedelta(seconds=rule.every)
    number = min(due.number + max(0, missed), most)
    return number, number - due.number


def _waits(task: OpenTask, rule: Reminding, awaited: Awaited) -> Iterator[Due]:
    since = task.since or task.dispatched_at
    first = since + timedelta(seconds=rule.after)
    every = timedelta(seconds=rule.every)
    if task.reminded < rule.most:
        yield Due(first + every * task.reminded, "remind", awaited, task.reminded + 1)
    elif not task.marks & OPEN and task.escalated < _tiers(task):
        at = first + every * (rule.most + task.escalated)
        yield Due(at, "escalate", awaited, task.escalated + 1)


def _tiers(task: OpenTask) -> int:
    """How many times somebody above is told: people at the district have one above them, too."""
    return max((len(task.division) - 6) // 3, 1)
