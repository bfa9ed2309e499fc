"""Outlines: what may be drawn, and what changes."""

from __future__ import annotations

from math import cos, pi, sin

import pytest

from handheld.application.outlining import POINTS, simplified
from handheld.domain.errors import HandheldError
from handheld.domain.register_outlines import (
    MOST_POINTS,
    OutlineDivisions,
    OutlineRow,
    decide_outlines,
)
from handheld_events.division import Polygons, Ring
from handheld_projections.organisation import Organisation
from tests.support_organisation import organisation as town
from tests.support_organisation import take

SQUARE: Ring = ((119.0, 29.0), (119.1, 29.0), (119.1, 29.1), (119.0, 29.1), (119.0, 29.0))


@pytest.fixture
def organisation() -> Organisation:
    return town(["330825", "330825101"], {})


def outlined(organisation: Organisation, code: str, polygons: Polygons) -> int:
    command = OutlineDivisions(rows=(OutlineRow(code=code, polygons=polygons),))
    changes = decide_outlines(command, organisation)
    for change in changes:
        take(organisation, change.stream, change.read, change.events)
    return len(changes)


def test_an_outline_is_drawn_once_and_taken_away_once(organisation: Organisation) -> None:
    assert outlined(organisation, "330825", ((SQUARE,),)) == 1
    drawn = organisation.divisions["330825"].outline
    assert drawn is not None
    assert drawn.position == 1
    assert outlined(organisation, "330825", ((SQUARE,),)) == 0
    assert outlined(organisation, "330825", ()) == 1
    assert organisation.divisions["330825"].outline is None
    assert outlined(organisation, "330825", ()) == 0


@pytest.mark.parametrize(
    ("code", "polygons", "error"),
    [
        ("330899", ((SQUARE,),), "division.unknown"),
        ("330825", ((SQUARE[:-1],),), "outline.ring"),
        ("330825", ((SQUARE[:2] + SQUARE[:1],),), "outline.ring"),
        ("330825", ((),), "outline.ring"),
        ("330825", (((*SQUARE[:2], (119.0, 91.0), SQUARE[0]),),), "outline.range"),
        ("330825", (((*SQUARE[:2], (float("nan"), 1.0), SQUARE[0]),),), "outline.range"),
        ("330825", ((SQUARE[:1] * (MOST_POINTS + 1),),), "outline.points"),
    ],
)
def test_what_is_no_outline_is_refused(
    organisation: Organisation, code: str, polygons: Polygons, error: str
) -> None:
    with pytest.raises(HandheldError) as refused:
        outlined(organisation, code, polygons)
    assert refused.value.code == error
    assert organisation.divisions["330825"].outline is None


def test_a_division_is_drawn_once_in_a_map(organisation: Organisation) -> None:
    row = OutlineRow(code="330825", polygons=((SQUARE,),))
    with pytest.raises(HandheldError) as refused:
        decide_outlines(OutlineDivisions(rows=(row, row)), organisation)
    assert refused.value.code == "division.twice"


def test_a_map_of_many_points_keeps_its_shape_with_few() -> None:
    many = 40_000
    circle = [
        (119 + cos(2 * pi * n / many) / 4, 29 + sin(2 * pi * n / many) / 4) for n in range(many)
    ]
    ((ring,),) = simplified((((*circle, circle[0]),),))
    assert 12 < len(ring) <= POINTS
    assert ring[0] == ring[-1]
    assert all(0.249 < ((x - 119) ** 2 + (y - 29) ** 2) ** 0.5 < 0.251 for x, y in ring)


def test_corners_stay_and_points_along_a_side_go() -> None:
    west, south = 119.0, 29.0
    side = [(west + n / 1000, south) for n in range(100)]
    ring = (*side, (west + 0.1, south), (west + 0.1, south + 0.1), (west, south + 0.1), side[0])
    ((found,),) = simplified(((ring,),))
    assert set(found) == {(119.0, 29.0), (119.1, 29.0), (119.1, 29.1), (119.0, 29.1)}


def test_an_island_smaller_than_anybody_sees_is_left_out() -> None:
    speck = tuple((x / 1e9, y / 1e9) for x, y in SQUARE)
    assert simplified(((SQUARE,), (speck,))) == ((SQUARE,),)
