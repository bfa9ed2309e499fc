from __future__ import annotations

from handheld.domain.errors import Malformed
from handheld.domain.task import Decline
from handheld_events.examples import TASK
from handheld_events.task import (
    TaskAccepted,
    TaskClosed,
    TaskDeclined,
    TaskOvertaken,
    TaskReported,
    TaskWithdrawn,
)
from tests.support_rules import VERIFIED, given_task

DECLINE = Decline(task=TASK, reason="人在外地")
DECLINED = TaskDeclined(reason="人在外地")


def test_says_why() -> None:
    assert given_task().when(DECLINE).then(DECLINED).status == "declined"


def test_is_possible_after_accepting() -> None:
    given_task(TaskAccepted()).when(DECLINE).then(DECLINED)


def test_without_a_reason_makes_no_sense() -> None:
    given_task().when(Decline(task=TASK, reason="　 ")).raises(
        Malformed, "words.missing", field="reason"
    )


def test_with_an_endless_reason_makes_no_sense() -> None:
    given_task().when(Decline(task=TASK, reason="雨" * 4001)).raises(
        Malformed, "words.too_long", field="reason", length=4001, limit=4000
    )


def test_with_the_longest_reason_is_taken() -> None:
    long = "雨" * 4000

    given_task().when(Decline(task=TASK, reason=long)).then(TaskDeclined(reason=long))


def test_twice_is_already_done() -> None:
    given_task(DECLINED).when(DECLINE).is_already_done("task.declined")


def test_again_with_other_words_keeps_the_words() -> None:
    given_task(DECLINED).when(Decline(task=TASK, reason="车也坏了")).is_overtaken(
        "task.declined", TaskOvertaken(did="decline", because="declined", text="车也坏了")
    )


def test_is_overtaken_while_a_report_waits_to_be_verified_and_the_reason_is_kept() -> None:
    given_task(TaskAccepted(), TaskReported(text="x"), steps=VERIFIED).when(DECLINE).is_overtaken(
        "task.reported", TaskOvertaken(did="decline", because="reported", text="人在外地")
    )


def test_is_overtaken_after_withdrawal_and_the_reason_is_kept() -> None:
    given_task(TaskWithdrawn(reason="over")).when(DECLINE).is_overtaken(
        "task.withdrawn",
        TaskOvertaken(did="decline", because="withdrawn", text="人在外地"),
    )


def test_is_overtaken_after_the_close() -> None:
    given_task(TaskAccepted(), TaskReported(text="x"), TaskClosed()).when(DECLINE).is_overtaken(
        "task.closed", TaskOvertaken(did="decline", because="closed", text="人在外地")
    )
