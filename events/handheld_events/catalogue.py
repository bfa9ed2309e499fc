"""Every event there is, by its stable name."""

from __future__ import annotations

from typing import get_args

from handheld_events.base import Event
from handheld_events.department import DepartmentEvent
from handheld_events.division import DivisionEvent
from handheld_events.finding import FindingEvent
from handheld_events.group import GroupEvent
from handheld_events.person import PersonEvent
from handheld_events.plan import PlanEvent
from handheld_events.task import TaskEvent
from handheld_events.task_force import TaskForceEvent
from handheld_events.warning import WarningEvent

STREAMS: dict[str, tuple[type[Event], ...]] = {
    "division": get_args(DivisionEvent),
    "department": get_args(DepartmentEvent),
    "person": get_args(PersonEvent),
    "group": get_args(GroupEvent),
    "plan": get_args(PlanEvent),
    "tf": get_args(TaskForceEvent),
    "task": get_args(TaskEvent),
    "finding": get_args(FindingEvent),
    "warning": get_args(WarningEvent),
}
"""The events of each kind of stream, by the prefix of the stream's name."""

CATALOGUE: dict[str, type[Event]] = {
    event.TOPIC: event for events in STREAMS.values() for event in events
}
"""The class that reads each topic today."""


def topics(*streams: str) -> tuple[str, ...]:
    """The topics of these kinds of stream."""
    return tuple(event.TOPIC for stream in streams for event in STREAMS[stream])
