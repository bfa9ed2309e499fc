from __future__ import annotations

from handheld.domain.errors import NotAllowed, NotFound
from handheld.domain.task import Accept
from handheld_events.examples import TASK
from handheld_events.task import (
    TaskAccepted,
    TaskClosed,
    TaskDeclined,
    TaskDelivered,
    TaskOvertaken,
    TaskRead,
    TaskWithdrawn,
)
from tests.support_rules import ACCEPT_ONLY, SOMEBODY_ELSE, given_no_task, given_task

ACCEPT = Accept(task=TASK)


def test_takes_the_task_on() -> None:
    after = given_task(TaskDelivered(), TaskRead()).when(ACCEPT).then(TaskAccepted())

    assert after.status == "in_progress"


def test_needs_neither_delivery_nor_reading_when_somebody_telephoned() -> None:
    given_task().when(ACCEPT).then(TaskAccepted())


def test_closes_a_task_that_asks_for_nothing_more() -> None:
    after = given_task(steps=ACCEPT_ONLY).when(ACCEPT).then(TaskAccepted(), TaskClosed())

    assert after.status == "closed"


def test_twice_is_already_done() -> None:
    given_task(TaskAccepted()).when(ACCEPT).is_already_done("task.accepted")


def test_is_overtaken_after_withdrawal() -> None:
    given_task(TaskWithdrawn(reason="over")).when(ACCEPT).is_overtaken(
        "task.withdrawn", TaskOvertaken(did="accept", because="withdrawn")
    )


def test_is_overtaken_after_declining() -> None:
    given_task(TaskDeclined(reason="away")).when(ACCEPT).is_overtaken(
        "task.declined", TaskOvertaken(did="accept", because="declined")
    )


def test_is_the_assignees_alone() -> None:
    given_task().when(ACCEPT, who=SOMEBODY_ELSE).raises(NotAllowed, "task.not_yours", task=TASK)


def test_of_no_task_is_not_found() -> None:
    given_no_task().when(ACCEPT).raises(NotFound, "task.unknown", task=TASK)
