"""Which rows of the registers may be somebody's, and by which words they may be found.

It narrows what is looked at; whether a row is theirs is then asked of each by itself. So it may let
through too much, never too little.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from handheld.domain.commanding import CADRES, OFFICIALS
from handheld.domain.duty import PERSON
from handheld.domain.roles import COMMAND_ROLES, DEPARTMENT_COMMAND, UNIT_ROLES
from handheld.domain.standing import Viewer, posts_of
from handheld_events.ids import department_stream
from handheld_events.territory import ancestors, within
from handheld_projections.organisation import Organisation

Unsearched = Literal["names", "phones", "orders", "texts"]
"""Where words are not looked for: names and telephone numbers of people, what orders say, and what
people wrote."""


class Reach(msgspec.Struct, frozen=True, kw_only=True):
    """Where rows may be somebody's, by the posts that they hold now."""

    person: str
    territories: tuple[str, ...]
    """Divisions that they oversee."""
    rooms: tuple[str, ...]
    """Divisions in which they run a command."""
    areas: tuple[str, ...]
    """Divisions that they oversee, and those in which a department's post of theirs serves."""
    above: tuple[str, ...]
    """All that lie above those areas: of what is for these they have a part."""
    units: tuple[str, ...]
    """Of every post its division code, or its department stream."""
    desks: tuple[str, ...]
    """Department streams on whose desks their command room decides."""
    departments: tuple[str, ...]
    """Keys of the departments of which they hold a post."""
    answers: tuple[str, ...]
    """Keys of those for which they answer."""
    leads: tuple[str, ...]
    """Streams of those that they command."""


class Narrowed(msgspec.Struct, frozen=True, kw_only=True):
    """What is looked at of what a query asks for."""

    reach: Reach | None = None
    """None: all."""
    inside: bool | None = None
    """Only in the territories of the reach, or only outside them; None: both."""
    only: tuple[str, ...] | None = None
    """Only rows with these keys."""
    unsearched: frozenset[Unsearched] = frozenset()


EVERYTHING = Narrowed()


def reach_of(viewer: Viewer, organisation: Organisation) -> Reach | None:
    """Where rows may be a viewer's; None where everything may be."""
    if not viewer.actor.startswith(PERSON) or viewer.role == "analyst":
        return None
    posts = posts_of(organisation, viewer.actor)
    own = [post for post in posts if post.department is None]
    lent = [(post, post.department) for post in posts if post.department is not None]
    territories = {post.division for post in own if post.role in OFFICIALS | CADRES}
    rooms = {post.division for post in own if post.role in COMMAND_ROLES}
    areas = territories | {post.division for post, _ in lent}
    desks = {
        department_stream(key)
        for key, known in organisation.departments.items()
        if any(within(known.division, room) for room in rooms)
    }
    return Reach(
        person=viewer.actor,
        territories=_highest(territories),
        rooms=_highest(rooms),
        areas=_highest(areas),
        above=tuple(sorted({code for area in areas for code in ancestors(area)[:-1]})),
        units=tuple(
            sorted(
                {post.division for post in own} | {department_stream(key) for _, key in lent},
            )
        ),
        desks=tuple(sorted(desks)),
        departments=tuple(sorted({key for _, key in lent})),
        answers=tuple(sorted({key for post, key in lent if post.role in UNIT_ROLES})),
        leads=tuple(
            sorted(
                {department_stream(key) for post, key in lent if post.role in DEPARTMENT_COMMAND}
            )
        ),
    )


def _highest(codes: set[str]) -> tuple[str, ...]:
    """Those that lie in none of the others."""
    return tuple(
        sorted(
            code for code in codes if not any(code != one and within(code, one) for one in codes)
        )
    )
