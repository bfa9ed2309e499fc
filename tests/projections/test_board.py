"""The counts of a board."""

from __future__ import annotations

from hypothesis import given, settings

from handheld_projections import board
from handheld_projections.moves import Move
from handheld_projections.open_tasks import CLOSED, IN_PROGRESS, STATES, WAITING
from tests.support_story import DISTRICT, GRID, TOWNSHIP, VILLAGE, Fact, folded, stories


def row_of(*moves: Move) -> board.Row:
    row = [0] * board.WIDTH
    for moved in moves:
        board.count(row, moved)
    return row


DISPATCHED = Move(None, WAITING, 0)
ROWS = {
    VILLAGE: row_of(DISPATCHED, Move(WAITING, IN_PROGRESS, 3, 5)),
    GRID: row_of(DISPATCHED, Move(WAITING, CLOSED, 7, 9)),
    TOWNSHIP: row_of(DISPATCHED),
}


def test_a_task_is_counted_in_the_state_that_it_has() -> None:
    assert ROWS == {
        VILLAGE: [0, 1, 0, 0, 0, 0, 0],
        GRID: [0, 0, 0, 1, 0, 0, 0],
        TOWNSHIP: [1, 0, 0, 0, 0, 0, 0],
    }
    assert board.add(ROWS.values()) == [1, 1, 0, 1, 0, 0, 0]
    assert board.add([]) == [0, 0, 0, 0, 0, 0, 0]


def test_children_are_the_divisions_one_tier_below_in_the_order_of_their_codes() -> None:
    rows = {**ROWS, "330825100": row_of(DISPATCHED)}
    assert list(board.by_child(rows, DISTRICT).items()) == [
        ("330825100", [1, 0, 0, 0, 0, 0, 0]),
        (TOWNSHIP, [1, 1, 0, 1, 0, 0, 0]),
    ]
    assert board.by_child(rows, TOWNSHIP) == {VILLAGE: [0, 1, 0, 1, 0, 0, 0]}
    assert board.by_child(rows, VILLAGE) == {GRID: [0, 0, 0, 1, 0, 0, 0]}
    assert board.by_child(rows, GRID) == {}


def test_a_move_within_a_state_changes_no_count() -> None:
    row = row_of(DISPATCHED, Move(WAITING, CLOSED, 7, 9))
    assert row_of(DISPATCHED, Move(WAITING, CLOSED, 7, 9), Move(CLOSED, CLOSED, 1)) == row


@settings(derandomize=True, deadline=None, max_examples=60)
@given(stories())
def test_the_counts_are_those_of_the_tasks_counted_one_by_one(facts: list[Fact]) -> None:
    for part in folded(facts).parts.values():
        for code in {task.division for task in part.tasks.values()}:
            expected = [0] * board.WIDTH
            for task in part.tasks.values():
                if task.division == code:
                    expected[task.state] += 1
                    expected[board.OVERDUE] += task.overdue
            assert part.tallies[code].counts == expected
        everywhere = board.add(tally.counts for tally in part.tallies.values())
        assert sum(everywhere[: len(STATES)]) == len(part.tasks)
