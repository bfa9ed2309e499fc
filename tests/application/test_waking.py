"""Who is woken by a commit: whoever watches where it belongs, above that, or below it."""

from __future__ import annotations

from itertools import product

import pytest

from handheld.application.waking import lifted, places_of, told_under, watched_under
from handheld_events.territory import within
from tests.support_nats import rows_of

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


def test_the_places_of_a_commit_are_read_from_its_facts() -> None:
    rows = [
        *rows_of(2, division=VILLAGE),
        *rows_of(1, division=None),
        *rows_of(1, division=TOWNSHIP),
    ]
    assert places_of(rows) == {VILLAGE, None, TOWNSHIP}
