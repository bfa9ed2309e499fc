"""Findings through the writer and the log: reported, ordered about, settled, kept."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from handheld.application.requests import Request
from handheld.domain import task
from handheld.domain.ending import CancelTaskForce, CloseTaskForce
from handheld.domain.errors import CommandReused, Malformed, NotAllowed, NotFound
from handheld.domain.finding_commands import (
    DealWith,
    OrderOnFinding,
    PassUp,
    ReportFinding,
    Return,
    SettleFinding,
)
from handheld.domain.ordering import Order
from handheld.domain.register import Contact, ImportPeople, PersonRow
from handheld.domain.starting import StartAdHoc
from handheld.domain.task_force import ReopenTaskForce
from handheld_events.codec import Reading
from handheld_events.envelope import Recorded
from handheld_events.finding import (
    FindingDealtWith,
    FindingOrdered,
    FindingPutBack,
    FindingReported,
    FindingStarted,
)
from handheld_events.ids import TaskIds, finding_id, order_id, task_force_id
from handheld_events.task import TaskDispatched
from handheld_events.task_force import OrderIssued
from handheld_projections.inbox import Inbox
from handheld_projections.organisation import Post
from tests.support_log import (
    TOWNSHIP,
    VILLAGE,
    Bench,
    new_command,
    person,
    start_request,
    started_tasks,
)

REPORT = ReportFinding(text="大树倒伏，横在主干道上", division=VILLAGE, place="老桥边")
DUTY = "person-duty"
CLEAR = Order(text="清开道路", people=(person(3), person(4)))


def duty_row(bench: Bench) -> PersonRow:
    """The duty officer of the township."""
    (name,) = bench.keyring.seal([(DUTY, "合成值班员")])
    return PersonRow(
        person=DUTY,
        contact=Contact(name),
        posts=(Post("duty_officer", TOWNSHIP),),
        synthetic=True,
    )


def told(bench: Bench, stream: str) -> list[Recorded[Any]]:
    fact = Reading().fact
    return [fact(*row) for row in bench.log.read_streams([stream])]


def reported(bench: Bench, who: str = person(1), command: ReportFinding = REPORT) -> str:
    made = new_command()
    assert bench.execute(command, who, made).outcome == "accepted"
    return finding_id(made)


def ordered(bench: Bench, finding: str, task_force: str) -> tuple[str, list[str]]:
    made = new_command()
    order = OrderOnFinding(finding=finding, task_force=task_force, order=CLEAR)
    assert bench.execute(order, person(2), made).outcome == "accepted"
    ids = TaskIds(order_id(made, 0))
    return order_id(made, 0), [ids.of(someone) for someone in CLEAR.people]


def running(bench: Bench) -> str:
    made = new_command()
    started_tasks(bench, 1, made)
    return task_force_id(made)


def test_what_was_found_belongs_to_whoever_reported_it_and_to_the_place(bench: Bench) -> None:
    (fact,) = told(bench, reported(bench))

    assert fact.event == FindingReported(
        text=REPORT.text, division=VILLAGE, desk=VILLAGE, place="老桥边"
    )
    assert (fact.person, fact.division, fact.task_force) == (person(1), VILLAGE, None)


def test_a_report_taken_by_telephone_belongs_to_whoever_found_it(bench: Bench) -> None:
    bench.execute(ImportPeople(rows=(duty_row(bench),)), "operator")
    made = new_command()
    request = bench.request(REPORT, DUTY, made)
    bench.writer.execute(Request(REPORT, replace(request.meta, on_behalf_of=person(1))))

    (fact,) = told(bench, finding_id(made))
    assert (fact.person, fact.meta.actor) == (person(1), DUTY)


def test_no_neighbour_reports_in_somebody_elses_name(bench: Bench) -> None:
    request = bench.request(REPORT, person(2), new_command())
    with pytest.raises(NotAllowed, match=r"finding\.not_for_them"):
        bench.writer.execute(Request(REPORT, replace(request.meta, on_behalf_of=person(1))))


def test_the_same_report_sent_again_is_one_finding(bench: Bench) -> None:
    request = bench.request(REPORT, person(1), new_command())

    first, again = bench.writer.execute(request), bench.writer.execute(request)

    assert (again.first, again.repeated) == (first.first, True)
    assert len(told(bench, finding_id(request.meta.command))) == 1
    with pytest.raises(CommandReused):
        bench.execute(REPORT, person(2), request.meta.command)


def test_what_is_found_on_a_task_is_found_by_its_assignee(bench: Bench) -> None:
    mine, theirs, *_ = started_tasks(bench, 2)
    (fact,) = told(bench, reported(bench, person(0), replace(REPORT, task=mine)))
    assert fact.event.task == mine
    with pytest.raises(NotAllowed) as caught:
        bench.execute(replace(REPORT, task=theirs), person(0))
    assert caught.value.code == "task.not_yours"
    for unknown in ("task-1", "finding-1"):
        with pytest.raises(NotFound) as missing:
            bench.execute(replace(REPORT, task=unknown), person(0))
        assert missing.value.code == "task.unknown"


def test_an_order_and_what_it_is_about_are_written_together(bench: Bench) -> None:
    finding, task_force = reported(bench), running(bench)
    before = bench.log.end()

    order, tasks = ordered(bench, finding, task_force)

    fact = Reading().fact
    written = [fact(*row) for row in bench.log.read(before, 100)]
    assert [f.stream for f in written] == [task_force, *tasks, finding]
    assert len({f.recorded_at for f in written}) == 1
    issued, first, _, last = (f.event for f in written)
    assert isinstance(issued, OrderIssued)
    assert isinstance(first, TaskDispatched)
    assert issued.finding == finding
    assert last == FindingOrdered(task_force_started=task_force, order=order)
    assert written[-1].person == person(1)


def test_it_is_dealt_with_in_the_words_of_the_last_report(bench: Bench) -> None:
    finding, task_force = reported(bench), running(bench)
    order, (first, second) = ordered(bench, finding, task_force)
    settle = SettleFinding(finding=finding, order=order, task=second)
    bench.execute(task.Report(task=first, text="一半清开了"), person(3))
    waiting = bench.execute(settle, "reactions")
    assert (waiting.outcome, waiting.code) == ("refused", "finding.tasks_open")

    bench.execute(task.Report(task=second, text="全线畅通"), person(4))
    bench.execute(settle, "reactions")

    assert told(bench, finding)[-1].event == FindingDealtWith(text="全线畅通", order=order)
    again = bench.execute(settle, "reactions")
    assert (again.outcome, again.code) == ("already_done", "finding.dealt_with")


def test_it_is_passed_up_and_no_longer_the_villages(bench: Bench) -> None:
    bench.execute(ImportPeople(rows=(duty_row(bench),)), "operator")
    finding = reported(bench)
    done = DealWith(finding=finding, text="清开了")
    bench.execute(PassUp(finding=finding, reason="没有吊机"), person(2))
    with pytest.raises(NotAllowed) as caught:
        bench.execute(done, person(2))
    assert caught.value.params == {"finding": finding, "desk": TOWNSHIP}
    assert bench.execute(done, DUTY).outcome == "accepted"


def test_a_drill_and_what_is_real_never_meet_over_a_finding(bench: Bench) -> None:
    command = new_command()
    real = start_request(command)
    bench.writer.execute(Request(real.command, replace(real.meta, drill=True)))
    drill = task_force_id(command)
    task_of_drill = TaskIds(order_id(command, 0)).of(person(0))
    found_in_drill = reported(bench, person(0), replace(REPORT, task=task_of_drill))
    assert [fact.meta.drill for fact in told(bench, found_in_drill)] == [True]
    bench.execute(DealWith(finding=found_in_drill, text="演练"), person(2))
    assert [fact.meta.drill for fact in told(bench, found_in_drill)] == [True, True]

    found = reported(bench)
    order = OrderOnFinding(finding=found, task_force=drill, order=CLEAR)
    with pytest.raises(Malformed) as caught:
        bench.execute(order, person(2))
    assert caught.value.code == "finding.drill"
    assert [fact.meta.drill for fact in told(bench, found)] == [False]


def started(bench: Bench, finding: str | None) -> str:
    made = new_command()
    start = StartAdHoc(title="抢通", division=VILLAGE, orders=(CLEAR,), finding=finding)
    assert bench.execute(start, "operator", made).outcome == "accepted"
    return task_force_id(made)


def test_with_the_close_of_its_task_force_a_finding_is_settled_and_the_reporter_told(
    bench: Bench,
) -> None:
    finding = reported(bench)
    force = started(bench, finding)
    up = bench.execute(PassUp(finding=finding, reason="没有吊机"), "operator")
    assert (up.outcome, up.code) == ("refused", "finding.started")
    before = bench.log.end()
    close = CloseTaskForce(task_force=force, outcome="全线通车", withdraw_open=True)
    bench.execute(close, "operator")

    last = told(bench, finding)[-1]
    assert last.event == FindingDealtWith(text="全线通车", task_force=force)
    assert (last.person, last.meta.actor) == (person(1), "operator")
    fact = Reading().fact
    written = [fact(*row) for row in bench.log.read(before, 100)]
    assert len({f.recorded_at for f in written}) == 1, "one transaction"
    (line,) = [one for one in Inbox().lines(told(bench, finding)) if one.position == last.position]
    assert line.key == person(1)

    bench.execute(ReopenTaskForce(task_force=force, reason="又塌方"), "operator")
    bench.execute(close, "operator")
    assert told(bench, finding)[-1] == last, "it is settled once"


def test_with_a_cancelled_start_a_finding_lies_on_its_desk_again(bench: Bench) -> None:
    finding = reported(bench)
    force = started(bench, finding)
    bench.execute(CancelTaskForce(task_force=force, reason="误发"), "operator")

    assert told(bench, finding)[-1].event == FindingPutBack(task_force=force, reason="误发")
    back = Return(finding=finding, reason="请说清楚是哪一段")
    assert bench.execute(back, person(2)).outcome == "accepted"
    assert bench.execute(PassUp(finding=finding, reason="没有吊机"), person(2)).code is None
    another = started(bench, finding)
    assert told(bench, finding)[-1].event == FindingStarted(task_force_started=another)


def test_with_a_cancelled_task_force_what_was_ordered_in_it_lies_on_its_desk_again(
    bench: Bench,
) -> None:
    here, elsewhere = reported(bench), reported(bench)
    force, other = started(bench, None), started(bench, None)
    ordered(bench, here, force)
    ordered(bench, elsewhere, force)
    ordered(bench, elsewhere, other)

    bench.execute(CancelTaskForce(task_force=force, reason="误发"), "operator")

    assert told(bench, here)[-1].event == FindingPutBack(task_force=force, reason="误发")
    assert isinstance(told(bench, elsewhere)[-1].event, FindingOrdered), "the other still stands"


@pytest.mark.parametrize("stream", ["finding-1", "task-1", "plan-storm"])
def test_a_finding_that_there_is_not(bench: Bench, stream: str) -> None:
    for command in (
        DealWith(finding=stream, text="x"),
        SettleFinding(finding=stream, order="order-1"),
        OrderOnFinding(finding=stream, task_force="tf-1", order=CLEAR),
    ):
        with pytest.raises(NotFound) as caught:
            bench.execute(command, "operator")
        assert caught.value.code == "finding.unknown"
