"""Rows of the registers as whoever asked may read them. All times are UTC, and recorded times."""

from __future__ import annotations

from datetime import datetime

import msgspec

from handheld.application.reading.called import Unit
from handheld.application.reading.named import Named, Place
from handheld_events.orders import Level
from handheld_events.warning import Source, WarningLevel
from handheld_projections.findings import FindingState
from handheld_projections.open_tasks import State
from handheld_projections.posts import Post
from handheld_projections.register_rows import TaskForceStatus
from handheld_projections.warning_lines import Status as WarningStatus


class TaskForceListed(msgspec.Struct, frozen=True, kw_only=True):
    """A task force in a list."""

    task_force: str
    title: str
    division: Place
    status: TaskForceStatus
    """Archived where it was closed before; one started by mistake stays cancelled."""
    archived: bool
    """Whether its record is complete, however it ended."""
    level: Level | None
    drill: bool
    plan: str | None
    """The plan stream; none where it was started ad hoc."""
    place: str | None
    """None where there is none, or words of people are hidden."""
    started_at: datetime
    ended_at: datetime | None
    """Of the close or the cancellation; none while it goes on."""
    started_by: Named
    commander: Named
    last_at: datetime
    """Of its own last fact; those of its tasks do not count."""
    position: int
    """Of its own last fact."""


class TaskListed(msgspec.Struct, frozen=True, kw_only=True):
    """A task in a list."""

    task: str
    task_force: str
    title: str | None
    """Of the task force."""
    order: str
    text: str | None
    """Of the order, as it stands; None where words of people are hidden."""
    person: Named
    division: Place
    department: Unit | None
    """To which the post belongs for which it was given."""
    unit: bool
    """The department itself has it; this person answers for it."""
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


class FindingListed(msgspec.Struct, frozen=True, kw_only=True):
    """A finding in a list."""

    finding: str
    text: str | None
    """None where words of people are hidden."""
    place: str | None
    division: Place
    desk: Unit
    """Who decides now."""
    state: FindingState
    reporter: Named
    task_force: str | None
    """What became of it."""
    order: str | None
    reported_at: datetime
    drill: bool
    wants_task_force: bool
    last_at: datetime
    position: int
    """Of its last fact."""


class WarningListed(msgspec.Struct, frozen=True, kw_only=True):
    """A warning in a list."""

    warning: str
    event: str
    """The hazard, in the sender's word."""
    level: WarningLevel
    headline: str
    status: WarningStatus
    source: Source
    divisions: tuple[Place, ...]
    """None where nobody has said yet which it is for."""
    received_at: datetime
    expires: datetime | None
    """As said, not a recorded time."""
    drill: bool
    last_at: datetime
    position: int
    """Of its last fact."""


class PersonListed(msgspec.Struct, frozen=True, kw_only=True):
    """A person in a list: one whose name is for who asked."""

    person: Named
    """With the telephone number, where that is for them, too."""
    posts: tuple[Post, ...]
    erased: bool
    synthetic: bool
