"""Signing in a fleet: a session on a phone for people made by a generator, and for nobody else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from handheld.application.access.records import DeviceSaid
from handheld.application.access.service import Access
from handheld.domain.errors import NotFound
from handheld.entrypoints.fleet.owners import Owner
from handheld_events.territory import within
from handheld_projections.organisation import Organisation

TOGETHER = 2_000


def whom(
    organisation: Organisation, division: str | None, roles: Sequence[str], most: int | None
) -> list[str]:
    """The synthetic people with such a post, by stream. Raises NotFound (`fleet.no_people`)."""
    found = sorted(
        stream
        for stream, person in organisation.people.items()
        if person.synthetic
        and not person.erased
        and any(
            (not roles or post.role in roles)
            and (division is None or within(post.division, division))
            for post in person.posts
        )
    )
    if not found:
        raise NotFound("fleet.no_people")
    return found if most is None else found[:most]


def signed_in(organisation: Organisation, access: Access, people: Sequence[str]) -> Iterator[Owner]:
    """A session for each, on a phone of the fleet: the one that they had there ends.

    Raises as `Access.grant_sessions` does.
    """
    for begins in range(0, len(people), TOGETHER):
        some = people[begins : begins + TOGETHER]
        said = [(person, DeviceSaid(id=device_of(person), name="fleet")) for person in some]
        for person, made in zip(some, access.grant_sessions(said, by="fleet"), strict=True):
            known = organisation.people[person]
            yield Owner(
                person=person,
                token=made.token,
                device=device_of(person),
                posts=known.posts,
                households=known.households,
            )


def device_of(person: str) -> str:
    """The id of somebody's phone in a fleet."""
    kept = "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "_" for c in person)
    return f"fleet-{kept}"[:64]
