"""Why it took so long: the waits of a task force's tasks, ranked (复盘)."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import msgspec

from handheld.application.reading.course_sight import tasks_for
from handheld.application.reading.courses_kept import CoursesKept
from handheld.application.reading.density import opened
from handheld.application.reading.named import Named, Naming, Place, place_of
from handheld.application.reading.seen import Look
from handheld.domain.errors import Malformed
from handheld.domain.seeing import Viewer
from handheld_events.codec import instant, microseconds
from handheld_events.territory import within
from handheld_projections.course import Course
from handheld_projections.waits import STEPS, Spread, Step, Wait, grouped, spread

MOST = 2_000
"""Waits of a page at most."""
_NEXT = {0: 6, 6: 9, 9: 12, 12: 15}
"""Digits of a division's code, and of the codes one tier below."""


class SpreadShown(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """How long many waited. Those who still wait count with the time that they have waited."""

    tasks: int
    open: int
    """Of these, how many still wait."""
    half: int
    """Seconds within which half of them got on."""
    nine_in_ten: int
    """Seconds within which nine in ten did."""
    longest: int
    """Seconds."""


class StepWaits(SpreadShown, frozen=True, kw_only=True, gc=False):
    """The waits for one step."""

    step: Step


class PlaceWaits(SpreadShown, frozen=True, kw_only=True, gc=False):
    """The waits in one division."""

    division: Place


class PostWaits(SpreadShown, frozen=True, kw_only=True, gc=False):
    """The waits of those who were chosen for one post."""

    role: str | None = None
    """None: chosen by name."""


class WaitShown(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One step of one task."""

    task: str
    person: Named | None = None
    division: Place | None = None
    role: str | None = None
    step: Step
    since: datetime
    """When it began to be waited for (UTC)."""
    seconds: int
    """How long, without the time in which the task was suspended."""
    open: bool = False
    """It is still waited for."""


class Waits(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The waits of a task force at an instant. The groups with the longest waits come first."""

    task_force: str
    position: int
    at: datetime
    """The instant (UTC) up to which they are measured."""
    step: Step | None = None
    """The step of places, posts and longest; None where nothing has been waited for."""
    steps: tuple[StepWaits, ...] = ()
    """All steps, in the order of the work."""
    places: tuple[PlaceWaits, ...] = ()
    """One tier below the division that was asked for."""
    posts: tuple[PostWaits, ...] = ()
    total: int = 0
    """How many waits `longest` has in all."""
    offset: int = 0
    longest: tuple[WaitShown, ...] = ()
    part: bool = False
    """Only a part is measured: that of who looks."""


class Ranked(NamedTuple):
    """Which waits are wanted."""

    step: Step | None = None
    """None: the one with the longest waits."""
    division: str = ""
    """Only in this division."""
    open: bool | None = None
    """In `longest` only those who still wait, or only those who do not."""
    offset: int = 0
    limit: int = 50


def waits(
    look: Look,
    kept: CoursesKept,
    viewer: Viewer,
    task_force: str,
    ranked: Ranked,
    now: datetime,
    upto: int | None = None,
) -> Waits:
    """The waits up to a position, measured to the instant `now`, for who looks.

    Raises NotFound (`task_force.unknown`), Malformed (`waits.window`).
    """
    if ranked.offset < 0 or not 1 <= ranked.limit <= MOST:
        raise Malformed("waits.window", offset=ranked.offset, limit=ranked.limit, most=MOST)
    view, course, rows, end = opened(look, kept, viewer, task_force, upto)
    tasks = tasks_for(view, course, rows)
    if ranked.division:
        tasks = {
            task for task in tasks if within(course.strands[task].division or "", ranked.division)
        }
    found = [
        wait
        for wait in kept.waits(task_force, course, rows, microseconds(now))
        if wait.task in tasks
    ]
    by_step: dict[Step, list[Wait]] = {step: [] for step in STEPS}
    for wait in found:
        by_step[wait.step].append(wait)
    steps = tuple(
        StepWaits(step=step, **_told(spread(group))) for step, group in by_step.items() if group
    )
    made = Waits(
        task_force=task_force, position=end, at=now, steps=steps, part=view.extent == "part"
    )
    if not steps:
        return made
    step = ranked.step or max(steps, key=lambda one: (one.nine_in_ten, one.longest)).step
    wanted = by_step[step]
    listed = [wait for wait in wanted if ranked.open is None or wait.open == ranked.open]
    listed.sort(key=lambda wait: (-wait.seconds, wait.task))
    naming = Naming(look, viewer, task_force)
    known = look.force(task_force)
    above = ranked.division or (known.division if known is not None else "")
    return msgspec.structs.replace(
        made,
        step=step,
        places=tuple(
            PlaceWaits(division=place, **_told(one))
            for code, one in grouped(wanted, lambda wait: _below(course, wait, above))
            if (place := place_of(look.organisation, code)) is not None
        ),
        posts=tuple(
            PostWaits(role=role, **_told(one))
            for role, one in grouped(wanted, lambda wait: course.strands[wait.task].role)
        ),
        total=len(listed),
        offset=ranked.offset,
        longest=tuple(
            _shown(look, naming, course, wait)
            for wait in listed[ranked.offset : ranked.offset + ranked.limit]
        ),
    )


def _below(course: Course, wait: Wait, above: str) -> str | None:
    division = course.strands[wait.task].division
    return None if division is None else division[: _NEXT.get(len(above), 15)]


def _told(one: Spread) -> dict[str, int]:
    return one._asdict()


def _shown(look: Look, naming: Naming, course: Course, wait: Wait) -> WaitShown:
    strand = course.strands[wait.task]
    return WaitShown(
        task=strand.stream,
        person=None if strand.person is None else naming.of(strand.person),
        division=place_of(look.organisation, strand.division),
        role=strand.role,
        step=wait.step,
        since=instant(wait.since),
        seconds=wait.seconds,
        open=wait.open,
    )
