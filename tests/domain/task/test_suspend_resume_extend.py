from __future__ import annotations

from datetime import timedelta

from handheld.domain import task_force
from handheld.domain.errors import Malformed
from handheld.domain.task import Accept, Extend, Known, Report, Resume, SendBack, Suspend
from handheld_events.examples import ORDER, TASK
from handheld_events.task import (
    TaskAccepted,
    TaskAmended,
    TaskDeclined,
    TaskExtended,
    TaskOverdue,
    TaskReported,
    TaskResumed,
    TaskSentBack,
    TaskSuspended,
)
from handheld_events.task_force import OrderIssued
from tests.support_rules import (
    AT,
    REPORTED,
    SOMEBODY_ELSE,
    STARTED,
    VERIFIED,
    given_task,
)

HOUR = timedelta(hours=1)
ACCEPT_BY, REPORT_BY = AT + HOUR, AT + 4 * HOUR


def _ordered(hours: int = 0) -> Known:
    """So many hours after the order was given, which had deadlines."""
    state = task_force.evolve(None, STARTED)
    issued = OrderIssued(order=ORDER, text="t", tasks=1, accept_by=ACCEPT_BY, report_by=REPORT_BY)
    state = task_force.evolve(state, issued)
    return Known(AT + hours * HOUR, state, state.orders[ORDER])


SUSPENDED = TaskSuspended(reason="路淹了", at=AT)


def test_while_it_is_suspended_its_deadlines_wait_and_then_go_on() -> None:
    after = (
        given_task(SUSPENDED, known=_ordered(hours=2))
        .when(Resume(task=TASK), SOMEBODY_ELSE)
        .then(TaskResumed(accept_by=ACCEPT_BY + 2 * HOUR, report_by=REPORT_BY + 2 * HOUR))
    )

    assert (after.suspended, after.accept_by) == (None, ACCEPT_BY + 2 * HOUR)


def test_what_was_accepted_is_given_no_new_time_to_accept() -> None:
    given_task(TaskAccepted(), SUSPENDED, known=_ordered(hours=2)).when(
        Resume(task=TASK), SOMEBODY_ELSE
    ).then(TaskResumed(report_by=REPORT_BY + 2 * HOUR))


def test_suspended_again_until_another_time_it_waits_from_the_first() -> None:
    until = AT + 5 * HOUR
    after = (
        given_task(SUSPENDED, known=_ordered(hours=1))
        .when(Suspend(task=TASK, reason="水还没退", until=until), SOMEBODY_ELSE)
        .then(TaskSuspended(reason="水还没退", until=until, at=AT))
    )

    assert after.suspended is not None
    assert (after.suspended.since, after.suspended.until) == (AT, until)


def test_suspended_until_the_same_time_is_already_done() -> None:
    given_task(SUSPENDED).when(Suspend(task=TASK, reason="again"), SOMEBODY_ELSE).is_already_done(
        "task.suspended"
    )


def test_who_gets_on_with_it_all_the_same_is_not_held_up() -> None:
    accepted = given_task(SUSPENDED).when(Accept(task=TASK)).then(TaskAccepted())
    assert accepted.suspended is not None

    after = given_task(TaskAccepted(), SUSPENDED, steps=VERIFIED).when(
        Report(task=TASK, text="通了")
    )
    reported = after.then(TaskReported(text="通了"))
    assert reported.suspended is None


def test_what_ended_is_not_suspended_any_more() -> None:
    for history in (
        (SUSPENDED, TaskDeclined(reason="away")),
        (SUSPENDED, TaskAmended(number=1, steps=REPORTED)),
    ):
        state = given_task(*history).state
        assert state is not None
        assert state.suspended is None


def test_a_resumed_task_that_was_never_timed_has_no_deadlines() -> None:
    given_task(SUSPENDED).when(Resume(task=TASK), SOMEBODY_ELSE).then(TaskResumed())


def test_there_is_more_time_and_the_mark_goes() -> None:
    later = AT + 8 * HOUR
    overdue = TaskOverdue(awaited="report", due_at=REPORT_BY)
    after = (
        given_task(TaskAccepted(), overdue, known=_ordered(hours=5))
        .when(Extend(task=TASK, report_by=later, reason="雨大"), SOMEBODY_ELSE)
        .then(TaskExtended(report_by=later, reason="雨大"))
    )

    assert (after.report_by, after.overdue) == (later, frozenset())


def test_an_extension_keeps_the_mark_of_a_late_acceptance() -> None:
    late = TaskOverdue(awaited="accept", due_at=ACCEPT_BY)
    extended = TaskExtended(report_by=AT + 8 * HOUR, reason="r")
    state = given_task(late, extended).state

    assert state is not None
    assert state.overdue == {"accept"}


def test_nothing_is_extended_to_a_time_before_the_deadline() -> None:
    given_task(known=_ordered()).when(
        Extend(task=TASK, report_by=REPORT_BY - HOUR, reason="r"), SOMEBODY_ELSE
    ).is_refused("task.not_longer")
    given_task(known=_ordered()).when(
        Extend(task=TASK, report_by=REPORT_BY, reason="r"), SOMEBODY_ELSE
    ).is_already_done("task.extended")


def test_more_time_must_lie_ahead() -> None:
    given_task(known=_ordered(hours=6)).when(
        Extend(task=TASK, report_by=AT + 5 * HOUR, reason="r"), SOMEBODY_ELSE
    ).raises(Malformed, "deadline.past")


def test_what_is_sent_back_is_chased_anew_but_stays_late() -> None:
    overdue = TaskOverdue(awaited="report", due_at=REPORT_BY)
    done = (TaskAccepted(), overdue, TaskReported(text="x"))
    after = (
        given_task(*done, steps=VERIFIED)
        .when(SendBack(task=TASK, reason="少两户"), SOMEBODY_ELSE)
        .then(TaskSentBack(reason="少两户"))
    )

    assert after.overdue == {"report"}
