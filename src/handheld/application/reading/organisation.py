"""Divisions, departments and groups as anybody registered sees them: who is where, in which post.

Names of people are shown as far as they are for who looks; whoever is not registered, or was
erased, sees nothing, and is told that there is nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

import msgspec

from handheld.application.reading.called import Called
from handheld.application.reading.named import Named, Place
from handheld.application.reading.seen import Look, must_see
from handheld.domain.duty import answering, may_start
from handheld.domain.errors import NotFound
from handheld.domain.roles import ROLES
from handheld.domain.seeing import Seen, Viewer
from handheld_events.division import DivisionKind, Posture, Tier
from handheld_events.territory import ancestors, parent_of, tier_of, within
from handheld_projections.organisation import Department, Division, Group, Organisation, Post


class DivisionListed(msgspec.Struct, frozen=True, kw_only=True):
    """A division in a list."""

    code: str
    name: str
    tier: Tier
    kind: DivisionKind | None
    synthetic: bool
    posture: Posture
    """By which it goes now, its own or that of the nearest above it that says."""
    children: int
    """How many divisions lie one tier below."""


class Holding(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody in a post."""

    person: Named
    role: str
    division: Place
    """Where they serve."""
    stationed: bool
    """A department's post that serves elsewhere than the department is (派驻)."""
    on_duty: bool


class DepartmentListed(msgspec.Struct, frozen=True, kw_only=True):
    """A department in a list."""

    department: str
    """The key."""
    name: str
    division: Place
    synthetic: bool
    dissolved: bool
    """It takes no orders any more."""
    people: int
    """How many posts of it are held."""


class DivisionCard(msgspec.Struct, frozen=True, kw_only=True):
    """A division, with what is one tier below it and who holds its posts."""

    division: DivisionListed
    version: int
    """Of its stream: for If-Match of its name, its posture and its rosters."""
    own_posture: Posture | None
    """What it was switched to itself."""
    above: tuple[Place, ...]
    """The district first."""
    children: tuple[DivisionListed, ...]
    """By code."""
    posts: tuple[Holding, ...]
    """Of the division itself, those of its command first."""
    departments: tuple[DepartmentListed, ...]
    """That belong to it."""
    may_command: bool
    """Who looks runs its command room: starts, posture, rosters, groups."""


class DepartmentCard(msgspec.Struct, frozen=True, kw_only=True):
    """A department and its people."""

    department: DepartmentListed
    version: int
    """Of its stream: for If-Match."""
    answers: Named | None
    """Who answers for it now; None where nobody does."""
    posts: tuple[Holding, ...]


class GroupListed(msgspec.Struct, frozen=True, kw_only=True):
    """People who are called together, in a list (工作组)."""

    group: str
    """The key."""
    name: str
    division: Place
    members: int
    dissolved: bool


class GroupCard(msgspec.Struct, frozen=True, kw_only=True):
    """A group and its members."""

    group: GroupListed
    version: int
    """Of its stream: for If-Match."""
    members: tuple[Named, ...]


def divisions(look: Look, viewer: Viewer, below: str | None = None) -> tuple[DivisionListed, ...]:
    """The divisions one tier below one, by code; without one, the districts.

    Raises NotFound (`division.unknown`).
    """
    organisation = look.organisation
    if below is not None:
        known = known_division(look, viewer, below)
        return _listed(organisation, organisation.children(known.code))
    _registered(look, viewer, NotFound("division.unknown", division=""))
    roots = [d for d in organisation.divisions.values() if tier_of(d.code) == "district"]
    return _listed(organisation, sorted(roots, key=lambda division: division.code))


def division_card(look: Look, viewer: Viewer, code: str) -> DivisionCard:
    """A division. Raises NotFound (`division.unknown`)."""
    known, organisation = known_division(look, viewer, code), look.organisation
    called = Called(look, viewer)
    own = [
        _holding(called, person, Post(role, code))
        for role in ROLES
        for person in organisation.holders(role, code)
    ]
    there = [d for d in organisation.departments.values() if d.division == code]
    return DivisionCard(
        division=_listed(organisation, [known])[0],
        version=known.version,
        own_posture=known.posture,
        above=tuple(called.place(above) for above in ancestors(code)[:-1]),
        children=_listed(organisation, organisation.children(code)),
        posts=tuple(own),
        departments=tuple(
            _department(called, each) for each in sorted(there, key=lambda one: one.key)
        ),
        may_command=may_start(organisation, viewer.actor, code),
    )


