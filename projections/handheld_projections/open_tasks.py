"""An open task, as boards and agenda must know it: its state, the stages it passed, its marks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec

from handheld_events.envelope import Recorded
from handheld_events.task import (
    TaskAccepted,
    TaskAmended,
    TaskCancelled,
    TaskClosed,
    TaskDeclined,
    TaskEscalated,
    TaskExtended,
    TaskOverdue,
    TaskReassigned,
    TaskReminded,
    TaskReopened,
    TaskReported,
    TaskResumed,
    TaskSentBack,
    TaskSupervised,
    TaskSuspended,
    TaskWithdrawn,
)

State = Literal["waiting", "in_progress", "to_verify", "closed", "declined", "withdrawn"]
STATES: tuple[State, ...] = (
    "waiting",
    "in_progress",
    "to_verify",
    "closed",
    "declined",
    "withdrawn",
)
"""未领办, 办理中, 待核查, 已办结, 已退单, 已撤回: the columns of every board, in this order."""

Stage = Literal[
    "dispatched", "delivered", "read", "accepted", "on_scene", "reported", "verified", "closed"
]
STAGES: tuple[Stage, ...] = (
    "dispatched",
    "delivered",
    "read",
    "accepted",
    "on_scene",
    "reported",
    "verified",
    "closed",
)
"""派单, 送达, 已读, 领办, 到场, 回单, 核查, 办结: the steps of every funnel, in this order."""

WAITING, IN_PROGRESS, TO_VERIFY, CLOSED, DECLINED, WITHDRAWN = range(6)
DISPATCHED, DELIVERED, READ, ACCEPTED, ON_SCENE, REPORTED, VERIFIED, CLOSED_STAGE = range(8)
"""Indexes into STAGES; those above into STATES."""
ACCEPT_OVERDUE, REPORT_OVERDUE, SUSPENDED, OPEN, UNIT, SUPERVISED = 1, 2, 4, 8, 16, 32
CLAIMED = 1024
LATE, SENT_BACK, BOUNCED, ACCEPTED_LATE = 64, 128, 256, 512
"""Marks beside the state, one bit each. Overdue to accept: until it is accepted. Overdue to report:
until the task is done. Open: to a group, and not claimed (待抢办). Unit: a department is called.
Late: the last report came after its deadline. Sent back, bounced: once at least.
Accepted late: the first time, after the deadline. Claimed: it has a place of an open order."""
OVERDUE = ACCEPT_OVERDUE | REPORT_OVERDUE


class OpenTask(msgspec.Struct, array_like=True, gc=False):
    """What must be known of a task to tell its next move and what is due next."""

    person: str
    division: str
    order: str
    dispatched_at: datetime
    """Recorded time of the dispatch (UTC)."""
    version: int = 1
    state: int = WAITING
    """Index into STATES."""
    reached: int = 1
    """One bit a stage: it is counted when it is reached first."""
    marks: int = 0
    """Bits of those above."""
    department: str | None = None
    accept_by: datetime | None = None
    report_by: datetime | None = None
    since: datetime | None = None
    """Recorded time since which the step is awaited; the dispatch where it is none."""
    reminded: int = 0
    """Of the step that is awaited: reminders, counting those skipped."""
    escalated: int = 0
    until: datetime | None = None
    """Of a suspended one: when it goes on by itself."""
    numbers: dict[str, int] | None = None
    """What its last report counted, as long as that report stands."""
    visited: dict[str, bool | None] | None = None
    """The households visited, and whether they were satisfied."""
    suspended_at: datetime | None = None
    """Of a suspended one: since when nothing is waited for."""
    closing: int | None = None
    """Of a closed one: the seconds from dispatch to its last close."""
    rated: bool | None = None
    """How it was rated last, since it was reopened last; none where nobody did."""

    @property
    def status(self) -> State:
        """The board state."""
        return STATES[self.state]

    @property
    def overdue(self) -> bool:
        """Whether a deadline has passed, as the log knows (超期)."""
        return bool(self.marks & OVERDUE) and self.state <= TO_VERIFY

    @property
    def delivered(self) -> bool:
        """Whether a device of the assignee has it."""
        return bool(self.reached & 1 << DELIVERED)


def _anew(task: OpenTask, fact: Recorded[Any]) -> None:
    """Another step is awaited from now on."""
    task.since = fact.recorded_at
    task.reminded = task.escalated = 0


def _accepted(task: OpenTask, fact: Recorded[Any]) -> None:
    if task.marks:
        if task.marks & OPEN:
            task.marks |= CLAIMED
        task.marks &= ~(ACCEPT_OVERDUE | OPEN)
    task.since = fact.recorded_at
    task.reminded = task.escalated = 0


def _reopened(task: OpenTask, fact: Recorded[TaskReopened]) -> None:
    task.state = WAITING if task.state == DECLINED else IN_PROGRESS
    task.accept_by = fact.event.accept_by or task.accept_by
    _anew(task, fact)


def _reported(task: OpenTask, fact: Recorded[Any]) -> None:
    task.marks &= ~SUSPENDED
    task.until = None
    task.reminded = task.escalated = 0


def _suspended(task: OpenTask, fact: Recorded[TaskSuspended]) -> None:
    task.marks |= SUSPENDED
    task.until = fact.event.until
    task.suspended_at = fact.event.at or fact.recorded_at


def _resumed(task: OpenTask, fact: Recorded[TaskResumed]) -> None:
    task.marks &= ~SUSPENDED
    task.until = None
    if task.suspended_at is not None:  # reminders wait as deadlines do
        since = task.since or task.dispatched_at
        # What was awaited only later, as after an acceptance, has waited only from then on.
        waited = max(fact.recorded_at - max(task.suspended_at, since), timedelta())
        task.since = since + waited
        task.suspended_at = None
    task.accept_by = fact.event.accept_by or task.accept_by
    task.report_by = fact.event.report_by or task.report_by


def _extended(task: OpenTask, fact: Recorded[TaskExtended]) -> None:
    task.marks &= ~REPORT_OVERDUE
    task.report_by = fact.event.report_by


def _reminded(task: OpenTask, fact: Recorded[TaskReminded]) -> None:
    task.reminded = fact.event.number


def _escalated(task: OpenTask, fact: Recorded[TaskEscalated]) -> None:
    task.escalated = fact.event.number


def _overdue(task: OpenTask, fact: Recorded[TaskOverdue]) -> None:
    accept = fact.event.awaited == "accept"
    task.marks |= ACCEPT_OVERDUE if accept else REPORT_OVERDUE


def _amended(task: OpenTask, fact: Recorded[TaskAmended]) -> None:
    task.marks &= ~(OVERDUE | SUSPENDED)
    task.accept_by, task.report_by = fact.event.accept_by, fact.event.report_by
    _anew(task, fact)


def _supervised(task: OpenTask, fact: Recorded[Any]) -> None:
    task.marks |= SUPERVISED


def _done(task: OpenTask, fact: Recorded[Any]) -> None:
    task.marks &= ~(OVERDUE | SUSPENDED)  # what was declined is open to the group when reopened


def _declined(task: OpenTask, fact: Recorded[Any]) -> None:
    _done(task, fact)
    if task.marks & CLAIMED:  # its place is free again
        task.marks = task.marks & ~CLAIMED | OPEN


NOTED: dict[type, Callable[[OpenTask, Recorded[Any]], None]] = {
    TaskAccepted: _accepted,
    TaskReported: _reported,
    TaskSuspended: _suspended,
    TaskResumed: _resumed,
    TaskExtended: _extended,
    TaskReminded: _reminded,
    TaskEscalated: _escalated,
    TaskOverdue: _overdue,
    TaskAmended: _amended,
    TaskSupervised: _supervised,
    TaskSentBack: _anew,
    TaskReopened: _reopened,
    TaskClosed: _done,
    TaskDeclined: _declined,
    TaskWithdrawn: _done,
    TaskReassigned: _done,
    TaskCancelled: _done,
}
"""What else must be kept of some facts, by type."""
