"""What is sent together is decided in order, each on what those before it did; and what another
writer did between a decision and its commit makes the decision be made again.

Each case here was once found by the state machine, or might have been.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from handheld.domain import (
    directing,
    ending,
    finding_commands,
    joining,
    ordering,
    passing_on,
    plan,
    reassigning,
    register,
    starting,
    task,
    task_force,
    time_rules,
    warning_commands,
)
from handheld.domain.errors import HandheldError
from handheld_events.ids import (
    TaskIds,
    entry_id,
    finding_id,
    order_id,
    task_force_id,
    warning_id,
)
from handheld_events.orders import PlanOrder, Target
from handheld_projections.organisation import Post
from tests.properties.desk import ORIGIN
from tests.properties.places import DISTRICT, OFFICER, PEOPLE, Where
from tests.properties.test_machine_in_memory import InMemory
from tests.support_story import sealed

A, B, C = PEOPLE[:3]
VISIT = ordering.Order(text="到场", people=(A,))
FIRST = PlanOrder(key="first", text="到岗", to=(Target(role="duty_officer"),))
LATER = PlanOrder(key="later", text="巡查", to=(Target(role="duty_officer"),), after=600)


class Room(InMemory):
    """The machine, driven by hand."""

    def outcomes(self) -> list[str]:
        """Ask all that was kept; outcome, or the code of the error."""
        first, second = self.here, self.there
        self.here, self.there = [], []
        results = self.send(first, second)
        return [r.code if isinstance(r, HandheldError) else r.outcome for r in results]


@pytest.fixture
def room() -> Iterator[Room]:
    opened = Room()
    yield opened
    opened.teardown()


def started(room: Room) -> tuple[str, str, str]:
    """A task force with one task of A: its stream, its order, the task."""
    command = starting.StartAdHoc(title="火情", division=DISTRICT, orders=(VISIT,))
    request = room.ask(command, "here", OFFICER)
    order = order_id(request.meta.command, 0)
    return task_force_id(request.meta.command), order, TaskIds(order).of(A)


def test_an_entry_can_be_struck_by_the_one_who_made_it(room: Room) -> None:
    name, _, _ = started(room)
    room.outcomes()
    request = room.ask(task_force.MakeEntry(task_force=name, text="到场"), "here", OFFICER)
    room.outcomes()
    entry = entry_id(request.meta.command)
    strike = task_force.StrikeEntry(task_force=name, entry=entry, reason="重复")
    room.ask(strike, "here", OFFICER)
    assert room.outcomes() == ["accepted"]


def test_an_entry_made_at_one_writer_can_be_struck_at_another_that_knew_the_task_force(
    room: Room,
) -> None:
    name, _, _ = started(room)
    room.ask(task_force.MakeEntry(task_force=name, text="那边"), "there", OFFICER)
    room.outcomes()
    room.ask(task_force.MakeEntry(task_force=name, text="那边"), "there", OFFICER)
    room.outcomes()
    request = room.ask(task_force.MakeEntry(task_force=name, text="这边"), "here", OFFICER)
    room.outcomes()
    entry = entry_id(request.meta.command)
    strike = task_force.StrikeEntry(task_force=name, entry=entry, reason="重复")
    room.ask(strike, "there", OFFICER)
    assert room.outcomes() == ["accepted"]


def test_a_start_and_its_stand_down_leave_nobody_waiting(room: Room) -> None:
    name, _, stream = started(room)
    room.ask(ending.StandDown(task_force=name, reason="误报"), "here", OFFICER)
    assert room.outcomes() == ["accepted", "accepted"]
    assert room.history.tasks[stream].status == "withdrawn"


def test_an_order_and_a_close_leave_no_open_task_in_a_closed_task_force(room: Room) -> None:
    name, _, stream = started(room)
    room.outcomes()
    room.ask(task.Report(task=stream, text="好"), "here", A)
    room.outcomes()
    room.ask(ordering.IssueOrder(task_force=name, order=VISIT), "here", OFFICER)
    room.ask(ending.CloseTaskForce(task_force=name, outcome="完成"), "here", OFFICER)
    assert room.outcomes() == ["accepted", "refused"]


def test_somebody_pulled_in_right_before_a_stand_down_does_not_wait_for_ever(room: Room) -> None:
    name, order, _ = started(room)
    room.outcomes()
    room.ask(joining.PullIn(task_force=name, person=B, order=order), "here", OFFICER)
    room.ask(ending.StandDown(task_force=name, reason="解除"), "here", OFFICER)
    assert room.outcomes() == ["accepted", "accepted"]
    assert {room.history.tasks[TaskIds(order).of(who)].status for who in (A, B)} == {"withdrawn"}


def test_the_last_report_and_a_close_sent_together_close_it(room: Room) -> None:
    name, _, stream = started(room)
    room.outcomes()
    room.ask(task.Report(task=stream, text="好"), "here", A)
    room.ask(ending.CloseTaskForce(task_force=name, outcome="完成"), "here", OFFICER)
    assert room.outcomes() == ["accepted", "accepted"]


def test_a_close_is_not_refused_for_a_task_that_was_reported_before_its_commit(
    room: Room,
) -> None:
    """A refusal, too, rests on what it read: the open task."""
    name, _, stream = started(room)
    room.outcomes()
    room.ask(ending.CloseTaskForce(task_force=name, outcome="完成"), "here", OFFICER)
    room.ask(task.Report(task=stream, text="好"), "there", A)
    assert room.outcomes() == ["accepted", "accepted"]


def test_an_error_in_between_does_not_make_others_forget_what_was_before_it(room: Room) -> None:
    name, _, _ = started(room)
    room.ask(task_force.MakeEntry(task_force=name, text=" "), "here", OFFICER)
    room.ask(task_force.MakeEntry(task_force=name, text="到场"), "here", OFFICER)
    assert room.outcomes() == ["accepted", "words.missing", "accepted"]


def test_a_start_repeated_among_what_follows_it_changes_nothing(room: Room) -> None:
    name, _, stream = started(room)
    (request,) = room.here
    room.outcomes()
    room.ask(task.Deliver(task=stream), "here", A)
    room.outcomes()
    room.here.append(request)
    room.ask(task.Accept(task=stream), "here", A)
    room.ask(task_force.MakeEntry(task_force=name, text="到场"), "here", OFFICER)
    assert room.outcomes() == ["accepted", "accepted", "accepted"]


def test_divisions_and_the_people_in_them_can_be_sent_together(room: Room) -> None:
    row = register.DivisionRow(code="330825103", name="新乡")
    room.ask(register.ImportDivisions(rows=(row,)), "here", "operator")
    who = "person-S7"
    person = register.PersonRow(
        person=who,
        contact=register.Contact(sealed(who)),
        posts=(Post("grid_head", row.code),),
        synthetic=True,
    )
    room.ask(register.ImportPeople(rows=(person,)), "here", "operator")
    order = ordering.Order(text="到场", people=(who,))
    start = starting.StartAdHoc(title="火情", division=DISTRICT, orders=(order,))
    room.ask(start, "here", OFFICER)
    assert room.outcomes() == ["accepted", "accepted", "accepted"]


def test_an_import_that_changes_nothing_says_so_only_if_it_still_holds(room: Room) -> None:
    """The file that puts A back where they are races with one that moves them."""

    def held(where: str) -> register.ImportPeople:
        posts = (Post("grid_head", where),)
        return register.ImportPeople(
            rows=(register.PersonRow(person=A, contact=None, posts=posts, synthetic=True),)
        )

    room.ask(held(DISTRICT), "here", "operator")
    room.outcomes()
    room.ask(held(DISTRICT), "here", "operator")
    room.ask(held("330825101"), "there", "operator")
    assert room.outcomes() == ["accepted", "accepted"]
    organisation, _ = room.desks[0].people.caught_up()
    assert organisation.people[A].posts == (Post("grid_head", DISTRICT),)


def test_two_who_decide_on_one_stream_at_once_decide_one_after_the_other(room: Room) -> None:
    _, _, stream = started(room)
    room.outcomes()
    room.ask(task.Decline(task=stream, reason="在外地"), "here", A)
    room.ask(task.Report(task=stream, text="好"), "there", A)
    assert room.outcomes() == ["overtaken", "accepted"]
    assert room.history.tasks[stream].status == "closed"


def test_another_body_under_the_id_of_a_command_that_was_an_error_is_a_new_command(
    room: Room,
) -> None:
    """An error is not kept, neither in the log nor within a batch."""
    name, _, _ = started(room)
    room.outcomes()
    wrong = room.ask(task_force.MakeEntry(task_force=name, text=" "), "here", OFFICER)
    right = task_force.MakeEntry(task_force=name, text="到场")
    room.here.append(type(wrong)(right, wrong.meta))
    assert room.outcomes() == ["words.missing", "accepted"]


def test_what_rests_on_a_decision_that_was_overtaken_is_decided_again_with_it(room: Room) -> None:
    """The other writer's fact has the very version that the first of the two would have had."""
    _, _, stream = started(room)
    room.outcomes()
    room.ask(task.Deliver(task=stream), "here", A)
    room.ask(task.Accept(task=stream), "here", A)
    room.ask(task.Withdraw(task=stream, reason="不需要"), "there", OFFICER)
    assert room.outcomes() == ["accepted", "overtaken", "accepted"]
    assert room.history.tasks[stream].status == "withdrawn"


