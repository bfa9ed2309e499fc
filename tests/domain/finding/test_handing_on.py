"""A finding goes up tier by tier, down, to departments, and back to whoever reported it."""

from __future__ import annotations

import pytest

from handheld.domain.errors import Malformed, NotAllowed, NotFound
from handheld.domain.finding import decide, evolve
from handheld.domain.finding_commands import AddToFinding, CorrectFinding, PassUp, Return, Route
from handheld_events.examples import EXAMPLES
from handheld_events.finding import (
    FindingAdded,
    FindingCorrected,
    FindingEvent,
    FindingOrdered,
    FindingPassedUp,
    FindingReported,
    FindingReturned,
    FindingRouted,
)
from handheld_events.forms import Photo
from tests.support_findings import (
    COMMANDER,
    COUNTY,
    FINDING,
    GRID,
    GRID_HEAD,
    NEXT_OFFICIAL,
    NEXT_VILLAGE,
    NOBODY,
    OFFICIAL,
    OTHER_DUTY,
    REPORTED,
    REPORTER,
    TOWNSHIP,
    TOWNSHIP_DUTY,
    TOWNSHIP_OFFICIAL,
    VILLAGE,
    WATER_OFFICER,
    by,
    given_finding,
)

UP = PassUp(finding=FINDING, reason="村里没有吊机", wants_task_force=True)
TO_TOWNSHIP = FindingPassedUp(desk=TOWNSHIP, reason="村里没有吊机", wants_task_force=True)
TO_COUNTY = FindingPassedUp(desk=COUNTY, reason="村里没有吊机", wants_task_force=True)
TO_WATER = FindingRouted(desk="department-water", reason="是河堤")
RETURNED = FindingReturned(reason="在哪一段？")


def test_it_goes_up_one_tier_at_a_time_and_ends_at_the_district() -> None:
    state = given_finding().when(UP).then(TO_TOWNSHIP)
    assert (state.desk, state.wants_task_force) == (TOWNSHIP, True)
    state = given_finding(TO_TOWNSHIP).when(UP, TOWNSHIP_OFFICIAL).then(TO_COUNTY)
    assert state.desk == COUNTY
    top = given_finding(TO_TOWNSHIP, TO_COUNTY)
    top.when(UP, COMMANDER).is_refused("finding.nothing_above")


def test_a_department_passes_it_to_its_division() -> None:
    up = PassUp(finding=FINDING, reason="不是河堤")
    given = given_finding(TO_TOWNSHIP, TO_COUNTY, TO_WATER)

    state = given.when(up, WATER_OFFICER).then(FindingPassedUp(desk=COUNTY, reason="不是河堤"))
    assert not state.wants_task_force


@pytest.mark.parametrize(
    ("history", "who", "desk"),
    [
        ((), OFFICIAL, GRID),
        ((TO_TOWNSHIP,), TOWNSHIP_DUTY, VILLAGE),
        ((TO_TOWNSHIP,), TOWNSHIP_DUTY, NEXT_VILLAGE),
        ((TO_TOWNSHIP,), TOWNSHIP_DUTY, GRID),
        ((TO_TOWNSHIP, TO_COUNTY), COMMANDER, "department-water"),
        ((TO_TOWNSHIP, TO_COUNTY), COMMANDER, TOWNSHIP),
        ((TO_TOWNSHIP, TO_COUNTY, TO_WATER), WATER_OFFICER, "department-police"),
        ((TO_TOWNSHIP, TO_COUNTY, TO_WATER), WATER_OFFICER, TOWNSHIP),
    ],
)
def test_it_is_routed_down_or_to_a_department(
    history: tuple[FindingEvent, ...], who: str, desk: str
) -> None:
    route = Route(finding=FINDING, desk=desk, reason="归你们管")

    given_finding(*history).when(route, who).then(FindingRouted(desk=desk, reason="归你们管"))


@pytest.mark.parametrize(
    ("history", "who", "desk"),
    [
        ((), OFFICIAL, TOWNSHIP),
        ((), OFFICIAL, NEXT_VILLAGE),
        ((), OFFICIAL, "department-water"),
        ((TO_TOWNSHIP,), TOWNSHIP_DUTY, "330825"),
        ((TO_TOWNSHIP,), TOWNSHIP_DUTY, "department-water"),
        ((TO_TOWNSHIP, TO_COUNTY, TO_WATER), WATER_OFFICER, COUNTY),
    ],
)
def test_it_is_not_routed_up_or_aside(
    history: tuple[FindingEvent, ...], who: str, desk: str
) -> None:
    route = Route(finding=FINDING, desk=desk, reason="归你们管")

    given_finding(*history).when(route, who).raises(Malformed, "finding.not_below", to=desk)


