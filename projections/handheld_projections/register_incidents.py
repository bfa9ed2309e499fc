"""What facts of task forces, findings and warnings change in their rows of the registers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from handheld_events.codec import microseconds
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
from handheld_events.ids import department_stream
from handheld_events.task_force import (
    CommandHandedOver,
    DepartmentAccepted,
    DepartmentCalled,
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
from handheld_events.warning import (
    ProposalDeclined,
    StartCancelled,
    StartedOnWarning,
    StartProposed,
    WarningCancelled,
    WarningContent,
    WarningCorrected,
    WarningEvent,
    WarningExpired,
    WarningPlaced,
    WarningReceived,
    WarningUpdated,
)
from handheld_projections.register_rows import Concern, Values

Told = tuple[bool, Values]
"""Whether the row is new, and its columns."""


def task_force(fact: Recorded[Any], us: int) -> Told:
    """The row of a task force. `us` is the recorded time in microseconds (UTC)."""
    event: TaskForceEvent = fact.event
    match event:
        case TaskForceStarted() as e:
            return True, _started(fact, e, us)
        case LevelChanged() as e:
            return False, {"level": e.level}
        case CommandHandedOver() as e:
            return False, {"commander": e.to}
        case StoodDown():
            return False, {"status": "stood_down"}
        case TaskForceClosed():
            return False, {"status": "closed", "ended_at": us}
        case TaskForceCancelled():
            return False, {"status": "cancelled", "ended_at": us}
        case TaskForceReopened():
            return False, {"status": "active", "ended_at": None, "archived": 0}
        case TaskForceArchived():
            return False, {"archived": 1}
        case (
            OrderForeseen()
            | OrderIssued()
            | OrderAmended()
            | OrderWithdrawn()
            | OrderClaimed()
            | OrderUnclaimed()
            | OrderUnfilled()
            | DepartmentCalled()
            | DepartmentAccepted()
            | PersonPulledIn()
            | MessageSent()
            | EntryMade()
            | EntryStruck()
            | TaskForceCorrected()
            | TaskForceRated()
            | TaskForceEvaluated()
        ):
            return False, {}


def _started(fact: Recorded[Any], event: TaskForceStarted, us: int) -> Values:
    return {
        "task_force": fact.stream,
        "first": fact.position,
        "title": event.title,
        "division": event.division,
        "status": "active",
        "archived": 0,
        "level": event.level,
        "drill": int(fact.meta.drill),
        "plan": event.plan,
        "place": event.place,
        "started_at": us,
        "ended_at": None,
        "started_by": fact.meta.actor,
        "commander": event.commander or fact.meta.actor,
        "finding": event.finding,
    }


def order(fact: Recorded[Any]) -> tuple[bool, str, Values] | None:
    """The words of an order, as they stand: whether it is new, its id, its columns."""
    event = fact.event
    if isinstance(event, OrderIssued):
        values: Values = {
            "order_id": event.order,
            "first": fact.position,
            "task_force": fact.stream,
            "text": event.text,
            "given_by": event.given_by,
            "passed_on_from": event.passed_on_from,
            "finding": event.finding,
        }
        return True, event.order, values
    if isinstance(event, OrderAmended):
        return False, event.order, {"text": event.text}
    return None


def concerned(fact: Recorded[Any]) -> tuple[str, Concern] | None:
    """Whom this fact makes the task force or the finding concern besides those of its territory."""
    match fact.event:
        case DepartmentCalled() as e:
            return department_stream(e.department), "lead" if e.part == "lead" else "called"
        case MessageSent() as e if e.to is not None:
            return e.to, "told"
        case CommandHandedOver() as e:
            return e.to, "member"
        case PersonPulledIn() as e:
            return e.person, "member"
        case TaskForceStarted() as e if e.commander is not None:
            return e.commander, "member"
        case FindingReported() | FindingPassedUp() | FindingRouted() as e:
            return e.desk, "desk"
        case _:
            return None


def finding(fact: Recorded[Any], us: int) -> Told:
    """The row of a finding. Its state is told by marks, of which the first that is set counts."""
    event: FindingEvent = fact.event
    match event:
        case FindingReported() as e:
            return True, {
                "finding": fact.stream,
                "first": fact.position,
                "text": e.text,
                "place": e.place,
                "division": e.division,
                "desk": e.desk,
                "dealt_with": 0,
                **_OPEN,
                "reporter": fact.person or fact.meta.actor,
                "task_force": None,
                "order_id": None,
                "reported_at": us,
                "drill": int(fact.meta.drill),
                "wants_task_force": 0,
            }
        case FindingPassedUp() as e:
            return False, {**_OPEN, "desk": e.desk, "wants_task_force": int(e.wants_task_force)}
        case FindingRouted() as e:
            return False, {**_OPEN, "desk": e.desk, "wants_task_force": 0}
        case FindingReturned():
            return False, {**_OPEN, "returned": 1, "wants_task_force": 0}
        case FindingAdded():
            return False, {"returned": 0}
        case FindingDealtWith() as e:
            settled: Values = {"dealt_with": 1}
            if e.task_force is not None:
                settled["task_force"] = e.task_force
            return False, settled if e.order is None else {**settled, "order_id": e.order}
        case FindingOrdered() as e:
            given: Values = {"task_force": e.task_force_started, "order_id": e.order}
            return False, {"ordered": 1, "returned": 0, **given}
        case FindingStarted() as e:
            return False, {"started": 1, "returned": 0, "task_force": e.task_force_started}
        case FindingPutBack() as e:
            return False, {**_OPEN, "ordered": int(e.ordered), "task_force": None}
        case FindingCorrected() as e:
            right = e.version == 1 and e.text is not None
            return False, {"text": e.text} if right else {}


_OPEN: Values = {"returned": 0, "started": 0, "ordered": 0}


def warning(fact: Recorded[Any], us: int) -> Told:
    """The row of a warning."""
    event: WarningEvent = fact.event
    match event:
        case WarningReceived() as e:
            return True, {
                "warning": fact.stream,
                "first": fact.position,
                "status": "received",
                "source": e.source,
                "received_at": us,
                "drill": int(fact.meta.drill),
                **_content(e.content),
            }
        case WarningUpdated() as e:
            return False, {"status": "updated", **_content(e.content)}
        case WarningCancelled():
            return False, {"status": "cancelled"}
        case WarningExpired():
            return False, {"status": "expired"}
        case WarningPlaced() as e:
            return False, {"divisions": e.divisions}
        case (
            StartProposed()
            | ProposalDeclined()
            | StartedOnWarning()
            | StartCancelled()
            | WarningCorrected()
        ):
            return False, {}


def _content(content: WarningContent) -> Values:
    return {
        "event": content.event,
        "level": content.level,
        "headline": content.headline,
        "divisions": content.divisions,
        "expires": _us(content.expires),
    }


def _us(moment: datetime | None) -> int | None:
    return None if moment is None else microseconds(moment)
