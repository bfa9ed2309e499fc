"""Waits: how long each step of each task took, or has been waited for, and where it took longest.

Seconds go by the time that judges (`times.judge`), as in the funnel; time in which a task was
suspended does not count. What is still waited for counts as long as it has been waited for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal, NamedTuple, TypeVar, get_args

from handheld_projections.course import Course

Step = Literal["delivered", "read", "accepted", "reported", "verified"]
"""What is awaited: 送达, 已读, 领办, 回单, 核查. Verifying is waited for by the assignee."""

STEPS: tuple[Step, ...] = get_args(Step)
_DELIVERED, _READ, _ACCEPTED, _REPORTED, _VERIFIED = range(5)

_FORWARD: Mapping[str, tuple[int, int | None]] = {
    "task.delivered": (_DELIVERED, _READ),
    "task.read": (_READ, _ACCEPTED),
    "task.accepted": (_ACCEPTED, _REPORTED),
    "task.reported": (_REPORTED, _VERIFIED),
    "task.verified": (_VERIFIED, None),
}
"""What ends the awaiting of a step, or of one before it, and what is awaited then."""

_TO: Mapping[str, int | None] = {
    "task.dispatched": _DELIVERED,
    "task.sent_back": _REPORTED,
    "task.amended": _ACCEPTED,
    "task.closed": None,
    "task.declined": None,
    "task.withdrawn": None,
    "task.reassigned": None,
    "task.cancelled": None,
}
"""What is awaited afterwards, whatever was before."""

K = TypeVar("K")


class Wait(NamedTuple):
    """One step of one task."""

    task: int
    """Index into the course's strands."""
    step: Step
    since: int
    """When it began to be waited for (microseconds since 1970, UTC)."""
    seconds: int
    open: bool
    """It is still waited for."""


class Spread(NamedTuple):
    """How long many waited."""

    tasks: int
    open: int
    half: int
    """Seconds within which half of them got on."""
    nine_in_ten: int
    longest: int


class _Task:
    """Where a task stands while its facts are gone through."""

    __slots__ = ("awaits", "before", "first", "paused", "since", "waited")

    def __init__(self) -> None:
        self.awaits: int | None = None
        self.before: int | None = None
        """What was awaited when it was declined."""
        self.since = 0
        self.paused = False
        self.first: dict[int, int] = {}
        self.waited: dict[int, int] = {}

    def turn(self, to: int | None, at: int) -> None:
        """Something else is awaited from now on."""
        self.stop(at)
        self.awaits, self.since, self.paused = to, at, False
        if to is not None:
            self.first.setdefault(to, at)
            self.waited.setdefault(to, 0)

    def stop(self, at: int) -> None:
        """What is awaited is waited for no longer."""
        if self.awaits is not None and not self.paused:
            self.waited[self.awaits] += max(at - self.since, 0)


def waits(course: Course, rows: int, now: int) -> list[Wait]:
    """The waits of all tasks, by the first `rows` facts of the course, at an instant (microseconds).

    In the order of the tasks, and of each task in that of the steps.
    """
    tasks: dict[int, _Task] = {}
    forward = {
        kind: _FORWARD[topic] for kind, topic in enumerate(course.topics) if topic in _FORWARD
    }
    to = {kind: _TO[topic] for kind, topic in enumerate(course.topics) if topic in _TO}
    others = {
        kind: topic
        for kind, topic in enumerate(course.topics)
        if topic in ("task.reopened", "task.suspended", "task.resumed")
    }
    declined = next((k for k, t in enumerate(course.topics) if t == "task.declined"), -1)
    for row in range(rows):
        kind, strand, at = course.kinds[row], course.of[row], course.judged[row]
        task = tasks.get(strand)
        if kind in forward:
            step, then = forward[kind]
            if task is not None and task.awaits is not None and task.awaits <= step:
                task.turn(then, at)
        elif kind in to:
            if task is None:
                task = tasks[strand] = _Task()
            if kind == declined:
                task.before = task.awaits
            task.turn(to[kind], at)
        elif kind in others and task is not None:
            _turn(task, others[kind], at)
    return [wait for strand in sorted(tasks) for wait in _of(strand, tasks[strand], now)]


def _turn(task: _Task, topic: str, at: int) -> None:
    if topic == "task.reopened":
        before, task.before = task.before, None
        task.turn(_REPORTED if before is None else _ACCEPTED, at)
    elif topic == "task.suspended":
        task.stop(at)
        task.paused = True
    elif task.paused:
        task.paused, task.since = False, at


def _of(strand: int, task: _Task, now: int) -> Iterable[Wait]:
    for step in sorted(task.waited):
        waited, is_open = task.waited[step], step == task.awaits
        if is_open and not task.paused:
            waited += max(now - task.since, 0)
        yield Wait(strand, STEPS[step], task.first[step], waited // 1_000_000, is_open)


def spread(found: Sequence[Wait]) -> Spread:
    """How long these waited: at least one of them."""
    seconds = sorted(wait.seconds for wait in found)
    n = len(seconds)
    return Spread(
        n,
        sum(wait.open for wait in found),
        seconds[(n - 1) // 2],
        seconds[(n * 9 + 9) // 10 - 1],
        seconds[-1],
    )


def grouped(found: Iterable[Wait], key: Callable[[Wait], K]) -> list[tuple[K, Spread]]:
    """Groups of waits, the one whose nine in ten waited longest first."""
    groups: dict[K, list[Wait]] = {}
    for wait in found:
        groups.setdefault(key(wait), []).append(wait)
    spreads = [(name, spread(group)) for name, group in groups.items()]
    return sorted(spreads, key=lambda one: (-one[1].nine_in_ten, -one[1].longest, str(one[0])))
