"""What the facts of one task tell, told plainly: state, marks, deadlines, what was counted.

It knows nothing of the rules in the domain, and holds each fact against what must be.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from handheld_events import task
from handheld_events.envelope import Recorded
from handheld_events.times import judge
from tests.properties.legal import OF_TASK

OPEN = ("waiting", "in_progress", "to_verify")
STATUS: dict[type, str] = {
    task.TaskAccepted: "in_progress",
    task.TaskReported: "to_verify",
    task.TaskSentBack: "in_progress",
    task.TaskClosed: "closed",
    task.TaskDeclined: "declined",
    task.TaskWithdrawn: "withdrawn",
    task.TaskReassigned: "withdrawn",
    task.TaskCancelled: "withdrawn",
    task.TaskAmended: "waiting",
}
STAGE: dict[type, str] = {
    task.TaskDelivered: "delivered",
    task.TaskRead: "read",
    task.TaskAccepted: "accepted",
    task.TaskOnScene: "on_scene",
    task.TaskReported: "reported",
    task.TaskVerified: "verified",
    task.TaskClosed: "closed",
}
ANEW = (
    task.TaskAccepted,
    task.TaskReported,
    task.TaskSentBack,
    task.TaskReopened,
    task.TaskAmended,
)
"""After these another step is awaited, or the same one once more."""


class ToldTask:
    """One task, from its dispatch on."""

    def __init__(self, fact: Recorded[Any]) -> None:
        event = fact.event
        assert isinstance(event, task.TaskDispatched), f"{fact.stream} begins with {event}"
        self.stream, self.person = fact.stream, event.person
        self.order, self.steps = event.order, event.steps
        self.task_force, self.division = fact.task_force or "", fact.division or ""
        self.replaces = event.replaces
        self.department, self.drill = event.department, fact.meta.drill
        self.about = (fact.division, fact.task_force, fact.person)
        assert fact.person == event.person
        self.status = "waiting"
        self.unclaimed = self._open = event.open
        self.form = event.form
        self.accept_by, self.report_by = event.accept_by, event.report_by
        """Its own; those of its order where it has none."""
        self.dispatched_at = self.since = fact.recorded_at
        self.suspended: tuple[datetime, datetime | None] | None = None
        self.overdue: set[str] = set()
        self.reminded = self.escalated = 0
        self.stages: dict[str, int] = {"dispatched": 0}
        """With the whole seconds from dispatch to when each was first reached."""
        self.numbers: dict[str, int] = {}
        self.visits: list[tuple[int, str, bool | None]] = []
        """With the position of each."""
        self.rated: bool | None = None
        self.closing = 0
        self.reassigned = False
        self.sent_back = self.bounced = self.after_time = False
        """Whether a report was sent back ever; it was declined ever; it was late, in the end."""
        self.accepted_late = False
        self.noticed = 0
        """How many notices were begun."""
        self.noticing = False
        """Whether the latest has no result yet."""
        self._answered: set[int] = set()
        self._marked: set[tuple[str, datetime]] = set()
        self._once: set[type] = set()
        self._verified = False
        self._versions = 1

    @property
    def open(self) -> bool:
        """Whether something is still to be done."""
        return self.status in OPEN

    @property
    def late(self) -> bool:
        """超期."""
        return self.open and bool(self.overdue)

    def take(self, fact: Recorded[Any], deadline: dict[str, datetime | None]) -> None:
        """One more fact; `deadline` is what holds for each step by order and task."""
        event: task.TaskEvent = fact.event
        assert type(event) in OF_TASK[self.status], f"{fact.event_id} {event} when {self.status}"
        assert (fact.division, fact.task_force, fact.person) == self.about
        self._guards(fact, deadline)
        kind = type(event)
        if kind is task.TaskReopened:
            self.status = "waiting" if self.status == "declined" else "in_progress"
        self.status = STATUS.get(kind, self.status)
        if not self.open:
            self.overdue.clear()
        if not self.open or self.status == "to_verify":
            self.suspended = None
        if kind in ANEW:
            self.reminded = self.escalated = 0
            self.since = fact.recorded_at
        if kind is task.TaskClosed:
            at = judge(fact.meta, fact.recorded_at, self.dispatched_at).at
            self.closing = (at - self.dispatched_at) // timedelta(seconds=1)
        if self.status not in ("to_verify", "closed"):
            self.numbers = {}
        stage = STAGE.get(kind)
        if stage is not None and stage not in self.stages:
            at = judge(fact.meta, fact.recorded_at, self.dispatched_at).at
            self.stages[stage] = (at - self.dispatched_at) // timedelta(seconds=1)
            if stage == "accepted":
                by = deadline["accept"]
                answered = self.dispatched_at + timedelta(seconds=self.stages[stage])
                self.accepted_late = self.after_time = by is not None and answered > by
        if kind is task.TaskReported:
            by = deadline["report"]
            at = judge(fact.meta, fact.recorded_at, self.dispatched_at).at
            self.after_time = by is not None and at > by
        self._told(event, fact)
        self._versions += 1
        assert fact.version == self._versions

    def _guards(self, fact: Recorded[Any], deadline: dict[str, datetime | None]) -> None:
        """What the state alone does not say."""
        event: task.TaskEvent = fact.event
        step = "accept" if self.status == "waiting" else "report"
        match event:
            case task.TaskDelivered() | task.TaskRead():
                assert type(event) not in self._once, "marked twice"
                self._once.add(type(event))
            case task.TaskVerified():
                self._verified = True
            case task.TaskClosed():
                if self.status == "in_progress":
                    assert "report" not in self.steps, "closed without a report"
                else:
                    assert "verify" not in self.steps or self._verified, "closed unverified"
            case task.TaskOvertaken():
                status = {"to_verify": "reported", "waiting": "claimed"}.get(
                    self.status, self.status
                )
                assert event.because == status
                assert self.status != "waiting" or self.unclaimed
            case task.TaskCorrected():
                assert event.version <= self._versions
            case task.TaskNoticeBegun():
                self._guards_unreached(event.number)
            case task.TaskNoticeAttempted(result="listed"):
                self._guards_unreached(event.number)
            case task.TaskNoticeAttempted():
                assert (self.noticing, event.number) == (True, self.noticed), "no such notice"
            case task.TaskNoticeAnswered():
                assert event.number < self.noticed + (not self.noticing), "not sent yet"
                assert event.number not in self._answered, "answered twice"
            case task.TaskResumed():
                assert self.suspended is not None
            case task.TaskReminded():
                assert self.suspended is None
                assert event.awaited == step
                assert event.number > self.reminded, f"{fact.event_id}: reminded twice"
            case task.TaskEscalated():
                assert self.suspended is None
                assert event.awaited == step
                assert event.number > self.escalated, f"{fact.event_id}: escalated twice"
                assert event.number <= max((len(self.division) - 6) // 3, 1)
                assert event.to != self.person
            case task.TaskOverdue():
                due_at = deadline[event.awaited]
                assert self.suspended is None
                assert event.awaited == step or event.awaited == "report"
                assert due_at is not None
                assert due_at <= fact.recorded_at, f"{fact.event_id}: not overdue yet"
                assert event.due_at == due_at, f"{fact.event_id}: overdue since another time"
                assert (event.awaited, due_at) not in self._marked, f"{fact.event_id}: marked twice"
                self._marked.add((event.awaited, due_at))
            case _:
                pass

    def _guards_unreached(self, number: int) -> None:
        """Somebody is told only while their task waits and is not on their phone, one at a time."""
        assert self.status == "waiting"
        assert self.suspended is None
        assert task.TaskDelivered not in self._once
        assert not self.noticing
        assert number == self.noticed + 1

    def _told(self, event: task.TaskEvent, fact: Recorded[Any]) -> None:
        match event:
            case task.TaskNoticeBegun():
                self.noticed, self.noticing = event.number, True
            case task.TaskNoticeAttempted():
                self.noticed, self.noticing = event.number, False
            case task.TaskNoticeAnswered():
                self._answered.add(event.number)
            case task.TaskAccepted():
                self.unclaimed = False
                self.overdue.discard("accept")
            case task.TaskReported():
                self.numbers = dict(event.filled.numbers)
            case task.TaskSentBack():
                self.sent_back = True
            case task.TaskDeclined():
                self.bounced = True
                self.unclaimed = self._open
            case task.HouseholdVisited():
                self.visits.append((fact.position, event.household, event.satisfied))
            case task.TaskRated():
                self.rated = event.satisfied
            case task.TaskReassigned():
                self.reassigned = True
            case task.TaskReminded():
                self.reminded = event.number
            case task.TaskEscalated():
                self.escalated = event.number
            case task.TaskOverdue():
                self.overdue.add(event.awaited)
            case task.TaskExtended():
                self.report_by = event.report_by
                self.overdue.discard("report")
            case task.TaskSuspended():
                self.suspended = (event.at or fact.recorded_at, event.until)
            case task.TaskResumed():
                if self.suspended is not None:
                    waits_since = max(self.suspended[0], self.since)
                    self.since += max(fact.recorded_at - waits_since, timedelta())
                self.suspended = None
                self.accept_by = event.accept_by or self.accept_by
                self.report_by = event.report_by or self.report_by
            case task.TaskAmended():
                self.steps, self.form = event.steps, event.form
                self.accept_by, self.report_by = event.accept_by, event.report_by
                self.suspended = None
                self._verified = False
                self._begin_anew()
            case task.TaskReopened():
                self._verified = False
                self.rated = None
                self.accept_by = event.accept_by or self.accept_by
                self._begin_anew()
            case _:
                pass

    def _begin_anew(self) -> None:
        """What was late before is one thing; what is late from now on another."""
        self.overdue.clear()
        self._marked.clear()
