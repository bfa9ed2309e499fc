"""Who may see what: one table over all that can be read or pushed. docs/rules/who-may-see.md

Each line names standings; where somebody has several, the widest view is theirs. It is asked anew at
every read and every push. What is hidden is answered exactly as what there is not. A page of a
register is its rows, each asked by itself. `handheld.domain.policy` says who may do what: whoever may
act on something sees it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, TypeVar

from handheld.domain.duty import PERSON
from handheld.domain.standing import (
    NOTHING,
    OVERSEERS,
    WHOLE,
    Seen,
    Standing,
    View,
    Viewer,
    posts_of,
    view_of,
)
from handheld_events.ids import department_stream
from handheld_projections.organisation import Organisation

__all__ = [
    "NOTHING",
    "TABLE",
    "WHOLE",
    "Reading",
    "Seen",
    "View",
    "Viewer",
    "reaches",
    "rows",
    "visible",
]

T = TypeVar("T")

Reading = Literal[
    "task_force",
    "task_force.timeline",
    "task_force.late",
    "order",
    "entry",
    "message",
    "message.unit",
    "task",
    "task.history",
    "board.division",
    "board.department",
    "board.grid",
    "late",
    "finding",
    "warning",
    "plan",
    "organisation",
    "person.name",
    "person.phone",
    "inbox",
    "score",
]

_THERE: tuple[Standing, ...] = ("under", "department_there")
_INSIDE: tuple[Standing, ...] = ("directs", "over", "called", "member")

TABLE: Mapping[Reading, tuple[Standing, ...]] = {
    # a task force: its title, place, level and state are what everybody called sees
    "task_force": (*_INSIDE, "assignee", "asked", "giver", "reporter", *_THERE, "analyst"),
    "task_force.timeline": (*_INSIDE, *_THERE, "analyst"),
    "task_force.late": ("directs", "over", *_THERE, "analyst"),
    "order": (*_INSIDE, "giver", "assignee", *_THERE, "analyst"),
    "entry": (*_INSIDE, *_THERE, "analyst"),
    "message": (*_INSIDE, "assignee", *_THERE, "analyst"),
    "message.unit": ("directs", "over", "asked", "self", "analyst"),
    # a task
    "task": ("self", "unit", "directs", "over", "department", "giver", "reporter", "analyst"),
    "task.history": ("self", "unit", "directs", "over", "department", "giver", "analyst"),
    # boards and lists of a place or a department
    "board.division": ("over", "analyst"),
    "board.department": ("department", "room", "analyst"),
    "board.grid": ("over", "analyst"),
    "late": ("over", "analyst"),
    # what comes up, what comes in, what is foreseen
    "finding": ("reporter", "over", "desk", "assignee", "directs", "analyst"),
    "warning": ("over", *_THERE, "analyst"),
    "plan": ("over", *_THERE, "analyst"),
    # people
    "organisation": ("anybody",),
    "person.name": ("self", "over", "department", "directs", "member", "told", "superior"),
    "person.phone": ("self", "over", "department", "directs", "superior"),
    "inbox": ("self",),
    # 条抓块统: whoever dispatches scores, and a department does not score its people who are stationed
    "score": ("self", "official", "department_home", "analyst"),
}
_OF_PEOPLE: tuple[Reading, ...] = ("person.name",)
"""Of which an analyst sees what their account allows."""


def visible(viewer: Viewer, reading: Reading, seen: Seen) -> View:
    """How much somebody sees: the widest of what their standings open.

    Processes see everything; whoever is not registered, or was erased, nothing.
    """
    if not viewer.actor.startswith(PERSON):
        return WHOLE
    known = seen.organisation.people.get(viewer.actor)
    if known is None or known.erased:
        return NOTHING
    views = [
        view for standing in TABLE[reading] if (view := view_of(standing, viewer, seen)) is not None
    ]
    if reading in _OF_PEOPLE and viewer.role == "analyst" and viewer.names:
        views.append(WHOLE)
    return _widest(views)


def rows(
    viewer: Viewer, reading: Reading, listed: Iterable[tuple[T, Seen]]
) -> Iterator[tuple[T, View]]:
    """Of the rows of a list those that somebody sees, each asked as the single thing would be."""
    for row, seen in listed:
        view = visible(viewer, reading, seen)
        if view.extent != "nothing":
            yield row, view


def reaches(viewer: Viewer, organisation: Organisation) -> tuple[str, ...]:
    """The division codes and department streams in which rows may be theirs, sorted.

    For choosing rows before each is asked: besides, their own are theirs wherever they lie.
    """
    posts = posts_of(organisation, viewer.actor)
    return tuple(
        sorted(
            {
                post.division if post.department is None else department_stream(post.department)
                for post in posts
                if post.department is not None or post.role in OVERSEERS
            }
        )
    )


def _widest(views: Iterable[View]) -> View:
    """One whole view, from the earliest position, with names where any has them; else the parts."""
    found = list(views)
    whole = [view for view in found if view.extent == "whole"]
    if whole:
        return min(whole, key=lambda view: (not view.names, view.after))
    parts = {part for view in found for part in view.parts}
    return View("part", parts=tuple(sorted(parts))) if parts else NOTHING
