"""The tier board of a division, and the list of those who are not done."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from handheld_events import task, task_force
from handheld_events.territory import ancestors
from handheld_projections.boards import Boards
from handheld_projections.tier_board import Child, Count, TierBoard, tier_board
from handheld_projections.waiters import open_tasks, open_window
from tests.support_story import (
    CODES,
    DISTRICT,
    GRID,
    OFFICER,
    PEOPLE,
    TOWNSHIP,
    VILLAGE,
    Fact,
    Facts,
    folded,
    stories,
)

NONE = Count(0, 0, 0, 0, 0, 0)


def board_of(boards: Boards, division: str, *, drills: bool = False) -> TierBoard:
    return tier_board(boards.parts, division, 7, drills=drills)


def three_tiers() -> tuple[Facts, str, list[str]]:
    story = Facts()
    stream = story.start()
    tasks = story.order(
        stream,
        [(PEOPLE[0], TOWNSHIP), (PEOPLE[1], VILLAGE), (PEOPLE[2], GRID), (PEOPLE[3], "330825102")],
    )
    story.wait(30)
    story.add(tasks[1], task.TaskAccepted(), actor=PEOPLE[1])
    story.add(tasks[2], task.TaskDeclined(reason="在外地"), actor=PEOPLE[2])
    return story, stream, tasks


def test_a_division_sees_itself_and_those_one_tier_below() -> None:
    story, _, _ = three_tiers()
    board = board_of(folded(story.facts), DISTRICT)
    assert (board.division, board.position) == (DISTRICT, 7)
    assert board.count == Count(2, 1, 0, 0, 1, 0)
    assert (board.count.tasks, board.count.open) == (4, 3)
    assert board.children == (
        Child(TOWNSHIP, Count(1, 1, 0, 0, 1, 0)),
        Child("330825102", Count(1, 0, 0, 0, 0, 0)),
    )
    assert [step.tasks for step in board.funnel] == [4, 0, 0, 1, 0, 0, 0, 0]


def test_a_village_sees_its_grids_and_nothing_of_its_township() -> None:
    story, _, _ = three_tiers()
    board = board_of(folded(story.facts), VILLAGE)
    assert board.count == Count(0, 1, 0, 0, 1, 0)
    assert board.children == (Child(GRID, Count(0, 0, 0, 0, 1, 0)),)


def test_only_task_forces_that_have_tasks_there_are_listed_with_those_tasks() -> None:
    story, first, _ = three_tiers()
    second = story.start()
    story.order(second, [(PEOPLE[0], "330825102")])
    boards = folded(story.facts)
    lines = board_of(boards, DISTRICT).task_forces
    assert [line.task_force for line in lines] == sorted([first, second])
    (line,) = board_of(boards, VILLAGE).task_forces
    assert (line.task_force, line.title, line.status) == (first, "台风", "active")
    assert line.count == Count(0, 1, 0, 0, 1, 0)
    assert board_of(boards, "330803").task_forces == ()


def test_drills_and_real_figures_never_mix() -> None:
    story, real, _ = three_tiers()
    drill = story.start(drill=True)
    story.order(drill, [(PEOPLE[0], VILLAGE)], drill=True)
    boards = folded(story.facts)
    assert [line.task_force for line in board_of(boards, DISTRICT).task_forces] == [real]
    assert board_of(boards, DISTRICT).count.tasks == 4
    exercise = board_of(boards, DISTRICT, drills=True)
    assert [(line.task_force, line.drill) for line in exercise.task_forces] == [(drill, True)]
    assert exercise.count == Count(1, 0, 0, 0, 0, 0)
    assert exercise.funnel[0].tasks == 1
    assert exercise.children == (Child(TOWNSHIP, Count(1, 0, 0, 0, 0, 0)),)


def test_an_empty_board_is_all_noughts() -> None:
    board = tier_board({}, DISTRICT, 0)
    assert (board.count, board.children, board.task_forces) == (NONE, (), ())
    assert {step.tasks for step in board.funnel} == {0}


def test_those_who_are_not_done_are_named_the_longest_waiting_first() -> None:
    story, stream, _ = three_tiers()
    story.wait(60)
    (late,) = story.order(stream, [(PEOPLE[4], DISTRICT)])
    boards = folded(story.facts)
    waiters = open_tasks(boards.parts.values(), DISTRICT)
    assert [(w.person, w.state) for w in waiters] == [
        (PEOPLE[0], "waiting"),
        (PEOPLE[1], "in_progress"),
        (PEOPLE[3], "waiting"),
        (PEOPLE[4], "waiting"),
    ]
    assert waiters[-1].task == late
    assert [w.person for w in open_tasks(boards.parts.values(), VILLAGE)] == [PEOPLE[1]]
    only, all_of_them = open_window(boards.parts.values(), DISTRICT, 1, 1, state="waiting")
    assert ([w.person for w in only], all_of_them) == ([PEOPLE[3]], 3)


def test_what_comes_after_the_close_changes_no_state_and_is_taken_in_where_it_counts() -> None:
    story, stream, tasks = three_tiers()
    for name in (tasks[0], tasks[1], tasks[3]):
        story.add(name, task.TaskWithdrawn(reason="结束"), actor=OFFICER)
    story.add(stream, task_force.TaskForceClosed(outcome="完成", withdrawn=3))
    before = board_of(folded(story.facts), DISTRICT)
    assert before.count == Count(0, 0, 0, 0, 1, 3)
    story.wait(60)
    story.add(tasks[0], task.TaskDelivered(), actor=PEOPLE[0])
    story.add(tasks[0], task.TaskOvertaken(did="report", because="withdrawn", text="好"))
    story.add(stream, task_force.EntryMade(entry="entry-1", text="补记"))
    after = board_of(folded(story.facts), DISTRICT)
    assert (after.count, after.children) == (before.count, before.children)
    assert [step.tasks for step in before.funnel] == [4, 0, 0, 1, 0, 0, 0, 0]
    assert [step.tasks for step in after.funnel] == [4, 1, 0, 1, 0, 0, 0, 0]


@settings(derandomize=True, deadline=None, max_examples=60)
@given(stories())
def test_every_tier_is_the_sum_of_its_children_and_of_its_own_tasks(facts: list[Fact]) -> None:
    boards = folded(facts)
    own: dict[str, int] = dict.fromkeys(CODES, 0)
    for part in boards.parts.values():
        summary = part.summary
        if summary is not None and not summary.drill and summary.status != "cancelled":
            for one in part.tasks.values():
                own[one.division] += 1
    for code in CODES:
        board = board_of(boards, code)
        assert board.count.tasks == own[code] + sum(c.count.tasks for c in board.children)
        assert board.count.tasks == sum(n for c, n in own.items() if code in ancestors(c))
        assert board.count.tasks == sum(line.count.tasks for line in board.task_forces)
        assert board.count.tasks == board.funnel[0].tasks
        assert [c.code for c in board.children] == sorted(c.code for c in board.children)


@pytest.mark.parametrize("state", range(6))
def test_each_state_has_a_column_of_its_own(state: int) -> None:
    numbers = [0] * 6
    numbers[state] = 3
    count = Count(*numbers)
    assert count.tasks == 3
    assert count.open == (3 if state < 3 else 0)
