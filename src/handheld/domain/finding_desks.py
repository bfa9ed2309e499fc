"""Desks: who decides on a finding, and to whom they can hand it.

A desk is a division (its code) or a department (its stream).
"""

from __future__ import annotations

from handheld.domain.commanding import official_above
from handheld.domain.errors import Malformed, NotFound
from handheld.domain.roles import COMMAND_ROLES
from handheld_events.territory import parent_of, within
from handheld_projections.organisation import Organisation

_DEPARTMENT = "department-"
_PERSON = "person-"


def first_desk(division: str) -> str:
    """Who decides first on what was found here: the village, where the place is in one."""
    return division[:12]


def territory_of(organisation: Organisation, desk: str) -> str:
    """The division that a desk serves. Raises NotFound (`department.unknown`)."""
    key = _department(desk)
    if key is None:
        return desk
    known = organisation.departments.get(key)
    if known is None:
        raise NotFound("department.unknown", department=key)
    return known.division


def desk_above(organisation: Organisation, desk: str) -> str | None:
    """The desk one tier up; of a department its division; none above a district.

    Raises NotFound (`department.unknown`).
    """
    territory = territory_of(organisation, desk)
    return parent_of(desk) if territory == desk else territory


def check_route(organisation: Organisation, desk: str, to: str) -> None:
    """A desk routes to divisions below it, and to departments of its own division or below.

    Raises NotFound (`division.unknown`, `department.unknown`), Malformed (`finding.not_below`,
    `department.dissolved`).
    """
    territory = territory_of(organisation, desk)
    target = territory_of(organisation, to)
    if target == to:
        if to not in organisation.divisions:
            raise NotFound("division.unknown", division=to)
        below = within(to, territory) and to != territory
    else:
        if organisation.departments[to.removeprefix(_DEPARTMENT)].dissolved:
            raise Malformed("department.dissolved", department=to.removeprefix(_DEPARTMENT))
        below = within(target, territory)
    if not below:
        raise Malformed("finding.not_below", desk=desk, to=to)


def may_decide(organisation: Organisation, actor: str, desk: str) -> bool:
    """Whether somebody decides on what lies on this desk.

    On a division's desk: whoever holds a post of that division; on a department's: its people. On
    either: whoever commands a division that the desk lies in; and what is no person (`operator`).
    """
    if not actor.startswith(_PERSON):
        return True
    person = organisation.people.get(actor)
    if person is None or person.erased:
        return False
    key = _department(desk)
    known = organisation.departments.get(key) if key is not None else None
    territory = known.division if known is not None else desk
    for post in person.posts:
        if key is not None and post.department == key:
            return True
        if post.department is not None:  # an agency's people do not decide for the division
            continue
        if key is None and post.division == desk:
            return True
        if post.role in COMMAND_ROLES and within(territory, post.division):
            return True
    return False


def may_speak_for(organisation: Organisation, actor: str, who: str, division: str) -> bool:
    """Whether somebody reports, adds or corrects for another (代报) whom they reached by telephone.

    Officials, village-team leaders and grid heads of the place or above, and what is no person.
    """
    return (
        actor == who
        or not actor.startswith(_PERSON)
        or official_above(organisation, actor, division, cadres=True)
    )


def _department(desk: str) -> str | None:
    return desk.removeprefix(_DEPARTMENT) if desk.startswith(_DEPARTMENT) else None
