"""Who is woken by a commit: whoever watches where it belongs, above that, or below it."""

from __future__ import annotations

from itertools import product

import pytest
from msgspec.structs import replace

from handheld.application.loading import Append
from handheld.application.waking import (
    MOST_PEOPLE,
    concerned,
    lifted,
    told_under,
    watched_under,
)
from handheld_events.base import Event
from handheld_events.envelope import About
from handheld_events.examples import EXAMPLES, META, recorded
from handheld_events.task import TaskAccepted
from handheld_events.task_force import TaskForceCancelled
from handheld_events.territory import within
from handheld_projections.inbox import Inbox, may_reach

LOG = "0197f0000000700080000000000000aa"
DISTRICT, TOWNSHIP, VILLAGE = "330825", "330825101", "330825101264"
PLACES = [
    None,
    "330826",
    DISTRICT,
    TOWNSHIP,
    "330825102",
    VILLAGE,
    "330825101265",
    "330825101264003",
]


def reached(watched: str | None, told: str | None) -> bool:
    """Whether NATS brings what is told under one subject to who watches another."""
    subject = told_under(LOG, told).split(".")
    return any(
        all(
            want in (">", "*", word)
            for want, word in zip(pattern.split("."), subject, strict=False)
        )
        for pattern in watched_under(LOG, watched)
    )


def concerns(watched: str | None, told: str | None) -> bool:
    if watched is None or told is None:
        return True
    return within(told, watched) or within(watched, told)


@pytest.mark.parametrize(("watched", "told"), list(product(PLACES, PLACES)))
def test_whoever_is_concerned_is_woken_and_nobody_else(
    watched: str | None, told: str | None
) -> None:
    assert reached(watched, told) == concerns(watched, told)


def test_another_log_wakes_nobody() -> None:
    assert told_under("another", VILLAGE).split(".")[1] != told_under(LOG, VILLAGE).split(".")[1]
    assert watched_under(LOG, None) == (f"handheld-wake.{LOG}.>",)


def test_a_commit_in_many_places_is_told_above_them_and_reaches_the_same() -> None:
    villages = [f"3308251{town:02}2{n:02}" for town in range(1, 20) for n in range(40)]
    assert lifted(villages[:3]) == set(villages[:3])
    assert lifted(villages[:200]) == {village[:9] for village in villages[:200]}
    assert lifted(villages) == {"330825"}
    assert lifted([*villages, None], most=1) == {None}
    assert lifted(["no code", VILLAGE]) == {None, VILLAGE}
    for watched in PLACES:
        if any(concerns(watched, village) for village in villages):
            assert any(reached(watched, place) for place in lifted(villages))


def test_a_commit_is_told_where_it_belongs_and_where_those_are_at_home_whom_it_reaches() -> None:
    homes = {"person-a": [TOWNSHIP], "person-b": ["330826"], "person-c": [], "person-d": ["330827"]}

    def told(about: About, *events: Event) -> set[str | None]:
        return concerned([Append("tf-1", 0, about, events)], lambda who: homes[who])

    here = About(division=VILLAGE)
    assert told(here, TaskAccepted()) == {VILLAGE}
    assert told(About(), TaskAccepted()) == {None}
    assert told(About(division=VILLAGE, person="person-b"), TaskAccepted()) == {VILLAGE, "330826"}
    assert told(About(division=VILLAGE, person="person-c"), TaskAccepted()) == {VILLAGE}
    called_off = TaskForceCancelled(reason="雨停了", tasks=1, told=("person-a", "person-d"))
    assert told(here, TaskAccepted(), called_off) == {VILLAGE, TOWNSHIP, "330827"}


def test_a_commit_that_reaches_very_many_is_told_to_all() -> None:
    each = [
        Append(f"task-{n}", 0, About(division=VILLAGE, person=f"person-{n}"), (TaskAccepted(),))
        for n in range(MOST_PEOPLE + 1)
    ]
    assert concerned(each[1:], lambda _: [TOWNSHIP]) == {VILLAGE, TOWNSHIP}
    assert concerned(each, lambda _: [TOWNSHIP]) == {None}


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_whoever_gets_an_item_is_among_those_who_are_told(name: str) -> None:
    fact = recorded(EXAMPLES[name], replace(META, actor="person-SYN-Z"))
    got = {line.key for line in Inbox().lines([fact])}
    assert got <= set(may_reach(fact.person, fact.event))
