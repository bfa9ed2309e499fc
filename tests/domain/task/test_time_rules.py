"""What is due for many tasks at once, each decided on its own state."""

from __future__ import annotations

from datetime import timedelta

import pytest

from handheld.domain import task, task_force, time_rules
from handheld.domain.duty import Superior
from handheld.domain.errors import Malformed
from handheld.domain.task import Known, Task
from handheld.domain.time_rules import EscalateAll, MarkOverdue, RemindAll, ResumeDue
from handheld_events.examples import OFFICIAL, ORDER, TASK
from handheld_events.task import (
    TaskAccepted,
    TaskAmended,
    TaskClosed,
    TaskEscalated,
    TaskEvent,
    TaskExtended,
    TaskOverdue,
    TaskReminded,
    TaskReopened,
    TaskReported,
    TaskResumed,
    TaskSentBack,
    TaskSuspended,
)
from handheld_events.task_force import OrderIssued
from tests.support_rules import AT, REPORTED, STARTED, VERIFIED, dispatched

HOUR = timedelta(hours=1)
ACCEPT_BY, REPORT_BY = AT + HOUR, AT + 4 * HOUR
NOW = AT + 5 * HOUR

WAITING: tuple[TaskEvent, ...] = ()
ACCEPTED: tuple[TaskEvent, ...] = (TaskAccepted(),)
TO_VERIFY = (*ACCEPTED, TaskReported(text="x"))
CLOSED = (*TO_VERIFY, TaskClosed())
SUSPENDED = TaskSuspended(reason="路淹了", at=AT, until=AT + 3 * HOUR)

TOWN_HALL = Superior(OFFICIAL, "township_official", "330825101")

ACCEPT_LATE = MarkOverdue(tasks=(TASK,), awaited="accept", due_at=ACCEPT_BY)
REPORT_LATE = MarkOverdue(tasks=(TASK,), awaited="report", due_at=REPORT_BY)
REMIND = RemindAll(tasks=(TASK,), awaited="accept", number=2, skipped=1)
ESCALATE = EscalateAll(tasks=(TASK,), awaited="report", number=1)
RESUME = ResumeDue(tasks=(TASK,))


def _state(*history: TaskEvent) -> Task:
    state = task.evolve(None, dispatched(VERIFIED))
    for event in history:
        state = task.evolve(state, event)
    return state


def _due(
    command: time_rules.Command, *history: TaskEvent, above: Superior | None = TOWN_HALL
) -> TaskEvent | None:
    """What is recorded of one task with this history, five hours after the order."""
    force = task_force.evolve(None, STARTED)
    issued = OrderIssued(order=ORDER, text="t", tasks=1, accept_by=ACCEPT_BY, report_by=REPORT_BY)
    force = task_force.evolve(force, issued)
    known = Known(NOW, force, force.orders[ORDER])
    facts = time_rules.decide(command, {TASK: _state(*history)}, {ORDER: known}, lambda _: above)
    return facts.get(TASK)


def test_what_nobody_accepted_in_time_is_overdue() -> None:
    fact = TaskOverdue(awaited="accept", due_at=ACCEPT_BY)

    assert _due(ACCEPT_LATE, *WAITING) == fact
    assert _due(ACCEPT_LATE, fact) is None


@pytest.mark.parametrize("history", [ACCEPTED, TO_VERIFY, CLOSED, (SUSPENDED,)])
def test_what_was_accepted_done_or_suspended_is_not_marked_as_not_accepted(
    history: tuple[TaskEvent, ...],
) -> None:
    assert _due(ACCEPT_LATE, *history) is None


def test_a_report_is_missing_whether_or_not_the_task_was_accepted() -> None:
    fact = TaskOverdue(awaited="report", due_at=REPORT_BY)

    assert _due(REPORT_LATE, *WAITING) == fact
    assert _due(REPORT_LATE, *ACCEPTED) == fact
    assert _due(REPORT_LATE, *TO_VERIFY) is None
    assert _due(REPORT_LATE, *TO_VERIFY, TaskSentBack(reason="少两户")) == fact


