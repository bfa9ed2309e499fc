"""What takes more than the task itself, on a real log: claims, units, forms, moves, reminders."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from handheld.domain.directing import WithdrawOrder
from handheld.domain.ending import CancelTaskForce
from handheld.domain.errors import Malformed, NotAllowed
from handheld.domain.joining import PullIn
from handheld.domain.ordering import IssueOrder, Order
from handheld.domain.passing_on import PassOn
from handheld.domain.reassigning import Reassign
from handheld.domain.task import (
    Accept,
    Decline,
    Extend,
    Reopen,
    Report,
    Resume,
    Suspend,
    Verify,
    Withdraw,
)
from handheld.domain.time_rules import EscalateAll, MarkOverdue, RemindAll, ResumeDue
from handheld_events.forms import Filled, FormField
from handheld_events.ids import order_id
from handheld_events.orders import Target
from handheld_events.task import (
    TaskDispatched,
    TaskEscalated,
    TaskOverdue,
    TaskOvertaken,
    TaskPassedOn,
    TaskReassigned,
    TaskReminded,
    TaskReopened,
    TaskReported,
    TaskResumed,
)
from handheld_events.task_force import (
    DepartmentAccepted,
    OrderClaimed,
    OrderIssued,
    OrderUnclaimed,
    OrderUnfilled,
    TaskForceCancelled,
)
from tests.support_tasks import (
    DUTY,
    ORIGIN,
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

HEADS = (Target(role="grid_head"),)
HOUR = 3600


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Township]:
    with township(tmp_path / "data") as town:
        yield town


def test_of_two_who_claim_the_last_place_one_has_it(town: Township) -> None:
    force, order = town.start(Order(text="清障", to=HEADS, open_to=1))
    first, second = town.task(order, A), town.task(order, B)

    assert town.do(Accept(task=first), A).outcome == "accepted"
    late = town.do(Accept(task=second), B)

    assert (late.outcome, late.code) == ("overtaken", "task.claimed_by_others")
    claims = [e for e in town.facts(force) if isinstance(e, OrderClaimed)]
    assert claims == [OrderClaimed(order=order, task=first, left=0)]
    assert town.facts(second)[-1] == TaskOvertaken(did="accept", because="claimed")
    assert town.state(second).status == "waiting"


def test_claims_at_the_same_time_never_take_more_places_than_there_are(town: Township) -> None:
    order = Order(text="清障", people=(A, B, C, TOWN, WATER), open_to=2)
    force, given = town.start(order)
    people = (A, B, C, TOWN, WATER)
    waiting = [
        town.home.writer.submit(town.home.request(Accept(task=town.task(given, p)), p))
        for p in people
    ]

    outcomes = sorted(one.result(timeout=30).outcome for one in waiting)

    assert outcomes == ["accepted", "accepted", "overtaken", "overtaken", "overtaken"]
    assert town.state(force).orders[given].claimed == 2


def test_a_department_accepts_through_anybody_who_is_of_it(town: Township) -> None:
    force, _ = town.start(Order(text="排涝", to=(Target(department="water"),)))
    (stream,) = town.tasks(force)
    assert town.state(stream).unit

    with pytest.raises(NotAllowed) as caught:
        town.do(Accept(task=stream), A)
    assert caught.value.code == "task.not_yours"
    other = STATIONED if town.state(stream).person == WATER else WATER
    assert town.do(Accept(task=stream), other).outcome == "accepted"

    assert town.facts(force)[-1] == DepartmentAccepted(department="water", task=stream)
    assert town.state(force).departments["water"] == ("responding", True)


def test_a_report_is_held_against_the_form_of_the_order(town: Township) -> None:
    form = (FormField(key="moved", label="转移人数", kind="number"),)
    _, order = town.start(Order(text="转移", people=(A,), form=form))
    stream = town.task(order, A)

    with pytest.raises(Malformed) as caught:
        town.do(Report(task=stream, text="转移2人"), A)
    assert caught.value.code == "report.field_missing"
    filled = Filled(numbers={"moved": 2})
    town.do(Report(task=stream, text="转移2人", filled=filled), A)

    assert TaskReported(text="转移2人", filled=filled) in town.facts(stream)


def test_a_reassigned_task_goes_on_with_somebody_else(town: Township) -> None:
    force, order = town.start(Order(text="清障", people=(A,), report_within=HOUR))
    old = town.task(order, A)
    town.do(Accept(task=old), A)
    reassign = Reassign(task=old, to=B, reason="住院")

    assert town.do(reassign, TOWN).outcome == "accepted"

    ended = town.facts(old)[-1]
    assert isinstance(ended, TaskReassigned)
    begun = town.facts(ended.task)[0]
    assert isinstance(begun, TaskDispatched)
    assert (begun.person, begun.role, begun.replaces) == (B, "grid_head", old)
    again = town.do(reassign, TOWN)
    assert (again.outcome, again.code) == ("already_done", "task.reassigned")
    statuses = {s: t.status for s, t in town.tasks(force).items()}
    assert statuses == {old: "withdrawn", ended.task: "waiting"}


def test_nobody_gets_the_same_order_twice_by_two_reassignments_at_once(town: Township) -> None:
    _, order = town.start(Order(text="清障", people=(A, B)))
    requests = [
        town.home.request(Reassign(task=town.task(order, who), to=C, reason="r"), TOWN)
        for who in (A, B)
    ]

    answers = [one.result(30) for one in [town.home.writer.submit(r) for r in requests]]

    assert [(a.outcome, a.code) for a in answers] == [
        ("accepted", None),
        ("refused", "task.has_one"),
    ]


def test_an_official_passes_the_order_on_and_stays_answerable(town: Township) -> None:
    force, order = town.start(Order(text="排查隐患", people=(TOWN,)))
    own = town.task(order, TOWN)
    command = town.home.new_command_id()

    town.do(PassOn(task=own, to=HEADS), TOWN, command_id=command)

    below = order_id(command, 0)
    assert town.facts(own)[-1] == TaskPassedOn(order=below, tasks=2)
    assert town.state(own).status == "in_progress"
    issued = town.facts(force)[-1]
    assert isinstance(issued, OrderIssued)
    assert (issued.text, issued.passed_on_from) == ("排查隐患", own)
    assert town.do(Accept(task=town.task(below, A)), A).outcome == "accepted"


def test_who_declined_and_is_pulled_in_again_gets_a_new_task(town: Township) -> None:
    force, order = town.start(Order(text="清障", people=(A, B)))
    town.do(Decline(task=town.task(order, A), reason="在外地"), A)
    pull_in = PullIn(task_force=force, person=A, order=order)

    assert town.do(pull_in, TOWN).outcome == "accepted"
    assert town.do(pull_in, TOWN).outcome == "already_done"
    assert town.do(PullIn(task_force=force, person=B, order=order), TOWN).outcome == "already_done"

    mine = [t for t in town.tasks(force).values() if t.person == A]
    assert sorted(t.status for t in mine) == ["declined", "waiting"]


def test_many_are_reminded_with_one_command_and_only_those_who_wait(town: Township) -> None:
    _, order = town.start(Order(text="清障", people=(A, B, C), accept_within=HOUR))
    streams = tuple(town.task(order, who) for who in (A, B, C))
    town.do(Accept(task=streams[1]), B)
    remind = RemindAll(tasks=streams, awaited="accept", number=1)

    assert town.do(remind, "reactions").outcome == "accepted"
    again = town.do(remind, "reactions")

    assert (again.outcome, again.code) == ("already_done", "tasks.nothing_due")
    fact = TaskReminded(awaited="accept", number=1)
    assert [fact in town.facts(stream) for stream in streams] == [True, False, True]


def test_what_is_late_is_marked_and_told_up_to_the_district_and_no_further(
    town: Township,
) -> None:
    _, order = town.start(Order(text="清障", people=(A,), accept_within=HOUR))
    stream = town.task(order, A)
    late = MarkOverdue(tasks=(stream,), awaited="accept", due_at=ORIGIN)
    assert town.do(late, "reactions").outcome == "already_done"  # it is not due yet

    town.later(hours=2)
    assert town.do(late, "reactions").outcome == "accepted"
    for number in (1, 2, 3):
        escalate = EscalateAll(tasks=(stream,), awaited="accept", number=number)
        outcome = town.do(escalate, "reactions").outcome
        assert outcome == ("already_done" if number == 3 else "accepted")

    told = [e for e in town.facts(stream) if isinstance(e, TaskEscalated)]
    assert [(e.to, e.division) for e in told] == [(TOWN, TOWNSHIP), (DUTY, "330825")]
    accept_by = ORIGIN + timedelta(seconds=HOUR)
    assert TaskOverdue(awaited="accept", due_at=accept_by) in town.facts(stream)


def test_a_suspended_task_goes_on_by_itself_with_the_time_that_it_had_left(
    town: Township,
) -> None:
    _, order = town.start(Order(text="清障", people=(A,), report_within=4 * HOUR))
    stream = town.task(order, A)
    town.do(Accept(task=stream), A)
    started = town.clock.now()
    town.later(hours=1)
    until = town.clock.now().replace(hour=10)
    town.do(Suspend(task=stream, reason="路淹了", until=until), TOWN)
    resume = ResumeDue(tasks=(stream,))
    assert town.do(resume, "reactions").outcome == "already_done"

    town.later(hours=2)
    assert town.do(resume, "reactions").outcome == "accepted"

    waited = until - started.replace(hour=started.hour + 1)
    fact = town.facts(stream)[-1]
    assert isinstance(fact, TaskResumed)
    assert fact.report_by == started.replace(hour=started.hour + 4) + waited


def test_somebody_says_that_it_goes_on_and_that_there_is_more_time(town: Township) -> None:
    _, order = town.start(Order(text="清障", people=(A,), report_within=HOUR))
    stream = town.task(order, A)
    town.do(Suspend(task=stream, reason="路淹了"), TOWN)
    town.later(hours=1)

    assert town.do(Resume(task=stream), TOWN).outcome == "accepted"
    sooner = Extend(task=stream, report_by=town.clock.now().replace(minute=1), reason="r")
    assert town.do(sooner, TOWN).code == "task.not_longer"
    later = Extend(task=stream, report_by=town.clock.now().replace(hour=23), reason="雨大")
    assert town.do(later, TOWN).outcome == "accepted"

    assert town.state(stream).report_by == later.report_by


def test_a_colleague_does_not_verify_what_their_department_reported(town: Township) -> None:
    water = (Target(department="water"),)
    force, _ = town.start(Order(text="排涝", to=water, steps=("accept", "report", "verify")))
    (stream,) = town.tasks(force)
    person = town.state(stream).person
    town.do(Report(task=stream, text="已排"), person)

    with pytest.raises(NotAllowed) as caught:
        town.do(Verify(task=stream), STATIONED if person == WATER else WATER)

    assert caught.value.code == "task.own_report"
    assert town.do(Verify(task=stream), DUTY).outcome == "accepted"


# --- open orders ------------------------------------------------------------------------------------


def test_a_claimed_place_that_is_declined_is_offered_again_to_those_who_were_let_go(
    town: Township,
) -> None:
    force, order = town.start(Order(text="清障", people=(A, B, C), open_to=1, accept_within=HOUR))
    first, second = town.task(order, A), town.task(order, B)
    town.do(Accept(task=first), A)
    town.home.react()
    assert town.state(second).status == "withdrawn"
    town.do(Withdraw(task=second, reason="另有任务"))  # said again of what is withdrawn: nothing
    town.later(hours=2)

    town.do(Decline(task=first, reason="车坏了"), A)
    assert town.facts(force)[-1] == OrderUnclaimed(order=order, task=first, left=1)
    town.home.react()

    again = {s: t for s, t in town.tasks(force).items() if t.status == "waiting"}
    assert {task.person for task in again.values()} == {B, C}
    assert {task.accept_by for task in again.values()} == {town.clock.now() + timedelta(hours=1)}
    mine = next(stream for stream, task in again.items() if task.person == B)
    assert town.do(Accept(task=mine), B).outcome == "accepted"
    town.home.react()
    assert sorted(t.status for t in town.tasks(force).values()) == [
        "declined",
        "in_progress",
        "withdrawn",
        "withdrawn",
        "withdrawn",
    ]
    assert town.state(force).orders[order].claimed == 1
    assert town.home.react() == 0


def test_who_gave_a_place_back_has_to_claim_it_again(town: Township) -> None:
    force, order = town.start(Order(text="清障", people=(A, B), open_to=1))
    first, second = town.task(order, A), town.task(order, B)
    town.do(Accept(task=first), A)
    town.do(Decline(task=first, reason="车坏了"), A)
    town.do(Reopen(task=first, reason="车修好了"), A)
    assert town.do(Accept(task=second), B).outcome == "accepted"

    late = town.do(Accept(task=first), A)

    assert (late.outcome, late.code) == ("overtaken", "task.claimed_by_others")
    assert town.state(force).orders[order].claimed == 1


def test_places_that_nobody_claims_in_time_are_told_to_whoever_gave_the_order(
    town: Township,
) -> None:
    force, _ = town.start(Order(text="集合", people=(C,)))
    order = Order(text="清障", people=(A, B), open_to=1, accept_within=HOUR)
    command = town.home.new_command_id()
    town.do(IssueOrder(task_force=force, order=order), TOWN, command_id=command)
    given = order_id(command, 0)
    town.home.react()
    due_at = town.clock.now() + timedelta(hours=1)
    town.later(hours=1)
    town.home.react()

    told = OrderUnfilled(order=given, left=1, due_at=due_at, to=TOWN)
    assert town.facts(force)[-1] == told
    town.home.caught_up()
    assert town.home.indexes.inbox(TOWN)[-1].note == force
    assert not any(task.overdue for task in town.tasks(force).values())
    assert town.home.react() == 0


# --- times ------------------------------------------------------------------------------------------


def test_a_time_before_the_dispatch_is_kept_and_the_answer_says_that_it_cannot_be(
    town: Township,
) -> None:
    town.later(hours=3)
    _, order = town.start(Order(text="清障", people=(A,)))
    stream = town.task(order, A)
    early = town.clock.now() - timedelta(hours=1)
    town.later(minutes=5)

    said = town.do(Accept(task=stream), A, occurred_at=early)

    assert (said.outcome, said.code) == ("accepted", "task.before_dispatch")
    assert town.do(Report(task=stream, text="通了"), A).code is None


def test_what_was_declined_and_is_reopened_late_gets_as_long_again_to_be_accepted(
    town: Township,
) -> None:
    _, order = town.start(Order(text="清障", people=(A,), accept_within=HOUR))
    stream = town.task(order, A)
    town.do(Decline(task=stream, reason="在外地"), A)
    town.later(hours=5)

    town.do(Reopen(task=stream, reason="已回来"))

    by = town.clock.now() + timedelta(hours=1)
    assert town.facts(stream)[-1] == TaskReopened(reason="已回来", accept_by=by)
    assert town.home.react() == 0
    town.later(hours=1)
    town.home.react()
    assert town.facts(stream)[-1] == TaskOverdue(awaited="accept", due_at=by)


# --- orders and their people ------------------------------------------------------------------------


def test_orders_passed_on_go_with_the_order_that_they_come_from(town: Township) -> None:
    force, order = town.start(Order(text="清障", people=(TOWN,)))
    above = town.task(order, TOWN)
    command = town.home.new_command_id()
    town.do(PassOn(task=above, people=(A, B)), TOWN, command_id=command)
    below = order_id(command, 0)
    town.do(Report(task=town.task(below, A), text="通了"), A)

    town.do(WithdrawOrder(task_force=force, order=order, reason="改由县里办"), DUTY)

    states = {t.person: t.status for t in town.tasks(force).values()}
    assert states == {TOWN: "withdrawn", A: "closed", B: "withdrawn"}
    assert town.state(force).orders[below].withdrawn


def test_an_order_says_up_to_where_the_register_was_known_and_who_gave_it(town: Township) -> None:
    force, _ = town.start(Order(text="集合", people=(C,)))
    end = town.home.log.end()
    town.do(IssueOrder(task_force=force, order=Order(text="查水位", people=(A,))), TOWN)

    issued = [e for e in town.facts(force) if isinstance(e, OrderIssued)][-1]
    assert (issued.given_by, issued.organisation_at) == (TOWN, end)


def test_who_looks_on_hears_of_a_cancellation(town: Township) -> None:
    force, _ = town.start(Order(text="清障", people=(A,)))
    town.do(PullIn(task_force=force, person=C), DUTY)

    town.do(CancelTaskForce(task_force=force, reason="误发"), DUTY)

    town.home.caught_up()
    items = town.home.indexes.inbox(C)
    (cancelled,) = [e for e in town.facts(force) if isinstance(e, TaskForceCancelled)]
    assert cancelled.told == (C,)
    assert [item.note for item in items] == [force, force]
