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
        count_state, count_stage = board.count, funnel.count
        name = ""
        part: Part | None = None
        nothing = Part(None, {}, {}, {})
        tasks, counts, reached = nothing.tasks, nothing.counts, nothing.funnel
        for fact in facts:
            task_force = fact.task_force
            if task_force is None:
                continue
            if task_force != name:
                name = task_force
                part = self._part(fact)
                if part is not None:
                    tasks, counts, reached = part.tasks, part.counts, part.funnel
            if part is None:
                continue
            if fact.stream == name:
                part.summary = summarise(part.summary, fact)
                if part.closed:
                    part = None
                continue
            moved = move(tasks, fact)
            if moved is not None:
                if moved.was != moved.now:
                    count_state(counts, moved)
                if moved.stage is not None:
                    count_stage(reached, moved)

    def _part(self, fact: Recorded[Any]) -> Part | None:
        """The part that takes in a fact; none where its task force is closed, or never began."""
        name = fact.task_force or ""
        self.changed.add(name)
        part = self.parts.get(name)
        if part is None and fact.stream == name and fact.version == 1:
            part = self.parts[name] = Part(None, {}, {}, {})
        return None if part is None or part.closed else part

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
