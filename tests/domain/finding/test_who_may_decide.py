from __future__ import annotations

import pytest

from handheld.domain.finding_desks import first_desk, may_decide
from tests.support_findings import (
    COMMANDER,
    COUNTY,
    GRID,
    GRID_HEAD,
    NEXT_OFFICIAL,
    NOBODY,
    OFFICIAL,
    ORGANISATION,
    OTHER_DUTY,
    REPORTER,
    TOWNSHIP,
    TOWNSHIP_DUTY,
    TOWNSHIP_OFFICIAL,
    VILLAGE,
    WATER_DUTY,
    WATER_OFFICER,
)
from tests.support_organisation import erase, organisation

PEOPLE = (
    REPORTER,
    OFFICIAL,
    GRID_HEAD,
    TOWNSHIP_DUTY,
    TOWNSHIP_OFFICIAL,
    COMMANDER,
    WATER_OFFICER,
    WATER_DUTY,
    NEXT_OFFICIAL,
    OTHER_DUTY,
    NOBODY,
)


@pytest.mark.parametrize(
    ("desk", "who"),
    [
        (GRID, {REPORTER, GRID_HEAD, TOWNSHIP_DUTY, COMMANDER}),
        (VILLAGE, {OFFICIAL, TOWNSHIP_DUTY, COMMANDER}),
        (TOWNSHIP, {TOWNSHIP_DUTY, TOWNSHIP_OFFICIAL, COMMANDER}),
        (COUNTY, {COMMANDER}),
        ("department-water", {WATER_OFFICER, WATER_DUTY, COMMANDER}),
        ("department-police", {COMMANDER}),
    ],
)
def test_who_decides_at_a_desk(desk: str, who: set[str]) -> None:
    assert {person for person in PEOPLE if may_decide(ORGANISATION, person, desk)} == who


def test_what_is_no_person_decides_anywhere() -> None:
    assert may_decide(ORGANISATION, "operator", VILLAGE)
    assert may_decide(ORGANISATION, "reactions", "department-water")


def test_whoever_was_erased_decides_nowhere() -> None:
    made = organisation((COUNTY,), {COMMANDER: [("district_commander", COUNTY)]})
    assert may_decide(made, COMMANDER, COUNTY)
    erase(made, COMMANDER)
    assert not may_decide(made, COMMANDER, COUNTY)


@pytest.mark.parametrize(
    ("division", "desk"),
    [(GRID, VILLAGE), (VILLAGE, VILLAGE), (TOWNSHIP, TOWNSHIP), (COUNTY, COUNTY)],
)
def test_the_village_decides_first_where_the_place_is_in_one(division: str, desk: str) -> None:
    assert first_desk(division) == desk
