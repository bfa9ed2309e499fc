"""The call list of a superior: who has not been reached, with the telephone number, by place.

The last rung of the ladder is a person with a telephone: whoever is reached by it can be accepted for.
docs/reaching-people.md
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from handheld.application.board_keeper import BoardKeeper
from handheld.application.reading.named import Named, Naming, Place, place_of
from handheld.application.reading.seen import Look, must_see
from handheld.domain.errors import NotFound
from handheld.domain.seeing import Seen, Viewer, visible
from handheld_events.codec import Reading, UnreadableEvent
from handheld_events.envelope import Recorded
from handheld_projections.notices import Attempt, reaching
from handheld_projections.organisation import Organisation
from handheld_projections.waiters import Waiter

MOST = 500
"""People on one page."""


class Attempted(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """How it was tried to tell them. `taken` is never delivered."""

    rung: str
    number: int
    at: datetime
    """Recorded time (UTC)."""
    result: str | None = None
    """None while nobody has said what came of it."""
    code: str | None = None
    arrived: bool | None = None
    """What the other side says became of it."""


class ToCall(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Somebody whose phone has not stored their task, and who has not accepted it."""

    task: str
    task_force: str
    title: str
    """Of the task force."""
    person: Named
    """With the telephone number, where that is for who looks."""
    dispatched_at: datetime
    """Recorded time (UTC)."""
    due_at: datetime | None = None
    """By when it is to be accepted (UTC)."""
    overdue: bool = False
    reminded: int = 0
    escalated: int = 0
    attempts: tuple[Attempted, ...] = ()
    """In order, since the task waits for them."""
    listed: bool = False
    """Whether nothing else is left to try."""


class PlaceToCall(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The people of one place."""

    division: Place
    people: tuple[ToCall, ...]


class CallList(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A page of the list: places by code, and in each those who wait longest first."""

    division: Place
    position: int
    """Of the log when it was looked at."""
    drills: bool
    total: int
    """Tasks on the whole list."""
    offset: int
    places: tuple[PlaceToCall, ...]


def call_list(
    look: Look,
    boards: BoardKeeper,
    viewer: Viewer,
    division: str,
    *,
    drills: bool = False,
    offset: int = 0,
    limit: int = 100,
) -> CallList:
    """Those not reached in a division, drills apart.

    Suspended tasks wait, and those open to a group are nobody's own: neither is listed. `limit` is
    500 at most. Raises NotFound (`division.unknown`: hidden and absent alike).
    """
    organisation = look.organisation
    absent = NotFound("division.unknown", division=division)
    here = None
    if division in organisation.divisions:
        here = Seen(organisation, divisions=(division,))
    must_see(viewer, "late", here, absent)
    waiting = [
        waiter
        for waiter in boards.waiters(division, drills=drills)
        if waiter.state == "waiting"
        and not (waiter.delivered or waiter.suspended or waiter.open)
        and _sees(look, viewer, waiter)
    ]
    waiting.sort(key=lambda waiter: (waiter.division, waiter.key))
    offset = max(offset, 0)
    chosen = waiting[offset : offset + max(0, min(limit, MOST))]
    place = place_of(organisation, division) or Place(division)
    return CallList(
        division=place,
        position=look.position,
        drills=drills,
        total=len(waiting),
        offset=offset,
        places=_by_place(look, boards, viewer, chosen, organisation),
    )


def _sees(look: Look, viewer: Viewer, waiter: Waiter) -> bool:
    """The list is for the place as a whole; each row is asked as it would be by itself."""
    seen = look.task_of(
        waiter.task_force,
        order=waiter.order,
        division=waiter.division,
        person=waiter.person,
        department=waiter.department,
    )
    return visible(viewer, "task", seen).extent != "nothing"


def _by_place(
    look: Look,
    boards: BoardKeeper,
    viewer: Viewer,
    chosen: Sequence[Waiter],
    organisation: Organisation,
) -> tuple[PlaceToCall, ...]:
    known = reaching(_facts(look, [waiter.task for waiter in chosen]))
    titles: dict[str, str] = {}
    naming: dict[str, Naming] = {}
    places: dict[str, list[ToCall]] = {}
    for waiter in chosen:
        name = waiter.task_force
        if name not in titles:
            titles[name] = boards.summary(name).title
            naming[name] = Naming(look, viewer, name)
        tried = known[waiter.task].attempts if waiter.task in known else ()
        places.setdefault(waiter.division, []).append(
            ToCall(
                task=waiter.task,
                task_force=name,
                title=titles[name],
                person=naming[name].with_phone(waiter.person),
                dispatched_at=waiter.dispatched_at,
                due_at=waiter.due_at,
                overdue=waiter.overdue,
                reminded=waiter.reminded,
                escalated=waiter.escalated,
                attempts=tuple(map(_attempted, tried)),
                listed=any(one.result == "listed" for one in tried),
            )
        )
    return tuple(
        PlaceToCall(division=place_of(organisation, code) or Place(code), people=tuple(people))
        for code, people in places.items()
    )


def _attempted(one: Attempt) -> Attempted:
    return Attempted(
        rung=one.rung,
        number=one.number,
        at=one.at,
        result=one.result,
        code=one.code,
        arrived=one.arrived,
    )


def _facts(look: Look, tasks: Sequence[str]) -> list[Recorded[Any]]:
    """Of each task as far as it can be read."""
    fact, found, broken = Reading().fact, [], set[str]()
    for row in look.log.read_streams(tasks):
        if row[1] in broken:
            continue
        try:
            found.append(fact(*row))
        except UnreadableEvent:
            broken.add(row[1])
    return found
