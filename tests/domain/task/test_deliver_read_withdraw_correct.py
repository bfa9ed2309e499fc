from __future__ import annotations

import pytest

from handheld.domain import task
from handheld.domain.errors import Malformed, NotAllowed, NotFound
from handheld.domain.task import CorrectTask, Deliver, Read, Withdraw
from handheld_events.examples import TASK, at
from handheld_events.task import (
    TaskAccepted,
    TaskClosed,
    TaskCorrected,
    TaskDeclined,
    TaskDelivered,
    TaskRead,
    TaskReported,
    TaskWithdrawn,
)
from tests.support_rules import ASSIGNEE, KNOWN, SOMEBODY_ELSE, VERIFIED, given_task

WITHDRAW = Withdraw(task=TASK, reason="台风已过境")
WITHDRAWN = TaskWithdrawn(reason="台风已过境")


def test_the_first_device_delivers_and_the_second_changes_nothing() -> None:
    assert given_task().when(Deliver(task=TASK)).then(TaskDelivered()).delivered
    given_task(TaskDelivered()).when(Deliver(task=TASK)).is_already_done("task.delivered")


def test_nobody_says_for_the_assignee_that_their_device_has_it() -> None:
    state = given_task().state
    for command in (Deliver(task=TASK), Read(task=TASK)):
        with pytest.raises(NotAllowed) as caught:
            task.decide(state, command, ASSIGNEE, SOMEBODY_ELSE, KNOWN)
        assert caught.value.code == "task.not_yours"


def test_it_is_read_once() -> None:
    assert given_task(TaskDelivered()).when(Read(task=TASK)).then(TaskRead()).read
    given_task(TaskRead()).when(Read(task=TASK)).is_already_done("task.read")


def test_a_phone_that_was_off_still_says_what_it_stored_and_that_it_was_read() -> None:
    after = given_task(WITHDRAWN).when(Deliver(task=TASK)).then(TaskDelivered())
    assert (after.status, after.delivered) == ("withdrawn", True)

    assert given_task(WITHDRAWN).when(Read(task=TASK)).then(TaskRead()).status == "withdrawn"


def test_what_is_open_can_be_withdrawn() -> None:
    histories = ((), (TaskAccepted(),), (TaskAccepted(), TaskReported(text="x")))
    for history in histories:
        after = given_task(*history, steps=VERIFIED).when(WITHDRAW, SOMEBODY_ELSE).then(WITHDRAWN)
        assert after.status == "withdrawn"


def test_withdrawing_twice_is_already_done() -> None:
    given_task(WITHDRAWN).when(WITHDRAW, SOMEBODY_ELSE).is_already_done("task.withdrawn")


def test_what_has_ended_cannot_be_withdrawn() -> None:
    closed = given_task(TaskAccepted(), TaskReported(text="x"), TaskClosed())

    closed.when(WITHDRAW, SOMEBODY_ELSE).is_refused("task.closed")
    given_task(TaskDeclined(reason="away")).when(WITHDRAW, SOMEBODY_ELSE).is_refused(
        "task.declined"
    )


def test_a_correction_points_at_what_it_corrects_and_changes_nothing_else() -> None:
    before = given_task(TaskAccepted())
    assert before.state is not None
    after = before.when(
        CorrectTask(task=TASK, version=2, reason="记错时间", occurred_at=at(8))
    ).then(TaskCorrected(version=2, reason="记错时间", occurred_at=at(8)))

    assert (after.status, after.version) == ("in_progress", 3)


def test_a_correction_of_words_or_of_time_must_say_what_is_right() -> None:
    given_task().when(CorrectTask(task=TASK, version=1, reason="r")).raises(
        Malformed, "correction.empty"
    )


def test_only_a_fact_that_there_is_can_be_corrected() -> None:
    for version in (-1, 0, 2):
        given_task().when(CorrectTask(task=TASK, version=version, reason="r", text="t")).raises(
            NotFound, "correction.no_such_fact", version=version
        )
