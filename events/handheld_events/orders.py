"""What an order says, shared by plans (what would be ordered) and task forces (what was)."""

from __future__ import annotations

from typing import Literal

from handheld_events.base import Value
from handheld_events.division import DivisionKind, Tier

Step = Literal["accept", "report", "verify"]
"""A step that a task has: 领办, 回单, 核查. A task without `verify` closes with its report."""

Steps = tuple[Step, ...]
DEFAULT_STEPS: Steps = ("accept", "report")

Level = Literal["I", "II", "III", "IV"]
"""Response level (响应等级), IV the lowest."""


class Target(Value, frozen=True, kw_only=True):
    """Everybody in the territory who holds a post of this role, at divisions of this tier and kind."""

    role: str
    tier: Tier | None = None
    """With a tier, each division of that tier (and kind) ought to have a holder: one without is vacant."""
    kind: DivisionKind | None = None


class Vacancy(Value, frozen=True, kw_only=True, gc=False):
    """A post that an order asks for and that nobody holds (空岗)."""

    role: str
    division: str


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
