"""Boards as documents: what API and watchers are given. docs/boards.md

Rows that have an identity stand under it, never in a list, so that a change is a small merge patch
(RFC 7396). A field without a value is left out: in such a patch null means removed.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from handheld_events.division import Tier
from handheld_events.orders import Level
from handheld_events.task_force import DepartmentPart
from handheld_events.warning import WarningLevel
from handheld_projections.findings import FindingState
from handheld_projections.open_tasks import State
from handheld_projections.task_forces import Status

DOCUMENT = 1
"""The version of what is told here; another one has other digests."""


class Counts(msgspec.Struct, frozen=True):
    """Numbers of tasks. The states exclude each other, and sum to `tasks`."""

    waiting: int
    in_progress: int
    to_verify: int
    closed: int
    declined: int
    withdrawn: int
    overdue: int
    """Of the open ones: a mark, not a state."""
    open: int
    """Waiting, in progress or to be verified."""
    tasks: int


class ChildRow(msgspec.Struct, frozen=True):
    """A division one tier below."""

    count: Counts
    name: str | None = None


class StageRow(msgspec.Struct, frozen=True):
    """A stage of the funnel: how many reached it, and within how many seconds from dispatch."""

    tasks: int
    half: int | None = None
    """Seconds within which half of them did."""
    nine_in_ten: int | None = None
    longest: int | None = None


class ForceRow(msgspec.Struct, frozen=True):
    """A task force that touches the board, with its tasks there."""

    title: str
    status: Status
    started_at: datetime
    """Recorded time (UTC)."""
    count: Counts
    level: Level | None = None


class DepartmentRow(msgspec.Struct, frozen=True):
    """A department in a task force: its part, and the tasks of its people."""

    count: Counts
    name: str | None = None
    part: DepartmentPart | None = None
    """None where only its people have tasks."""
    accepted_at: datetime | None = None


class SumRow(msgspec.Struct, frozen=True):
    """What reports have counted under one key."""

    label: str
    unit: str
    sum: int


class VisitCounts(msgspec.Struct, frozen=True):
    """Household visits (走访)."""

    visits: int
    households: int
    satisfied: int
    dissatisfied: int


class RatingCounts(msgspec.Struct, frozen=True):
    """Numbers of tasks, as rated last."""

    satisfied: int
    dissatisfied: int


class RateShares(msgspec.Struct, frozen=True):
    """Shares of one; left out where there is nothing to take a share of."""

    accepted_in_time: float | None = None
    """领办率: accepted by the deadline, of those called."""
    closed: float | None = None
    """办结率: closed, of those called."""
    closed_in_time: float | None = None
    """按时办结率: closed with a report in time, of those called."""
    rework: float | None = None
    """重办率: sent back, of those reported."""
    precise: float | None = None
    """精准派单率: not bounced, of those called."""
    mean_closing: int | None = None
    """平均办结时长, whole seconds."""


class WarningRow(msgspec.Struct, frozen=True):
    """A warning in force that touches the division."""

    event: str
    level: WarningLevel
    headline: str
    area: str
    received_at: datetime
    version: int
    """Of its stream: another one with each fact, such as a start that is proposed."""
    expires: datetime | None = None


class GridTaskRow(msgspec.Struct, frozen=True):
    """A task in the grid."""

    person: str
    state: State
    overdue: bool
    visited: int
    """Households visited in its course."""


class HouseholdRow(msgspec.Struct, frozen=True):
    """A household, by the number under which it is known in the grid."""

    contacts: tuple[str, ...]
    """The people linked to it (联户)."""
    visited: bool
    satisfied: bool | None = None
    """At the last visit."""


class FindingRow(msgspec.Struct, frozen=True):
    """A finding that is not dealt with."""

    state: FindingState
    desk: str
    reporter: str
    reported_at: datetime
    photos: int
    text: str | None = None
    """Left out, as `place`, for those who see no names: anybody may be named in it."""
    place: str | None = None


class GridPart(msgspec.Struct, frozen=True):
    """What there is in a grid."""

    tasks: dict[str, GridTaskRow]
    households: dict[str, HouseholdRow]
    household_order: tuple[str, ...]
    """2 before 10, 3-1 after 3."""
    findings: dict[str, FindingRow]


class TaskRow(msgspec.Struct, frozen=True):
    """Somebody whose task is not done."""

    person: str
    division: str
    state: State
    order: str
    task_force: str
    dispatched_at: datetime
    delivered: bool
    overdue: bool
    suspended: bool
    open: bool
    """To be claimed by one of a group."""
    reminded: int
    escalated: int
    due_at: datetime | None = None
    """The deadline of the step that is awaited."""
    department: str | None = None
    place: str | None = None
    """The division's name."""


