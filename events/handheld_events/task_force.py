"""Stream `tf-<id>`: a task force (专班), the organisation of one incident.

It holds the orders once, the entries and the outcome; never the list of assignees or the states
of their tasks: an assignee belongs by the task (docs/architecture.md).
"""

from __future__ import annotations

from typing import ClassVar, Literal

from handheld_events.base import Corrected, Event, Instant
from handheld_events.division import Posture
from handheld_events.forms import Form, Photos
from handheld_events.orders import (
    DEFAULT_STEPS,
    Level,
    PlanOrder,
    Reminding,
    Steps,
    Target,
    Vacancy,
)

DepartmentPart = Literal["lead", "responding"]
"""牵头部门, 协同部门."""


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
    commander: str | None = None
    """The person who commands (指挥); none where no person started it."""
    posture: Posture = "peacetime"
    """Of the division at the start: in wartime deadlines are shorter and steps are left out."""
    warning: str | None = None
    """The warning stream because of which it was started, if any."""
    finding: str | None = None
    """The finding stream because of which it was started, if any."""


class OrderForeseen(Event, frozen=True, kw_only=True, gc=False):
    """The plan has more to order: at a time, or when a response level is reached."""

    TOPIC: ClassVar[str] = "task_force.order_foreseen.v1"
    order: PlanOrder
    at: Instant | None = None
    """When it is called; none while it waits for its level."""


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
    form: Form = ()
    open_to: int | None = None
    """So many of the tasks are enough: first to claim."""
    called_at_level: Level | None = None
    """It belongs to the wave of this response level, and is released when the level falls below."""
    occurrence: int | None = None
    """Of a recurring order: the how manieth time it is given."""
    next_at: Instant | None = None
    """Of a recurring order: when it is given again."""
    skipped: int = 0
    """Of a recurring order: how many times before this were left out, because nothing was running."""
    remind_accept: Reminding | None = None
    """How those are reminded who have not accepted."""
    remind_report: Reminding | None = None
    """How those are reminded who have not reported."""
    passed_on_from: str | None = None
    """The task of the official who passed it on."""
    finding: str | None = None
    """The finding that it is about."""
    given_by: str | None = None
    """The person who gave it, where it was given by itself: not with the start, nor by the plan."""
    organisation_at: int | None = None
    """The position up to which the register of people was known; of a start it is in its own fact."""


class OrderAmended(Event, frozen=True, kw_only=True, gc=False):
    """The order says something else now; whoever has an open task accepts it anew (变更指令)."""

    TOPIC: ClassVar[str] = "task_force.order_amended.v1"
    order: str
    number: int
    """1 for the first amendment."""
    text: str
    reason: str
    tasks: int
    """How many open tasks it changes."""
    steps: Steps = DEFAULT_STEPS
    form: Form = ()
    accept_by: Instant | None = None
    report_by: Instant | None = None


class OrderWithdrawn(Event, frozen=True, kw_only=True, gc=False):
    """The order is taken back, with all its open tasks; it is not given again."""

    TOPIC: ClassVar[str] = "task_force.order_withdrawn.v1"
    order: str
    reason: str
    withdrawn: int


class OrderClaimed(Event, frozen=True, kw_only=True, gc=False):
    """One of the places of an open order is taken (抢办)."""

    TOPIC: ClassVar[str] = "task_force.order_claimed.v1"
    order: str
    task: str
    left: int
    """How many places are left."""


class OrderUnclaimed(Event, frozen=True, kw_only=True, gc=False):
    """Whoever had claimed a place of an open order declined after all: it can be claimed again."""

    TOPIC: ClassVar[str] = "task_force.order_unclaimed.v1"
    order: str
    task: str
    left: int
    """How many places are left now."""


class OrderUnfilled(Event, frozen=True, kw_only=True, gc=False):
    """The time to claim an open order has passed with places free: a superior is told (提级)."""

    TOPIC: ClassVar[str] = "task_force.order_unfilled.v1"
    order: str
    left: int
    """How many places nobody has claimed."""
    due_at: Instant
    to: str | None = None
    """The person who gave it, else who commands, else the duty post; none where that is vacant."""


