"""Who answers for a division or a department, who stands in for whom, and who may command where."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from handheld.domain.roles import (
    COMMAND_ROLES,
    COMMANDERS,
    DEPARTMENT_COMMAND,
    DUTY_POSTS,
    UNIT_ROLES,
)
from handheld_events.orders import Vacancy
from handheld_events.territory import ancestors, tier_of, within
from handheld_projections.organisation import Organisation, Post

PERSON = "person-"


class Superior(NamedTuple):
    """The duty post of a division, and who holds it."""

    person: str | None
    """None where nobody holds it, or where there is no such tier."""
    role: str | None
    division: str
    """Where the post is; the district's code where there is nothing above."""


class Answering(NamedTuple):
    """Who answers for a department as a unit."""

    person: str
    role: str
    division: str


def on_post(
    organisation: Organisation,
    role: str,
    division: str,
    department: str | None = None,
    at: datetime | None = None,
) -> str | None:
    """Whoever is on duty in a post, else its first holder. A time: as `Organisation.on_duty` has it."""
    person = organisation.on_duty(role, division, department, at)
    if person is not None:
        return person
    holders = organisation.holders(role, division, department)
    return holders[0] if holders else None


def duty_post(organisation: Organisation, division: str, at: datetime | None = None) -> Superior:
    """The duty post of a division: the first of those of its tier that anybody holds."""
    for role in DUTY_POSTS[tier_of(division)]:
        person = on_post(organisation, role, division, None, at)
        if person is not None:
            return Superior(person, role, division)
    return Superior(None, None, division)


def told_of_delay(
    organisation: Organisation,
    division: str,
    department: str | None,
    late: str | None,
    number: int,
    skipped: int = 0,
    at: datetime | None = None,
) -> Superior | None:
    """Who is told so many tiers above a division that somebody there is late: never they themselves.

    Where tiers were skipped and the one asked for has nobody, the highest of the skipped that has.
    People at the district have one rung: the head of their department, else the duty post of the
    district. Nobody in particular where all of them are vacant; None above the district.
    """
    above = ancestors(division)[::-1]
    if not 1 <= number < max(len(above), 2):
        return None
    if len(above) == 1:
        head = None if department is None else _head(organisation, department, late)
        return head or _other_than(organisation, division, late, at)
    for tier in range(number, max(number - skipped, 1) - 1, -1):
        found = _other_than(organisation, above[tier], late, at)
        if found.person is not None:
            return found
    return Superior(None, None, above[number])


def _other_than(
    organisation: Organisation, division: str, late: str | None, at: datetime | None
) -> Superior:
    found = duty_post(organisation, division, at)
    if late is None or found.person != late:
        return found
    for role in DUTY_POSTS[tier_of(division)]:
        for person in organisation.holders(role, division):
            if person != late:
                return Superior(person, role, division)
    return Superior(None, None, division)


def _head(organisation: Organisation, department: str, late: str | None) -> Superior | None:
    posts = organisation.department_posts(department)
    for person, division in posts.get("department_head", ()):
        if person != late:
            return Superior(person, "department_head", division)
    return None


def above_vacancy(
    organisation: Organisation, vacancy: Vacancy, at: datetime | None = None
) -> Superior:
    """Who stands in for a vacant post: the nearest duty post that is filled, there or above.

    Nobody where no duty post up to the district is filled.
    """
    above = ancestors(vacancy.division)[::-1]
    for division in above:
        found = duty_post(organisation, division, at)
        if found.person is not None:
            return found
    return Superior(None, None, above[-1])


def answering(
    organisation: Organisation, department: str, at: datetime | None = None
) -> list[Answering]:
    """Who can answer for a department, the first to be asked first: duty, heads, officers.

    Nobody for a department that is unknown or dissolved.
    """
    known = organisation.departments.get(department)
    if known is None or known.dissolved:
        return []
    found: list[Answering] = []
    person = organisation.on_duty("duty_officer", known.division, department, at)
    if person is not None:
        found.append(Answering(person, "duty_officer", known.division))
    posts = organisation.department_posts(department)
    found += [
        Answering(holder, role, division)
        for role in UNIT_ROLES
        for holder, division in posts.get(role, ())
    ]
    return found


def may_start(organisation: Organisation, actor: str, division: str) -> bool:
    """Whether somebody may start a task force in a division without asking.

    The command room of a district or a township may, in its territory; so may processes and the
    operator, who are no persons.
    """
    return not actor.startswith(PERSON) or any(
        within(division, post.division) for post in _command_rooms(organisation, actor)
    )


def may_command_department(organisation: Organisation, actor: str, department: str) -> bool:
    """Whether somebody speaks for a department: its head, its duty officer, or no person at all."""
    return not actor.startswith(PERSON) or any(
        post.department == department and post.role in DEPARTMENT_COMMAND
        for post in _posts(organisation, actor)
    )


def may_order_duty(organisation: Organisation, actor: str, post: Post) -> bool:
    """Whether somebody is above a duty post, and may say who is on.

    Above a post of a division: a command room of a tier above, and the commander of that division;
    above one of a department: its head, and the command rooms of the division and those above.
    """
    if not actor.startswith(PERSON):
        return True
    for held in _posts(organisation, actor):
        if post.department is not None and held.department == post.department:
            if held.role == "department_head":
                return True
        elif held in _command_rooms(organisation, actor) and within(post.division, held.division):
            above = post.department is not None or len(held.division) < len(post.division)
            if above or (held.role in COMMANDERS and held.role != post.role):
                return True
    return False


def _posts(organisation: Organisation, actor: str) -> tuple[Post, ...]:
    known = organisation.people.get(actor)
    return known.posts if known is not None else ()


def _command_rooms(organisation: Organisation, actor: str) -> list[Post]:
    return [
        post
        for post in _posts(organisation, actor)
        if post.role in COMMAND_ROLES
        and post.department is None
        and tier_of(post.division) in ("district", "township")
    ]
