from __future__ import annotations

import pytest

from handheld.domain import task_force
from handheld.domain.task import Accept, Evaluate, Known, Rate, Reopen, Report
from handheld_events.examples import TASK
from handheld_events.task import (
    TaskAccepted,
    TaskClosed,
    TaskDeclined,
    TaskEvaluated,
    TaskEvent,
    TaskOnScene,
    TaskOverdue,
    TaskRated,
    TaskReminded,
    TaskReopened,
    TaskReported,
    TaskWithdrawn,
)
from handheld_events.task_force import (
    StoodDown,
    TaskForceCancelled,
    TaskForceClosed,
    TaskForceEvent,
)
from tests.support_rules import ACCEPT_ONLY, AT, SOMEBODY_ELSE, STARTED, given_task

CLOSED = (TaskAccepted(), TaskOnScene(), TaskReported(text="x"), TaskClosed())
DECLINED = (TaskDeclined(reason="away"),)
REOPEN = Reopen(task=TASK, reason="又积水了")
REOPENED = TaskReopened(reason="又积水了")


def _known(*events: TaskForceEvent) -> Known:
    state = task_force.evolve(None, STARTED)
    for event in events:
        state = task_force.evolve(state, event)
    return Known(AT, state)


def test_what_was_closed_goes_on_and_its_report_is_history() -> None:
    after = given_task(*CLOSED).when(REOPEN, SOMEBODY_ELSE).then(REOPENED)

    assert (after.status, after.report, after.on_scene) == ("in_progress", None, False)


def test_what_was_declined_waits_to_be_accepted_again() -> None:
    after = given_task(*DECLINED).when(REOPEN, SOMEBODY_ELSE).then(REOPENED)

    assert (after.status, after.declined) == ("waiting", None)
    given_task(*DECLINED, REOPENED).when(Accept(task=TASK)).then(TaskAccepted())


def test_it_is_chased_from_the_beginning() -> None:
    chased: tuple[TaskEvent, ...] = (
        TaskReminded(awaited="accept", number=2),
        TaskOverdue(awaited="accept", due_at=AT),
    )
    state = given_task(*chased, *DECLINED, REOPENED).state

    assert state is not None
    assert (state.reminded, state.overdue) == ({}, frozenset())


def test_what_asks_for_acceptance_alone_closes_with_a_report_once_it_is_reopened() -> None:
    history = (TaskAccepted(), TaskClosed(), REOPENED)

    given_task(*history, steps=ACCEPT_ONLY).when(Accept(task=TASK)).is_already_done("task.accepted")
    after = given_task(*history, steps=ACCEPT_ONLY).when(Report(task=TASK, text="好了"))
    assert after.then(TaskReported(text="好了"), TaskClosed()).status == "closed"


def test_after_stand_down_work_is_found_wanting_but_nobody_is_asked_anew() -> None:
    down = _known(StoodDown(reason="over", withdrawn=0))

    given_task(*CLOSED, known=down).when(REOPEN, SOMEBODY_ELSE).then(REOPENED)
    given_task(*DECLINED, known=down).when(REOPEN, SOMEBODY_ELSE).is_refused(
        "task_force.stood_down"
    )


@pytest.mark.parametrize(
    ("end", "code"),
    [
        (TaskForceClosed(outcome="done"), "task_force.closed"),
        (TaskForceCancelled(reason="误发", tasks=1), "task_force.cancelled"),
    ],
)
def test_nothing_is_reopened_in_a_task_force_that_has_ended(end: TaskForceEvent, code: str) -> None:
    for history in (CLOSED, DECLINED):
        given_task(*history, known=_known(end)).when(REOPEN, SOMEBODY_ELSE).is_refused(code)


def test_one_rating_counts_and_another_is_refused() -> None:
    rated = TaskRated(satisfied=True, text="很快")
    given_task(*CLOSED).when(Rate(task=TASK, satisfied=True, text="很快"), SOMEBODY_ELSE).then(
        rated
    )
    again = given_task(*CLOSED, rated)
    again.when(Rate(task=TASK, satisfied=True, text="很快"), SOMEBODY_ELSE).is_already_done(
        "task.rated"
    )
    again.when(Rate(task=TASK, satisfied=False), SOMEBODY_ELSE).is_refused("task.rated")


def test_a_superior_evaluates_apart_from_the_rating() -> None:
    rated = TaskRated(satisfied=False)
    after = given_task(*CLOSED, rated).when(Evaluate(task=TASK, score=5), SOMEBODY_ELSE)

    assert after.then(TaskEvaluated(score=5)).rated == (False, None)


def test_another_evaluation_is_refused() -> None:
    given_task(*CLOSED, TaskEvaluated(score=5)).when(
        Evaluate(task=TASK, score=4), SOMEBODY_ELSE
    ).is_refused("task.evaluated")


def test_what_was_done_again_can_be_rated_again() -> None:
    again: tuple[TaskEvent, ...] = (REOPENED, TaskReported(text="y"), TaskClosed())
    given_task(*CLOSED, TaskRated(satisfied=False), *again).when(
        Rate(task=TASK, satisfied=True), SOMEBODY_ELSE
    ).then(TaskRated(satisfied=True))


def test_a_late_rating_does_not_hold_up_the_close() -> None:
    state = given_task(*CLOSED).state

    assert state is not None
    assert (state.status, state.rated) == ("closed", None)
    given_task(TaskAccepted()).when(Rate(task=TASK, satisfied=True), SOMEBODY_ELSE).is_refused(
        "task.not_closed"
    )
    given_task(TaskWithdrawn(reason="over")).when(
        Evaluate(task=TASK, score=1), SOMEBODY_ELSE
    ).is_refused("task.withdrawn")
