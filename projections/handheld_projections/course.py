"""The course of one task force as columns: what is counted and measured of it needs no fact twice.

Of a task force to which eleven thousand belong that is 130,000 facts; as columns they take 4 MB.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from handheld_events.envelope import Recorded
from handheld_events.task import TaskDispatched
from handheld_events.times import judge

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Strand(NamedTuple):
    """A stream that is part of the course. All of its facts are about the same."""

    stream: str
    first: int
    """The position of its first fact in the course."""
    division: str | None = None
    person: str | None = None
    role: str | None = None
    """Of a task: the post's role for which the person was chosen."""
    department: str | None = None
    """Of a task: to which that post belongs."""
    dispatched_at: datetime | None = None
    """Of a task (UTC)."""


class Course:
    """The facts of a task force up to a position, in log order."""

    def __init__(self) -> None:
        self.positions = array("q")
        self.recorded = array("q")
        """Microseconds since 1970 (UTC), never decreasing."""
        self.judged = array("q")
        """The time that judges (`times.judge`), the same way."""
        self.kinds = array("B")
        """Index into `topics`."""
        self.of = array("L")
        """Index into `strands`."""
        self.topics: list[str] = []
        """Names of events without their version, such as `task.accepted`."""
        self.strands: list[Strand] = []
        self._kinds: dict[str, int] = {}
        self._strands: dict[str, int] = {}

    @property
    def position(self) -> int:
        """Of the last fact; 0 before the first."""
        return self.positions[-1] if self.positions else 0

    def take(self, facts: Iterable[Recorded[Any]]) -> None:
        """Take in the facts that follow."""
        for fact in facts:
            at = self._strands.get(fact.stream)
            if at is None:
                at = self._strands[fact.stream] = len(self.strands)
                self.strands.append(_strand(fact))
            began = self.strands[at].dispatched_at
            self.positions.append(fact.position)
            self.recorded.append(_us(fact.recorded_at))
            self.judged.append(_us(judge(fact.meta, fact.recorded_at, began).at))
            self.kinds.append(self._kind(fact.event.TOPIC))
            self.of.append(at)

    def upto(self, position: int) -> int:
        """How many of its facts there are up to a position."""
        return bisect_right(self.positions, position)

    def _kind(self, topic: str) -> int:
        name = topic.rpartition(".v")[0]
        found = self._kinds.get(name)
        if found is None:
            found = self._kinds[name] = len(self.topics)
            self.topics.append(name)
        return found


def buckets(
    course: Course, rows: Sequence[int], begin: int, end: int, n: int
) -> dict[str, list[int]]:
    """How many of these facts were recorded in each of `n` equal parts of a time, by topic.

    `rows` are indexes into the course; `begin` and `end` microseconds. What lies outside is left
    out; the last part has its end in it.
    """
    found: dict[int, list[int]] = {}
    recorded, kinds, span = course.recorded, course.kinds, max(end - begin, 1)
    for row in rows:
        at = recorded[row]
        if not begin <= at <= end:
            continue
        counts = found.get(kinds[row])
        if counts is None:
            counts = found[kinds[row]] = [0] * n
        counts[min((at - begin) * n // span, n - 1)] += 1
    return {course.topics[kind]: counts for kind, counts in found.items()}


def _strand(fact: Recorded[Any]) -> Strand:
    event = fact.event
    if isinstance(event, TaskDispatched):
        return Strand(
            fact.stream,
            fact.position,
            fact.division,
            event.person,
            event.role,
            event.department,
            fact.recorded_at,
        )
    return Strand(fact.stream, fact.position, fact.division, fact.person)


def _us(moment: datetime) -> int:
    return (moment - _EPOCH) // _MICROSECOND
