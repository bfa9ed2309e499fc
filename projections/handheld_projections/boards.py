"""Boards: all that is counted, kept in one part a task force.

A part is checkpointed when it has changed; with the close of its task force it is final, and leaves
memory. Parts are independent of each other, so a board of any past instant needs only those open at that time.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from handheld_events.envelope import Recorded
from handheld_projections import board, funnel
from handheld_projections.moves import OpenTask, move
from handheld_projections.task_forces import Summary, summarise


class Part(msgspec.Struct):
    """Everything about one task force."""

    summary: Summary | None = None
    tasks: dict[str, OpenTask] = {}
    counts: board.Counts = {}
    funnel: funnel.Funnel = {}

    @property
    def closed(self) -> bool:
        """Whether nothing more is expected."""
        return self.summary is not None and self.summary.status == "closed"


class Boards:
    """The fold of task forces and tasks; mutable only through `apply`."""

    name = "boards"
    fold_version = 1
    streams = ("tf", "task")

    def __init__(self) -> None:
        self.parts: dict[str, Part] = {}
        self.changed: set[str] = set()
        """Parts changed since `stored` was called last."""

    def apply(self, facts: Iterable[Recorded[Any]]) -> None:
        """Take the facts in, in log order; those of other streams are passed over."""
        parts = self.parts
        name = ""
        part: Part | None = None
        for fact in facts:
            task_force = fact.task_force
            if task_force is None:
                continue
            if task_force != name:
                name = task_force
                part = parts.get(name)
                if part is None and fact.stream == name and fact.version == 1:
                    part = parts[name] = Part(None, {}, {}, {})
                if part is not None and part.closed:
                    part = None
                self.changed.add(name)
            if part is None:
                continue
            if fact.stream == name:
                part.summary = summarise(part.summary, fact)
                if part.closed:
                    part = None
                continue
            moved = move(part.tasks, fact)
            if moved is not None:
                if moved.was != moved.now:
                    board.count(part.counts, moved)
                if moved.stage is not None:
                    funnel.count(part.funnel, moved)

    def stored(self) -> None:
        """All parts are stored: nothing has changed since, and what is closed is let go."""
        for name in self.changed:
            part = self.parts.get(name)
            if part is not None and part.closed:
                del self.parts[name]
        self.changed.clear()

    def restore(self, parts: dict[str, Part]) -> None:
        """Go on from stored parts."""
        self.parts = parts
        self.changed.clear()