def ordered(room: Room, *people: str, **order: Any) -> tuple[str, dict[str, str]]:
    """A task force with one order to these people: its stream, and their tasks."""
    first = ordering.Order(text="到场", people=people, **order)
    command = starting.StartAdHoc(title="火情", division=DISTRICT, orders=(first,))
    request = room.ask(command, "here", OFFICER)
    room.outcomes()
    ids = TaskIds(order_id(request.meta.command, 0))
    return task_force_id(request.meta.command), {who: ids.of(who) for who in people}


def test_two_who_give_somebody_the_same_to_do_at_once_give_it_once(room: Room) -> None:
    _, tasks = ordered(room, A, B)
    races: tuple[tuple[str, Where], ...] = ((A, "here"), (B, "there"))
    for who, where in races:
        command = reassigning.Reassign(task=tasks[who], to=C, reason="更近")
        room.ask(command, where, OFFICER)
    assert sorted(room.outcomes()) == ["accepted", "refused"]
    assert [one.person for one in room.history.tasks.values() if one.open].count(C) == 1


def test_what_is_reopened_during_a_stand_down_does_not_wait_for_ever(room: Room) -> None:
    name, tasks = ordered(room, A)
    room.ask(task.Decline(task=tasks[A], reason="在外地"), "here", A)
    room.outcomes()
    room.ask(ending.StandDown(task_force=name, reason="解除"), "here", OFFICER)
    room.ask(task.Reopen(task=tasks[A], reason="回来了"), "there", OFFICER)
    assert room.outcomes() == ["accepted", "accepted"]
    assert room.history.tasks[tasks[A]].status == "withdrawn"


