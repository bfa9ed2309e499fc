"""The course of an incident in its most telling lines: single facts, and crowds of them as one line.

Read from the log alone. What a line says in words is in the texts of the display.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from handheld_events.base import Event
from handheld_events.division import DutyTaken
from handheld_events.envelope import Recorded
from handheld_events.finding import FindingDealtWith, FindingOrdered, FindingReported
from handheld_events.task import (
    TaskAccepted,
    TaskDispatched,
    TaskEscalated,
    TaskOnScene,
    TaskOverdue,
    TaskReassigned,
    TaskReminded,
    TaskReported,
    TaskSupervised,
)
from handheld_events.task_force import (
    CommandHandedOver,
    DepartmentAccepted,
    LevelChanged,
    MessageSent,
    OrderAmended,
    OrderClaimed,
    OrderIssued,
    StoodDown,
    TaskForceArchived,
    TaskForceClosed,
    TaskForceEvaluated,
    TaskForceRated,
    TaskForceStarted,
)
from handheld_events.warning import (
    ProposalDeclined,
    StartProposed,
    WarningCancelled,
    WarningReceived,
    WarningUpdated,
)

TO_ALL = frozenset(("lead", "grids", "standby-villages"))
"""The orders of the plan of which it is told when all have accepted them."""


class Line(NamedTuple):
    """One line: when (recorded, UTC), what, who, and its values. `facts` are told by it."""

    at: datetime
    what: str
    actor: str
    values: Mapping[str, Any]
    facts: int = 1


_SINGLE: Mapping[type[Event], tuple[str, tuple[str, ...]]] = {
    DutyTaken: ("duty", ("person",)),
    StartProposed: ("proposed", ("title", "level")),
    ProposalDeclined: ("declined", ("reason",)),
    TaskForceStarted: ("started", ("title", "level")),
    OrderIssued: ("ordered", ("text", "tasks", "key", "finding")),
    OrderAmended: ("amended", ("text", "tasks")),
    LevelChanged: ("level", ("before", "level", "reason", "withdrawn")),
    CommandHandedOver: ("handed_over", ("to",)),
    DepartmentAccepted: ("department", ("department",)),
    MessageSent: ("message", ("text",)),
    FindingReported: ("found", ("text",)),
    FindingDealtWith: ("settled", ()),
    WarningCancelled: ("lifted", ("reason",)),
    StoodDown: ("stood_down", ("reason", "withdrawn")),
    TaskForceClosed: ("closed", ("outcome",)),
    TaskForceRated: ("rated", ("satisfied", "text")),
    TaskForceEvaluated: ("evaluated", ("score",)),
    TaskForceArchived: ("archived", ()),
}
"""Facts that are a line each: what it is called, and which of their values it has."""

_CROWDS: tuple[type[Event], ...] = (
    TaskDispatched,
    TaskAccepted,
    TaskReminded,
    TaskEscalated,
    TaskOverdue,
    TaskSupervised,
    TaskReassigned,
    TaskOnScene,
    TaskReported,
    OrderClaimed,
    FindingOrdered,
    WarningReceived,
    WarningUpdated,
)

TOPICS = frozenset(event.TOPIC for event in (*_SINGLE, *_CROWDS))
"""All that is read."""


def lines(facts: Iterable[Recorded[Any]], clearing: str) -> list[Line]:
    """The lines, by time; `clearing` is the order about the finding, whose course is told too."""
    telling = _Telling(clearing)
    for fact in facts:
        telling.take(fact)
    return sorted(telling.lines.values(), key=lambda line: line.at)


class _Telling:
    def __init__(self, clearing: str) -> None:
        self.lines: dict[tuple[object, ...], Line] = {}
        self._clearing = clearing
        self._orders: dict[str, OrderIssued] = {}
        self._order_of: dict[str, str] = {}
        self._accepted: dict[str, set[str]] = {}

    def take(self, fact: Recorded[Any]) -> None:
        event = fact.event
        single = _SINGLE.get(type(event))
        if single is not None:
            what, names = single
            self._tell(fact, what, {name: getattr(event, name) for name in names})
        match event:
            case OrderIssued():
                self._orders[event.order] = event
            case TaskDispatched(order=order):
                self._order_of[fact.stream] = order
            case WarningReceived(content=content, cap=cap):
                what = "told" if cap is None else "warned"
                self._tell(fact, what, {"headline": content.headline})
            case WarningUpdated(content=content):
                self._tell(fact, "updated", {"headline": content.headline})
            case TaskAccepted():
                self._take_acceptance(fact)
            case TaskReminded(awaited="accept", number=number):
                self._late(fact, "reminded", number)
            case TaskEscalated(awaited="accept", number=number):
                self._late(fact, "escalated", number)
            case TaskOverdue(awaited=awaited):
                self._late(fact, f"overdue_{awaited}")
            case TaskSupervised():
                self._crowd(fact, "supervised", ())
            case TaskReassigned():
                self._crowd(fact, "reassigned", ())
            case OrderClaimed(left=0):
                self._tell(fact, "claimed", {"places": self._orders[event.order].open_to})
            case TaskOnScene() | TaskReported():
                if self._order_of[fact.stream] == self._clearing:
                    what = "on_scene" if isinstance(event, TaskOnScene) else "cleared"
                    self._crowd(fact, what, ())
            case _:
                pass

    def _late(self, fact: Recorded[Any], what: str, number: int = 0) -> None:
        order = self._orders[self._order_of[fact.stream]]
        self._crowd(fact, what, (order.order, number), key=order.key, number=number)

    def _take_acceptance(self, fact: Recorded[Any]) -> None:
        if fact.meta.on_behalf_of is not None:
            self._crowd(fact, "on_behalf", (), person=fact.person)
        order = self._orders[self._order_of[fact.stream]]
        done = self._accepted.setdefault(order.order, set())
        done.add(fact.stream)
        if len(done) == order.tasks and order.key in TO_ALL:
            self._crowd(fact, "all_accepted", (order.order,), key=order.key, tasks=order.tasks)

    def _tell(self, fact: Recorded[Any], what: str, values: Mapping[str, Any]) -> None:
        line = Line(fact.recorded_at, what, fact.meta.actor, values)
        self.lines[(what, fact.position)] = line

    def _crowd(
        self, fact: Recorded[Any], what: str, same: tuple[object, ...], **values: Any
    ) -> None:
        """The first of a crowd has the line, with the number of all."""
        key = (what, *same)
        known = self.lines.get(key)
        if known is None:
            self.lines[key] = Line(fact.recorded_at, what, fact.meta.actor, values)
        else:
            self.lines[key] = known._replace(facts=known.facts + 1)
