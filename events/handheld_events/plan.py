"""Stream `plan-<key>`: a plan (预案), adopted anew for each edition."""

from __future__ import annotations

from typing import ClassVar

from handheld_events.base import Event
from handheld_events.orders import Level, PlanOrder


class PlanAdopted(Event, frozen=True, kw_only=True):
    """This edition of the plan is in force; it replaces the one before."""

    TOPIC: ClassVar[str] = "plan.adopted.v1"
    title: str
    division: str
    """The plan may be started for this division and any below it."""
    orders: tuple[PlanOrder, ...]
    level: Level | None = None


class PlanRetired(Event, frozen=True, kw_only=True, gc=False):
    """The plan can no longer be started."""

    TOPIC: ClassVar[str] = "plan.retired.v1"
    reason: str


PlanEvent = PlanAdopted | PlanRetired
