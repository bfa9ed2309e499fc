"""The members of a task force by window: who they are, how they belong, how their tasks stand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

import msgspec

from handheld.application.board_keeper import BoardKeeper
from handheld.application.reading.named import Named, Naming, Place, place_of
from handheld.application.reading.seen import Look, must_see
from handheld.application.reading.tasks import DepartmentNamed, department_of
from handheld.domain.errors import Malformed, NotFound
from handheld.domain.seeing import View, Viewer
from handheld.domain.task_force import TaskForce
from handheld_events.ids import department_stream
from handheld_events.territory import within
from handheld_projections.open_tasks import ACCEPT_OVERDUE, REPORT_OVERDUE, OpenTask, State

PATIENCE_SECONDS = 2.0
MOST = 500

How = Literal["commands", "commanded", "pulled_in", "task"]
"""指挥, 曾指挥, 拉入, 领受任务."""


class PostShown(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A post that somebody holds now."""

    role: str
    division: Place
    department: DepartmentNamed | None = None


class MemberTask(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A task of a member."""

    task: str
    order: str
    status: State
    division: Place
    delivered: bool = False
    """Whether a device of theirs has it."""
    accept_overdue: bool = False
    report_overdue: bool = False
    dispatched_at: datetime
    """Recorded time (UTC)."""


class Member(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Somebody who belongs to a task force."""

    person: Named
    """With the telephone number where that is for who looks."""
    how: tuple[How, ...]
    posts: tuple[PostShown, ...] = ()
    tasks: tuple[MemberTask, ...] = ()


class Members(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A window on the members, by person."""

    members: tuple[Member, ...]
    count: int
    """Of all those who are for who looks and in these states."""
    next: str | None = None
    """There are more after this person."""
    part: bool = False
    """Only those in their territory, or of their department, are for who looks."""


def members(
    look: Look,
    boards: BoardKeeper,
    viewer: Viewer,
    task_force: str,
    *,
    after: str = "",
    limit: int = 50,
    states: frozenset[State] | None = None,
) -> Members:
    """Those who belong to a task force; `states`: only those with a task in one of them.

    Raises NotFound (`task_force.unknown`), for what is hidden, too; Malformed (`timeline.limit`).
    """
    if not 1 <= limit <= MOST:
        raise Malformed("timeline.limit", limit=limit, most=MOST)
    absent = NotFound("task_force.unknown", task_force=task_force)
    view = must_see(viewer, "task_force.timeline", look.task_force(task_force, viewer), absent)
    known = look.force(task_force)
    if known is None:
        raise absent
    boards.wait_for(look.position, PATIENCE_SECONDS)
    tasks: dict[str, list[tuple[str, OpenTask]]] = {}
    for stream, task in boards.tasks(task_force).items():
        if _theirs(view, task) and (states is None or task.status in states):
            tasks.setdefault(task.person, []).append((stream, task))
    people = set(tasks) | (_others(look, known, view) if states is None else set())
    rest = sorted(person for person in people if person > after)
    shown = rest[:limit]
    naming = Naming(look, viewer, task_force)
    return Members(
        members=tuple(_member(look, known, naming, one, tasks.get(one, [])) for one in shown),
        count=len(people),
        next=shown[-1] if len(rest) > limit else None,
        part=view.extent == "part",
    )


def _theirs(view: View, task: OpenTask) -> bool:
    """Whether a task is in the part that is for who looks."""
    if view.extent == "whole":
        return True
    department = None if task.department is None else department_stream(task.department)
    return department in view.parts or any(within(task.division, part) for part in view.parts)


def _others(look: Look, known: TaskForce, view: View) -> set[str]:
    """Those who belong to it without a task."""
    others = set(known.commanded) | {person for person, _ in known.pulled_in}
    if view.extent == "whole":
        return others
    return {person for person in others if _serves(look, view, person)}


def _serves(look: Look, view: View, person: str) -> bool:
    registered = look.organisation.people.get(person)
    return registered is not None and any(
        any(within(post.division, part) for part in view.parts)
        if post.department is None
        else department_stream(post.department) in view.parts
        for post in registered.posts
    )


def _member(
    look: Look,
    known: TaskForce,
    naming: Naming,
    person: str,
    tasks: list[tuple[str, OpenTask]],
) -> Member:
    pulled_in = any(one == person for one, _ in known.pulled_in)
    hows: Mapping[How, bool] = {
        "commands": person == known.commander,
        "commanded": person in known.commanded and person != known.commander,
        "pulled_in": pulled_in,
        "task": bool(tasks),
    }
    registered = look.organisation.people.get(person)
    return Member(
        person=naming.with_phone(person),
        how=tuple(how for how, so in hows.items() if so),
        posts=tuple(
            PostShown(
                post.role,
                _place(look, post.division),
                department_of(look.organisation, post.department),
            )
            for post in (registered.posts if registered is not None else ())
        ),
        tasks=tuple(
            MemberTask(
                task=stream,
                order=task.order,
                status=task.status,
                division=_place(look, task.division),
                delivered=task.delivered,
                accept_overdue=bool(task.overdue and task.marks & ACCEPT_OVERDUE),
                report_overdue=bool(task.overdue and task.marks & REPORT_OVERDUE),
                dispatched_at=task.dispatched_at,
            )
            for stream, task in sorted(tasks)
        ),
    )


def _place(look: Look, code: str) -> Place:
    return place_of(look.organisation, code) or Place(code)
