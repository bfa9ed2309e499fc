"""The parts that whoever tries the demonstration can play: one person for each kind of post."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from handheld_events.territory import within
from handheld_projections.organisation import Organisation


class Where(NamedTuple):
    """Where a story plays."""

    district: str
    township: str
    village: str
    department: str
    """One that has much to do in it."""


class Part(NamedTuple):
    """Somebody to play."""

    account: str | None
    """The name to sign in with; None for people in the field, who have a link."""
    role: str
    division: str
    department: str | None
    person: str
    """A person stream."""


OFFICES = (
    ("commander", "district_commander"),
    ("duty", "duty_officer"),
    ("township", "township_official"),
    ("village", "village_official"),
)
"""Who signs in with a password, by the name of the account."""
DEPARTMENT, ANALYST = "department", "analyst"
"""Accounts of two officers of a department, of whom the other studies figures."""
FIELD = ("grid_head", "household_contact")
"""Who signs in with a link."""


def parts(organisation: Organisation, where: Where, now: datetime) -> list[Part]:
    """One person for each of these roles, near each other; a role that nobody has is left out."""
    tiers = (where.district, where.district, where.township, where.village)
    found: list[Part] = []
    for (account, role), division in zip(OFFICES, tiers, strict=True):
        people = list(organisation.holders(role, division))
        on_duty = organisation.on_duty(role, division, at=now)
        if on_duty is not None:
            people.insert(0, on_duty)
        found += [Part(account, role, division, None, person) for person in people[:1]]
    role = "department_officer"
    officers = organisation.department_posts(where.department).get(role, ())
    found += [
        Part(account, role, division, where.department, person)
        for account, (person, division) in zip((DEPARTMENT, ANALYST), officers, strict=False)
    ]
    grids = sorted(c for c in organisation.divisions if len(c) == 15 and within(c, where.village))
    for role in FIELD:
        found += [
            Part(None, role, grid, None, person)
            for grid in grids
            for person in organisation.holders(role, grid)[:1]
        ][:1]
    return found
