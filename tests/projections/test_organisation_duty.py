"""Rosters, departments, groups and plans in the organisation: held against plain searches."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from handheld_events.division import Shift
from handheld_events.orders import PlanOrder, Target
from handheld_events.plan import PlanAdopted, PlanRetired
from handheld_projections.organisation import Organisation, OrganisationState, Post, ShiftDue
from tests.support_organisation import (
    NOW,
    dissolve_department,
    form_group,
    import_person,
    on_duty,
    organisation,
    roster,
    switch,
    take,
)

COUNTY, TOWNSHIP, VILLAGE = "330825", "330825101", "330825101264"
PEOPLE = ("person-A", "person-B", "person-C")
POSTS = (
    Post("duty_officer", COUNTY),
    Post("duty_officer", TOWNSHIP),
    Post("duty_officer", COUNTY, "water"),
)
AWAY = ("village_official", VILLAGE)


def minutes(n: int) -> datetime:
    return NOW + timedelta(minutes=n)


def town() -> Organisation:
    return organisation(
        [COUNTY, TOWNSHIP, VILLAGE], dict.fromkeys(PEOPLE, POSTS), {"water": COUNTY}
    )


def through_a_checkpoint(organisation: Organisation) -> Organisation:
    stored = msgspec.msgpack.encode(organisation.snapshot())
    again = Organisation()
    again.restore(msgspec.msgpack.decode(stored, type=OrganisationState))
    return again


@st.composite
def shifts(draw: st.DrawFn) -> list[tuple[str, int, int]]:
    times = sorted(draw(st.sets(st.integers(0, 60), max_size=8)))
    return [
        (draw(st.sampled_from(PEOPLE)), begins, ends)
        for begins, ends in zip(times[::2], times[1::2], strict=False)
    ]


posts = st.sampled_from(POSTS)
happenings = st.lists(
    st.tuples(st.just("roster"), posts, shifts())
    | st.tuples(st.just("taken"), posts, st.sampled_from(PEOPLE), st.integers(0, 60))
    | st.tuples(st.just("leaves"), posts, st.sampled_from(PEOPLE)),
    max_size=8,
)


@settings(deadline=None, max_examples=300)
@given(happenings, st.integers(-1, 61), st.booleans())
def test_due_are_the_latest_shifts_that_have_begun_and_nobody_has_taken(
    happened: list[tuple[object, ...]], at: int, stored: bool
) -> None:
    known = town()
    rosters: dict[Post, list[tuple[str, int, int]]] = {}
    taken: dict[Post, tuple[str, int]] = {}
    held = {(person, post) for person in PEOPLE for post in POSTS}
    for what in happened:
        match what:
            case ("roster", Post() as post, list() as wanted):
                turns = [turn for turn in wanted if (turn[0], post) in held]
                rosters[post] = turns
                roster(
                    known,
                    post,
                    *(Shift(person=p, begins=minutes(b), ends=minutes(e)) for p, b, e in turns),
                )
            case ("taken", Post() as post, str(person), int(when)):
                if (person, post) in held:
                    before = known.on_duty(*post)
                    on_duty(known, person, post, minutes(when))
                    if before != person:
                        taken[post] = (person, when)
            case ("leaves", Post() as post, str(person)):
                held.discard((person, post))
                left = [p for p in POSTS if (person, p) in held]
                import_person(known, person, [*left, AWAY])
            case _:
                raise AssertionError(what)
    if stored:
        known = through_a_checkpoint(known)

    due: list[ShiftDue] = []
    for post, turns in rosters.items():
        begun = [turn for turn in turns if turn[1] <= at]
        if begun:
            person, begins, ends = begun[-1]
            on, since = taken.get(post, (None, -99))
            if ends > at and since < begins and on != person and (person, post) in held:
                due.append(
                    ShiftDue(post.division, post.role, post.department, person, minutes(begins))
                )
    assert sorted(known.shifts_due(minutes(at)), key=str) == sorted(due, key=str)
    later = [begins for turns in rosters.values() for _, begins, _ in turns if begins > at]
    assert known.next_shift_at(minutes(at)) == (minutes(min(later)) if later else None)
    for post in POSTS:
        on = taken.get(post, (None, 0))[0]
        assert known.on_duty(*post) == (on if (on, post) in held else None)


def test_whose_turn_has_begun_is_on_duty_at_that_time_before_anybody_records_it() -> None:
    known = town()
    on_duty(known, "person-A", POSTS[0])
    roster(known, POSTS[0], Shift(person="person-B", begins=minutes(10), ends=minutes(20)))

    found = [known.on_duty(*POSTS[0], at=minutes(n)) for n in (9, 10, 19, 20)]

    assert found == ["person-A", "person-B", "person-B", "person-A"]
    assert known.on_duty(*POSTS[0]) == "person-A"


def test_nobodys_turn_comes_in_a_department_that_was_dissolved_after_its_roster_was_set() -> None:
    known = town()
    for post in POSTS:
        roster(known, post, Shift(person="person-B", begins=minutes(10), ends=minutes(20)))

    dissolve_department(known, "water")

    assert [(due.division, due.department) for due in known.shifts_due(minutes(10))] == [
        (COUNTY, None),
        (TOWNSHIP, None),
    ]


def test_what_was_handed_out_never_changes() -> None:
    known = town()
    roster(known, POSTS[0], Shift(person="person-B", begins=minutes(10), ends=minutes(20)))
    form_group(known, "rescue", COUNTY, *PEOPLE)
    handed_out = known.copy()
    before = msgspec.msgpack.encode(handed_out.snapshot())

    on_duty(known, "person-A", POSTS[0])
    on_duty(known, "person-B", POSTS[0], minutes(11))
    roster(known, POSTS[0])
    switch(known, TOWNSHIP, "wartime")
    dissolve_department(known, "water")
    form_group(known, "rescue", COUNTY, "person-C")
    import_person(known, "person-C", [AWAY])

    assert msgspec.msgpack.encode(handed_out.snapshot()) == before
    assert len(handed_out.shifts_due(minutes(10))) == 1
    assert known.shifts_due(minutes(10)) == []
    assert handed_out.department_posts("water")["duty_officer"] == [(p, COUNTY) for p in PEOPLE]


def test_duty_goes_with_the_version_of_the_division() -> None:
    known = town()
    on_duty(known, "person-A", POSTS[1])
    roster(known, POSTS[1])
    switch(known, TOWNSHIP, "wartime")

    assert known.divisions[TOWNSHIP].version == 3
    assert through_a_checkpoint(known).divisions == known.divisions


def test_a_plan_is_in_force_in_its_latest_edition_until_it_is_retired() -> None:
    known = Organisation()
    order = PlanOrder(key="1", text="巡查", to=(Target(role="grid_head"),))
    first = PlanAdopted(title="防台风", division=COUNTY, orders=(order,))
    second = PlanAdopted(title="防台风（新）", division=COUNTY, orders=(order,))
    take_plan(known, first, 0)
    take_plan(known, second, 1)
    plan = through_a_checkpoint(known).plans["plan-typhoon"]
    assert (plan.edition, plan.version, plan.retired) == (second, 2, False)

    take_plan(known, PlanRetired(reason="已由新预案取代"), 2)
    assert (known.plans["plan-typhoon"].retired, known.plans["plan-typhoon"].version) == (True, 3)
    take_plan(known, first, 3)
    assert not known.plans["plan-typhoon"].retired


def take_plan(known: Organisation, event: PlanAdopted | PlanRetired, read: int) -> None:
    take(known, "plan-typhoon", read, (event,))
