"""What is due for one task: reminders, then superiors tier by tier, then the mark."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from handheld_events import task
from handheld_events.orders import Reminding
from handheld_events.task import TaskEvent
from handheld_projections.deadlines import Due, dues, latest
from handheld_projections.moves import dispatched, move
from handheld_projections.open_tasks import OpenTask
from handheld_projections.task_forces import IssuedOrder
from tests.support_story import GRID, PEOPLE, START, TOWNSHIP, VILLAGE, Facts

ACCEPT = Reminding(after=600, every=300, most=2)
REPORT = Reminding(after=1200, every=600, most=1)
SUSPEND = task.TaskSuspended(reason="停电")


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def order(**terms: Any) -> IssuedOrder:
    plain = IssuedOrder("order-1", None, "走访", ("accept", "report"), 1, None, None, 0)
    return replace(plain, **terms)


def task_after(
    *events: tuple[float, TaskEvent], division: str = GRID, is_open: bool = False
) -> OpenTask:
    """A task, dispatched at the start, after these facts at these minutes."""
    story = Facts()
    stream = story.dispatch(story.start(), "order-1", PEOPLE[0], division, open=is_open)
    known = dispatched(story.facts[-1])
    for minute, event in events:
        story.now = at(minute)
        move(known, story.add(stream, event))
    return known


REMINDING = order(remind_accept=ACCEPT, remind_report=REPORT)
FIRST = task.TaskReminded(awaited="accept", number=1)
SECOND = task.TaskReminded(awaited="accept", number=2)


def told(number: int) -> task.TaskEscalated:
    return task.TaskEscalated(awaited="accept", number=number, to=None, division=VILLAGE)


@pytest.mark.parametrize(
    ("events", "next_one"),
    [
        ((), Due(at(10), "remind", "accept", 1)),
        (((10, FIRST),), Due(at(15), "remind", "accept", 2)),
        (((10, FIRST), (15, SECOND)), Due(at(20), "escalate", "accept", 1)),
        (((10, FIRST), (15, SECOND), (20, told(1))), Due(at(25), "escalate", "accept", 2)),
        (((15, SECOND), (25, told(2))), Due(at(30), "escalate", "accept", 3)),
        (((15, SECOND), (30, told(3))), None),
        (((3, task.TaskAccepted()),), Due(at(23), "remind", "report", 1)),
        (((3, task.TaskAccepted()), (5, task.TaskReported(text="好"))), None),
        (
            (
                (3, task.TaskAccepted()),
                (5, task.TaskReported(text="好")),
                (9, task.TaskSentBack(reason="不清")),
            ),
            Due(at(29), "remind", "report", 1),
        ),
        (
            ((15, SECOND), (17, task.TaskAmended(number=1, steps=("accept",)))),
            Due(at(27), "remind", "accept", 1),
        ),
        (((4, task.TaskDeclined(reason="在外地")),), None),
        (((4, task.TaskWithdrawn(reason="不需要")),), None),
        (((4, task.TaskClosed()),), None),
        (((4, SUSPEND),), None),
    ],
)
def test_the_assignee_is_reminded_then_the_superiors_are_told(
    events: tuple[tuple[float, TaskEvent], ...], next_one: Due | None
) -> None:
    found = list(dues(task_after(*events), REMINDING))
    assert found == ([] if next_one is None else [next_one])


@pytest.mark.parametrize(("division", "tiers"), [(GRID, 3), (VILLAGE, 2), (TOWNSHIP, 1)])
def test_as_many_tiers_are_told_as_there_are_above(division: str, tiers: int) -> None:
    reminded = (15, SECOND)
    before = task_after(reminded, (20, told(tiers - 1)), division=division)
    after = task_after(reminded, (20, told(tiers)), division=division)
    assert [due.number for due in dues(before, REMINDING)] == [tiers]
    assert list(dues(after, REMINDING)) == []


def test_reminders_wait_as_long_as_the_task_was_suspended() -> None:
    """Nobody is reminded, and no superior is told, of time in which nothing could be done."""
    resumed = task_after((4, task.TaskSuspended(reason="停电", at=at(4))), (64, task.TaskResumed()))
    assert list(dues(resumed, REMINDING)) == [Due(at(70), "remind", "accept", 1)]


def test_who_is_suspended_twice_over_waits_from_the_first_time() -> None:
    again = task_after(
        (4, task.TaskSuspended(reason="停电", at=at(4))),
        (30, task.TaskSuspended(reason="还没来电", until=at(64), at=at(4))),
        (64, task.TaskResumed()),
        (67, task.TaskSuspended(reason="又停电", at=at(67))),
        (77, task.TaskResumed()),
    )
    assert list(dues(again, REMINDING)) == [Due(at(80), "remind", "accept", 1)]


def test_a_suspended_task_goes_on_at_its_time_and_not_before_it_is_said_so() -> None:
    until = task_after((4, task.TaskSuspended(reason="停电", until=at(60))))
    assert list(dues(until, REMINDING)) == [Due(at(60), "resume", "accept")]


def test_each_deadline_is_marked_once_and_moves_with_an_extension() -> None:
    terms = order(accept_by=at(30), report_by=at(120))
    story = Facts()
    name = story.dispatch(story.start(), "order-1", PEOPLE[0], GRID)
    known = dispatched(story.facts[-1], {"order-1": terms})

    def after(event: TaskEvent) -> list[Due]:
        move(known, story.add(name, event))
        return sorted(dues(known, terms))

    marks = [Due(at(30), "overdue", "accept"), Due(at(120), "overdue", "report")]
    assert sorted(dues(known, terms)) == marks
    assert after(task.TaskOverdue(awaited="accept", due_at=at(30))) == marks[1:]
    assert after(task.TaskAccepted()) == marks[1:]
    assert after(task.TaskOverdue(awaited="report", due_at=at(120))) == []
    extended = task.TaskExtended(report_by=at(200), reason="路断")
    assert after(extended) == [Due(at(200), "overdue", "report")]
    assert after(task.TaskReported(text="好")) == []


def test_what_anybody_may_claim_is_nobodys_delay_but_they_are_reminded() -> None:
    terms = order(accept_by=at(5), report_by=at(9), remind_accept=ACCEPT)
    waiting = task_after(is_open=True)
    waiting.accept_by, waiting.report_by = at(5), at(9)
    assert list(dues(waiting, terms)) == [Due(at(10), "remind", "accept", 1)]
    reminded = task_after((15, SECOND), is_open=True)
    assert list(dues(reminded, terms)) == []


def test_an_open_task_that_was_declined_is_open_to_the_group_again_when_reopened() -> None:
    again = task_after(
        (4, task.TaskDeclined(reason="在外地")),
        (6, task.TaskReopened(reason="请再考虑")),
        is_open=True,
    )
    again.accept_by = at(5)
    assert [due.kind for due in dues(again, REMINDING)] == ["remind"]


def test_what_is_accepted_while_suspended_waits_only_from_then_on() -> None:
    going_on = task_after((0, SUSPEND), (60, task.TaskAccepted()), (61, task.TaskResumed()))
    assert list(dues(going_on, REMINDING)) == [Due(at(81), "remind", "report", 1)]


@pytest.mark.parametrize(
    ("minute", "number", "skipped"), [(10, 1, 0), (14.9, 1, 0), (15, 2, 1), (500, 2, 1)]
)
def test_missed_reminders_collapse_into_the_latest(
    minute: float, number: int, skipped: int
) -> None:
    waiting = task_after()
    (due,) = dues(waiting, REMINDING)
    assert latest(due, waiting, REMINDING, at(minute)) == (number, skipped)


@pytest.mark.parametrize(
    ("minute", "number", "skipped"), [(20, 1, 0), (25, 2, 1), (30, 3, 2), (9999, 3, 2)]
)
def test_missed_escalations_collapse_into_the_highest_tier_that_is_due(
    minute: float, number: int, skipped: int
) -> None:
    waiting = task_after((15, SECOND))
    (due,) = dues(waiting, REMINDING)
    assert latest(due, waiting, REMINDING, at(minute)) == (number, skipped)
