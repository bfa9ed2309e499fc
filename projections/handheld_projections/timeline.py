"""The timeline: which facts belong to a task force or a person, as an index of positions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from handheld_events.envelope import Recorded


class Line(msgspec.Struct, frozen=True, array_like=True, order=True, gc=False):
    """A line of an index: under this key, with this number, the fact at this position."""

    key: str
    number: int
    position: int
    note: str


class Timeline:
    """Every fact under its task force, the person it concerns, and the person who did it."""

    name = "timeline"
    fold_version = 1
    streams = ("division", "person", "plan", "tf", "task")

    def lines(self, facts: Iterable[Recorded[Any]]) -> Iterator[Line]:
        """The lines that these facts add; the number is the position itself."""
        for fact in facts:
            position = fact.position
            topic = fact.event.TOPIC
            if fact.task_force is not None:
                yield Line(fact.task_force, position, position, topic)
            person = fact.person
            if person is not None:
                yield Line(person, position, position, topic)
            for actor in {fact.meta.actor, fact.meta.on_behalf_of}:
                if actor is not None and actor != person and actor.startswith("person-"):
                    yield Line(actor, position, position, topic)