def test_whoever_has_more_time_by_now_is_not_late() -> None:
    later = TaskExtended(report_by=NOW + HOUR, reason="雨大")
    moved = TaskResumed(report_by=NOW + HOUR)
    untimed = TaskAmended(number=1, steps=REPORTED, report_by=NOW + HOUR)

    assert _due(REPORT_LATE, *ACCEPTED, later) is None
    assert _due(REPORT_LATE, *ACCEPTED, SUSPENDED, moved) is None
    assert _due(REPORT_LATE, *ACCEPTED, untimed) is None


def test_a_reminder_is_sent_once_under_its_number() -> None:
    fact = TaskReminded(awaited="accept", number=2, skipped=1)

    assert _due(REMIND, *WAITING) == fact
    assert _due(REMIND, TaskReminded(awaited="accept", number=1)) == fact
    for number in (2, 3):
        assert _due(REMIND, TaskReminded(awaited="accept", number=number)) is None


@pytest.mark.parametrize("history", [ACCEPTED, CLOSED, (SUSPENDED,)])
def test_nobody_is_reminded_of_what_does_not_wait(history: tuple[TaskEvent, ...]) -> None:
    assert _due(REMIND, *history) is None


def test_reminders_of_one_step_are_not_those_of_the_other() -> None:
    of_report = RemindAll(tasks=(TASK,), awaited="report", number=1)
    before = TaskReminded(awaited="accept", number=3)

    assert _due(of_report, before) is None  # it is not accepted yet
    assert _due(of_report, before, *ACCEPTED) == TaskReminded(awaited="report", number=1)


def test_what_is_to_be_accepted_anew_is_chased_anew() -> None:
    history = (TaskReminded(awaited="accept", number=3), TaskAmended(number=1, steps=REPORTED))

    assert _due(REMIND, *history) is not None


def test_the_duty_post_above_is_told() -> None:
    fact = TaskEscalated(awaited="report", number=1, to=OFFICIAL, division="330825101")

    assert _due(ESCALATE, *ACCEPTED) == fact
    assert _due(ESCALATE, *ACCEPTED, fact) is None
    assert _due(ESCALATE, *WAITING) is None


def test_a_vacant_post_is_named_as_vacant() -> None:
    fact = _due(ESCALATE, *ACCEPTED, above=Superior(None, None, "330825101"))

    assert fact == TaskEscalated(awaited="report", number=1, to=None, division="330825101")


def test_above_the_district_nobody_is_told() -> None:
    assert _due(ESCALATE, *ACCEPTED, above=None) is None


def test_a_suspension_ends_by_itself_and_the_deadlines_move() -> None:
    assert _due(RESUME, *ACCEPTED, SUSPENDED) == TaskResumed(report_by=REPORT_BY + 5 * HOUR)


def test_a_suspension_without_an_end_or_before_it_stays() -> None:
    for until in (None, NOW + HOUR):
        suspended = TaskSuspended(reason="r", at=AT, until=until)
        assert _due(RESUME, *ACCEPTED, suspended) is None
    assert _due(RESUME, *ACCEPTED) is None


def test_each_task_is_decided_on_its_own_state() -> None:
    streams = {
        "task-a": _state(),
        "task-b": _state(TaskAccepted()),
        "task-c": _state(TaskReopened(reason="r")),
    }
    command = RemindAll(tasks=tuple(streams), awaited="accept", number=1)
    known = {task.order: Known(NOW) for task in streams.values()}

    facts = time_rules.decide(command, streams, known, lambda _: None)

    assert list(facts) == ["task-a"]


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (RemindAll(tasks=(), awaited="accept", number=1), "tasks.number"),
        (ResumeDue(tasks=tuple(f"task-{n}" for n in range(257))), "tasks.number"),
        (RemindAll(tasks=(TASK,), awaited="accept", number=0), "tasks.counted"),
        (EscalateAll(tasks=(TASK,), awaited="accept", number=1, skipped=-1), "tasks.counted"),
    ],
)
def test_what_makes_no_sense_is_an_error(command: time_rules.Command, code: str) -> None:
    with pytest.raises(Malformed) as caught:
        time_rules.check(command)

    assert caught.value.code == code
