from __future__ import annotations

from handheld.domain import task
from handheld.domain.errors import NotAllowed
from handheld.domain.task import Report, SendBack, Verify
from handheld_events.examples import TASK
from handheld_events.task import (
    TaskAccepted,
    TaskClosed,
    TaskReported,
    TaskSentBack,
    TaskVerified,
    TaskWithdrawn,
)
from tests.support_rules import (
    ASSIGNEE,
    COMMANDER,
    KNOWN,
    REPORTED,
    SOMEBODY_ELSE,
    VERIFIED,
    given_task,
)

VERIFY = Verify(task=TASK, text="属实")
SEND_BACK = SendBack(task=TASK, reason="少两户")
DONE = (TaskAccepted(), TaskReported(text="走访8户"))


def test_a_report_that_holds_closes_the_task() -> None:
    after = (
        given_task(*DONE, steps=VERIFIED)
        .when(VERIFY, who=SOMEBODY_ELSE)
        .then(TaskVerified(text="属实"), TaskClosed())
    )

    assert (after.status, after.report) == ("closed", "走访8户")


def test_nobody_verifies_their_own_report() -> None:
    given_task(*DONE, steps=VERIFIED).when(VERIFY).raises(NotAllowed, "task.own_report")


def test_who_entered_a_report_for_somebody_does_not_judge_it() -> None:
    reported = given_task(TaskAccepted(), steps=VERIFIED).state
    assert reported is not None
    report = Report(task=TASK, text="走访8户")
    (fact,) = task.decide(reported, report, ASSIGNEE, SOMEBODY_ELSE, KNOWN).events
    assert fact == TaskReported(text="走访8户", reported_by=SOMEBODY_ELSE)

    entered = given_task(TaskAccepted(), fact, steps=VERIFIED)
    for command in (VERIFY, SEND_BACK):
        entered.when(command, SOMEBODY_ELSE).raises(NotAllowed, "task.own_report")
    entered.when(VERIFY, COMMANDER).then(TaskVerified(text="属实"), TaskClosed())


def test_verifying_twice_is_already_done() -> None:
    given_task(*DONE, TaskVerified(), TaskClosed(), steps=VERIFIED).when(
        VERIFY, who=SOMEBODY_ELSE
    ).is_already_done("task.closed")


def test_what_nobody_was_to_verify_is_closed_and_cannot_be_verified() -> None:
    given_task(*DONE, TaskClosed(), steps=REPORTED).when(VERIFY, who=SOMEBODY_ELSE).is_refused(
        "task.closed"
    )


def test_a_report_that_does_not_hold_is_to_be_done_again() -> None:
    after = (
        given_task(*DONE, steps=VERIFIED)
        .when(SEND_BACK, who=SOMEBODY_ELSE)
        .then(TaskSentBack(reason="少两户"))
    )

    assert (after.status, after.report) == ("in_progress", None)


def test_without_a_report_there_is_nothing_to_verify_or_send_back() -> None:
    for command in (VERIFY, SEND_BACK):
        for history in ((), (TaskAccepted(),)):
            given_task(*history, steps=VERIFIED).when(command, who=SOMEBODY_ELSE).is_refused(
                "task.nothing_to_verify"
            )


def test_what_was_withdrawn_is_neither_verified_nor_sent_back() -> None:
    for command in (VERIFY, SEND_BACK):
        given_task(*DONE, TaskWithdrawn(reason="over"), steps=VERIFIED).when(
            command, who=SOMEBODY_ELSE
        ).is_refused("task.withdrawn")
