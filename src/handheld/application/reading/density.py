"""How densely the facts of a task force lie in its time, by topic, with its marks (复盘)."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import msgspec

from handheld.application.reading.course_sight import rows_for
from handheld.application.reading.courses_kept import CoursesKept
from handheld.application.reading.facts import FactShown, Showing, Teller, marks_for
from handheld.application.reading.seen import Look, must_see
from handheld.application.telling.facts import facts_at
from handheld.domain.errors import Malformed, NotFound
from handheld.domain.seeing import View, Viewer
from handheld.texts import Texts
from handheld_events.codec import instant, microseconds
from handheld_events.territory import within
from handheld_projections.course import Course, buckets

MOST_BUCKETS = 1_000
MOST_MARKS = 200

_MARKS = frozenset(
    f"task_force.{step}"
    for step in (
        "started",
        "level_changed",
        "command_handed_over",
        "order_issued",
        "order_amended",
        "order_withdrawn",
        "stood_down",
        "closed",
        "cancelled",
        "reopened",
    )
)
"""What the course is divided by: where somebody who looks back would jump to."""


class Density(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Numbers of facts of a task force in equal parts of a time."""

    task_force: str
    position: int
    """Up to which the log is counted."""
    begin: datetime | None = None
    """Recorded time (UTC) at which the first part begins; None where there is nothing."""
    end: datetime | None = None
    """Recorded time (UTC) at which the last part ends."""
    total: int = 0
    topics: dict[str, tuple[int, ...]] = {}
    """For each topic, without its version, the number in each part."""
    marks: tuple[FactShown, ...] = ()
    """Its own main steps: start, orders, levels, hand-over, end."""
    part: bool = False
    """Only a part is counted: that of who looks."""


class Between(NamedTuple):
    """Which facts are counted, and into how many parts."""

    parts: int = 200
    since: int | None = None
    """Only what was recorded after this position."""
    begin: datetime | None = None
    """When the first part begins; None: at the first fact."""
    end: datetime | None = None
    """When the last part ends; None: at the last fact."""
    division: str = ""
    """Only what lies in this division."""
    person: str = ""
    """Only what concerns this person."""


def density(
    look: Look,
    kept: CoursesKept,
    viewer: Viewer,
    task_force: str,
    texts: Texts,
    between: Between,
    upto: int | None = None,
) -> Density:
    """The density up to a position, for who looks.

    Raises NotFound (`task_force.unknown`), Malformed (`density.buckets`).
    """
    if not 1 <= between.parts <= MOST_BUCKETS:
        raise Malformed("density.buckets", buckets=between.parts, most=MOST_BUCKETS)
    view, course, rows, end = opened(look, kept, viewer, task_force, upto)
    shown = _picked(course, rows_for(look, viewer, view, course, rows), between)
    found = Density(task_force=task_force, position=end, part=view.extent == "part")
    if not shown:
        return found
    first = course.recorded[shown[0]] if between.begin is None else microseconds(between.begin)
    last = course.recorded[shown[-1]] if between.end is None else microseconds(between.end)
    counts = buckets(course, shown, first, last, between.parts)
    kinds = {kind for kind, topic in enumerate(course.topics) if topic in _MARKS}
    marks = [course.positions[row] for row in shown if course.kinds[row] in kinds][:MOST_MARKS]
    teller = Teller(Showing(look, viewer, texts, view.names, task_force))
    facts = facts_at(look.log, marks)
    marked = marks_for(look, facts, end)
    return msgspec.structs.replace(
        found,
        begin=instant(first),
        end=instant(last),
        total=sum(map(sum, counts.values())),
        topics={topic: tuple(counts[topic]) for topic in sorted(counts)},
        marks=tuple(teller.shown(fact, marked) for fact in facts),
    )


def opened(
    look: Look, kept: CoursesKept, viewer: Viewer, task_force: str, upto: int | None
) -> tuple[View, Course, int, int]:
    """Their view of a course, the course, its rows up to a position, and that position.

    Raises NotFound (`task_force.unknown`), for what is hidden, too.
    """
    absent = NotFound("task_force.unknown", task_force=task_force)
    end = look.position if upto is None else min(upto, look.position)
    seen = look.task_force(task_force, viewer, as_of=None if upto is None else end)
    view = must_see(viewer, "task_force.timeline", seen, absent)
    reached = kept.reach(end)
    course = kept.upto(task_force, reached)
    return view, course, course.upto(reached), reached


def _picked(course: Course, rows: list[int], between: Between) -> list[int]:
    since, division, person = between.since, between.division, between.person
    if since is not None:
        rows = [row for row in rows if course.positions[row] > since]
    if division or person:
        strands = [
            (not division or within(strand.division or "", division))
            and (not person or strand.person == person)
            for strand in course.strands
        ]
        rows = [row for row in rows if strands[course.of[row]]]
    return rows
