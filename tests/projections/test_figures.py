"""The figures of the loop, where a task is reopened, reassigned or resumed."""

from __future__ import annotations

from datetime import timedelta

from handheld_events import task
from handheld_projections.figures import Figures, rates
from handheld_projections.tier_board import tier_board
from tests.support_story import DISTRICT, GRID, PEOPLE, START, Facts, folded

ELSEWHERE = task.TaskReassigned(to=PEOPLE[1], task="task-x", reason="换人")
ACCEPT = task.TaskAccepted()


def figures_after(*events: tuple[int, int, task.TaskEvent], **terms: object) -> Figures:
    """Two tasks of one grid, after these facts: seconds from dispatch, which task, what."""
    story = Facts()
    tasks = story.order(story.start(), [(PEOPLE[0], GRID), (PEOPLE[1], GRID)], **terms)  # type: ignore[arg-type]
    for seconds, which, event in events:
        story.now = START + timedelta(seconds=seconds)
        story.add(tasks[which], event)
    return tier_board(folded(story.facts).parts, DISTRICT, 0).figures


def test_the_mean_time_is_that_of_the_closed_by_their_last_close() -> None:
    both = ((600, 0, task.TaskClosed()), (600, 1, task.TaskClosed()))
    reopened = (*both, (700, 0, task.TaskReopened(reason="再去")))
    assert rates(figures_after(*both)).mean_closing == 600
    assert rates(figures_after(*reopened)).mean_closing == 600
    assert rates(figures_after(*reopened, (1000, 0, task.TaskClosed()))).mean_closing == 800


def test_of_a_task_reassigned_after_acceptance_only_the_new_one_counts() -> None:
    events = ((10, 0, ACCEPT), (20, 0, ELSEWHERE), (30, 1, ACCEPT))
    here = figures_after(*events)
    assert (here.called, here.accepted, here.accepted_in_time) == (1, 1, 1)
    late = figures_after(*events, accept_by=START + timedelta(seconds=5))
    assert (late.called, late.accepted, late.accepted_in_time) == (1, 1, 0)


def test_a_report_after_a_resumption_is_judged_by_the_deadline_that_has_moved() -> None:
    here = figures_after(
        (10, 0, ACCEPT),
        (20, 0, task.TaskSuspended(reason="停电")),
        (900, 0, task.TaskResumed(report_by=START + timedelta(seconds=1000))),
        (900, 0, task.TaskReported(text="好")),
        (910, 0, task.TaskClosed()),
        report_by=START + timedelta(seconds=100),
    )
    assert (here.closed, here.closed_in_time) == (1, 1)
