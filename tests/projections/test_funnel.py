"""The funnel: how many reached each stage, and within what time."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from handheld_projections import funnel
from handheld_projections.funnel import Step, Within, within
from handheld_projections.moves import Move, move
from handheld_projections.open_tasks import (
    IN_PROGRESS,
    STAGES,
    WAITING,
    OpenTask,
)
from tests.support_story import DISTRICT, TOWNSHIP, VILLAGE, Fact, stories

ACCEPTED = STAGES.index("accepted")


def naive(waited: list[int]) -> Within | None:
    """By definition: the smallest time within which so many of those who answered had done so."""
    if not waited:
        return None

    def smallest(tenths: int) -> int:
        return min(t for t in waited if 10 * sum(w <= t for w in waited) >= tenths * len(waited))

    return Within(smallest(5), smallest(9), max(waited))


def test_half_and_nine_in_ten_of_ten_are_the_fifth_and_the_ninth() -> None:
    waited = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100]
    assert within(waited) == Within(50, 90, 100)


def test_half_of_three_is_the_second() -> None:
    assert within([1, 5, 9]) == Within(5, 9, 9)


def test_one_answer_is_all_of_them() -> None:
    assert within([7]) == Within(7, 7, 7)


def test_there_is_no_time_where_nobody_has_answered() -> None:
    assert within([]) is None


@settings(derandomize=True, deadline=None, max_examples=300)
@given(st.lists(st.integers(0, 30), max_size=45))
@example([0] * 10 + [1])
@example([0] + [1] * 9)
def test_within_is_as_defined_for_any_times(waited: list[int]) -> None:
    assert within(waited) == naive(waited)


def test_a_stage_is_counted_with_its_time_and_summed_over_divisions_and_task_forces() -> None:
    one: funnel.Funnel = {}
    two: funnel.Funnel = {}
    funnel.count(one, Move(1, VILLAGE, None, WAITING, 0))
    funnel.count(one, Move(2, VILLAGE, WAITING, IN_PROGRESS, ACCEPTED, 30))
    funnel.count(one, Move(3, TOWNSHIP, None, WAITING, 0))
    funnel.count(one, Move(4, TOWNSHIP, WAITING, IN_PROGRESS, ACCEPTED, 90))
    funnel.count(one, Move(5, TOWNSHIP, IN_PROGRESS, WAITING, None))
    funnel.count(two, Move(6, VILLAGE, None, WAITING, 0))
    assert [(step.tasks, step.within) for step in funnel.steps([one, two], DISTRICT)] == [
        (3, None),
        (0, None),
        (0, None),
        (2, Within(30, 90, 90)),
        (0, None),
        (0, None),
        (0, None),
        (0, None),
    ]
    assert funnel.steps([one, two], VILLAGE)[ACCEPTED] == Step("accepted", 1, Within(30, 30, 30))
    assert funnel.steps([], DISTRICT)[0] == Step("dispatched", 0, None)


def test_summing_changes_none_of_the_funnels() -> None:
    one: funnel.Funnel = {}
    funnel.count(one, Move(2, VILLAGE, WAITING, IN_PROGRESS, ACCEPTED, 30))
    first = funnel.steps([one, one], DISTRICT)
    assert funnel.steps([one, one], DISTRICT) == first
    assert first[ACCEPTED].tasks == 2


@settings(derandomize=True, deadline=None, max_examples=60)
@given(stories())
def test_every_task_is_counted_once_in_each_stage_that_it_reached(facts: list[Fact]) -> None:
    tasks: dict[str, OpenTask] = {}
    counted: funnel.Funnel = {}
    waited: list[int] = []
    for fact in facts:
        if fact.stream.startswith("task-") and (moved := move(tasks, fact)) is not None:
            funnel.count(counted, moved)
            if moved.stage == ACCEPTED and moved.waited is not None:
                waited.append(moved.waited)
    steps = funnel.steps([counted], "")
    for index, step in enumerate(steps):
        assert step.tasks == sum(bool(task.reached & 1 << index) for task in tasks.values())
    assert steps[ACCEPTED].within == naive(waited)
    assert all(seconds >= 0 for seconds in waited)
