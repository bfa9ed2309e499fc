"""The counts of a board."""

from __future__ import annotations

from hypothesis import given, settings

from handheld_projections import board
from handheld_projections.moves import Move, move
from handheld_projections.open_tasks import (
    CLOSED,
    IN_PROGRESS,
    STATES,
    WAITING,
    OpenTask,
)
from tests.support_story import DISTRICT, GRID, TOWNSHIP, VILLAGE, Fact, stories


def counts_of(*moves: Move) -> board.Counts:
    counts: board.Counts = {}
    for moved in moves:
        board.count(counts, moved)
    return counts


ACCEPTED_HERE = (
    Move(1, VILLAGE, None, WAITING, 0),
    Move(2, GRID, None, WAITING, 0),
    Move(3, TOWNSHIP, None, WAITING, 0),
    Move(4, VILLAGE, WAITING, IN_PROGRESS, 3, 5),
    Move(5, GRID, WAITING, CLOSED, 7, 9),
)


def test_a_task_is_counted_where_it_is_in_the_state_that_it_has() -> None:
    assert counts_of(*ACCEPTED_HERE) == {
        VILLAGE: [0, 1, 0, 0, 0, 0, 0],
        GRID: [0, 0, 0, 1, 0, 0, 0],
        TOWNSHIP: [1, 0, 0, 0, 0, 0, 0],
    }


def test_a_division_counts_itself_and_all_below_it() -> None:
    counts = counts_of(*ACCEPTED_HERE)
    assert board.total(counts, DISTRICT) == [1, 1, 0, 1, 0, 0, 0]
    assert board.total(counts, VILLAGE) == [0, 1, 0, 1, 0, 0, 0]
    assert board.total(counts, GRID) == [0, 0, 0, 1, 0, 0, 0]
    assert board.total(counts, "330803") == [0, 0, 0, 0, 0, 0, 0]


def test_children_are_the_divisions_one_tier_below_in_the_order_of_their_codes() -> None:
    counts = counts_of(*ACCEPTED_HERE, Move(6, "330825100", None, WAITING, 0))
    assert list(board.by_child(counts, DISTRICT).items()) == [
        ("330825100", [1, 0, 0, 0, 0, 0, 0]),
        (TOWNSHIP, [1, 1, 0, 1, 0, 0, 0]),
    ]
    assert board.by_child(counts, TOWNSHIP) == {VILLAGE: [0, 1, 0, 1, 0, 0, 0]}
    assert board.by_child(counts, VILLAGE) == {GRID: [0, 0, 0, 1, 0, 0, 0]}
    assert board.by_child(counts, GRID) == {}


def test_a_move_within_a_state_changes_no_count() -> None:
    before = counts_of(*ACCEPTED_HERE)
    assert counts_of(*ACCEPTED_HERE, Move(6, GRID, CLOSED, CLOSED, 1)) == before


@settings(derandomize=True, deadline=None, max_examples=60)
@given(stories())
def test_the_counts_are_those_of_the_tasks_counted_one_by_one(facts: list[Fact]) -> None:
    tasks: dict[str, OpenTask] = {}
    moves = [move(tasks, fact) for fact in facts if fact.stream.startswith("task-")]
    counts = counts_of(*[moved for moved in moves if moved is not None])
    for code in {task.division for task in tasks.values()}:
        expected = [0] * board.WIDTH
        for task in tasks.values():
            if task.division == code:
                expected[task.state] += 1
                expected[board.OVERDUE] += task.overdue
        assert counts[code] == expected
    assert sum(board.total(counts, "")[: len(STATES)]) == len(tasks)
