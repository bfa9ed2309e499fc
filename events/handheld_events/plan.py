"""Stream `plan-<key>`: a plan (预案), adopted anew for each edition."""

from __future__ import annotations

from typing import ClassVar, Literal

from handheld_events.base import Event, Value
from handheld_events.orders import Level, PlanOrder
from handheld_events.warning import WarningLevel


class Trigger(Value, frozen=True, kw_only=True):
    """Which warnings the plan answers."""

    event: str
    """The hazard, as warnings name it (台风); any hazard whose name holds these words is meant."""
    at_least: WarningLevel
    """The lowest warning level that is answered."""
    does: Literal["propose", "start"] = "propose"
    """Propose a start to the duty officer, or make it at once."""
    level: Level | None = None
    """The response level to start with; the plan's own where none is given."""


class PlanAdopted(Event, frozen=True, kw_only=True):
    """This edition of the plan is in force; it replaces the one before."""

    TOPIC: ClassVar[str] = "plan.adopted.v1"
    title: str
    division: str
    """The plan may be started for this division and any below it."""
    orders: tuple[PlanOrder, ...]
    level: Level | None = None
    triggers: tuple[Trigger, ...] = ()
    lead: str | None = None
    """The department that leads (牵头部门), by its key."""
    responding: tuple[str, ...] = ()
    """The departments that respond (协同部门), by their keys."""


class PlanRetired(Event, frozen=True, kw_only=True, gc=False):
    """The plan can no longer be started."""

    TOPIC: ClassVar[str] = "plan.retired.v1"
    reason: str


PlanEvent = PlanAdopted | PlanRetired
