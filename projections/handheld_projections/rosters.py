"""Duty (值班): who is on, and whose turn comes when. No clock is read: `now` is passed in.

A shift is settled when somebody took the duty of its post after it had begun: the one whose turn
it is, or whoever it was handed to.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from datetime import datetime
from operator import attrgetter
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from handheld_events.division import Shift
from handheld_projections.posts import Post

_begins = attrgetter("begins")

Holds = Callable[[str, Post], bool]
"""Whether a person holds a post now."""


class ShiftDue(NamedTuple):
    """Somebody's turn has begun, and they are not on duty yet."""

    division: str
    role: str
    department: str | None
    person: str
    begins: datetime


class DutyPost(msgspec.Struct, frozen=True):
    """A post with a roster, or of which somebody was on duty."""

    post: Post
    shifts: tuple[Shift, ...] = ()
    person: str | None = None
    """Who took the duty last."""
    taken_at: datetime | None = None
    """When it was recorded (UTC)."""

    def settled(self, shift: Shift) -> bool:
        """Whether the duty was taken since this shift began."""
        return self.taken_at is not None and self.taken_at >= shift.begins

    def running(self, now: datetime) -> Shift | None:
        """The latest shift that has begun, unless it is over."""
        index = bisect_right(self.shifts, now, key=_begins) - 1
        if index < 0 or self.shifts[index].ends <= now:
            return None
        return self.shifts[index]

    def waits_from(self) -> datetime | None:
        """When the first shift begins that is not settled."""
        taken = self.taken_at
        index = 0 if taken is None else bisect_right(self.shifts, taken, key=_begins)
        return self.shifts[index].begins if index < len(self.shifts) else None


class Rosters:
    """All duty rosters (值班表)."""

    def __init__(self, kept: list[DutyPost] | None = None) -> None:
        self._posts = {duty.post: duty for duty in kept or ()}
        self._agenda: list[tuple[datetime, Post]] = []
        self._waiting: list[tuple[datetime, Post]] = []
        self.settle()

    def set(self, post: Post, shifts: tuple[Shift, ...]) -> None:
        """The roster of this post from now on. `settle` must follow."""
        self._posts[post] = replace(self.of(post), shifts=shifts)

    def taken(self, post: Post, person: str, at: datetime) -> None:
        """The person is on duty; recorded `at`. `settle` must follow."""
        self._posts[post] = replace(self.of(post), person=person, taken_at=at)

    def settle(self) -> None:
        """Put in order what is asked for by time, after changes."""
        self._agenda = sorted(
            ((shift.begins, post) for post, duty in self._posts.items() for shift in duty.shifts),
            key=_by_time,
        )
        waits = ((duty.waits_from(), post) for post, duty in self._posts.items())
        self._waiting = sorted(((at, post) for at, post in waits if at is not None), key=_by_time)

    def of(self, post: Post) -> DutyPost:
        """What is known of the duty of a post."""
        return self._posts.get(post) or DutyPost(post)

    def on_duty(self, post: Post, holds: Holds, at: datetime | None = None) -> str | None:
        """Who took the duty last, if they still hold the post.

        With a time: whose turn has begun by then, even where nobody has recorded it yet.
        """
        duty = self._posts.get(post)
        if duty is None:
            return None
        shift = None if at is None else duty.running(at)
        if shift is not None and not duty.settled(shift) and holds(shift.person, post):
            return shift.person
        person = duty.person
        return person if person is not None and holds(person, post) else None

    def due(self, now: datetime, holds: Holds) -> list[ShiftDue]:
        """The shifts that have begun and have not been taken; of each roster only the latest.

        Left out: shifts that are over, and those of people who are on duty already or hold the post
        no more.
        """
        found: list[ShiftDue] = []
        for begins, post in self._waiting:
            if begins > now:
                break
            duty = self._posts[post]
            shift = duty.running(now)
            if shift is None or duty.settled(shift) or not holds(shift.person, post):
                continue
            if shift.person != duty.person:
                role, division, department = post
                found.append(ShiftDue(division, role, department, shift.person, shift.begins))
        return found

    def next_at(self, after: datetime) -> datetime | None:
        """When the next shift of any roster begins."""
        index = bisect_right(self._agenda, after, key=_first)
        return self._agenda[index][0] if index < len(self._agenda) else None

    def copy(self) -> Rosters:
        """The same, to go on by itself; what is shared never changes."""
        other = Rosters()
        other._posts = dict(self._posts)
        other._agenda = self._agenda
        other._waiting = self._waiting
        return other

    def snapshot(self) -> list[DutyPost]:
        """For a checkpoint."""
        return list(self._posts.values())


def _first(entry: tuple[datetime, Post]) -> datetime:
    return entry[0]


def _by_time(entry: tuple[datetime, Post]) -> tuple[datetime, str, str, str]:
    at, post = entry
    return at, post.division, post.role, post.department or ""
