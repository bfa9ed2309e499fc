"""What is known of a task force besides its tasks: title, orders, status."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import msgspec
from msgspec.structs import replace

from handheld_events.division import Posture
from handheld_events.envelope import Recorded
from handheld_events.forms import Form
from handheld_events.orders import Level, Reminding, Steps
from handheld_events.task_force import (
    CommandHandedOver,
    DepartmentAccepted,
    DepartmentCalled,
    DepartmentPart,
    EntryMade,
    EntryStruck,
    LevelChanged,
    MessageSent,
    OrderAmended,
    OrderClaimed,
    OrderForeseen,
    OrderIssued,
    OrderUnclaimed,
    OrderUnfilled,
    OrderWithdrawn,
    PersonPulledIn,
    StoodDown,
    TaskForceArchived,
    TaskForceCancelled,
    TaskForceClosed,
    TaskForceCorrected,
    TaskForceEvaluated,
    TaskForceEvent,
    TaskForceRated,
    TaskForceReopened,
    TaskForceStarted,
)

Status = Literal["active", "stood_down", "closed", "cancelled"]


class IssuedOrder(msgspec.Struct, frozen=True):
    """An order as it stands, after its amendments."""

    order: str
    key: str | None
    text: str
    steps: Steps
    tasks: int
    accept_by: datetime | None
    report_by: datetime | None
    vacant_count: int
    form: Form = ()
    open_to: int | None = None
    claimed: int = 0
    called_at_level: Level | None = None
    remind_accept: Reminding | None = None
    remind_report: Reminding | None = None
    finding: str | None = None
    passed_on_from: str | None = None
    amended: int = 0
    withdrawn: bool = False
    claimed_anew: int = 0
    """Of an open order: how many places became free again."""
    unfilled: datetime | None = None
    """Of an open order: the time to claim it that was last recorded as passed with places free."""


class ForeseenOrder(msgspec.Struct, frozen=True):
    """An order that the plan has yet to call."""

    key: str
    text: str
    level: Level | None
    at: datetime | None
    every: int | None
    given: int = 0


class DepartmentLine(msgspec.Struct, frozen=True):
    """A department in a task force."""

    department: str
    part: DepartmentPart
    accepted_at: datetime | None = None


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
    orders: dict[str, IssuedOrder] = {}
    pulled_in: int = 0
    entries: int = 0
    ended_at: datetime | None = None
    """Recorded time of the close or the cancellation (UTC)."""
    outcome: str | None = None
    commander: str | None = None
    posture: Posture = "peacetime"
    warning: str | None = None
    finding: str | None = None
    foreseen: dict[str, ForeseenOrder] = {}
    departments: dict[str, DepartmentLine] = {}
    messages: int = 0
    questions: list[str] = []
    """The messages that ask something and have no answer yet."""
    satisfied: bool | None = None
    """How it was rated."""
    score: int | None = None
    """The superior's evaluation, 1 to 5."""
    archived: bool = False
    reopened: int = 0
    """How often: what was refused because it had ended is due once more each time."""


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
            commander=event.commander,
            posture=event.posture,
            warning=event.warning,
            finding=event.finding,
        )
    if summary is None:
        return None
    match event:
        case OrderForeseen() as e:
            key = e.order.key
            given = summary.foreseen[key].given if key in summary.foreseen else 0
            summary.foreseen[key] = ForeseenOrder(
                key, e.order.text, e.order.level, e.at, e.order.every, given
            )
        case OrderIssued() as e:
            summary.orders[e.order] = _issued(e)
            _call(summary, e)
        case OrderAmended() as e:
            _change(
                summary,
                e.order,
                text=e.text,
                steps=e.steps,
                form=e.form,
                accept_by=e.accept_by,
                report_by=e.report_by,
                amended=e.number,
            )
        case OrderWithdrawn() as e:
            _change(summary, e.order, withdrawn=True)
            order = summary.orders.get(e.order)
            if order is not None and order.key is not None:
                summary.foreseen.pop(order.key, None)
        case OrderClaimed() as e:
            known = summary.orders.get(e.order)
            if known is not None:
                _change(summary, e.order, claimed=known.claimed + 1)
        case OrderUnclaimed() as e:
            known = summary.orders.get(e.order)
            if known is not None:
                _change(
                    summary,
                    e.order,
                    claimed=known.claimed - 1,
                    claimed_anew=known.claimed_anew + 1,
                )
        case OrderUnfilled() as e:
            _change(summary, e.order, unfilled=e.due_at)
        case LevelChanged() as e:
            summary.level = e.level
        case CommandHandedOver() as e:
            summary.commander = e.to
        case DepartmentCalled() as e:
            _department_called(summary, e)
        case DepartmentAccepted() as e:
            line = summary.departments.get(e.department)
            part: DepartmentPart = line.part if line else "responding"
            summary.departments[e.department] = DepartmentLine(e.department, part, fact.recorded_at)
        case PersonPulledIn():
            summary.pulled_in += 1
        case MessageSent() as e:
            summary.messages += 1
            if e.question:
                summary.questions.append(e.message)
            if e.answers in summary.questions:
                summary.questions.remove(e.answers)
        case EntryMade():
            summary.entries += 1
        case StoodDown():
            summary.status = "stood_down"
        case TaskForceClosed() as e:
            summary.status = "closed"
            # With the close its times have passed: a reopening does not call anew.
            summary.foreseen = {k: replace(f, at=None) for k, f in summary.foreseen.items()}
            summary.ended_at = fact.recorded_at
            summary.outcome = e.outcome
        case TaskForceCancelled() as e:
            summary.status = "cancelled"
            summary.ended_at = fact.recorded_at
            summary.outcome = e.reason
        case TaskForceReopened():
            summary.status = "active"
            summary.reopened += 1
            summary.ended_at = summary.outcome = None
            summary.archived = False
            summary.satisfied = summary.score = None
        case TaskForceRated() as e:
            summary.satisfied = e.satisfied
        case TaskForceEvaluated() as e:
            summary.score = e.score
        case TaskForceArchived():
            summary.archived = True
        case EntryStruck() | TaskForceCorrected():
            pass
    return summary


def _issued(event: OrderIssued) -> IssuedOrder:
    return IssuedOrder(
        event.order,
        event.key,
        event.text,
        event.steps,
        event.tasks,
        event.accept_by,
        event.report_by,
        event.vacant_count,
        event.form,
        event.open_to,
        0,
        event.called_at_level,
        event.remind_accept,
        event.remind_report,
        event.finding,
        event.passed_on_from,
    )


def _call(summary: Summary, event: OrderIssued) -> None:
    foreseen = summary.foreseen.get(event.key or "")
    if foreseen is not None:
        given = event.occurrence or foreseen.given + 1
        summary.foreseen[foreseen.key] = replace(foreseen, at=event.next_at, given=given)


def _change(summary: Summary, order: str, **change: Any) -> None:
    known = summary.orders.get(order)
    if known is not None:
        summary.orders[order] = replace(known, **change)


def _department_called(summary: Summary, event: DepartmentCalled) -> None:
    if event.part == "lead":
        for key, line in summary.departments.items():
            if line.part == "lead":
                summary.departments[key] = replace(line, part="responding")
    known = summary.departments.get(event.department)
    at = known.accepted_at if known else None
    summary.departments[event.department] = DepartmentLine(event.department, event.part, at)
