"""Duty and posture: rosters set, duty handed over and taken, who stands above whom."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from handheld.domain.duty import (
    Superior,
    duty_post,
    may_command_department,
    may_start,
    told_of_delay,
)
from handheld.domain.errors import HandheldError
from handheld.domain.register_duty import HandOverDuty, SetRoster, TakeDuty, decide
from handheld.domain.register_posture import SwitchPosture
from handheld.domain.register_posture import decide as decide_posture
from handheld_events.division import DutyTaken, RosterSet, Shift
from handheld_projections.organisation import Organisation, Post
from tests.support_organisation import (
    NOW,
    duty,
    import_person,
    on_duty,
    organisation,
    roster,
    switch,
)

COUNTY, TOWNSHIP, OTHER = "330825", "330825101", "330825102"
VILLAGE, GRID = TOWNSHIP + "264", TOWNSHIP + "264001"
A, B, C = "person-A", "person-B", "person-C"
BOSS, MAYOR, HEAD = "person-BOSS", "person-MAYOR", "person-HEAD"
WATER = "person-WATER"
POST = Post("duty_officer", TOWNSHIP)


def hours(n: float) -> datetime:
    return NOW + timedelta(hours=n)


def town() -> Organisation:
    return organisation(
        [COUNTY, TOWNSHIP, OTHER, VILLAGE, GRID],
        {
            A: [POST],
            B: [POST],
            C: [("duty_officer", OTHER)],
            MAYOR: [("township_commander", TOWNSHIP)],
            BOSS: [("district_commander", COUNTY)],
            HEAD: [("grid_head", GRID)],
            WATER: [("department_head", COUNTY, "water"), ("duty_officer", COUNTY, "water")],
        },
        {"water": COUNTY},
    )


SHIFTS = (
    Shift(person=A, begins=hours(0), ends=hours(8)),
    Shift(person=B, begins=hours(8), ends=hours(16)),
)
ROSTER = SetRoster(division=TOWNSHIP, role="duty_officer", shifts=SHIFTS)
TAKE = TakeDuty(division=TOWNSHIP, role="duty_officer", person=A, begins=hours(0))


def hand_over(to: str, note: str | None = None) -> HandOverDuty:
    return HandOverDuty(division=TOWNSHIP, role="duty_officer", to=to, note=note)


def refused(town: Organisation, command: SetRoster | HandOverDuty | TakeDuty, actor: str) -> str:
    with pytest.raises(HandheldError) as caught:
        decide(command, town, actor, NOW)
    return caught.value.code


# Rosters


def test_a_roster_is_set_in_order_of_time_and_once() -> None:
    known = town()
    backwards = SetRoster(division=TOWNSHIP, role="duty_officer", shifts=SHIFTS[::-1])

    assert decide(backwards, known, A, NOW).events == (
        RosterSet(role="duty_officer", shifts=SHIFTS),
    )
    duty(known, backwards)
    assert decide(ROSTER, known, A, NOW).code == "roster.unchanged"


@pytest.mark.parametrize(
    ("shifts", "code"),
    [
        ((SHIFTS[0], Shift(person=B, begins=hours(7), ends=hours(9))), "roster.overlap"),
        ((Shift(person=A, begins=hours(1), ends=hours(1)),), "roster.shift"),
        ((Shift(person=C, begins=hours(1), ends=hours(2)),), "duty.not_holder"),
        (SHIFTS * 501, "roster.too_many"),
    ],
)
def test_a_roster_that_makes_no_sense_is_refused(shifts: tuple[Shift, ...], code: str) -> None:
    command = SetRoster(division=TOWNSHIP, role="duty_officer", shifts=shifts)
    assert refused(town(), command, "operator") == code


def test_a_roster_is_set_by_the_command_room_or_one_above() -> None:
    for actor in (A, MAYOR, BOSS, "operator"):
        assert decide(ROSTER, town(), actor, NOW).outcome == "accepted"
    for actor in (C, HEAD, WATER):
        assert refused(town(), ROSTER, actor) == "roster.not_yours"


def test_a_departments_roster_is_set_by_the_department_or_a_command_room_above() -> None:
    shift = Shift(person=WATER, begins=hours(0), ends=hours(1))
    command = SetRoster(division=COUNTY, role="duty_officer", department="water", shifts=(shift,))

    for actor in (WATER, BOSS):
        assert decide(command, town(), actor, NOW).outcome == "accepted"
    assert refused(town(), command, MAYOR) == "roster.not_yours"


# Handing over


def test_who_is_on_hands_the_duty_over() -> None:
    known = town()
    on_duty(known, A, POST)

    answer = decide(hand_over(B, "两处积水点已派人"), known, A, NOW)

    assert answer.events == (
        DutyTaken(role="duty_officer", person=B, taken_from=A, note="两处积水点已派人"),
    )
    assert decide(hand_over(A), known, A, NOW).code == "duty.on_duty"


def test_the_duty_is_handed_over_by_whoever_is_on_or_above_and_by_nobody_else() -> None:
    known = town()
    on_duty(known, A, POST)

    for actor in (A, MAYOR, BOSS, "operator"):
        assert decide(hand_over(B), known, actor, NOW).outcome == "accepted"
    for actor in (B, C, HEAD, WATER):
        assert refused(known, hand_over(B), actor) == "duty.not_yours"


def test_where_nobody_is_on_a_holder_of_the_post_may_begin() -> None:
    assert decide(hand_over(B), town(), B, NOW).outcome == "accepted"
    assert refused(town(), hand_over(B), C) == "duty.not_yours"


def test_nobody_is_on_duty_in_a_post_that_they_do_not_hold() -> None:
    known = town()
    assert refused(known, hand_over(C), "operator") == "duty.not_holder"
    on_duty(known, A, POST)

    import_person(known, A, [("grid_head", GRID)])

    assert known.on_duty(*POST) is None


# Taking


def test_a_shift_that_has_begun_is_taken_once() -> None:
    known = town()
    roster(known, POST, *SHIFTS)

    assert decide(TAKE, known, "roster", hours(0)).events == (
        DutyTaken(role="duty_officer", person=A),
    )
    duty(known, TAKE, hours(0))
    assert decide(TAKE, known, "roster", hours(0)).code == "duty.on_duty"


def test_a_shift_is_settled_once_the_duty_was_handed_on() -> None:
    known = town()
    roster(known, POST, *SHIFTS)
    duty(known, TAKE, hours(0))
    duty(known, hand_over(B), hours(1))

    assert decide(TAKE, known, "roster", hours(2)).code == "duty.settled"
    assert known.shifts_due(hours(2)) == []


@pytest.mark.parametrize(
    ("begins", "at", "code"),
    [
        (hours(0), hours(-1), "duty.not_begun"),
        (hours(0), hours(8), "duty.shift_over"),
        (hours(1), hours(2), "duty.roster_changed"),
    ],
)
def test_a_shift_that_does_not_run_is_not_taken(begins: datetime, at: datetime, code: str) -> None:
    known = town()
    roster(known, POST, *SHIFTS)
    command = TakeDuty(division=TOWNSHIP, role="duty_officer", person=A, begins=begins)

    answer = decide(command, known, "roster", at)

    assert (answer.outcome, answer.code) == ("refused", code)


def test_who_has_left_the_post_takes_no_duty() -> None:
    known = town()
    roster(known, POST, *SHIFTS)
    import_person(known, A, [("grid_head", GRID)])

    assert decide(TAKE, known, "roster", hours(0)).code == "duty.post_left"
    assert known.shifts_due(hours(0)) == []


def test_nobody_takes_the_duty_for_somebody_else() -> None:
    known = town()
    roster(known, POST, *SHIFTS)

    assert refused(known, TAKE, B) == "duty.not_yours"
    assert decide(TAKE, known, A, hours(0)).outcome == "accepted"


# Above


def test_the_duty_post_is_whoever_is_on_else_the_first_holder_else_the_next_role() -> None:
    known = town()
    assert duty_post(known, TOWNSHIP) == Superior(A, "duty_officer", TOWNSHIP)

    on_duty(known, B, POST)
    assert duty_post(known, TOWNSHIP).person == B

    for person in (A, B):
        import_person(known, person, [("grid_head", GRID)])
    assert duty_post(known, TOWNSHIP) == Superior(MAYOR, "township_commander", TOWNSHIP)


def test_superiors_are_so_many_tiers_above() -> None:
    known = town()
    found = [told_of_delay(known, GRID, None, None, number) for number in range(1, 5)]

    assert found == [
        Superior(None, None, VILLAGE),
        Superior(A, "duty_officer", TOWNSHIP),
        Superior(BOSS, "district_commander", COUNTY),
        None,
    ]


def test_nobody_is_told_that_they_are_late_themselves() -> None:
    known = town()
    assert told_of_delay(known, GRID, None, A, 2) == Superior(B, "duty_officer", TOWNSHIP)
    assert told_of_delay(known, GRID, None, BOSS, 3) == Superior(None, None, COUNTY)


def test_where_the_tier_asked_for_has_nobody_the_highest_of_the_skipped_is_told() -> None:
    known = town()
    import_person(known, BOSS, [("grid_head", GRID)])
    assert told_of_delay(known, GRID, None, None, 3, 2) == Superior(A, "duty_officer", TOWNSHIP)
    assert told_of_delay(known, GRID, None, None, 3, 0) == Superior(None, None, COUNTY)


def test_people_at_the_district_have_one_above_them() -> None:
    known = town()
    head = Superior(WATER, "department_head", COUNTY)
    commander = Superior(BOSS, "district_commander", COUNTY)
    assert told_of_delay(known, COUNTY, None, C, 1) == commander
    assert told_of_delay(known, COUNTY, "water", C, 1) == head
    assert told_of_delay(known, COUNTY, "water", WATER, 1) == commander
    assert told_of_delay(known, COUNTY, None, BOSS, 1) == Superior(None, None, COUNTY)
    assert told_of_delay(known, COUNTY, None, C, 2) is None


def test_a_command_room_may_start_in_its_territory_and_others_must_ask() -> None:
    known = town()
    may = {
        (actor, division)
        for actor in (A, C, MAYOR, BOSS, HEAD, WATER, "person-NOBODY", "operator")
        for division in (COUNTY, TOWNSHIP, GRID, OTHER)
        if may_start(known, actor, division)
    }

    everywhere = {(a, d) for a in (BOSS, "operator") for d in (COUNTY, TOWNSHIP, GRID, OTHER)}
    here = {(a, d) for a in (A, MAYOR) for d in (TOWNSHIP, GRID)}
    assert may == everywhere | here | {(C, OTHER)}


def test_a_department_is_spoken_for_by_its_head_and_its_duty_officer() -> None:
    known = town()
    actors = (A, BOSS, WATER, "operator")
    assert [may_command_department(known, actor, "water") for actor in actors] == [
        False,
        False,
        True,
        True,
    ]


# Posture


def test_a_division_has_the_posture_of_the_nearest_above_that_says() -> None:
    known = town()
    assert known.posture_of(GRID) == "peacetime"

    switch(known, COUNTY, "wartime")
    switch(known, VILLAGE, "peacetime")

    assert [known.posture_of(code) for code in (COUNTY, TOWNSHIP, VILLAGE, GRID, OTHER)] == [
        "wartime",
        "wartime",
        "peacetime",
        "peacetime",
        "wartime",
    ]


def test_what_was_switched_back_once_goes_to_wartime_with_the_next_switch_above() -> None:
    known = town()
    switch(known, TOWNSHIP, "wartime")
    switch(known, TOWNSHIP, "peacetime")

    switch(known, COUNTY, "wartime")

    assert known.posture_of(GRID) == "wartime"


def test_what_is_at_war_by_its_own_decision_stays_so() -> None:
    known = town()
    switch(known, TOWNSHIP, "wartime")
    switch(known, COUNTY, "wartime")

    switch(known, COUNTY, "peacetime")

    assert (known.posture_of(GRID), known.posture_of(OTHER)) == ("wartime", "peacetime")


def test_a_switch_to_what_is_so_already_changes_nothing() -> None:
    known = town()
    switch(known, COUNTY, "wartime")
    command = SwitchPosture(division=TOWNSHIP, posture="wartime", reason="台风")

    assert decide_posture(command, known, MAYOR) == []


def test_a_posture_is_switched_by_the_command_room_of_the_territory() -> None:
    command = SwitchPosture(division=TOWNSHIP, posture="wartime", reason="台风")
    for actor in (A, MAYOR, BOSS, "operator"):
        assert decide_posture(command, town(), actor)
    for actor in (C, HEAD, WATER):
        with pytest.raises(HandheldError) as caught:
            decide_posture(command, town(), actor)
        assert caught.value.code == "posture.not_yours"
