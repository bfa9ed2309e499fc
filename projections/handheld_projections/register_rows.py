"""The rows of the registers: what a list shows of a task force, task, finding, warning, person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

import msgspec

from handheld_events.orders import Level
from handheld_events.sealed import Sealed
from handheld_events.warning import Source, WarningLevel
from handheld_projections.findings import FindingState as FindingState
from handheld_projections.open_tasks import (
    State,
)
from handheld_projections.warning_lines import Status

Value = str | int | Sealed | tuple[str, ...] | None
Values = dict[str, Value]
"""Columns of a row. Instants are whole microseconds since 1970 (UTC), marks are 0 or 1."""

Table = Literal[
    "divisions", "people", "task_forces", "orders", "tasks", "findings", "warnings", "concerned"
]

Concern = Literal["lead", "called", "told", "member", "desk"]
"""As what somebody is concerned: 牵头, 协同, 被告知的单位, 指挥或被拉入, 经办."""

COLUMNS: Mapping[Table, tuple[str, ...]] = {
    "divisions": ("division", "first", "name"),
    "people": ("person", "first", "name", "phone", "synthetic", "erased"),
    "task_forces": (
        "task_force",
        "first",
        "title",
        "division",
        "status",
        "archived",
        "level",
        "drill",
        "plan",
        "place",
        "started_at",
        "ended_at",
        "started_by",
        "commander",
        "finding",
        "last_at",
        "position",
    ),
    "orders": (
        "order_id",
        "first",
        "task_force",
        "text",
        "given_by",
        "passed_on_from",
        "finding",
    ),
    "tasks": (
        "task",
        "first",
        "task_force",
        "order_id",
        "person",
        "division",
        "department",
        "unit",
        "open",
        "state",
        "accept_overdue",
        "report_overdue",
        "delivered",
        "reminded",
        "escalated",
        "dispatched_at",
        "drill",
        "cancelled",
        "reassigned_to",
        "last_at",
        "position",
    ),
    "findings": (
        "finding",
        "first",
        "text",
        "place",
        "division",
        "desk",
        "dealt_with",
        "returned",
        "started",
        "ordered",
        "reporter",
        "task_force",
        "order_id",
        "reported_at",
        "drill",
        "wants_task_force",
        "last_at",
        "position",
    ),
    "warnings": (
        "warning",
        "first",
        "event",
        "level",
        "headline",
        "status",
        "source",
        "divisions",
        "received_at",
        "expires",
        "drill",
        "last_at",
        "position",
    ),
    "concerned": ("concern", "first", "who", "part", "what"),
}
"""The columns of each table: its key, the position of its first fact, then what is shown.

`concerned` shows nothing: it is by what a task force or a finding is found for those whose it is
without its being in their territory. Who is a person, a department stream or a division code; a
concern once told stays, for whether it still holds is asked of the thing itself.
"""

TaskForceStatus = Literal["active", "stood_down", "closed", "cancelled", "archived"]
TASK_FORCE_STATUSES: tuple[TaskForceStatus, ...] = (
    "active",
    "stood_down",
    "closed",
    "cancelled",
    "archived",
)

FINDING_MARKS: tuple[FindingState, ...] = ("dealt_with", "returned", "started", "ordered")
"""The columns that tell the state of a finding: the first that is set; open where none is."""


WarningStatus = Status
"""As the list of warnings has them."""


class TaskForceRow(msgspec.Struct, frozen=True, kw_only=True):
    """A task force in a list. All times are recorded times (UTC)."""

    task_force: str
    title: str
    division: str
    status: TaskForceStatus
    """Archived where it was closed before; one started by mistake stays cancelled."""
    archived: bool
    """Whether its record is complete, however it ended."""
    level: Level | None
    drill: bool
    plan: str | None
    place: str | None
    started_at: datetime
    ended_at: datetime | None
    """Of the close or the cancellation; none while it goes on."""
    started_by: str
    commander: str
    last_at: datetime
    """Of its own last fact; those of its tasks do not count."""
    position: int
    """Of its own last fact."""


class TaskRow(msgspec.Struct, frozen=True, kw_only=True):
    """A task in a list. All times are recorded times (UTC)."""

    task: str
    task_force: str
    order: str
    person: str
    division: str
    department: str | None
    unit: bool
    open: bool
    """To a group, and not claimed yet (待抢办)."""
    state: State
    overdue: bool
    """A deadline has passed (超期), and it is not done."""
    delivered: bool
    reminded: int
    """How often, for the step that is awaited."""
    escalated: int
    """How many tiers up it was told that this step waits."""
    dispatched_at: datetime
    drill: bool
    cancelled: bool
    """Its task force was started by mistake: out of all figures."""
    last_at: datetime
    position: int
    """Of its last fact."""


class FindingRow(msgspec.Struct, frozen=True, kw_only=True):
    """A finding in a list. All times are recorded times (UTC)."""

    finding: str
    text: str
    place: str | None
    division: str
    desk: str
    """The division or department stream that decides now."""
    state: FindingState
    reporter: str
    task_force: str | None
    """What became of it."""
    order: str | None
    reported_at: datetime
    drill: bool
    wants_task_force: bool
    last_at: datetime
    position: int


class WarningRow(msgspec.Struct, frozen=True, kw_only=True):
    """A warning in a list. Times are recorded times (UTC), but for `expires`: that is as said."""

    warning: str
    event: str
    level: WarningLevel
    headline: str
    status: WarningStatus
    source: Source
    divisions: tuple[str, ...]
    received_at: datetime
    expires: datetime | None
    drill: bool
    last_at: datetime
    position: int


class PersonRow(msgspec.Struct, frozen=True, kw_only=True):
    """A person in a list, in plaintext: for those who may read names."""

    person: str
    name: str | None
    """None where it was erased."""
    phone: str | None
    synthetic: bool
    erased: bool
