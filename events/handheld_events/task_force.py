"""Stream `tf-<id>`: a task force (专班), the organisation of one incident.

It holds the orders once, the entries and the outcome; never the list of assignees or the states
of their tasks: an assignee belongs by the task (docs/architecture.md).
"""

from __future__ import annotations

from typing import ClassVar

from handheld_events.base import Corrected, Event, Instant
from handheld_events.orders import DEFAULT_STEPS, Level, Steps, Target, Vacancy


class TaskForceStarted(Event, frozen=True, kw_only=True, gc=False):
    """One click: the task force exists (发起)."""

    TOPIC: ClassVar[str] = "task_force.started.v1"
    title: str
    division: str
    organisation_at: int
    """The position of the log up to which the register of people was known when this was decided."""
    plan: str | None = None
    """The plan stream; none when started ad hoc."""
    plan_version: int | None = None
    """The version of the plan stream that was read."""
    place: str | None = None
    level: Level | None = None


class OrderIssued(Event, frozen=True, kw_only=True):
    """An order (指令): its words once, for all the tasks that carry it out."""

    TOPIC: ClassVar[str] = "task_force.order_issued.v1"
    order: str
    text: str
    tasks: int
    """How many tasks were dispatched with it."""
    key: str | None = None
    """The plan's name for it."""
    to: tuple[Target, ...] = ()
    steps: Steps = DEFAULT_STEPS
    accept_by: Instant | None = None
    report_by: Instant | None = None
    vacant: tuple[Vacancy, ...] = ()
    """The posts asked for that nobody holds; at most 1,000 are named."""
    vacant_count: int = 0


class PersonPulledIn(Event, frozen=True, kw_only=True, gc=False):
    """Somebody joined the task force after its start (拉入)."""

    TOPIC: ClassVar[str] = "task_force.person_pulled_in.v1"
    person: str
    division: str
    order: str | None = None
    """The order of which they were given a task, if any."""


class EntryMade(Event, frozen=True, kw_only=True, gc=False):
    """An entry in the task force's log (记事)."""

    TOPIC: ClassVar[str] = "task_force.entry_made.v1"
    entry: str
    text: str


class EntryStruck(Event, frozen=True, kw_only=True, gc=False):
    """An entry is void (作废); it stays visible as struck."""

    TOPIC: ClassVar[str] = "task_force.entry_struck.v1"
    entry: str
    reason: str


class TaskForceCorrected(Corrected, frozen=True, kw_only=True, gc=False):
    """An earlier fact of this task force was wrong (更正)."""

    TOPIC: ClassVar[str] = "task_force.corrected.v1"


class StoodDown(Event, frozen=True, kw_only=True, gc=False):
    """The response ends (终止响应): no new orders; what nobody had accepted is withdrawn."""

    TOPIC: ClassVar[str] = "task_force.stood_down.v1"
    reason: str
    withdrawn: int
    """How many tasks were withdrawn with it."""


class TaskForceClosed(Event, frozen=True, kw_only=True, gc=False):
    """Everything is done (办结)."""

    TOPIC: ClassVar[str] = "task_force.closed.v1"
    outcome: str
    withdrawn: int = 0
    """How many tasks that were still open were withdrawn with it."""


TaskForceEvent = (
    TaskForceStarted
    | OrderIssued
    | PersonPulledIn
    | EntryMade
    | EntryStruck
    | TaskForceCorrected
    | StoodDown
    | TaskForceClosed
)
