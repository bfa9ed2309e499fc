"""The funnel: how many reached each stage, and within what time."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from handheld_projections import funnel
from handheld_projections.funnel import Step, Within, within
from handheld_projections.open_tasks import STAGES
from handheld_projections.tally import Tally
from tests.support_story import Fact, folded, stories

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


def tally(*times: int) -> Tally:
    """One task that waits, and for each of the times one that was accepted after it."""
    here = Tally()
    here.stages[0] = len(times) + 1
    here.stages[ACCEPTED] = len(times)
    here.times[ACCEPTED] = list(times)
    return here


def steps(*tallies: Tally) -> list[Step]:
    return funnel.steps((tally.stages, tally.times) for tally in tallies)


def test_stages_and_times_are_summed_over_divisions_and_task_forces() -> None:
    found = steps(tally(30), tally(90), tally())
    assert [step.tasks for step in found] == [5, 0, 0, 2, 0, 0, 0, 0]
    assert found[ACCEPTED] == Step("accepted", 2, Within(30, 90, 90))
    assert found[0] == Step("dispatched", 5, None)
    assert steps()[0] == Step("dispatched", 0, None)


def test_summing_changes_none_of_the_tallies() -> None:
    one = tally(30)
    first = steps(one, one)
    assert steps(one, one) == first
    assert first[ACCEPTED].tasks == 2
    assert one == tally(30)


@settings(derandomize=True, deadline=None, max_examples=60)
@given(stories())
def test_every_task_is_counted_once_in_each_stage_that_it_reached(facts: list[Fact]) -> None:
    parts = folded(facts).parts.values()
    found = steps(*[tally for part in parts for tally in part.tallies.values()])
    tasks = [task for part in parts for task in part.tasks.values()]
    for index, step in enumerate(found):
        assert step.tasks == sum(bool(task.reached & 1 << index) for task in tasks)
    times = [t for part in parts for tally in part.tallies.values() for t in tally.times[ACCEPTED]]
    assert len(times) == found[ACCEPTED].tasks
    assert found[ACCEPTED].within == naive(times)
    assert all(seconds >= 0 for seconds in times)
