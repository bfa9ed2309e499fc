"""Courses of task forces as columns, kept while they are asked about, and led on with the log."""

from __future__ import annotations

from threading import Lock
from typing import Any

from handheld.application.index_keeper import IndexKeeper
from handheld.application.ports import Log
from handheld.application.telling.facts import Unreadable, facts_at
from handheld_projections.course import Course
from handheld_projections.waits import Wait, waits

KEPT = 4
"""So many courses stay in memory: 4 MB each, where 11,000 people are called."""
CHUNK = 4_000
PATIENCE_SECONDS = 2.0
"""So long a course waits to be brought to the log's end; then it is as far as the timelines are."""


class CoursesKept:
    """Safe to use from several threads: a course only grows, and is read up to a number of rows."""

    def __init__(self, log: Log, indexes: IndexKeeper) -> None:
        self._log = log
        self._indexes = indexes
        self._lock = Lock()
        self._kept: dict[str, Course] = {}
        self._reached: dict[str, int] = {}
        self._waits: tuple[tuple[str, int, int], list[Wait]] | None = None

    def reach(self, position: int) -> int:
        """How far a course can be shown, up to a position."""
        if self._indexes.wait_for(position, PATIENCE_SECONDS):
            return position
        return min(position, self._indexes.position)

    def waits(self, key: str, course: Course, rows: int, now: int) -> list[Wait]:
        """The waits of its tasks; those asked for last are kept for the pages that follow."""
        asked, kept = (key, rows, now), self._waits
        if kept is None or kept[0] != asked:
            kept = self._waits = (asked, waits(course, rows, now))
        return kept[1]

    def upto(self, key: str, position: int) -> Course:
        """The course of a task force; it may have come further than the position."""
        with self._lock:
            course = self._kept.pop(key, None) or Course()
            self._kept[key] = course  # the one asked for last goes last
            reached = self._reached.get(key, 0)
            while lines := self._indexes.timeline(key, after=reached, upto=position, limit=CHUNK):
                found = facts_at(self._log, [line.position for line in lines])
                facts: list[Any] = [fact for fact in found if not isinstance(fact, Unreadable)]
                course.take(facts)
                reached = self._reached[key] = lines[-1].position
            while len(self._kept) > KEPT:
                oldest = next(iter(self._kept))
                del self._kept[oldest]
                self._reached.pop(oldest, None)
            return course
