"""The benchmark of reactions runs, and what a sweep decides is what is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import assignment, reactions
from benchmarks.county import TINY
from benchmarks.places import Place


@pytest.fixture
def here(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_a_sweep_is_measured_against_one_bare_commit_of_its_facts(here: Place) -> None:
    lines = reactions.run(here, 1, TINY, others=2)
    assert [line.goal for line in lines] == [1.0, 1.0, None, None, None, None]
    assert all(line.value > 0 for line in lines)


@pytest.mark.parametrize("scene", [reactions.OVERDUE, reactions.REMINDED, reactions.ESCALATED])
def test_only_the_people_of_one_task_force_are_reached(here: Place, scene: reactions.Scene) -> None:
    sweeps = reactions.Sweeps(here, TINY, scene, others=2)
    assert sweeps.waiting == 3 * TINY.tasks
    assert len({row[1] for row in sweeps.rows.events}) == TINY.tasks
    assert {row[1] for row in sweeps.rows.commands} == {"reactions"}


def test_a_sweep_that_decides_something_else_is_noticed(here: Place) -> None:
    sweeps = reactions.Sweeps(here, TINY, others=1)
    sweeps.sweep(known=False)
    sweeps.now += reactions.SECONDS
    with pytest.raises(RuntimeError, match="something else"):
        sweeps.sweep(known=False)


def test_a_commit_that_leaves_a_fact_out_is_noticed(here: Place) -> None:
    sweeps = reactions.Sweeps(here, TINY, others=1)
    sweeps.rows.events.pop()
    with pytest.raises(RuntimeError, match="facts that should follow"):
        sweeps.by_hand()


def test_assignment_is_measured_in_milliseconds(here: Place) -> None:
    (line,) = assignment.run(here, 1, TINY)
    assert (line.goal, line.unit) == (50.0, "ms")


def test_an_assignment_that_calls_somebody_else_is_noticed(here: Place) -> None:
    assignments = assignment.Assignments(here, TINY)
    assignments._expected[0].pop()
    with pytest.raises(RuntimeError, match="somebody else"):
        assignments.assigned()