class LevelChanged(Event, frozen=True, kw_only=True, gc=False):
    """The response level is raised or lowered (升级, 降级)."""

    TOPIC: ClassVar[str] = "task_force.level_changed.v1"
    level: Level
    before: Level | None
    reason: str
    withdrawn: int = 0
    """How many tasks of released waves were withdrawn with it."""


class CommandHandedOver(Event, frozen=True, kw_only=True, gc=False):
    """Somebody else commands from now on (移交指挥)."""

    TOPIC: ClassVar[str] = "task_force.command_handed_over.v1"
    to: str
    handed_by: str
    note: str | None = None
    """Where things stand."""


class DepartmentCalled(Event, frozen=True, kw_only=True, gc=False):
    """A department leads, or is to respond."""

    TOPIC: ClassVar[str] = "task_force.department_called.v1"
    department: str
    part: DepartmentPart
    """Whether it leads or responds."""


class DepartmentAccepted(Event, frozen=True, kw_only=True, gc=False):
    """The department takes its part on, as a unit."""

    TOPIC: ClassVar[str] = "task_force.department_accepted.v1"
    department: str
    task: str
    """The unit's task."""


class MessageSent(Event, frozen=True, kw_only=True, gc=False):
    """Words of a member to the task force, or to one unit of it (消息)."""

    TOPIC: ClassVar[str] = "task_force.message_sent.v1"
    message: str
    text: str
    photos: Photos = ()
    to: str | None = None
    """A division code or a department stream; none: everybody in the task force."""
    question: bool = False
    """Whether an answer is wanted."""
    answers: str | None = None
    """The message that this one answers."""


class PersonPulledIn(Event, frozen=True, kw_only=True, gc=False):
    """Somebody joined the task force after its start (拉入)."""

    TOPIC: ClassVar[str] = "task_force.person_pulled_in.v1"
    person: str
    division: str
    order: str | None = None
    """The order of which they were given a task, if any."""
    sees: Literal["all", "from_now"] = "all"
    """Whether they may see what happened before they joined."""


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


class TaskForceCancelled(Event, frozen=True, kw_only=True, gc=False):
    """It was started by mistake (误发): everybody is told, and it stays out of all figures."""

    TOPIC: ClassVar[str] = "task_force.cancelled.v1"
    reason: str
    tasks: int
    """How many people had a task."""
    told: tuple[str, ...] = ()
    """Those who were in it without a task: whoever commanded, and who was pulled in to look on."""


class TaskForceReopened(Event, frozen=True, kw_only=True, gc=False):
    """It goes on after stand-down or close (重开)."""

    TOPIC: ClassVar[str] = "task_force.reopened.v1"
    reason: str


class TaskForceRated(Event, frozen=True, kw_only=True, gc=False):
    """Whoever asked for it says how it was dealt with (评价)."""

    TOPIC: ClassVar[str] = "task_force.rated.v1"
    satisfied: bool
    text: str | None = None


class TaskForceEvaluated(Event, frozen=True, kw_only=True, gc=False):
    """A superior says how well it was led, apart from the rating."""

    TOPIC: ClassVar[str] = "task_force.evaluated.v1"
    score: int
    """1 to 5."""
    text: str | None = None


class TaskForceArchived(Event, frozen=True, kw_only=True, gc=False):
    """The record is complete (归档)."""

    TOPIC: ClassVar[str] = "task_force.archived.v1"


TaskForceEvent = (
    TaskForceStarted
    | OrderForeseen
    | OrderIssued
    | OrderAmended
    | OrderWithdrawn
    | OrderClaimed
    | OrderUnclaimed
    | OrderUnfilled
    | LevelChanged
    | CommandHandedOver
    | DepartmentCalled
    | DepartmentAccepted
    | PersonPulledIn
    | MessageSent
    | EntryMade
    | EntryStruck
    | TaskForceCorrected
    | StoodDown
    | TaskForceClosed
    | TaskForceCancelled
    | TaskForceReopened
    | TaskForceRated
    | TaskForceEvaluated
    | TaskForceArchived
)
