"""Sums of report forms, household visits and ratings equal a recount from the facts."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest
from hypothesis import given, settings

from handheld_events import task
from handheld_events.forms import Filled
from handheld_projections.sums import Ratings, Visits, total, visits_total
from handheld_projections.tier_board import TierBoard, tier_board
from tests.support_story import CODES, DISTRICT, GRID, PEOPLE, VILLAGE, Fact, Facts, folded, stories


def report(**numbers: int) -> task.TaskReported:
    return task.TaskReported(text="好", filled=Filled(numbers=numbers))


def visit(household: str, *, satisfied: bool | None = None) -> task.HouseholdVisited:
    return task.HouseholdVisited(household=household, done="已告知", satisfied=satisfied)


def board_after(*events: tuple[int, Any], division: str = DISTRICT) -> TierBoard:
    """Two tasks, one in a grid and one in its village, after these facts."""
    story = Facts()
    tasks = story.order(story.start(), [(PEOPLE[0], GRID), (PEOPLE[1], VILLAGE)])
    for which, event in events:
        story.add(tasks[which], event)
    return tier_board(folded(story.facts).parts, division, 0)


def test_numbers_of_the_same_field_are_summed_up_the_tiers() -> None:
    events = ((0, report(moved=3, trees=1)), (1, report(moved=4)))
    assert board_after(*events).sums == {"moved": 7, "trees": 1}
    assert board_after(*events, division=GRID).sums == {"moved": 3, "trees": 1}
    assert board_after(*events, division="330825102").sums == {}


def test_a_report_made_again_replaces_the_one_before() -> None:
    events = ((0, report(moved=3, trees=1)), (0, task.TaskSentBack(reason="不清")))
    assert board_after(*events, (0, report(moved=5))).sums == {"moved": 5, "trees": 0}
    assert board_after(*events, (0, report())).sums == {"moved": 0, "trees": 0}


def test_a_household_visited_again_is_one_household_as_satisfied_as_the_last_time() -> None:
    board = board_after(
        (0, visit("1", satisfied=False)),
        (0, visit("2", satisfied=True)),
        (0, visit("1", satisfied=True)),
        (0, visit("2")),
        (1, visit("3", satisfied=False)),
    )
    assert board.visits == Visits(visits=5, households=3, satisfied=1, dissatisfied=1)


def test_ratings_are_counted_as_they_come() -> None:
    board = board_after(
        (0, task.TaskClosed()),
        (0, task.TaskRated(satisfied=True)),
        (1, task.TaskClosed()),
        (1, task.TaskRated(satisfied=False)),
    )
    assert (board.ratings.satisfied, board.ratings.dissatisfied) == (1, 1)


NO_MORE = (
    task.TaskSentBack,
    task.TaskAmended,
    task.TaskReopened,
    task.TaskWithdrawn,
    task.TaskReassigned,
    task.TaskCancelled,
)
"""After these a report stands no longer."""
ELSEWHERE = task.TaskReassigned(to=PEOPLE[1], task="task-x", reason="换人")


@pytest.mark.parametrize(
    "events",
    [
        (task.TaskSentBack(reason="不清"),),
        (task.TaskSentBack(reason="不清"), ELSEWHERE),
        (task.TaskWithdrawn(reason="结束"),),
        (task.TaskAmended(number=1, steps=("accept", "report")),),
        (task.TaskClosed(), task.TaskReopened(reason="再去")),
    ],
)
def test_what_a_report_counted_leaves_the_sums_when_it_stands_no_longer(
    events: tuple[task.TaskEvent, ...],
) -> None:
    board = board_after((0, report(moved=3)), (1, report(moved=4)), *[(0, e) for e in events])
    assert board.sums == {"moved": 4}


def test_a_household_visited_by_two_people_of_its_division_is_one_household() -> None:
    story = Facts()
    one, other = story.order(story.start(), [(PEOPLE[0], GRID), (PEOPLE[1], GRID)])
    story.add(one, visit("1", satisfied=False))
    story.add(other, visit("1", satisfied=True))
    board = tier_board(folded(story.facts).parts, DISTRICT, 0)
    assert board.visits == Visits(visits=2, households=1, satisfied=1)


def test_a_rating_goes_with_the_reopening_whatever_state_the_task_was_in() -> None:
    rated = [(0, task.TaskRated(satisfied=False)), (0, task.TaskReopened(reason="没完"))]
    assert board_after(*rated).ratings == Ratings()


def test_a_task_has_one_rating_and_none_once_it_is_reopened() -> None:
    rated = [(0, task.TaskClosed()), (0, task.TaskRated(satisfied=False))]
    again = [(0, task.TaskReopened(reason="再去")), (0, task.TaskClosed())]
    assert board_after(*rated, *again).ratings == Ratings()
    good = (0, task.TaskRated(satisfied=True))
    assert board_after(*rated, *again, good).ratings == Ratings(satisfied=1)
    assert board_after(*rated, good).ratings == Ratings(satisfied=1)


class Recount:
    """The same from the facts, by definition."""

    def __init__(self, facts: list[Fact], *, drills: bool) -> None:
        ends = {"task_force.cancelled.v1": True, "task_force.reopened.v1": False}
        forces: dict[str, bool] = {}
        cancelled: dict[str, bool] = {}
        for fact in facts:
            if fact.stream.startswith("tf-"):
                forces.setdefault(fact.stream, fact.meta.drill)
                topic = fact.event.TOPIC
                if topic in ends or topic == "task_force.closed.v1":
                    cancelled[fact.stream] = ends.get(topic, False)
        counted = {f for f, drill in forces.items() if drill == drills and not cancelled.get(f)}
        self.reports: dict[str, tuple[str, task.TaskReported]] = {}
        self.visits: list[tuple[str, str, task.HouseholdVisited]] = []
        self.rated: dict[str, tuple[str, bool]] = {}
        self.overdue: dict[str, tuple[str, set[str]]] = {}
        self.open: dict[str, bool] = {}
        for fact in facts:
            if fact.task_force in counted and fact.stream.startswith("task-"):
                self._take(fact)

    def _take(self, fact: Fact) -> None:
        code, stream = fact.division or "", fact.stream
        if isinstance(fact.event, NO_MORE):
            self.reports.pop(stream, None)
        if isinstance(fact.event, task.TaskReopened):
            self.rated.pop(stream, None)
        _, marks = self.overdue.setdefault(stream, (code, set()))
        match fact.event:
            case task.TaskDispatched():
                self.open[stream] = True
            case task.TaskReported() as e:
                self.reports[stream] = (code, e)
                self.open[stream] = True
            case task.HouseholdVisited() as e:
                self.visits.append((code, fact.task_force or "", e))
            case task.TaskRated(satisfied=satisfied):
                self.rated[stream] = (code, satisfied)
            case task.TaskOverdue(awaited=awaited):
                marks.add(awaited)
            case task.TaskAccepted():
                marks.discard("accept")
                self.open[stream] = True
            case task.TaskExtended():
                marks.discard("report")
            case task.TaskAmended():
                marks.clear()
                self.open[stream] = True
            case task.TaskSentBack() | task.TaskReopened():
                self.open[stream] = True
            case (
                task.TaskClosed()
                | task.TaskDeclined()
                | task.TaskWithdrawn()
                | task.TaskReassigned()
                | task.TaskCancelled()
            ):
                marks.clear()
                self.open[stream] = False
            case _:
                pass

    def sums(self, division: str) -> dict[str, int]:
        found: dict[str, int] = defaultdict(int)
        for code, reported in self.reports.values():
            if code.startswith(division):
                for key, number in reported.filled.numbers.items():
                    found[key] += number
        return {key: number for key, number in found.items() if number}

    def visited(self, division: str) -> Visits:
        here = [visited for visited in self.visits if visited[0].startswith(division)]
        last = {(code, force, e.household): e.satisfied for code, force, e in here}
        said = list(last.values())
        return Visits(len(here), len(last), said.count(True), said.count(False))

    def late(self, division: str) -> int:
        return sum(
            bool(marks) and self.open.get(stream, False)
            for stream, (code, marks) in self.overdue.items()
            if code.startswith(division)
        )

    def ratings(self, division: str) -> tuple[int, int]:
        said = [satisfied for code, satisfied in self.rated.values() if code.startswith(division)]
        return said.count(True), said.count(False)


@settings(derandomize=True, deadline=None, max_examples=200)
@given(stories(max_steps=120))
def test_every_figure_of_every_board_equals_a_recount(facts: list[Fact]) -> None:
    parts = folded(facts).parts
    for drills in (False, True):
        recount = Recount(facts, drills=drills)
        for code in CODES:
            board = tier_board(parts, code, 0, drills=drills)
            shown = {key: number for key, number in board.sums.items() if number}
            assert shown == recount.sums(code)
            assert board.visits == recount.visited(code)
            assert (board.ratings.satisfied, board.ratings.dissatisfied) == recount.ratings(code)
            assert board.count.overdue == recount.late(code)


def test_nothing_reported_is_no_sum() -> None:
    assert total([]) == {}
    assert visits_total([]) == Visits()
