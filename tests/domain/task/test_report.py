from __future__ import annotations

from handheld.domain.task import Report
from handheld_events.examples import TASK
from handheld_events.task import (
    TaskAccepted,
    TaskClosed,
    TaskOvertaken,
    TaskReported,
    TaskSentBack,
    TaskWithdrawn,
)
from tests.support_rules import VERIFIED, given_task

REPORT = Report(task=TASK, text="走访8户")
REPORTED = TaskReported(text="走访8户")
ACCEPTED, CLOSED = TaskAccepted(), TaskClosed()
BACK = TaskSentBack(reason="少两户")


def test_closes_a_task_that_nobody_verifies() -> None:
    assert given_task(ACCEPTED).when(REPORT).then(REPORTED, CLOSED).status == "closed"


def test_waits_to_be_verified_where_the_order_says_so() -> None:
    after = given_task(ACCEPTED, steps=VERIFIED).when(REPORT).then(REPORTED)

    assert (after.status, after.report) == ("to_verify", "走访8户")


def test_of_what_was_never_accepted_accepts_it() -> None:
    given_task().when(REPORT).then(ACCEPTED, REPORTED, CLOSED)
    given_task(steps=VERIFIED).when(REPORT).then(ACCEPTED, REPORTED)


def test_with_the_same_words_again_is_already_done() -> None:
    given_task(ACCEPTED, REPORTED, steps=VERIFIED).when(REPORT).is_already_done("task.reported")
    given_task(ACCEPTED, REPORTED, CLOSED).when(REPORT).is_already_done("task.reported")


def test_with_other_words_replaces_one_that_waits_to_be_verified() -> None:
    after = (
        given_task(ACCEPTED, TaskReported(text="走访7户"), steps=VERIFIED)
        .when(REPORT)
        .then(REPORTED)
    )

    assert after.report == "走访8户"


def test_may_have_the_same_words_after_it_was_sent_back() -> None:
    given_task(ACCEPTED, REPORTED, BACK, steps=VERIFIED).when(REPORT).then(REPORTED)


def test_is_overtaken_after_withdrawal_and_its_words_are_kept() -> None:
    given_task(ACCEPTED, TaskWithdrawn(reason="over")).when(REPORT).is_overtaken(
        "task.withdrawn", TaskOvertaken(did="report", because="withdrawn", text="走访8户")
    )


def test_with_other_words_is_overtaken_after_the_close() -> None:
    given_task(ACCEPTED, TaskReported(text="x"), CLOSED).when(REPORT).is_overtaken(
        "task.closed", TaskOvertaken(did="report", because="closed", text="走访8户")
    )