def test_it_is_routed_only_where_there_is_somebody() -> None:
    at_county = given_finding(TO_TOWNSHIP, TO_COUNTY)
    nowhere = Route(finding=FINDING, desk="330825999", reason="r")
    at_county.when(nowhere, COMMANDER).raises(NotFound, "division.unknown")
    no_agency = Route(finding=FINDING, desk="department-mint", reason="r")
    at_county.when(no_agency, COMMANDER).raises(NotFound, "department.unknown", department="mint")
    here = Route(finding=FINDING, desk=COUNTY, reason="r")
    at_county.when(here, COMMANDER).is_already_done("finding.routed")


def test_a_returned_one_is_open_again_when_its_reporter_says_more() -> None:
    more = AddToFinding(finding=FINDING, text="老桥往北", photos=(Photo(sha256="ab" * 32),))
    added = FindingAdded(text="老桥往北", photos=(Photo(sha256="ab" * 32),))

    state = given_finding(RETURNED).when(more, REPORTER).then(added)

    assert (state.status, state.desk) == ("open", VILLAGE)
    given_finding(RETURNED, added).when(more, REPORTER).is_already_done("finding.added")
    given_finding(added, RETURNED).when(more, REPORTER).then(added)


def test_what_an_order_was_given_about_can_still_be_handed_on() -> None:
    ordered = FindingOrdered(task_force_started="tf-1", order="order-1")

    state = given_finding(ordered).when(UP).then(TO_TOWNSHIP)

    assert (state.status, state.order) == ("open", None)


def test_only_the_reporter_adds_and_the_reporter_or_the_desk_corrects() -> None:
    more = AddToFinding(finding=FINDING, text="more")
    given_finding().when(more, OFFICIAL).raises(NotAllowed, "finding.not_yours")
    wrong = CorrectFinding(finding=FINDING, version=1, reason="听错了", text="是电线杆")
    right = FindingCorrected(version=1, reason="听错了", text="是电线杆")
    given_finding().when(wrong, REPORTER).then(right)
    given_finding().when(wrong, OFFICIAL).then(right)
    given_finding().when(wrong, GRID_HEAD).raises(NotAllowed, "finding.not_your_desk")


def test_officials_and_grid_heads_of_the_place_add_for_the_reporter_and_others_do_not() -> None:
    state = evolve(None, REPORTED)
    more = AddToFinding(finding=FINDING, text="more")
    for actor in (OFFICIAL, GRID_HEAD, TOWNSHIP_OFFICIAL, "operator"):
        assert decide(state, more, by(actor, REPORTER)).outcome == "accepted"
    for actor in (NEXT_OFFICIAL, WATER_OFFICER, OTHER_DUTY, NOBODY):
        with pytest.raises(NotAllowed, match="not_yours"):
            decide(state, more, by(actor, REPORTER))


@pytest.mark.parametrize("version", [0, 2])
def test_a_correction_points_at_a_fact_that_there_is(version: int) -> None:
    wrong = CorrectFinding(finding=FINDING, version=version, reason="r", text="t")

    given_finding().when(wrong, REPORTER).raises(NotFound, "correction.no_such_fact")


def test_a_correction_says_what_is_right() -> None:
    empty = CorrectFinding(finding=FINDING, version=1, reason="r")

    given_finding().when(empty, REPORTER).raises(Malformed, "correction.empty")


@pytest.mark.parametrize(
    "command",
    [
        PassUp(finding=FINDING, reason=" "),
        Route(finding=FINDING, desk=GRID, reason=""),
        Return(finding=FINDING, reason=""),
        AddToFinding(finding=FINDING, text=" "),
    ],
)
def test_nothing_is_done_without_words(command: object) -> None:
    given_finding().when(command, OFFICIAL).raises(Malformed, "words.missing")


def test_those_of_another_desk_do_not_decide() -> None:
    for who in (REPORTER, GRID_HEAD, NEXT_OFFICIAL, TOWNSHIP_OFFICIAL, WATER_OFFICER):
        given_finding().when(UP, who).raises(NotAllowed, "finding.not_your_desk", desk=VILLAGE)
    given_finding(TO_TOWNSHIP).when(UP, OFFICIAL).raises(
        NotAllowed, "finding.not_your_desk", desk=TOWNSHIP
    )


@pytest.mark.parametrize("event", [e for e in EXAMPLES.values() if isinstance(e, FindingEvent)])
def test_every_event_of_a_finding_is_taken_in(event: FindingEvent) -> None:
    if isinstance(event, FindingReported):
        assert evolve(None, event).status == "open"
        with pytest.raises(TypeError, match="reported once"):
            evolve(evolve(None, REPORTED), event)
    else:
        assert evolve(evolve(None, REPORTED), event).version == 2
        with pytest.raises(TypeError, match=r"begins with finding\.reported"):
            evolve(None, event)
