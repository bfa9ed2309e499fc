"""Who may direct: asked of whoever acts, never of those for whom they say that they act."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from handheld.domain import task
from handheld.domain.directing import AmendOrder, HandOver, NameLead, ReleaseRest, WithdrawOrder
from handheld.domain.ending import CancelTaskForce, CloseTaskForce, StandDown
from handheld.domain.errors import NotAllowed, Unconfirmed
from handheld.domain.joining import PullIn
from handheld.domain.ordering import IssueOrder, Order
from handheld.domain.plan import AdoptPlan
from handheld.domain.reassigning import Reassign
from handheld.domain.register import ErasePerson
from handheld.domain.register_posture import SwitchPosture
from handheld.domain.starting import StartAdHoc, StartFromPlan
from handheld.domain.task_force import (
    ArchiveTaskForce,
    EvaluateTaskForce,
    RateTaskForce,
    SendMessage,
)
from handheld.domain.time_rules import MarkOverdue
from handheld.domain.waves import ChangeLevel
from handheld_events.ids import task_force_id
from handheld_events.orders import PlanOrder, Target
from tests.support_tasks import (
    DISTRICT,
    DUTY,
    STATIONED,
    TOWN,
    TOWNSHIP,
    WATER,
    A,
    B,
    C,
    Township,
    township,
)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Township]:
    with township(tmp_path) as town:
        yield town


def refused(town: Township, command: Any, actor: str, **about: Any) -> str:
    before = town.home.log.end()
    with pytest.raises(NotAllowed) as error:
        town.do(command, actor, **about)
    assert town.home.log.end() == before
    return error.value.code


def test_who_is_not_in_command_directs_nothing(town: Township) -> None:
    force, order = town.start(Order(text="清障", people=(A, B)))
    for command in (
        ChangeLevel(task_force=force, level="I", reason="x"),
        AmendOrder(task_force=force, order=order, text="y", reason="x"),
        WithdrawOrder(task_force=force, order=order, reason="x"),
        IssueOrder(task_force=force, order=Order(text="z", people=(A,))),
        NameLead(task_force=force, department="water"),
        HandOver(task_force=force, to=A),
        StandDown(task_force=force, reason="x"),
        CancelTaskForce(task_force=force, reason="x"),
        CloseTaskForce(task_force=force, outcome="x", withdraw_open=True),
        ArchiveTaskForce(task_force=force),
        EvaluateTaskForce(task_force=force, score=1),
    ):
        assert refused(town, command, A) == "task_force.not_in_command"
        assert refused(town, command, A, on_behalf_of=DUTY) == "task_force.not_in_command"


def test_officials_give_orders_where_they_serve_but_do_not_command(town: Township) -> None:
    force, _ = town.start(Order(text="清障", people=(A,)))
    order = IssueOrder(task_force=force, order=Order(text="查水位", people=(B,)))
    assert town.do(order, TOWN).outcome == "accepted"
    level = ChangeLevel(task_force=force, level="I", reason="x")
    assert refused(town, level, TOWN) == "task_force.not_in_command"


def test_the_commander_and_the_command_room_above_direct(town: Township) -> None:
    force, order = town.start(Order(text="清障", people=(A,)))
    level = ChangeLevel(task_force=force, level="III", reason="雨大")
    assert town.do(level, DUTY).outcome == "accepted"
    assert town.do(HandOver(task_force=force, to=TOWN), DUTY).outcome == "accepted"
    amend = AmendOrder(task_force=force, order=order, text="清障并值守", reason="夜间")
    assert town.do(amend, TOWN).outcome == "accepted"


def test_nobody_starts_on_behalf_of_a_command_room(town: Township) -> None:
    start = StartAdHoc(title="道路抢通", division=DISTRICT, orders=(Order(text="清", people=(A,)),))
    assert refused(town, start, A, on_behalf_of=DUTY) == "start.ask"
    assert town.do(start, DUTY).outcome == "accepted"


def test_a_commander_is_not_rated_by_somebody_who_acts_for_them(town: Township) -> None:
    start = StartAdHoc(title="道路抢通", division=DISTRICT, orders=(Order(text="清", people=(A,)),))
    command = town.home.new_command_id()
    town.do(start, DUTY, command_id=command)
    force = task_force_id(command)
    town.do(CloseTaskForce(task_force=force, outcome="通", withdraw_open=True), DUTY)
    rate = RateTaskForce(task_force=force, satisfied=True)
    assert refused(town, rate, A, on_behalf_of=DUTY) == "task_force.own_rating"
    assert town.do(rate, A).outcome == "accepted"


def test_only_the_operator_or_the_command_room_of_the_district_erases(town: Township) -> None:
    erase = ErasePerson(person=B, reason="本人申请")
    assert refused(town, erase, A) == "person.erased_by"
    assert refused(town, erase, A, on_behalf_of=DUTY) == "person.erased_by"
    assert town.do(erase, DUTY).outcome == "accepted"


def test_posture_is_not_switched_on_behalf_of_a_command_room(town: Township) -> None:
    switch = SwitchPosture(division=TOWNSHIP, posture="wartime", reason="台风")
    with pytest.raises(NotAllowed):
        town.do(switch, A, on_behalf_of=DUTY)
    assert town.do(switch, DUTY).outcome == "accepted"


def test_nobody_ends_their_own_task_otherwise_than_by_declining_it(town: Township) -> None:
    _, order = town.start(Order(text="清障", people=(TOWN,)))
    stream = town.task(order, TOWN)
    for command in (
        task.Withdraw(task=stream, reason="办不了"),
        Reassign(task=stream, to=A, reason="办不了"),
    ):
        assert refused(town, command, TOWN) == "task.own_ending"
        assert refused(town, command, A, on_behalf_of=TOWN) == "task.own_ending"
    assert town.do(task.Decline(task=stream, reason="办不了"), TOWN).outcome == "accepted"


def test_a_task_is_steered_by_those_who_answer_for_it_and_by_nobody_else(town: Township) -> None:
    force, order = town.start(Order(text="清障", people=(A,)))
    stream = town.task(order, A)
    for command in (
        task.Withdraw(task=stream, reason="x"),
        task.Supervise(task=stream, text="x"),
        task.Remind(task=stream),
        task.Suspend(task=stream, reason="x"),
        task.SendBack(task=stream, reason="x"),
        Reassign(task=stream, to=C, reason="x"),
    ):
        assert refused(town, command, B) == "task.not_answerable"
        assert refused(town, command, WATER) == "task.not_answerable"
    assert refused(town, PullIn(task_force=force, person=C), B) == "task_force.not_in_command"
    assert town.do(task.Supervise(task=stream, text="盯着"), TOWN).outcome == "accepted"


def test_only_somebody_of_the_place_acts_on_behalf(town: Township) -> None:
    _, order = town.start(Order(text="清障", people=(C,)))
    accept = task.Accept(task=town.task(order, C))
    assert refused(town, accept, STATIONED, on_behalf_of=C) == "task.not_answerable"
    assert town.do(accept, A, on_behalf_of=C).outcome == "accepted"


def test_who_is_not_in_a_task_force_does_not_talk_in_it(town: Township) -> None:
    force, _ = town.start(Order(text="清障", people=(A,)))
    said = SendMessage(task_force=force, text="路通了没有？")
    assert refused(town, said, B) == "task_force.not_a_member"
    town.do(PullIn(task_force=force, person=B), DUTY)
    for member in (A, B, DUTY):
        assert town.do(said, member).outcome == "accepted"


def test_what_falls_due_is_nobodys_to_ask_for(town: Township) -> None:
    force, order = town.start(Order(text="清障", people=(A,), open_to=1))
    due = MarkOverdue(tasks=(town.task(order, A),), awaited="accept", due_at=town.clock.now())
    for command in (due, ReleaseRest(task_force=force, order=order)):
        assert refused(town, command, DUTY) == "command.due"


def test_the_same_plan_is_started_twice_in_a_division_only_if_that_is_meant(town: Township) -> None:
    order = PlanOrder(key="check", text="巡查", to=(Target(role="grid_head"),))
    adopt = AdoptPlan(plan="flood", title="防汛", division=DISTRICT, orders=(order,))
    town.do(adopt)
    command = town.home.new_command_id()
    start = StartFromPlan(plan="plan-flood", division=DISTRICT)
    town.do(start, DUTY, command_id=command)
    running = task_force_id(command)
    end = town.home.log.end()

    with pytest.raises(Unconfirmed) as error:
        town.do(start, DUTY)

    assert (error.value.code, error.value.params["task_force"]) == ("start.running", running)
    assert town.home.log.end() == end
    assert town.home.preview(start).running == (running,)
    assert town.home.preview(start, drill=True).running == ()
    for other in (
        replace(start, division=TOWNSHIP),
        replace(start, again=True),
    ):
        assert town.do(other, DUTY).outcome == "accepted"
    assert town.do(start, DUTY, drill=True).outcome == "accepted"
    for force in town.home.preview(start).running:
        town.do(CancelTaskForce(task_force=force, reason="误发"), DUTY)
    assert town.do(start, DUTY).outcome == "accepted"
