"""The register's commands on a real log: what is written, and what each decision rested on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from handheld.application.deciding import Case, decide_all
from handheld.application.loading import States
from handheld.application.world import KeptWorld
from handheld.bootstrap import Home, found_home
from handheld.domain.errors import HandheldError
from handheld.domain.plan import AdoptPlan
from handheld.domain.register import DivisionRow, ImportDivisions, ImportPeople
from handheld.domain.register_departments import (
    DepartmentRow,
    DissolveDepartment,
    ImportDepartments,
)
from handheld.domain.register_duty import HandOverDuty, SetRoster, TakeDuty
from handheld.domain.register_groups import DissolveGroup, FormGroup
from handheld.domain.register_posture import SwitchPosture
from handheld_events.division import DutyTaken, Shift
from handheld_events.orders import PlanOrder, Target
from handheld_projections.organisation import Organisation
from tests.support_imports import facts_after
from tests.support_organisation import Posts, person

COUNTY, TOWNSHIP = "330825", "330825101"
A, B = "person-A", "person-B"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    found_home(tmp_path / "data")
    with Home(tmp_path / "data") as home:
        divisions = tuple(DivisionRow(code=code, name="名") for code in (COUNTY, TOWNSHIP))
        home.execute(ImportDivisions(rows=divisions), "operator")
        water = DepartmentRow(key="water", name="水利局", division=COUNTY)
        home.execute(ImportDepartments(rows=(water,)), "operator")
        posts: Posts = [("duty_officer", TOWNSHIP), ("duty_officer", COUNTY, "water")]
        rows = tuple(person(one, posts) for one in (A, B))
        home.execute(ImportPeople(rows=rows), "operator")
        yield home


def known(home: Home) -> Organisation:
    return home.organisation.caught_up()[0]


def test_duty_is_taken_by_the_roster_and_handed_over(home: Home) -> None:
    now = home.clock.now()
    shift = Shift(person=A, begins=now - timedelta(hours=1), ends=now + timedelta(hours=7))
    home.execute(SetRoster(division=TOWNSHIP, role="duty_officer", shifts=(shift,)), "operator")
    (due,) = known(home).shifts_due(home.clock.now())
    take = TakeDuty(division=due.division, role=due.role, person=due.person, begins=due.begins)

    assert home.execute(take, "roster").outcome == "accepted"
    assert known(home).shifts_due(home.clock.now()) == []
    assert home.execute(take, "roster").code == "duty.on_duty"
    end = home.log.end()
    home.execute(HandOverDuty(division=TOWNSHIP, role="duty_officer", to=B, note="平安"), A)

    (fact,) = facts_after(home, end)
    assert fact.event == DutyTaken(role="duty_officer", person=B, taken_from=A, note="平安")
    assert (fact.stream, fact.division) == (f"division-{TOWNSHIP}", TOWNSHIP)
    assert known(home).on_duty("duty_officer", TOWNSHIP) == B


def test_it_is_all_there_after_the_process_was_started_again(home: Home, tmp_path: Path) -> None:
    on = HandOverDuty(division=COUNTY, role="duty_officer", department="water", to=A)
    home.execute(on, "operator")
    home.execute(FormGroup(group="rescue", name="队", division=COUNTY, members=(A,)), "operator")
    home.execute(SwitchPosture(division=COUNTY, posture="wartime", reason="台风"), "operator")
    home.close()

    with Home(tmp_path / "data") as again:
        organisation = known(again)
        assert organisation.on_duty("duty_officer", COUNTY, "water") == A
        assert organisation.groups["rescue"].members == (A,)
        assert organisation.posture_of(TOWNSHIP) == "wartime"


def test_what_is_so_already_is_answered_as_such(home: Home) -> None:
    form = FormGroup(group="rescue", name="队", division=COUNTY, members=(A,))
    commands = {
        form: "group.formed",
        DissolveGroup(group="rescue", reason="汛期结束"): "group.dissolved",
        SwitchPosture(division=COUNTY, posture="wartime", reason="台风"): "posture.as_asked",
        HandOverDuty(division=TOWNSHIP, role="duty_officer", to=A): "duty.on_duty",
        DissolveDepartment(department="water", reason="改革"): "department.dissolved",
    }
    for command, code in commands.items():
        assert home.execute(command, "operator").outcome == "accepted"
        again = home.execute(command, "operator")
        assert (again.outcome, again.code) == ("already_done", code)


@pytest.mark.parametrize(
    ("command", "streams"),
    [
        (
            HandOverDuty(division=COUNTY, role="duty_officer", department="water", to=A),
            {f"division-{COUNTY}", "department-water", A, B},
        ),
        (
            FormGroup(group="rescue", name="队", division=COUNTY, members=(A, B)),
            {"group-rescue", A, B},
        ),
        (
            ImportPeople(rows=(person(A, [("duty_officer", COUNTY, "water")], named=False),)),
            {A, "department-water"},
        ),
        (DissolveDepartment(department="water", reason="改革"), {"department-water"}),
    ],
)
def test_a_decision_names_every_stream_that_it_rests_on(
    home: Home, command: object, streams: set[str]
) -> None:
    on = HandOverDuty(division=COUNTY, role="duty_officer", department="water", to=B)
    home.execute(on, "operator")
    request = home.request(command, "operator")
    world = KeptWorld(home.log, home.organisation, home.boards, home.clock, followed=True)

    decisions = decide_all([Case(request, request.key(), 0)], States(home.log), world)

    (ready,) = decisions.ready
    written = {append.stream for append in ready.appends}
    assert {stream for stream, _ in ready.decided.reads} | written >= streams


def test_a_drill_changes_neither_duty_nor_posture(home: Home) -> None:
    end = home.log.end()
    for command in (
        HandOverDuty(division=TOWNSHIP, role="duty_officer", to=A),
        SwitchPosture(division=COUNTY, posture="wartime", reason="演练"),
    ):
        with pytest.raises(HandheldError) as caught:
            home.execute(command, "operator", drill=True)
        assert caught.value.code == "register.drill"
    assert home.log.end() == end


def test_a_plan_that_names_an_unknown_department_is_not_adopted(home: Home) -> None:
    def plan(key: str) -> AdoptPlan:
        order = PlanOrder(key="1", text="到现场", to=(Target(department=key),))
        return AdoptPlan(plan="flood", title="防汛", division=COUNTY, orders=(order,))

    with pytest.raises(HandheldError) as caught:
        home.execute(plan("fire"), "operator")
    assert (caught.value.code, caught.value.params) == (
        "plan.departments_unknown",
        {"departments": "fire"},
    )
    home.execute(plan("water"), "operator")
    assert known(home).plans["plan-flood"].version == 1
