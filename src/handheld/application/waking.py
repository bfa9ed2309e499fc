"""Under which subjects processes wake each other after a commit: pure.

    handheld-wake.<log>.<tier>.<district>.<township>.<village>.<grid>

The place stands as in the subjects of published facts (`handheld_events.subjects`), so whoever shows
two townships is not woken for a third. Whoever watches a division is woken by what is recorded there,
below it, above it, and in no division at all: a county's warning concerns each of its villages. What
reaches somebody at home elsewhere is told there, too.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

from handheld.application.loading import Append
from handheld_events.ids import is_division_code
from handheld_events.subjects import place, places_within, word
from handheld_events.territory import TIERS, ancestors
from handheld_projections.inbox import may_reach

ROOT = "handheld-wake"
"""Not the root of published facts: nobody who reads those gets these, and no stream keeps them."""

MOST_PLACES = 16
"""Of a commit in more places than this, what lies above them is named."""

MOST_PEOPLE = 500
"""Of a commit that reaches more people than this, everybody is told."""

Places = Callable[[str], Collection[str]]
"""The divisions in which somebody holds posts, by person."""


def concerned(appends: Iterable[Append], places: Places) -> set[str | None]:
    """Where facts that were just written belong, and where those are at home whom they reach."""
    found: set[str | None] = set()
    people: set[str] = set()
    for append in appends:
        found.add(append.about.division)
        for event in append.events:
            people.update(may_reach(append.about.person, event))
        if len(people) > MOST_PEOPLE:
            return {None}
    return found.union(*map(places, people))


def lifted(divisions: Iterable[str | None], most: int = MOST_PLACES) -> set[str | None]:
    """At most so many divisions whose watchers are, among others, all whom these concern."""
    places = {d if d is not None and is_division_code(d) else None for d in divisions}
    for digits in sorted(TIERS, reverse=True)[1:]:
        if len(places) <= most:
            return places
        places = {d and d[:digits] for d in places}
    return places if len(places) <= most else {None}


def told_under(log_id: str, division: str | None) -> str:
    """The subject of a wake-up."""
    return ".".join((ROOT, word(log_id), *place(division)))


def watched_under(log_id: str, division: str | None) -> Sequence[str]:
    """What to subscribe to for a division; for None all of a log's wake-ups."""
    of_log = f"{ROOT}.{word(log_id)}"
    if division is None:
        return (f"{of_log}.>",)
    above = [told_under(log_id, code) for code in (None, *ancestors(division)[:-1])]
    return (*above, ".".join((of_log, "*", *places_within(division))))