class RowsPart(msgspec.Struct, frozen=True):
    """A window on the open tasks."""

    total: int
    """How many there are in all."""
    offset: int
    order: tuple[str, ...]
    """The tasks of the window."""
    tasks: dict[str, TaskRow]


class PersonName(msgspec.Struct, frozen=True):
    """Somebody who is named on the board."""

    number: str
    synthetic: bool
    erased: bool
    """The name was erased."""
    name: str | None = None
    phone: str | None = None
    """Only where it was asked for, and is for them."""
    role: str | None = None
    """Of the first post that they hold now."""


class DivisionBoard(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="division"):
    """The tier board of a division, over all task forces that are not closed, or over one."""

    division: str
    name: str | None = None
    tier: Tier
    drills: bool
    task_force: str | None = None
    parts: tuple[str, ...] | None = None
    """Only a part is shown: that of these divisions and departments."""
    count: Counts
    children: dict[str, ChildRow]
    """By code; those with no task are left out."""
    funnel: dict[str, StageRow]
    task_forces: dict[str, ForceRow]
    departments: dict[str, DepartmentRow]
    """Of one task force."""
    sums: dict[str, SumRow]
    """By the key of the form's field."""
    visits: VisitCounts
    ratings: RatingCounts
    figures: dict[str, int]
    """What the rates are made of: numbers of tasks; `closing_seconds` in seconds."""
    rates: RateShares
    findings: dict[str, int]
    """How many findings are in each state."""
    warnings: dict[str, WarningRow]
    warning_order: tuple[str, ...]
    """The highest level first, then the latest."""
    grid: GridPart | None = None
    rows: RowsPart | None = None
    names: dict[str, PersonName] | None = None
    """The people in it, for those who may read names. It has no part in the digest."""


class PersonRow(msgspec.Struct, frozen=True):
    """Somebody of a department with tasks."""

    count: Counts
    divisions: tuple[str, ...]
    """Where those tasks are."""


class DepartmentBoard(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="department"
):
    """The board of a department: its people, wherever they serve."""

    department: str
    name: str | None = None
    drills: bool
    count: Counts
    task_forces: dict[str, ForceRow]
    people: dict[str, PersonRow]
    people_order: tuple[str, ...]
    """Those overdue first, then those with most open."""
    places: dict[str, str]
    """The names of the divisions where they serve, by code."""
    rows: RowsPart | None = None
    names: dict[str, PersonName] | None = None
    """As on a tier board."""


class BoardDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A board with its place in the log."""

    log: str
    """The log's id; another after a restore."""
    position: int
    """The log position that is shown."""
    at: datetime | None = None
    """When that position was recorded (UTC); left out where the log is empty."""
    digest: str
    """Of `board` without its `names`: BLAKE2b, 128 bits, hex, of the JSON with sorted keys."""
    version: str
    """What made it. Digests of different versions cannot be compared."""
    board: DivisionBoard | DepartmentBoard


class RowsDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A window on the open or the late tasks."""

    log: str
    position: int
    at: datetime | None = None
    rows: RowsPart
    names: dict[str, PersonName] | None = None


def without_nulls(value: Any) -> Any:
    """The same without members that are null, at any depth of objects; lists stay as they are."""
    if isinstance(value, dict):
        return {key: without_nulls(each) for key, each in value.items() if each is not None}
    return value
