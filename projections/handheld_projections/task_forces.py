"""What is known of a task force besides its tasks: title, orders, status."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import msgspec

from handheld_events.envelope import Recorded
from handheld_events.orders import Level, Steps
from handheld_events.task_force import (
    EntryMade,
    EntryStruck,
    OrderIssued,
    PersonPulledIn,
    StoodDown,
    TaskForceClosed,
    TaskForceCorrected,
    TaskForceEvent,
    TaskForceStarted,
)

Status = Literal["active", "stood_down", "closed"]


class IssuedOrder(msgspec.Struct, frozen=True):
    """An order, as issued."""

    order: str
    key: str | None
    text: str
    steps: Steps
    tasks: int
    accept_by: datetime | None
    report_by: datetime | None
    vacant_count: int


class Summary(msgspec.Struct):
    """A task force at a glance."""

    task_force: str
    title: str
    division: str
    started_at: datetime
    """Recorded time (UTC)."""
    started_by: str
    drill: bool
    level: Level | None = None
    place: str | None = None
    plan: str | None = None
    status: Status = "active"
    orders: list[IssuedOrder] = []
    pulled_in: int = 0
    entries: int = 0
    ended_at: datetime | None = None
    """Recorded time of the close (UTC)."""
    outcome: str | None = None


def summarise(summary: Summary | None, fact: Recorded[Any]) -> Summary | None:
    """The summary after a fact of the task force's own stream."""
    event: TaskForceEvent = fact.event
    if isinstance(event, TaskForceStarted):
        return Summary(
            fact.stream,
            event.title,
            event.division,
            fact.recorded_at,
            fact.meta.actor,
            fact.meta.drill,
            event.level,
            event.place,
            event.plan,
            orders=[],
        )
    if summary is None:
        return None
    match event:
        case OrderIssued():
            summary.orders.append(
                IssuedOrder(
                    event.order,
                    event.key,
                    event.text,
                    event.steps,
                    event.tasks,
                    event.accept_by,
                    event.report_by,
                    event.vacant_count,
                )
            )
        case PersonPulledIn():
            summary.pulled_in += 1
        case EntryMade():
            summary.entries += 1
        case StoodDown():
            summary.status = "stood_down"
        case TaskForceClosed():
            summary.status = "closed"
            summary.ended_at = fact.recorded_at
            summary.outcome = event.outcome
        case EntryStruck() | TaskForceCorrected():
            pass
    return summary
