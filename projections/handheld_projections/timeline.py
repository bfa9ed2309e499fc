"""The timeline: which facts belong to a task force or a person, as an index of positions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from handheld_events.base import Event
from handheld_events.envelope import Recorded
from handheld_events.finding import FindingOrdered, FindingStarted
from handheld_events.warning import StartedOnWarning


class Line(msgspec.Struct, frozen=True, array_like=True, order=True, gc=False):
    """A line of an index: under this key, with this number, the fact at this position."""

    key: str
    number: int
    position: int
    note: str


class Timeline:
    """Every fact under its task force, the person it concerns, and the person who did it.

    A finding or warning that led to a task force is in its timeline from then on. The timeline of a
    task, finding or warning is its stream, and needs no index.
    """

    name = "timeline"
    fold_version = 2
    streams = (
        "division",
        "department",
        "person",
        "group",
        "plan",
        "tf",
        "task",
        "finding",
        "warning",
    )

    def lines(self, facts: Iterable[Recorded[Any]]) -> Iterator[Line]:
        """The lines that these facts add; the number is the position itself."""
        for fact in facts:
            position = fact.position
            topic = fact.event.TOPIC
            task_force = fact.task_force or _led_to(fact.event)
            if task_force is not None:
                yield Line(task_force, position, position, topic)
            person = fact.person
            if person is not None:
                yield Line(person, position, position, topic)
            for actor in {fact.meta.actor, fact.meta.on_behalf_of}:
                if actor is not None and actor != person and actor.startswith("person-"):
                    yield Line(actor, position, position, topic)


def _led_to(event: Event) -> str | None:
    """The task force to which a finding or a warning has led, if this fact says so."""
    match event:
        case FindingOrdered() | FindingStarted():
            return event.task_force_started
        case StartedOnWarning():
            return event.task_force
        case _:
            return None
