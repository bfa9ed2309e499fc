"""Which rows of a task force's course are for who looks: the same as its timeline shows them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from handheld.application.reading.seen import Look
from handheld.application.reading.timelines import seen_of
from handheld.application.telling.facts import Unreadable, facts_at
from handheld.domain.seeing import Reading, View, Viewer, visible
from handheld_events.ids import department_stream
from handheld_events.territory import within
from handheld_projections.course import Course, Strand

_MESSAGE = "task_force.message_sent"


def rows_for(look: Look, viewer: Viewer, view: View, course: Course, rows: int) -> list[int]:
    """Those of the first `rows` that are for them, in order. `view` is theirs of the timeline."""
    begin = bisect_right(course.positions, view.after)
    asked: Sequence[int] = range(begin, rows)
    if view.extent != "whole":
        strands = [_in_part(look, viewer, view.parts, strand) for strand in course.strands]
        asked = [row for row in asked if strands[course.of[row]]]
    if _MESSAGE not in course.topics:
        return list(asked)
    message = course.topics.index(_MESSAGE)
    positions = [course.positions[row] for row in asked if course.kinds[row] == message]
    shown = {
        fact.position
        for fact in facts_at(look.log, positions)
        if not isinstance(fact, Unreadable)
        for reading, seen in [look.message(fact.stream, fact, viewer)]
        if seen is not None and visible(viewer, reading, seen).extent != "nothing"
    }
    return [row for row in asked if course.kinds[row] != message or course.positions[row] in shown]


def tasks_for(view: View, course: Course, rows: int) -> set[int]:
    """The strands that are tasks for them: those in their part, dispatched while they saw it."""
    end = course.positions[rows - 1] if rows else 0
    return {
        at
        for at, strand in enumerate(course.strands)
        if strand.stream.startswith("task-")
        and view.after < strand.first <= end
        and (view.extent == "whole" or _task_in_part(view.parts, strand))
    }


def _in_part(look: Look, viewer: Viewer, parts: Sequence[str], strand: Strand) -> bool:
    stream = strand.stream
    if stream.startswith("tf-"):
        return True
    if stream.startswith("task-"):
        return _task_in_part(parts, strand)
    reading: Reading = "organisation"
    if stream.startswith("finding-"):
        reading = "finding"
    elif stream.startswith("warning-"):
        reading = "warning"
    seen = seen_of(look, stream)
    return seen is not None and visible(viewer, reading, seen).extent != "nothing"


def _task_in_part(parts: Sequence[str], strand: Strand) -> bool:
    if any(within(strand.division or "", part) for part in parts):
        return True
    return strand.department is not None and department_stream(strand.department) in parts
