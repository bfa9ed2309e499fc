"""Boards counted again, naively, from what the facts tell: one task after the other."""

from __future__ import annotations

from collections import Counter

from handheld_projections.department_board import DepartmentBoard
from handheld_projections.figures import Figures
from handheld_projections.tier_board import Count, TierBoard
from tests.properties.history import History
from tests.properties.told_task import OPEN, ToldTask


def tasks_that_count(history: History, *, drills: bool) -> list[ToldTask]:
    """Those of task forces that are neither over nor a mistake; drills apart."""
    counting = {
        name
        for name, force in history.forces.items()
        if force.drill == drills and force.status in ("active", "stood_down")
    }
    return [told for told in history.tasks.values() if told.task_force in counting]


def count(tasks: list[ToldTask]) -> Count:
    """So many in each state, and so many late."""
    states = Counter(told.status for told in tasks)
    return Count(
        states["waiting"],
        states["in_progress"],
        states["to_verify"],
        states["closed"],
        states["declined"],
        states["withdrawn"],
        sum(told.late for told in tasks),
    )


def check_tier_board(shown: TierBoard, history: History, *, drills: bool) -> None:
    """The board of a division against the recount."""
    code = shown.division
    here = [t for t in tasks_that_count(history, drills=drills) if t.division.startswith(code)]
    check_tasks(shown, here)
    findings = Counter(
        told.status
        for told in history.findings.values()
        if told.drill == drills and told.division.startswith(code)
    )
    assert {state: n for state, n in shown.findings.items() if n} == dict(findings)
    assert sorted(shown.warnings) == sorted(
        told.stream
        for told in history.warnings.values()
        if told.drill == drills
        and told.status == "in_force"
        and any(d.startswith(code) or code.startswith(d) for d in told.divisions)
    )


def check_tasks(shown: TierBoard, here: list[ToldTask]) -> None:
    """All that a board shows of tasks, if these are the tasks."""
    code = shown.division
    assert shown.count == count(here)
    assert shown.count.tasks == len(here), "states exclude each other"
    below = {t.division[: len(code) + 3] for t in here if len(t.division) > len(code)}
    assert {child.code: child.count for child in shown.children} == {
        child: count([t for t in here if t.division.startswith(child)]) for child in below
    }
    assert {line.task_force: line.count for line in shown.task_forces} == {
        name: count([t for t in here if t.task_force == name])
        for name in {t.task_force for t in here}
    }
    for step in shown.funnel:
        times = sorted(t.stages[step.stage] for t in here if step.stage in t.stages)
        assert step.tasks == len(times), step.stage
        if step.within is not None:
            assert step.within.longest == times[-1]
            assert step.within.half == times[(len(times) + 1) // 2 - 1]
    sums: Counter[str] = Counter()
    for told in here:
        sums.update(told.numbers)
    assert {key: n for key, n in shown.sums.items() if n} == {k: n for k, n in sums.items() if n}
    visits = sorted(
        (position, (told.task_force, told.division, household), satisfied)
        for told in here
        for position, household, satisfied in told.visits
    )
    last = {household: satisfied for _, household, satisfied in visits}
    assert shown.visits.visits == sum(len(told.visits) for told in here)
    assert shown.visits.households == len(last)
    answers = Counter(last.values())
    assert (shown.visits.satisfied, shown.visits.dissatisfied) == (answers[True], answers[False])
    check_figures(shown.figures, here)
    rated = Counter(told.rated for told in here)
    assert (shown.ratings.satisfied, shown.ratings.dissatisfied) == (rated[True], rated[False])


def check_figures(shown: Figures, here: list[ToldTask]) -> None:
    """What the rates are made of: how many were accepted, in time, sent back, closed."""
    own = [t for t in here if not t.reassigned or t.bounced]
    accepted = [t for t in own if "accepted" in t.stages]
    called = [t for t in own if t.status != "withdrawn" or t.bounced or t in accepted]
    closed = [t for t in here if t.status == "closed"]
    assert shown == Figures(
        called=len(called),
        accepted=len(accepted),
        accepted_in_time=sum(not t.accepted_late for t in accepted),
        reported=sum("reported" in t.stages for t in here),
        sent_back=sum(t.sent_back for t in here),
        declined=sum(t.bounced for t in here),
        closed=len(closed),
        closed_in_time=sum(not t.after_time for t in closed),
        closing_seconds=sum(t.closing for t in closed),
    )


def check_department(shown: DepartmentBoard, history: History, *, drills: bool) -> None:
    """The board of a department against the recount."""
    key = shown.department
    here = [t for t in tasks_that_count(history, drills=drills) if t.department == key]
    assert shown.count == count(here)
    called = {
        force.stream
        for force in history.forces.values()
        if force.drill == drills
        and force.status in ("active", "stood_down")
        and key in force.departments
    }
    assert {line.task_force for line in shown.task_forces} == called | {t.task_force for t in here}


def late(history: History, code: str, *, drills: bool) -> set[str]:
    """The tasks that are overdue in a division."""
    return {
        told.stream
        for told in tasks_that_count(history, drills=drills)
        if told.late and told.status in OPEN and told.division.startswith(code)
    }
