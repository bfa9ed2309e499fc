from __future__ import annotations

from datetime import UTC, datetime, timedelta

from handheld.domain import task_force
from handheld.domain.errors import Malformed
from handheld.domain.task import Accept, Extend, Known, Reopen, Report, Resume, SendBack, Suspend
from handheld_events.examples import ORDER, TASK
from handheld_events.task import (
    TaskAccepted,
    TaskAmended,
    TaskClosed,
    TaskDeclined,
    TaskExtended,
    TaskOverdue,
    TaskReopened,
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


def test_a_report_of_a_suspended_task_is_judged_by_the_time_that_it_has_after_the_wait() -> None:
    given_task(SUSPENDED, steps=VERIFIED, known=_ordered(hours=5)).when(
        Report(task=TASK, text="通了")
    ).then(
        TaskResumed(accept_by=ACCEPT_BY + 5 * HOUR, report_by=REPORT_BY + 5 * HOUR),
        TaskAccepted(),
        TaskReported(text="通了"),
    )


def test_what_was_promised_during_a_suspension_waits_from_then_on() -> None:
    promised = TaskExtended(report_by=AT + 8 * HOUR, reason="雨大", at=AT + 2 * HOUR)
    extended = given_task(TaskAccepted(), SUSPENDED, known=_ordered(hours=2))
    extended.when(Extend(task=TASK, report_by=AT + 8 * HOUR, reason="雨大"), SOMEBODY_ELSE).then(
        promised
    )
    again = TaskSuspended(reason="水还没退", at=AT)

    given_task(TaskAccepted(), SUSPENDED, promised, again, known=_ordered(hours=3)).when(
        Resume(task=TASK), SOMEBODY_ELSE
    ).then(TaskResumed(report_by=AT + 9 * HOUR))


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
    reported = after.then(TaskResumed(), TaskReported(text="通了"))
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


def test_what_is_sent_back_in_time_has_the_time_that_is_left() -> None:
    done = (TaskAccepted(), TaskReported(text="x"))
    given_task(*done, steps=VERIFIED, known=_ordered(hours=3)).when(
        SendBack(task=TASK, reason="少两户"), SOMEBODY_ELSE
    ).then(TaskSentBack(reason="少两户"))


def test_what_is_sent_back_or_reopened_after_its_deadline_gets_time_anew() -> None:
    overdue = TaskOverdue(awaited="report", due_at=REPORT_BY)
    done = (TaskAccepted(), overdue, TaskReported(text="x"))
    known = _ordered(hours=5)
    span = REPORT_BY - datetime.fromtimestamp(int(ORDER[6:18], 16) / 1000, UTC)
    more = TaskExtended(report_by=known.now + max(span, timedelta(minutes=1)), reason="少两户")
    after = (
        given_task(*done, steps=VERIFIED, known=known)
        .when(SendBack(task=TASK, reason="少两户"), SOMEBODY_ELSE)
        .then(TaskSentBack(reason="少两户"), more)
    )
    given_task(*done, TaskClosed(), known=known).when(
        Reopen(task=TASK, reason="少两户"), SOMEBODY_ELSE
    ).then(TaskReopened(reason="少两户"), more)

    assert after.overdue == frozenset()
