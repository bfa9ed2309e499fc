"""What the facts of a task force, a finding, a warning tell, told plainly."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from handheld_events import finding, task_force, warning
from handheld_events.envelope import Recorded
from handheld_events.forms import Form
from tests.properties.legal import OF_FINDING, OF_TASK_FORCE, OF_WARNING


class ToldForce:
    """One task force."""

    def __init__(self, fact: Recorded[Any]) -> None:
        event = fact.event
        assert isinstance(event, task_force.TaskForceStarted), f"{fact.stream}: {event}"
        self.stream, self.drill, self.status = fact.stream, fact.meta.drill, "active"
        self.division, self.archived = event.division, False
        self.orders: dict[str, task_force.OrderIssued] = {}
        self.accept_by: dict[str, datetime | None] = {}
        self.report_by: dict[str, datetime | None] = {}
        self.form: dict[str, Form] = {}
        self.claimed: dict[str, set[str]] = {}
        self.withdrawn: set[str] = set()
        self.foreseen: dict[str, datetime | None] = {}
        self.departments: set[str] = set()
        self._given: set[tuple[str, int]] = set()
        self._made: set[str] = set()
        self._unfilled: set[tuple[str, datetime]] = set()

    def take(self, fact: Recorded[Any]) -> None:
        """One more fact."""
        event: task_force.TaskForceEvent = fact.event
        assert type(event) in OF_TASK_FORCE[self.status], f"{fact.event_id} when {self.status}"
        assert fact.task_force == self.stream
        match event:
            case task_force.OrderForeseen():
                key = event.order.key
                self.foreseen[key] = event.at
                self._given = {given for given in self._given if given[0] != key}
            case task_force.OrderIssued():
                self._issued(event)
            case task_force.OrderAmended():
                self._deadlines(event)
            case task_force.OrderWithdrawn():
                self.withdrawn.add(event.order)
                self.foreseen.pop(self.orders[event.order].key or "", None)
            case task_force.OrderClaimed():
                self._claimed(event)
            case task_force.OrderUnclaimed():
                self.claimed[event.order].remove(event.task)
                places = self.orders[event.order].open_to or 0
                assert event.left == places - len(self.claimed[event.order])
            case task_force.OrderUnfilled():
                by, places = self.accept_by[event.order], self.orders[event.order].open_to or 0
                assert by is not None
                assert event.due_at == by
                assert by <= fact.recorded_at, f"{fact.event_id}: there is time left"
                assert event.left == places - len(self.claimed[event.order]) > 0
                assert (event.order, by) not in self._unfilled, f"{fact.event_id}: told twice"
                self._unfilled.add((event.order, by))
            case task_force.DepartmentCalled():
                self.departments.add(event.department)
            case task_force.DepartmentAccepted():
                self.departments.add(event.department)
            case task_force.EntryMade():
                self._new(event.entry)
            case task_force.MessageSent():
                self._new(event.message)
            case task_force.StoodDown():
                self.status = "stood_down"
            case task_force.TaskForceClosed():
                self.status = "closed"
                # The times of the plan have passed with it, whether it is reopened or not.
                self.foreseen = dict.fromkeys(self.foreseen)
            case task_force.TaskForceCancelled():
                self.status = "cancelled"
            case task_force.TaskForceReopened():
                self.status, self.archived = "active", False
            case task_force.TaskForceArchived():
                assert not self.archived
                self.archived = True
            case _:
                pass

    def _new(self, name: str) -> None:
        assert name not in self._made, f"{name} twice"
        self._made.add(name)

    def _issued(self, event: task_force.OrderIssued) -> None:
        assert event.order not in self.orders, "an order issued twice"
        assert event.tasks > 0
        self.orders[event.order] = event
        self._deadlines(event)
        self.claimed[event.order] = set()
        key = event.key
        if key is not None and event.occurrence is not None:
            assert (key, event.occurrence) not in self._given, "the same occurrence twice"
            self._given.add((key, event.occurrence))
        if key in self.foreseen:
            self.foreseen[key] = event.next_at

    def _deadlines(self, event: task_force.OrderIssued | task_force.OrderAmended) -> None:
        assert event.order in self.orders
        self.accept_by[event.order] = event.accept_by
        self.report_by[event.order] = event.report_by
        self.form[event.order] = event.form

    def _claimed(self, event: task_force.OrderClaimed) -> None:
        claimed, places = self.claimed[event.order], self.orders[event.order].open_to
        assert places is not None
        assert event.task not in claimed, "one task, two places"
        claimed.add(event.task)
        assert event.left == places - len(claimed) >= 0


class ToldFinding:
    """One finding."""

    def __init__(self, fact: Recorded[Any]) -> None:
        event = fact.event
        assert isinstance(event, finding.FindingReported), f"{fact.stream}: {event}"
        self.stream, self.drill, self.status = fact.stream, fact.meta.drill, "open"
        self.division, self.desk, self.reporter = event.division, event.desk, fact.person
        self.orders: list[str] = []
        self.task_forces: list[str] = []

    def take(self, fact: Recorded[Any]) -> None:
        """One more fact."""
        event: finding.FindingEvent = fact.event
        assert type(event) in OF_FINDING[self.status], f"{fact.event_id} when {self.status}"
        assert (fact.division, fact.person) == (self.division, self.reporter)
        match event:
            case finding.FindingPassedUp() | finding.FindingRouted():
                assert event.desk != self.desk
                self.desk, self.status = event.desk, "open"
            case finding.FindingReturned():
                self.status = "returned"
            case finding.FindingAdded():
                self.status = "open" if self.status == "returned" else self.status
            case finding.FindingOrdered():
                self.orders.append(event.order)
                self.status = "started" if self.status == "started" else "ordered"
            case finding.FindingStarted():
                self.task_forces.append(event.task_force_started)
                self.status = "started"
            case finding.FindingDealtWith():
                assert event.order is None or event.order in self.orders
                if event.task_force is not None:
                    assert event.task_force == self.task_forces[-1]
                self.status = "dealt_with"
            case finding.FindingPutBack():
                assert self.status == "ordered" or event.task_force == self.task_forces[-1]
                self.status = "ordered" if event.ordered else "open"
            case _:
                pass


class ToldWarning:
    """One warning."""

    def __init__(self, fact: Recorded[Any]) -> None:
        event = fact.event
        assert isinstance(event, warning.WarningReceived), f"{fact.stream}: {event}"
        self.stream, self.drill, self.status = fact.stream, fact.meta.drill, "in_force"
        self.content, self.divisions = event.content, event.content.divisions
        self.proposed: set[tuple[str, str]] = set()
        self.started: dict[tuple[str, str], str] = {}

    def take(self, fact: Recorded[Any]) -> None:
        """One more fact."""
        event: warning.WarningEvent = fact.event
        assert type(event) in OF_WARNING[self.status], f"{fact.event_id} when {self.status}"
        match event:
            case warning.WarningUpdated():
                self.status = "in_force"
                self.content, self.divisions = event.content, event.content.divisions
            case warning.WarningCancelled():
                self.status = "cancelled"
                self.proposed.clear()
            case warning.WarningExpired():
                assert self.content.expires is not None
                assert self.content.expires <= fact.recorded_at
                self.status = "expired"
                self.proposed.clear()
            case warning.WarningPlaced():
                self.divisions = event.divisions
            case warning.StartProposed():
                assert (event.plan, event.division) not in self.started, "proposed what was started"
                self.proposed.add((event.plan, event.division))
            case warning.ProposalDeclined():
                self.proposed.remove((event.plan, event.division))
            case warning.StartedOnWarning():
                if event.plan is not None:
                    key = (event.plan, event.division)
                    assert key not in self.started, "one proposal, two starts"
                    self.started[key] = event.task_force
                    self.proposed.discard(key)
            case warning.StartCancelled():
                self.started = {k: v for k, v in self.started.items() if v != event.task_force}
            case _:
                pass
