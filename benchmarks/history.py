"""A plausible history of task forces, encoded and ready to commit: made cheaply, read as any other.

The starts are decided by the real rules; what people do later follows from a seeded generator.
Everything is recorded some seconds after it happened, many commands a commit.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from datetime import timedelta
from hashlib import blake2b
from random import Random
from typing import NamedTuple

from benchmarks import county
from benchmarks.county import Shape
from handheld.application.ports import CommandKey, Decided, NewRow
from handheld.domain.ordering import Opening
from handheld.domain.plan import Plan
from handheld.domain.starting import StartFromPlan, decide_start
from handheld_events.base import Event
from handheld_events.codec import Writing, microseconds
from handheld_events.envelope import About, Meta
from handheld_events.ids import command_id
from handheld_events.task import (
    TaskAccepted,
    TaskClosed,
    TaskDelivered,
    TaskRead,
    TaskReported,
)
from handheld_events.task_force import TaskForceClosed
from handheld_projections.organisation import Organisation

REPORTS = ("已到户走访，人员安全。", "已排查，无隐患。", "老人已转移到安置点。", "道路畅通。")

_STARTED, _DELIVERED, _READ, _ACCEPTED, _REPORTED, _CLOSED = range(6)


class Commit(NamedTuple):
    """What one transaction writes."""

    recorded_us: int
    decisions: list[Decided]

    def clock(self) -> int:
        """The clock of the log, as it stood then."""
        return self.recorded_us

    @property
    def events(self) -> int:
        """How many."""
        return sum(len(decision.rows) for decision in self.decisions)


class Happening(NamedTuple):
    """Something that somebody does: in seconds since the story began."""

    at: float
    task_force: int
    kind: int
    task: int


class _Running(NamedTuple):
    """A task force that has been started."""

    opening: Opening
    abouts: list[About]
    versions: list[int]


class Story(NamedTuple):
    """How many task forces, how far apart, and what of them is told."""

    task_forces: int
    hours_apart: float = 3.0
    left_open: int = 0
    """So many of the last are not closed."""
    reading: bool = True
    """Whether people open a task before they accept it: one more fact a task."""
    together: int = 256
    """So many commands at most share a commit."""

    def events(self, shape: Shape) -> int:
        """How many events the story has in a county of this shape."""
        of_a_task = 6 if self.reading else 5
        of_a_start = 4  # the start itself, and its three orders
        closed = self.task_forces - self.left_open
        return self.task_forces * (of_a_start + shape.tasks * of_a_task) + closed


class History:
    """The commits of a story, in log order."""

    def __init__(self, story: Story, organisation: Organisation, plan: Plan, position: int) -> None:
        self._story = story
        self._organisation = organisation
        self._plan = plan
        self._position = position
        self._running: dict[int, _Running] = {}
        self._random = Random(330825)  # the same story each time

    def commits(self) -> Iterator[Commit]:
        """All of them; each call of `next` encodes one."""
        story = self._story
        told = heapq.merge(*(self._happenings(number) for number in range(story.task_forces)))
        waiting: list[Happening] = []
        for happening in told:
            alone = happening.kind in (_STARTED, _CLOSED)
            if waiting and (alone or len(waiting) == story.together):
                yield self._commit(waiting)
                waiting = []
            waiting.append(happening)
            if alone:
                yield self._commit(waiting)
                waiting = []
        if waiting:
            yield self._commit(waiting)

    def _happenings(self, number: int) -> Iterator[Happening]:
        story = self._story
        begin = number * story.hours_apart * 3600.0
        yield Happening(begin, number, _STARTED, 0)
        random = Random(number)
        later: list[Happening] = []
        for task in range(len(self._running[number].versions)):
            delivered = begin + 2 + random.expovariate(1 / 20)
            read = delivered + 3 + random.expovariate(1 / 300)
            accepted = read + 5 + random.expovariate(1 / 900)
            reported = accepted + 300 + random.expovariate(1 / 1800)
            later.append(Happening(delivered, number, _DELIVERED, task))
            if story.reading:
                later.append(Happening(read, number, _READ, task))
            later.append(Happening(accepted, number, _ACCEPTED, task))
            later.append(Happening(reported, number, _REPORTED, task))
        later.sort()
        yield from later
        if number < story.task_forces - story.left_open:
            yield Happening(later[-1].at + 600, number, _CLOSED, 0)

    def _commit(self, happenings: list[Happening]) -> Commit:
        recorded = county.OPENED + timedelta(hours=1, seconds=happenings[-1].at + 2)
        return Commit(microseconds(recorded), [self._decided(one) for one in happenings])

    def _decided(self, happening: Happening) -> Decided:
        at = county.OPENED + timedelta(hours=1, seconds=round(happening.at, 3))
        command = command_id(int(at.timestamp() * 1000), self._random.randbytes(10))
        number = happening.task_force
        if happening.kind == _STARTED:
            return self._start(number, Meta(actor="operator", command=command, occurred_at=at))
        running = self._running[number]
        opening = running.opening
        if happening.kind == _CLOSED:
            meta = Meta(actor="operator", command=command, occurred_at=at)
            about = About(division=opening.division, task_force=opening.task_force)
            closed = TaskForceClosed(outcome="险情解除")
            version = len(opening.events)
            del self._running[number]
            return _decision(meta, opening.task_force, version, about, (closed,))
        dispatch = opening.dispatches[happening.task]
        meta = Meta(actor=dispatch.assignee.person, command=command, occurred_at=at)
        events = self._does(happening.kind)
        version = running.versions[happening.task]
        running.versions[happening.task] += len(events)
        return _decision(meta, dispatch.task, version, running.abouts[happening.task], events)

    def _does(self, kind: int) -> tuple[Event, ...]:
        match kind:
            case 1:
                return (TaskDelivered(),)
            case 2:
                return (TaskRead(),)
            case 3:
                return (TaskAccepted(),)
            case _:
                return (TaskReported(text=self._random.choice(REPORTS)), TaskClosed())

    def _start(self, number: int, meta: Meta) -> Decided:
        opening = decide_start(
            StartFromPlan(plan=county.PLAN, division=county.DISTRICT, title=f"防台风应急{number}"),
            meta.command,
            meta.occurred_at,
            (self._plan, 1),
            self._organisation,
            self._position,
            meta.actor,
        )
        abouts = [
            About(
                division=dispatch.assignee.division,
                task_force=opening.task_force,
                person=dispatch.assignee.person,
            )
            for dispatch in opening.dispatches
        ]
        self._running[number] = _Running(opening, abouts, [1] * len(abouts))
        state = Writing(meta).state
        about = About(division=opening.division, task_force=opening.task_force)
        rows: list[NewRow] = [
            (opening.task_force, version, event.TOPIC, state(event, about))
            for version, event in enumerate(opening.events, 1)
        ]
        rows += [
            (dispatch.task, 1, dispatch.event.TOPIC, state(dispatch.event, about))
            for dispatch, about in zip(opening.dispatches, abouts, strict=True)
        ]
        return Decided(_key(meta), "accepted", None, ((county.PLAN, 1),), rows)


def _decision(
    meta: Meta, stream: str, version: int, about: About, events: tuple[Event, ...]
) -> Decided:
    state = Writing(meta).state
    rows = [
        (stream, version + n, event.TOPIC, state(event, about)) for n, event in enumerate(events, 1)
    ]
    return Decided(_key(meta), "accepted", None, (), rows)


def _key(meta: Meta) -> CommandKey:
    digest = blake2b(meta.command.encode(), digest_size=16).digest()
    return CommandKey(meta.actor, meta.command, digest)
