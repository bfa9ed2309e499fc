"""Assignment: targets and named people, held against the organisation, give exact assignees."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from handheld.domain.errors import Malformed
from handheld_events.orders import Target, Vacancy
from handheld_events.territory import tier_of, within
from handheld_projections.organisation import Organisation


class Assignee(NamedTuple):
    """One person, at the post that made them be chosen."""

    person: str
    division: str
    role: str | None


class Assignment(NamedTuple):
    """Who gets the order, and where nobody could be found."""

    assignees: list[Assignee]
    vacant: list[Vacancy]
    """The posts asked for, at divisions of the asked tier and kind, that nobody holds."""


def assign(
    organisation: Organisation,
    territory: str,
    targets: Iterable[Target],
    people: Sequence[str] = (),
) -> Assignment:
    """Everybody in the territory whom the targets mean, then the people named; nobody twice.

    The order is by target, then division code, then the time at which the post was taken, so that
    the same organisation always gives the same list. Raises Malformed (`person.unknown`,
    `person.erased`) for a person named who cannot be given a task.
    """
    chosen: list[Assignee] = []
    vacant: list[Vacancy] = []
    seen: set[str] = set()
    for target in targets:
        _hold_against(organisation, territory, target, chosen, seen)
        vacant += _vacant(organisation, territory, target)
    for person in people:
        if person not in seen:
            seen.add(person)
            chosen.append(named(organisation, person, territory))
    return Assignment(chosen, vacant)


def named(organisation: Organisation, person: str, territory: str) -> Assignee:
    """A person chosen by name, at their first post in the territory, else at their first post.

    Raises Malformed (`person.unknown`, `person.erased`).
    """
    known = organisation.people.get(person)
    if known is None:
        raise Malformed("person.unknown", person=person)
    if known.erased:
        raise Malformed("person.erased", person=person)
    here = [post.division for post in known.posts if within(post.division, territory)]
    anywhere = [post.division for post in known.posts]
    return Assignee(person, (here or anywhere or [territory])[0], None)


def _hold_against(
    organisation: Organisation,
    territory: str,
    target: Target,
    chosen: list[Assignee],
    seen: set[str],
) -> None:
    divisions = organisation.divisions
    posts = organisation.posts_of(target.role)
    for code in sorted(posts):
        if not code.startswith(territory):
            continue
        if target.tier is not None and tier_of(code) != target.tier:
            continue
        if target.kind is not None and divisions[code].kind != target.kind:
            continue
        for person in posts[code]:
            if person not in seen and not organisation.people[person].erased:
                seen.add(person)
                chosen.append(Assignee(person, code, target.role))


def _vacant(organisation: Organisation, territory: str, target: Target) -> list[Vacancy]:
    if target.tier is None:
        return []
    posts = organisation.posts_of(target.role)
    return [
        Vacancy(role=target.role, division=code)
        for code, division in sorted(organisation.divisions.items())
        if code.startswith(territory)
        and tier_of(code) == target.tier
        and (target.kind is None or division.kind == target.kind)
        and not posts.get(code)
    ]