def test_who_is_given_it_during_a_close_does_not_have_it_for_ever(room: Room) -> None:
    name, tasks = ordered(room, A)
    room.ask(task.Decline(task=tasks[A], reason="在外地"), "here", A)
    room.outcomes()
    room.ask(ending.CloseTaskForce(task_force=name, outcome="完成"), "here", OFFICER)
    room.ask(reassigning.Reassign(task=tasks[A], to=B, reason="更近"), "there", OFFICER)
    assert room.outcomes() == ["refused", "accepted"]


def test_who_is_given_it_while_the_order_is_taken_back_does_not_keep_it(room: Room) -> None:
    name, tasks = ordered(room, A)
    room.ask(task.Decline(task=tasks[A], reason="在外地"), "here", A)
    room.outcomes()
    (order,) = room.history.forces[name].orders
    back = directing.WithdrawOrder(task_force=name, order=order, reason="不需要")
    room.ask(back, "here", OFFICER)
    room.ask(reassigning.Reassign(task=tasks[A], to=B, reason="更近"), "there", OFFICER)
    assert room.outcomes() == ["accepted", "accepted"]
    assert [one.status for one in room.history.tasks.values()] == ["withdrawn", "withdrawn"]


def test_who_is_given_the_same_while_their_own_is_reopened_has_it_once(room: Room) -> None:
    _, tasks = ordered(room, A, B)
    room.ask(task.Decline(task=tasks[A], reason="在外地"), "here", A)
    room.outcomes()
    room.ask(task.Reopen(task=tasks[A], reason="回来了"), "here", OFFICER)
    room.ask(reassigning.Reassign(task=tasks[B], to=A, reason="更近"), "there", OFFICER)
    assert room.outcomes() == ["refused", "accepted"]


def test_a_task_that_has_gone_to_somebody_comes_back_as_another(room: Room) -> None:
    _, tasks = ordered(room, A)
    room.ask(reassigning.Reassign(task=tasks[A], to=B, reason="更近"), "here", OFFICER)
    room.outcomes()
    (theirs,) = [one.stream for one in room.history.tasks.values() if one.person == B]
    room.ask(reassigning.Reassign(task=theirs, to=A, reason="回来了"), "here", OFFICER)
    assert room.outcomes() == ["accepted"]
    own = [one for one in room.history.tasks.values() if one.person == A]
    assert [one.status for one in own] == ["withdrawn", "waiting"]


def test_a_declined_task_goes_on_as_its_order_was_amended_meanwhile(room: Room) -> None:
    name, tasks = ordered(room, A, accept_within=600, report_within=3600)
    room.ask(task.Decline(task=tasks[A], reason="在外地"), "here", A)
    room.outcomes()
    (order,) = room.history.forces[name].orders
    amend = directing.AmendOrder(
        task_force=name, order=order, reason="改道", text="走小路", accept_within=7200
    )
    room.ask(amend, "here", OFFICER)
    room.ask(task.Reopen(task=tasks[A], reason="回来了"), "here", OFFICER)
    assert room.outcomes() == ["accepted", "accepted"]
    told = room.history.tasks[tasks[A]]
    assert room.history.accept_by(told) == ORIGIN + timedelta(seconds=7200)
    room.react(7200, "here")
    assert told.overdue == {"accept", "report"}


