"""What comes with the program, to try it with: divisions, departments, made-up people, plans."""

from __future__ import annotations

import msgspec

from handheld.domain.errors import Malformed
from handheld.domain.register import DivisionRow, PersonEntry
from handheld.synthetic import grids
from handheld.synthetic import people as made_up
from handheld_events.territory import tier_of, within
from handheld_projections.organisation import Organisation

SEED = 1
CONTACTS_A_GRID = 2
"""Household contacts in the small sample."""
FULL_GRIDS = 561
FULL_CONTACTS = 10_300
"""As many as a county called on 23 July 2021."""


class Registered(msgspec.Struct, frozen=True, kw_only=True):
    """What is registered."""

    divisions: dict[str, int]
    """By tier."""
    departments: int
    people: int
    synthetic: int
    """How many of the people are made up."""
    plans: int


def registered(organisation: Organisation, plans: int) -> Registered:
    """Count what there is."""
    people = [person for person in organisation.people.values() if not person.erased]
    return Registered(
        divisions=organisation.count_by_tier(),
        departments=sum(not one.dissolved for one in organisation.departments.values()),
        people=len(people),
        synthetic=sum(person.synthetic for person in people),
        plans=plans,
    )


def sample_grids(organisation: Organisation, district: str, *, full: bool) -> list[DivisionRow]:
    """Grids for the villages of a district that has none; nothing where it has some.

    Raises Malformed (`synthetic.no_villages`).
    """
    inside = [one for one in organisation.divisions.values() if within(one.code, district)]
    if any(tier_of(one.code) == "grid" for one in inside):
        return []
    villages = sum(tier_of(one.code) == "village" for one in inside)
    return grids(inside, max(FULL_GRIDS, villages) if full else villages, SEED)


def sample_people(organisation: Organisation, *, full: bool) -> list[PersonEntry]:
    """Made-up people for all posts. Raises Malformed (`sample.real_people`, `synthetic.no_grids`)."""
    check_no_real_people(organisation)
    few = CONTACTS_A_GRID * sum(tier_of(code) == "grid" for code in organisation.divisions)
    return made_up(organisation, SEED, contacts=FULL_CONTACTS if full else few)


def check_no_real_people(organisation: Organisation) -> None:
    """The made-up and the real are never mixed. Raises Malformed (`sample.real_people`)."""
    if any(not person.synthetic for person in organisation.people.values()):
        raise Malformed("sample.real_people")
