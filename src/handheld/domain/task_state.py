"""The state of a task, as its facts tell it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

import msgspec

from handheld_events.forms import NOTHING_FILLED, Filled, Photos
from handheld_events.orders import Awaited, Steps
from handheld_events.task import (
    HouseholdVisited,
    TaskAccepted,
    TaskAmended,
    TaskCancelled,
    TaskClosed,
    TaskCorrected,
    TaskDeclined,
    TaskDelivered,
    TaskDispatched,
    TaskEnRoute,
    TaskEscalated,
    TaskEvaluated,
    TaskEvent,
    TaskExtended,
    TaskNoticeAnswered,
    TaskNoticeAttempted,
    TaskNoticeBegun,
    TaskOnScene,
    TaskOverdue,
    TaskOvertaken,
    TaskPassedOn,
    TaskRated,
    TaskRead,
    TaskReassigned,
    TaskReminded,
    TaskReopened,
    TaskReported,
    TaskResumed,
    TaskSentBack,
    TaskSupervised,
    TaskSuspended,
    TaskVerified,
    TaskWithdrawn,
)

Status = Literal["waiting", "in_progress", "to_verify", "closed", "declined", "withdrawn"]
"""The states of every board: 未领办, 办理中, 待核查, 已办结, 已退单, 已撤回. They exclude each other."""

FILLED = "order.filled"
"""The reason of tasks that are withdrawn because others were first to claim."""

Told = tuple[Filled, Photos]
"""What a report tells besides words."""
NOTHING_TOLD: Told = (NOTHING_FILLED, ())
NONE_SO_FAR: Mapping[Awaited, int] = {}


class Suspension(msgspec.Struct, frozen=True):
    """Why no deadline runs."""

    since: datetime | None
    """By the log's clock (UTC)."""
    until: datetime | None
    """When it goes on by itself (UTC)."""
    extended: datetime | None = None
    """When the report was last given more time meanwhile: that time waits from then on (UTC)."""


class Task(msgspec.Struct, frozen=True):
    """A task as its stream tells it. All but the status are marks beside it."""

    order: str
    person: str
    steps: Steps
    status: Status = "waiting"
    role: str | None = None
    department: str | None = None
    unit: bool = False
    """The department itself is called."""
    open: bool = False
    """Open to a group: one of its places must be claimed."""
    claimed: bool = False
    """It has a place, and keeps it when the order is amended."""
    released: bool = False
    """Withdrawn because others were first to claim: called again when a place is free again."""
    form: bool = False
    passed_on_from: str | None = None
    accept_by: datetime | None = None
    """Where it differs from the order's (UTC)."""
    report_by: datetime | None = None
    delivered: bool = False
    read: bool = False
    en_route: bool = False
    on_scene: bool = False
    suspended: Suspension | None = None
    overdue: frozenset[Awaited] = frozenset()
    """The steps whose deadline has passed."""
    reminded: Mapping[Awaited, int] = NONE_SO_FAR
    """The number of the latest reminder for a step."""
    escalated: Mapping[Awaited, int] = NONE_SO_FAR
    """How many tiers up it was told that a step waits."""
    supervised: str | None = None
    """The latest words of whoever watches it."""
    visits: Mapping[str, tuple[str, bool | None]] = {}
    """By household: what was done at the latest visit, and whether they were satisfied."""
    report: str | None = None
    """The latest report that nobody sent back."""
    told: Told = NOTHING_TOLD
    reported_by: str | None = None
    """Who entered that report, where it was not the assignee."""
    declined: str | None = None
    """Why the assignee declined."""
    amended: int = 0
    """The number of the latest amendment."""
    passed_on: tuple[str, ...] = ()
    """The orders given to those below."""
    reassigned_to: str | None = None
    """The person who does it instead."""
    rated: tuple[bool, str | None] | None = None
    evaluated: tuple[int, str | None] | None = None
    noticed: int = 0
    """How many notices were begun, over all rungs of the ladder."""
    noticing: bool = False
    """Nobody has said yet what came of the latest."""
    notices_answered: frozenset[int] = frozenset()
    """The notices of which the other side said what became of them."""
    version: int = 1


UNREPORTED: Mapping[str, object] = {
    "report": None,
    "told": NOTHING_TOLD,
    "reported_by": None,
}
UNTRAVELLED: Mapping[str, object] = {"en_route": False, "on_scene": False}
UNCHASED: Mapping[str, object] = {
    "overdue": frozenset[Awaited](),
    "reminded": NONE_SO_FAR,
    "escalated": NONE_SO_FAR,
}
"""Nothing has been waited for yet."""


