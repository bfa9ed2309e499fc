"""Mentions: which facts name which photos, voices and documents, as an index of positions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from handheld_events.envelope import Recorded
from handheld_events.finding import FindingAdded, FindingReported
from handheld_events.task import TaskReported
from handheld_events.task_force import MessageSent
from handheld_projections.timeline import Line


class Mentions:
    """Every fact that names an attachment, under the hash by which it names it.

    The note is the stream; the number is the position itself.
    """

    name = "mentions"
    fold_version = 1
    streams = ("tf", "task", "finding")

    def lines(self, facts: Iterable[Recorded[Any]]) -> Iterator[Line]:
        """The lines that these facts add."""
        for fact in facts:
            event = fact.event
            if isinstance(event, TaskReported | FindingReported | FindingAdded | MessageSent):
                for named in {photo.sha256: None for photo in event.photos}:
                    yield Line(named, fact.position, fact.position, fact.stream)
