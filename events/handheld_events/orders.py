"""What an order says, shared by plans (what would be ordered) and task forces (what was)."""

from __future__ import annotations

from typing import Literal

from handheld_events.base import Value
from handheld_events.division import DivisionKind, Tier
from handheld_events.forms import Form

Step = Literal["accept", "en_route", "on_scene", "report", "verify"]
"""A step that a task has: 领办, 出发, 到场, 回单, 核查. A task without `verify` closes with its report."""

Steps = tuple[Step, ...]
DEFAULT_STEPS: Steps = ("accept", "report")
ALL_STEPS: Steps = ("accept", "en_route", "on_scene", "report", "verify")
"""In the order in which they are taken."""

Awaited = Literal["accept", "report"]
"""A step with a deadline: what reminders, escalations and overdue marks are about."""

Level = Literal["I", "II", "III", "IV"]
"""Response level (响应等级), IV the lowest."""
LEVELS: tuple[Level, ...] = ("IV", "III", "II", "I")
"""From the lowest to the highest."""


class Target(Value, frozen=True, kw_only=True):
    """Whom an order is for: posts, a unit, or a group.

    A role alone: everybody in the territory who holds a post of this role, at divisions of this
    tier and kind. A department: those of its posts that have the role; without a role the
    department itself, as a unit, through whoever is on duty or heads it. A group: its members.
    """

    role: str | None = None
    tier: Tier | None = None
    """With a tier, each division of that tier (and kind) ought to have a holder: one without is vacant."""
    kind: DivisionKind | None = None
    department: str | None = None
    """The key of a department."""
    group: str | None = None
    """The key of a group."""
    on_duty: bool = False
    """Of the holders of a post only the one who is on duty now; all of them where nobody is."""


class Vacancy(Value, frozen=True, kw_only=True, gc=False):
    """A post that an order asks for and that nobody holds (空岗)."""

    role: str
    division: str


class Reminding(Value, frozen=True, kw_only=True, gc=False):
    """When whoever lets a step wait is reminded (催办), and then their superiors are told (提级)."""

    after: int
    """Seconds from dispatch (to accept) or from acceptance (to report) to the first reminder."""
    every: int
    """Seconds from one reminder to the next, and from one tier to the next when it is escalated."""
    most: int = 3
    """After so many reminders the duty post one tier up is told, then the one above it."""


class Wartime(Value, frozen=True, kw_only=True):
    """What is otherwise for a division at war posture (战时)."""

    accept_within: int | None = None
    """Seconds from dispatch."""
    report_within: int | None = None
    """Seconds from dispatch."""
    steps: Steps | None = None
    """The steps that are left."""


class PlanOrder(Value, frozen=True, kw_only=True):
    """An order as a plan foresees it."""

    key: str
    """Names the order within its plan."""
    text: str
    to: tuple[Target, ...]
    steps: Steps = DEFAULT_STEPS
    accept_within: int | None = None
    """Seconds from dispatch."""
    report_within: int | None = None
    """Seconds from dispatch."""
    form: Form = ()
    """What a report has to tell besides words."""
    open_to: int | None = None
    """So many of those called are enough: first to claim (抢办). None: everybody is."""
    level: Level | None = None
    """Called when the response level is this or higher. None: called at the start."""
    after: int | None = None
    """Seconds after the start (or after the level is reached) at which it is called."""
    every: int | None = None
    """Seconds after which the same is ordered again, until the task force stands down."""
    remind_accept: Reminding | None = None
    """How those are reminded who have not accepted."""
    remind_report: Reminding | None = None
    """How those are reminded who have not reported."""
    wartime: Wartime | None = None
    """What is otherwise at war posture."""