def evolve(task: Task | None, event: TaskEvent) -> Task:
    """The task after this fact."""
    if task is None:
        if not isinstance(event, TaskDispatched):
            msg = f"a task begins with task.dispatched, not {event.TOPIC}"
            raise TypeError(msg)
        return _dispatched(event)
    change: dict[str, object] = {}
    match event:
        case TaskDispatched():
            msg = "a task is dispatched once"
            raise TypeError(msg)
        case TaskDelivered():
            change["delivered"] = True
        case TaskRead():
            change["read"] = True
        case TaskAccepted():
            change |= {"status": "in_progress", "claimed": task.open}
        case TaskEnRoute():
            change["en_route"] = True
        case TaskOnScene():
            change["on_scene"] = True
        case HouseholdVisited():
            visit = (event.done, event.satisfied)
            change["visits"] = {**task.visits, event.household: visit}
        case TaskReported():
            told = (event.filled, event.photos)
            change |= {"status": "to_verify", "report": event.text, "told": told, "suspended": None}
            change["reported_by"] = event.reported_by
        case TaskClosed():
            change |= {"status": "closed", "suspended": None}
        case TaskSentBack():
            change |= {"status": "in_progress", **UNREPORTED, **UNTRAVELLED}
            change["reminded"] = _without_report(task.reminded)
            change["escalated"] = _without_report(task.escalated)
        case TaskDeclined():
            change |= {"status": "declined", "declined": event.reason, "suspended": None}
            change["claimed"] = False
        case TaskWithdrawn():
            change |= {"status": "withdrawn", "suspended": None}
            change["released"] = event.reason == FILLED
        case TaskCancelled():
            change |= {"status": "withdrawn", "suspended": None, "released": False}
        case TaskReassigned():
            change |= {"status": "withdrawn", "suspended": None, "reassigned_to": event.to}
        case TaskPassedOn():
            change["passed_on"] = (*task.passed_on, event.order)
        case TaskSuspended():
            extended = None if task.suspended is None else task.suspended.extended
            change["suspended"] = Suspension(event.at, event.until, extended)
        case TaskResumed():
            change |= {"suspended": None, **_deadlines(task, event)}
        case TaskExtended():
            change |= {"report_by": event.report_by, "overdue": task.overdue - {"report"}}
            if task.suspended is not None:
                change["suspended"] = msgspec.structs.replace(task.suspended, extended=event.at)
        case TaskReminded():
            change["reminded"] = {**task.reminded, event.awaited: event.number}
        case TaskEscalated():
            change["escalated"] = {**task.escalated, event.awaited: event.number}
        case TaskOverdue():
            change["overdue"] = task.overdue | {event.awaited}
        case TaskSupervised():
            change["supervised"] = event.text
        case TaskAmended():
            change = _amended(event)
        case TaskReopened():
            change = {
                "status": "waiting" if task.status == "declined" else "in_progress",
                "declined": None,
                "accept_by": event.accept_by or task.accept_by,
                "rated": None,
                "evaluated": None,
                **UNREPORTED,
                **UNTRAVELLED,
                **UNCHASED,
            }
        case TaskRated():
            change["rated"] = (event.satisfied, event.text)
        case TaskEvaluated():
            change["evaluated"] = (event.score, event.text)
        case TaskNoticeBegun():
            change |= {"noticed": event.number, "noticing": True}
        case TaskNoticeAttempted():
            change |= {"noticed": event.number, "noticing": False}
        case TaskNoticeAnswered():
            change["notices_answered"] = task.notices_answered | {event.number}
        case TaskVerified() | TaskOvertaken() | TaskCorrected():
            pass
    return msgspec.structs.replace(task, version=task.version + 1, **change)


def is_open(status: Status) -> bool:
    """Whether something is still to be done."""
    return status in ("waiting", "in_progress", "to_verify")


def awaited(task: Task) -> Awaited | None:
    """The step with a deadline that is waited for now; none while it is suspended or has ended."""
    if task.suspended is not None:
        return None
    match task.status:
        case "waiting":
            return "accept"
        case "in_progress":
            return "report"
        case "to_verify" | "closed" | "declined" | "withdrawn":
            return None


def _dispatched(event: TaskDispatched) -> Task:
    return Task(
        order=event.order,
        person=event.person,
        steps=event.steps,
        role=event.role,
        department=event.department,
        unit=event.unit,
        open=event.open,
        form=event.form,
        passed_on_from=event.passed_on_from,
        accept_by=event.accept_by,
        report_by=event.report_by,
    )


def _amended(event: TaskAmended) -> dict[str, object]:
    return {
        "status": "waiting",
        "amended": event.number,
        "steps": event.steps,
        "form": event.form,
        "accept_by": event.accept_by,
        "report_by": event.report_by,
        "suspended": None,
        **UNREPORTED,
        **UNTRAVELLED,
        **UNCHASED,
    }


def _deadlines(task: Task, event: TaskResumed) -> dict[str, object]:
    return {
        "accept_by": event.accept_by or task.accept_by,
        "report_by": event.report_by or task.report_by,
    }


def _without_report(numbers: Mapping[Awaited, int]) -> Mapping[Awaited, int]:
    """What is awaited once more is counted from the beginning."""
    return {step: number for step, number in numbers.items() if step != "report"}
