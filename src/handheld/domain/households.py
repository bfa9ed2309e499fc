"""Households linked to those who visit them (联户): numbers within a grid, and nothing personal."""

from __future__ import annotations

from collections.abc import Sequence

from handheld.domain.errors import Malformed
from handheld_events.ids import is_person_number, is_personal_number
from handheld_events.person import HouseholdsLinked
from handheld_events.territory import tier_of
from handheld_projections.organisation import Post

MOST_HOUSEHOLDS = 200
"""Of one person."""

_SEPARATORS = str.maketrans("", "", "-_.")


def check_households(person: str, households: Sequence[str] | None, posts: Sequence[Post]) -> None:
    """They are numbers of households in a grid where the person has a post.

    Raises Malformed: `household.number`, `household.number_personal`, `household.twice`,
    `household.too_many`, `household.no_grid`.
    """
    if not households:
        return
    for number in households:
        if not is_person_number(number):
            raise Malformed("household.number", household=number)
        # Streams keep these numbers in plain: what is personal could never be erased there.
        if is_personal_number(number.translate(_SEPARATORS)):
            raise Malformed("household.number_personal")
    if len(set(households)) < len(households):
        raise Malformed("household.twice", person=person)
    if len(households) > MOST_HOUSEHOLDS:
        raise Malformed("household.too_many", person=person, limit=MOST_HOUSEHOLDS)
    if not _in_a_grid(posts):
        raise Malformed("household.no_grid", person=person)


def linked(
    wanted: tuple[str, ...] | None, posts: Sequence[Post], before: tuple[str, ...]
) -> tuple[HouseholdsLinked, ...]:
    """What changes of the households; who leaves their last grid visits none any more."""
    if wanted is None:
        wanted = before if _in_a_grid(posts) else ()
    return () if wanted == before else (HouseholdsLinked(households=wanted),)


def _in_a_grid(posts: Sequence[Post]) -> bool:
    return any(tier_of(post.division) == "grid" for post in posts)