def test_no_place_of_a_filled_order_is_waited_for(room: Room) -> None:
    _, tasks = ordered(room, A, B, open_to=1)
    room.ask(task.Decline(task=tasks[B], reason="在外地"), "here", B)
    room.ask(task.Accept(task=tasks[A]), "here", A)
    room.outcomes()
    room.ask(task.Reopen(task=tasks[B], reason="回来了"), "here", OFFICER)
    assert room.outcomes() == ["refused"]
    room.ask(reassigning.Reassign(task=tasks[B], to=C, reason="更近"), "here", OFFICER)
    assert room.outcomes() == ["accepted"]
    (theirs,) = [one for one in room.history.tasks.values() if one.person == C]
    assert (theirs.status, theirs.unclaimed) == ("waiting", False)


def test_a_start_on_a_drill_and_on_what_is_real_is_refused(room: Room) -> None:
    report = finding_commands.ReportFinding(text="树倒了", division=DISTRICT)
    real = finding_id(room.ask(report, "here", A).meta.command)
    told = warning_commands.TellWarning(
        event="台风", level="red", divisions=(DISTRICT,), told_by="气象台"
    )
    drill = warning_id(room.ask(told, "here", OFFICER, drill=True).meta.command)
    room.outcomes()
    start = starting.StartAdHoc(
        title="火情", division=DISTRICT, orders=(VISIT,), finding=real, warning=drill
    )
    room.ask(start, "here", OFFICER)
    assert room.outcomes() == ["refused"]


def test_what_is_due_in_a_drill_is_not_said_with_what_is_due_in_earnest(room: Room) -> None:
    _, real = ordered(room, A)
    start = starting.StartAdHoc(title="火情", division=DISTRICT, orders=(VISIT,))
    request = room.ask(start, "here", OFFICER, drill=True)
    room.outcomes()
    drill = TaskIds(order_id(request.meta.command, 0)).of(A)
    remind = time_rules.RemindAll(tasks=(real[A], drill), awaited="accept", number=1)
    room.ask(remind, "here", "operator")
    assert room.outcomes() == ["tasks.several_task_forces"]


def test_the_register_is_not_changed_in_a_drill(room: Room) -> None:
    row = register.DivisionRow(code="330825103", name="新乡")
    room.ask(register.ImportDivisions(rows=(row,)), "here", "operator", drill=True)
    assert room.outcomes() == ["register.drill"]


def test_somebody_passes_on_what_asks_for_acceptance_alone(room: Room) -> None:
    _, tasks = ordered(room, OFFICER, steps=("accept",))
    room.ask(passing_on.PassOn(task=tasks[OFFICER], people=(A,)), "here", OFFICER)
    assert room.outcomes() == ["accepted"]
    assert room.history.tasks[tasks[OFFICER]].status == "closed"


def planned(room: Room) -> str:
    """A task force whose plan has one order for now, and one for ten minutes later."""
    adopt = plan.AdoptPlan(plan="typhoon", title="防台风", division=DISTRICT, orders=(FIRST, LATER))
    room.ask(adopt, "here", "operator")
    start = starting.StartFromPlan(plan="plan-typhoon", division=DISTRICT)
    request = room.ask(start, "here", OFFICER)
    assert room.outcomes() == ["accepted", "accepted"]
    return task_force_id(request.meta.command)


def called(room: Room, name: str) -> list[str | None]:
    """The keys of the orders that were given."""
    return [order.key for order in room.history.forces[name].orders.values()]


def reopened(room: Room, name: str) -> None:
    room.ask(task_force.ReopenTaskForce(task_force=name, reason="又来了"), "here", OFFICER)
    assert room.outcomes() == ["accepted"]


def test_what_a_plan_had_for_later_is_over_with_a_close_and_is_not_called_when_it_is_reopened(
    room: Room,
) -> None:
    name = planned(room)
    close = ending.CloseTaskForce(task_force=name, outcome="完成", withdraw_open=True)
    room.ask(close, "here", OFFICER)
    assert room.outcomes() == ["accepted"]
    reopened(room, name)

    room.react(3600, "here")

    assert called(room, name) == ["first"]
    assert room.history.foreseen() == []


def test_what_fell_due_during_a_stand_down_is_called_when_it_is_reopened(room: Room) -> None:
    name = planned(room)
    down = room.ask(ending.StandDown(task_force=name, reason="解除"), "there", OFFICER)
    room.there.clear()
    room.jump(600)
    room.take_reactions(room.let_react_meanwhile([down]))
    assert [f.code for f in room.receipts.values() if f.outcome == "refused"] == [
        "task_force.stood_down"
    ]
    assert called(room, name) == ["first"]
    reopened(room, name)

    room.react(0, "here")

    assert called(room, name) == ["first", "later"]
