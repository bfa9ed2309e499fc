"""Moves: what each fact of a task changes on a board."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, get_args

import pytest

from handheld_events import task
from handheld_events.task import TaskEvent
from handheld_projections.moves import DISPATCH as FIRST
from handheld_projections.moves import Move, dispatched, move
from handheld_projections.open_tasks import (
    CLOSED,
    DECLINED,
    IN_PROGRESS,
    STAGES,
    STATES,
    TO_VERIFY,
    WAITING,
    WITHDRAWN,
    OpenTask,
)
from tests.support_story import OFFICER, PEOPLE, START, VILLAGE, Facts, folded

DISPATCHED, DELIVERED, READ, ACCEPTED, ON_SCENE, REPORTED, VERIFIED, CLOSED_STAGE = range(8)

DISPATCH = task.TaskDispatched(order="order-1", person=PEOPLE[0])
REPORT = task.TaskReported(text="好")
SEND_BACK = task.TaskSentBack(reason="不清")
DECLINE = task.TaskDeclined(reason="在外地")
WITHDRAW = task.TaskWithdrawn(reason="不需要")
OVERTAKEN = task.TaskOvertaken(did="accept", because="withdrawn")
AMENDED = task.TaskAmended(number=1, steps=("accept", "report"))
REASSIGNED = task.TaskReassigned(to=PEOPLE[1], task="task-2", reason="换人")
REOPENED = task.TaskReopened(reason="没完")
CANCELLED = task.TaskCancelled(reason="误发")
ACCEPT_LATE = task.TaskOverdue(awaited="accept", due_at=START)
REPORT_LATE = task.TaskOverdue(awaited="report", due_at=START)
EXTENDED = task.TaskExtended(report_by=START, reason="路断")
CORRECTED = task.TaskCorrected(version=1, reason="记错", text="对的")


class OneTask:
    """A task whose facts come one by one, each ten seconds after the one before."""

    def __init__(self) -> None:
        self.story = Facts()
        self.story.new_command()
        self.task_force = self.story.start()
        (self.stream,) = self.story.order(self.task_force, [(PEOPLE[0], VILLAGE)])
        self.dispatch = self.story.facts[-1].event
        self.task = dispatched(self.story.facts[-1])

    def then(self, event: TaskEvent, actor: str = PEOPLE[0], **meta: Any) -> Move | None:
        self.story.wait(10)
        return move(self.task, self.story.add(self.stream, event, actor=actor, **meta))

    @property
    def state(self) -> str:
        return STATES[self.task.state]


def test_a_dispatch_is_a_new_waiting_task_where_the_assignee_is() -> None:
    one = OneTask()
    fact = one.story.facts[-1]
    assert Move(None, WAITING, DISPATCHED) == FIRST
    assert one.task == OpenTask(
        PEOPLE[0], VILLAGE, fact.event.order, fact.recorded_at, 1, WAITING, 1
    )


# Before, fact, state before, state after, stage reached, seconds from dispatch.
TABLE: tuple[tuple[tuple[TaskEvent, ...], TaskEvent, int, int, int | None, int | None], ...] = (
    ((), task.TaskDelivered(), WAITING, WAITING, DELIVERED, None),
    ((), task.TaskRead(), WAITING, WAITING, READ, None),
    ((), task.TaskAccepted(), WAITING, IN_PROGRESS, ACCEPTED, 10),
    ((task.TaskAccepted(),), REPORT, IN_PROGRESS, TO_VERIFY, REPORTED, 20),
    ((task.TaskAccepted(), REPORT), task.TaskVerified(), TO_VERIFY, TO_VERIFY, VERIFIED, None),
    ((task.TaskAccepted(), REPORT), task.TaskClosed(), TO_VERIFY, CLOSED, CLOSED_STAGE, 30),
    ((task.TaskAccepted(), REPORT), SEND_BACK, TO_VERIFY, IN_PROGRESS, None, None),
    ((task.TaskAccepted(), REPORT, SEND_BACK), REPORT, IN_PROGRESS, TO_VERIFY, None, None),
    ((), DECLINE, WAITING, DECLINED, None, None),
    ((task.TaskAccepted(),), DECLINE, IN_PROGRESS, DECLINED, None, None),
    ((), WITHDRAW, WAITING, WITHDRAWN, None, None),
    ((task.TaskAccepted(), REPORT), WITHDRAW, TO_VERIFY, WITHDRAWN, None, None),
    ((WITHDRAW,), task.TaskDelivered(), WITHDRAWN, WITHDRAWN, DELIVERED, None),
    ((task.TaskAccepted(),), task.TaskOnScene(), IN_PROGRESS, IN_PROGRESS, ON_SCENE, 20),
    ((), REASSIGNED, WAITING, WITHDRAWN, None, None),
    ((task.TaskAccepted(),), AMENDED, IN_PROGRESS, WAITING, None, None),
    ((task.TaskAccepted(), REPORT), AMENDED, TO_VERIFY, WAITING, None, None),
    ((task.TaskAccepted(), AMENDED), task.TaskAccepted(), WAITING, IN_PROGRESS, None, None),
    ((task.TaskAccepted(), task.TaskClosed()), CANCELLED, CLOSED, WITHDRAWN, None, None),
    ((task.TaskAccepted(), task.TaskClosed()), REOPENED, CLOSED, IN_PROGRESS, None, None),
    ((DECLINE,), REOPENED, DECLINED, WAITING, None, None),
)
BESIDE: tuple[TaskEvent, ...] = (
    OVERTAKEN,
    CORRECTED,
    task.TaskEnRoute(),
    task.HouseholdVisited(household="12", done="已告知"),
    task.TaskPassedOn(order="order-2", tasks=3),
    task.TaskSuspended(reason="停电"),
    task.TaskResumed(),
    task.TaskReminded(awaited="report", number=1),
    task.TaskEscalated(awaited="report", number=1, to=None, division=VILLAGE),
    task.TaskSupervised(text="盯紧"),
    task.TaskRated(satisfied=True),
    task.TaskEvaluated(score=4),
    task.TaskNoticeBegun(rung="sms", number=1),
    task.TaskNoticeAttempted(rung="sms", number=1, result="taken"),
    task.TaskNoticeAnswered(number=1, arrived=True),
)
"""What moves no task from where it is."""


@pytest.mark.parametrize(("before", "event", "was", "now", "stage", "waited"), TABLE)
def test_each_fact_moves_the_task_from_a_state_to_a_state_through_a_stage(
    before: tuple[TaskEvent, ...],
    event: TaskEvent,
    was: int,
    now: int,
    stage: int | None,
    waited: int | None,
) -> None:
    one = OneTask()
    for earlier in before:
        one.then(earlier)
    moved = one.then(event)
    assert moved == Move(was, now, stage, waited)
    assert one.state == STATES[now]
    assert one.task.version == one.story.facts[-1].version


def test_a_stage_is_reached_once() -> None:
    one = OneTask()
    one.then(task.TaskDelivered())
    assert one.then(task.TaskDelivered()) is None


@pytest.mark.parametrize("event", BESIDE)
@pytest.mark.parametrize(("before", "state"), [(WITHDRAW, "withdrawn"), (REPORT, "to_verify")])
def test_what_has_no_effect_moves_nothing_but_counts_as_a_version(
    before: TaskEvent, state: str, event: TaskEvent
) -> None:
    one = OneTask()
    one.then(before)
    assert one.then(event) is None
    assert one.state == state
    assert one.task.version == 3


# What happens, and by how much the number of those overdue changes each time.
OVERDUE: tuple[tuple[tuple[TaskEvent, ...], tuple[int, ...]], ...] = (
    ((ACCEPT_LATE, task.TaskAccepted()), (1, -1)),
    ((REPORT_LATE, task.TaskAccepted(), REPORT, task.TaskClosed()), (1, 0, 0, -1)),
    ((ACCEPT_LATE, REPORT_LATE, task.TaskAccepted(), EXTENDED), (1, 0, 0, -1)),
    ((ACCEPT_LATE, WITHDRAW), (1, -1)),
    ((ACCEPT_LATE, DECLINE, REOPENED), (1, -1, 0)),
    ((task.TaskAccepted(), REPORT_LATE, AMENDED), (0, 1, -1)),
    ((task.TaskAccepted(), task.TaskClosed(), REPORT_LATE), (0, 0, 0)),
)


@pytest.mark.parametrize(("events", "changes"), OVERDUE)
def test_overdue_is_a_mark_on_what_is_open_and_counted_once(
    events: tuple[TaskEvent, ...], changes: tuple[int, ...]
) -> None:
    one = OneTask()
    moves = [one.then(event) for event in events]
    assert tuple(moved.overdue if moved is not None else 0 for moved in moves) == changes


def test_every_task_event_is_in_these_tables() -> None:
    shown = {type(event) for row in TABLE for event in (*row[0], row[1])}
    shown |= {type(DISPATCH), *map(type, BESIDE), type(EXTENDED), type(ACCEPT_LATE)}
    assert shown == set(get_args(TaskEvent))
    assert len(STAGES) == 8


@pytest.mark.parametrize("event", [event for _, event, *_ in TABLE] + list(BESIDE))
def test_a_fact_of_an_unknown_task_changes_no_board(event: TaskEvent) -> None:
    one = OneTask()
    one.story.add(one.stream, event)
    part = folded(f for f in one.story.facts if f.event != one.dispatch).parts[one.task_force]
    assert (part.tasks, part.tallies) == ({}, {})


def test_an_answer_is_timed_by_when_it_happened_not_by_when_the_log_took_it() -> None:
    one = OneTask()
    one.story.wait(3590)
    happened = one.story.now - timedelta(seconds=3000)
    moved = one.then(task.TaskAccepted(), occurred_at=happened)
    assert moved is not None
    assert moved.waited == 590


def test_an_answer_claimed_before_its_dispatch_took_no_time_at_all() -> None:
    one = OneTask()
    moved = one.then(task.TaskAccepted(), occurred_at=one.story.now - timedelta(days=1))
    assert moved is not None
    assert moved.waited == 0


def test_an_answer_claimed_in_the_future_took_until_it_was_recorded() -> None:
    one = OneTask()
    moved = one.then(task.TaskAccepted(), occurred_at=one.story.now + timedelta(hours=2))
    assert moved is not None
    assert moved.waited == 10


def test_an_answer_is_not_later_than_its_report() -> None:
    one = OneTask()
    one.story.wait(100)
    reported = one.story.now - timedelta(seconds=40)
    moved = one.then(
        task.TaskAccepted(),
        occurred_at=one.story.now,
        reported_at=reported,
    )
    assert moved is not None
    assert moved.waited == 60


def test_a_clock_that_is_ahead_is_corrected() -> None:
    one = OneTask()
    one.story.wait(50)
    moved = one.then(task.TaskAccepted(), clock_offset=25.0)
    assert moved is not None
    assert moved.waited == 35


def test_part_seconds_are_cut_off() -> None:
    one = OneTask()
    one.story.wait(0.9)
    moved = one.then(task.TaskAccepted(), actor=OFFICER, on_behalf_of=PEOPLE[0])
    assert moved is not None
    assert moved.waited == 10