def departments(
    look: Look, viewer: Viewer, division: str | None = None
) -> tuple[DepartmentListed, ...]:
    """The departments of a division and of all below it, or of all.

    Raises NotFound (`division.unknown`).
    """
    if division is not None:
        known_division(look, viewer, division)
    else:
        _registered(look, viewer, NotFound("division.unknown", division=""))
    called = Called(look, viewer)
    found = sorted(look.organisation.departments.values(), key=lambda d: (d.division, d.key))
    return tuple(
        _department(called, known) for known in found if within(known.division, division or "")
    )


def department_card(look: Look, viewer: Viewer, key: str, now: datetime) -> DepartmentCard:
    """A department by its key; `now`: whose turn it is. Raises NotFound (`department.unknown`)."""
    organisation, called = look.organisation, Called(look, viewer)
    absent = NotFound("department.unknown", department=key)
    _registered(look, viewer, absent)
    known = organisation.departments.get(key)
    if known is None:
        raise absent
    first = next(iter(answering(organisation, key, now)), None)
    posts = organisation.department_posts(key)
    order = {role: number for number, role in enumerate(ROLES)}
    return DepartmentCard(
        department=_department(called, known),
        version=known.version,
        answers=None if first is None else called.person(first.person),
        posts=tuple(
            _holding(called, person, Post(role, division, key))
            for role in sorted(posts, key=lambda role: order.get(role, len(order)))
            for person, division in posts[role]
        ),
    )


def groups(look: Look, viewer: Viewer, division: str | None = None) -> tuple[GroupListed, ...]:
    """The groups of a division and of all below it, or of all, by key.

    Raises NotFound (`division.unknown`).
    """
    if division is not None:
        known_division(look, viewer, division)
    else:
        _registered(look, viewer, NotFound("division.unknown", division=""))
    called = Called(look, viewer)
    found = sorted(look.organisation.groups.values(), key=lambda known: known.key)
    return tuple(_group(called, one) for one in found if within(one.division, division or ""))


def group_card(look: Look, viewer: Viewer, key: str) -> GroupCard:
    """A group by its key. Raises NotFound (`group.unknown`)."""
    absent = NotFound("group.unknown", group=key)
    _registered(look, viewer, absent)
    known = look.organisation.groups.get(key)
    if known is None:
        raise absent
    called = Called(look, viewer)
    members = tuple(called.person(person) for person in known.members)
    return GroupCard(group=_group(called, known), version=known.version, members=members)


def _registered(look: Look, viewer: Viewer, absent: NotFound) -> None:
    must_see(viewer, "organisation", Seen(look.organisation), absent)


def known_division(look: Look, viewer: Viewer, code: str) -> Division:
    """A division that there is, for anybody registered. Raises NotFound (`division.unknown`)."""
    absent = NotFound("division.unknown", division=code)
    _registered(look, viewer, absent)
    known = look.organisation.divisions.get(code)
    if known is None:
        raise absent
    return known


def _listed(organisation: Organisation, found: Iterable[Division]) -> tuple[DivisionListed, ...]:
    below = Counter(map(parent_of, organisation.divisions))
    return tuple(
        DivisionListed(
            code=known.code,
            name=known.name,
            tier=tier_of(known.code),
            kind=known.kind,
            synthetic=known.synthetic,
            posture=organisation.posture_of(known.code),
            children=below[known.code],
        )
        for known in found
    )


def _holding(called: Called, person: str, post: Post) -> Holding:
    organisation = called.look.organisation
    return Holding(
        person=called.person(person),
        role=post.role,
        division=called.place(post.division),
        stationed=organisation.stationed(post),
        on_duty=_is_on_duty(organisation, person, post),
    )


def _is_on_duty(organisation: Organisation, person: str, post: Post) -> bool:
    """The duty of a department is that of its own division, wherever its people serve."""
    department = organisation.departments.get(post.department or "")
    where = post.division if department is None else department.division
    return organisation.on_duty(post.role, where, post.department) == person


def _department(called: Called, known: Department) -> DepartmentListed:
    posts = called.look.organisation.department_posts(known.key)
    return DepartmentListed(
        department=known.key,
        name=known.name,
        division=called.place(known.division),
        synthetic=known.synthetic,
        dissolved=known.dissolved,
        people=sum(map(len, posts.values())),
    )


def _group(called: Called, known: Group) -> GroupListed:
    return GroupListed(
        group=known.key,
        name=known.name,
        division=called.place(known.division),
        members=len(known.members),
        dissolved=known.dissolved,
    )
