"""Somebody as others may see them: posts are for anybody, name and number for those who answer."""

from __future__ import annotations

import msgspec

from handheld.application.reading.called import Called, Unit
from handheld.application.reading.named import Named, Place
from handheld.application.reading.seen import Look, must_see
from handheld.domain.errors import NotFound
from handheld.domain.seeing import Seen, Viewer, visible
from handheld_events.ids import department_stream
from handheld_projections.organisation import Organisation, Person, Post


class PostHeld(msgspec.Struct, frozen=True, kw_only=True):
    """A post that somebody holds."""

    role: str
    division: Place
    """Where they serve."""
    department: Unit | None
    """Whose post it is; None for one of the division itself."""
    stationed: bool
    """It serves elsewhere than the department is (派驻)."""
    on_duty: bool


class InGroup(msgspec.Struct, frozen=True, kw_only=True):
    """A group to which somebody belongs."""

    group: str
    """The key."""
    name: str


class PersonCard(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody in the register."""

    person: Named
    """With the telephone number, each as far as it is for who looks."""
    version: int
    """Of their stream: for If-Match."""
    synthetic: bool
    """Made by a generator; no such person exists."""
    erased: bool
    posts: tuple[PostHeld, ...]
    groups: tuple[InGroup, ...]
    households: tuple[str, ...] | None
    """Numbers of the households that they visit (联户); None where these are hidden."""


def person_card(look: Look, viewer: Viewer, person: str) -> PersonCard:
    """Somebody by their stream. Raises NotFound (`person.unknown`)."""
    organisation, called = look.organisation, Called(look, viewer)
    absent = NotFound("person.unknown", person=person)
    known = organisation.people.get(person)
    seen = None if known is None else look.person(person, viewer)
    must_see(viewer, "organisation", seen, absent)
    if known is None or seen is None:
        raise absent
    return PersonCard(
        person=called.naming().with_phone(person),
        version=known.version,
        synthetic=known.synthetic,
        erased=known.erased,
        posts=tuple(_held(called, organisation, known, post) for post in known.posts),
        groups=tuple(
            InGroup(group=group.key, name=group.name)
            for group in sorted(organisation.groups.values(), key=lambda group: group.key)
            if person in group.members and not group.dissolved
        ),
        households=known.households if _sees_households(viewer, seen) else None,
    )


def _held(called: Called, organisation: Organisation, known: Person, post: Post) -> PostHeld:
    department = organisation.departments.get(post.department or "")
    where = post.division if department is None else department.division
    return PostHeld(
        role=post.role,
        division=called.place(post.division),
        department=None
        if post.department is None
        else called.unit(department_stream(post.department)),
        stationed=organisation.stationed(post),
        on_duty=organisation.on_duty(post.role, where, post.department) == known.stream,
    )


def _sees_households(viewer: Viewer, seen: Seen) -> bool:
    """They themselves, and those who see the board of their grid: without names it says nothing."""
    if viewer.actor == seen.person:
        return True
    view = visible(viewer, "board.grid", seen)
    return view.extent == "whole" and view.names
