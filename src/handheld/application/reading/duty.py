"""Duty rosters (值班表) as anybody registered sees them: who is on, until when, who comes next."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import msgspec

from handheld.application.reading.called import Called, Unit
from handheld.application.reading.named import Named, Place
from handheld.application.reading.seen import Look, must_see
from handheld.domain.errors import NotFound
from handheld.domain.roles import ROLES
from handheld.domain.seeing import Seen, Viewer
from handheld_events.ids import department_stream
from handheld_projections.organisation import Organisation, Post


class ShiftShown(msgspec.Struct, frozen=True, kw_only=True):
    """A shift of a roster."""

    person: Named
    begins: datetime
    """UTC."""
    ends: datetime
    """UTC."""


class DutyShown(msgspec.Struct, frozen=True, kw_only=True):
    """The roster of one post, and who is on duty in it."""

    role: str
    division: Place
    department: Unit | None
    """Whose post it is; None for one of the division itself."""
    version: int
    """Of the division's stream: for If-Match."""
    on_duty: Named | None
    """With the telephone number, where that is for who looks; None where nobody is on."""
    taken_at: datetime | None
    """When the duty was taken last (UTC, recorded time)."""
    running: ShiftShown | None
    """The shift that has begun and is not over."""
    shifts: tuple[ShiftShown, ...]
    """All of the roster, in order."""


def duties(
    look: Look, viewer: Viewer, now: datetime, division: str | None = None
) -> tuple[DutyShown, ...]:
    """The rosters of a division and of its departments, or all; only posts that have one.

    Raises NotFound (`division.unknown`).
    """
    organisation = look.organisation
    absent = NotFound("division.unknown", division=division or "")
    must_see(viewer, "organisation", Seen(organisation), absent)
    if division is not None and division not in organisation.divisions:
        raise absent
    called = Called(look, viewer)
    posts = posts_with_rosters(organisation, division)
    return tuple(_shown(called, post, now) for post in posts)


def posts_with_rosters(organisation: Organisation, division: str | None) -> list[Post]:
    """The posts that have a roster, or of which somebody was on duty; those of departments, too."""
    return [
        post
        for post in _posts(organisation, division)
        if (duty := organisation.duty_of(post)).shifts or duty.person is not None
    ]


def _posts(organisation: Organisation, division: str | None) -> Iterator[Post]:
    codes = organisation.divisions if division is None else (division,)
    departments: dict[str, list[str]] = {}
    for known in organisation.departments.values():
        departments.setdefault(known.division, []).append(known.key)
    for code in sorted(codes):
        for department in (None, *departments.get(code, ())):
            for role in ROLES:
                yield Post(role, code, department)


def _shown(called: Called, post: Post, now: datetime) -> DutyShown:
    organisation = called.look.organisation
    duty, on = organisation.duty_of(post), organisation.on_duty(*post)
    shifts = tuple(
        ShiftShown(person=called.person(shift.person), begins=shift.begins, ends=shift.ends)
        for shift in duty.shifts
    )
    running = duty.running(now)
    return DutyShown(
        role=post.role,
        division=called.place(post.division),
        department=None
        if post.department is None
        else called.unit(department_stream(post.department)),
        version=organisation.divisions[post.division].version,
        on_duty=None if on is None else called.naming().with_phone(on),
        taken_at=duty.taken_at,
        running=None if running is None else shifts[duty.shifts.index(running)],
        shifts=shifts,
    )
