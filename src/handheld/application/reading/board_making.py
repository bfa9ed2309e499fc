"""From the parts of the boards to documents. Pure: the same parts give the same document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
from msgspec.structs import replace

from handheld.application.reading import beside
from handheld.application.reading import board_documents as told
from handheld.application.reading.beside import Parts
from handheld.application.reading.board_parts import DEPARTMENT, Named, is_drill, narrowed
from handheld.application.reading.board_rows import rows_of
from handheld.application.reading.board_wanted import Sight, Wanted
from handheld_events.territory import tier_of
from handheld_projections import board
from handheld_projections.boards import Part
from handheld_projections.department_board import department_board
from handheld_projections.figures import rates
from handheld_projections.findings import FindingLine
from handheld_projections.funnel import Step
from handheld_projections.organisation import Organisation
from handheld_projections.tier_board import Count, TaskForceLine, counted, line, tier_board

Visited = Mapping[str, bool | None]
"""The households that were visited, and whether they were satisfied the last time."""


def division_board(
    parts: Parts, wanted: Wanted, sight: Sight, named: Named
) -> tuple[told.DivisionBoard, Visited | None]:
    """The document of a tier board. Of a grid also the visits: `with_households` must follow."""
    code, force = wanted.key, wanted.task_force
    drills = is_drill(parts, wanted)
    mine = narrowed(parts, sight.parts)
    seen = tier_board(mine, code, 0, drills=drills)
    count = _count(mine, code, sight, drills=drills) or seen.count
    labels = beside.labels(mine, seen)
    warnings = beside.warnings(mine, seen, drills=drills)
    grid, visited = None, None
    if tier_of(code) == "grid" and sight.grid:
        tasks, visited = beside.grid_tasks(mine, code, drills=drills)
        findings = beside.grid_findings(mine, code, drills=drills)
        grid = _grid(tasks, findings, names=sight.names)
    made = told.DivisionBoard(
        division=code,
        name=named.division(code),
        tier=tier_of(code),
        drills=drills,
        task_force=force,
        parts=sight.parts,
        count=_counts(count),
        children={
            child.code: told.ChildRow(_counts(child.count), named.division(child.code))
            for child in seen.children
        },
        funnel={step.stage: _stage(step) for step in seen.funnel},
        task_forces={each.task_force: _force(each) for each in seen.task_forces}
        | _its_own(mine, force, count),
        departments={} if force is None else _departments(mine.get(force), code, sight, named),
        sums={
            key: told.SumRow(label.label, label.unit, seen.sums[key])
            for key, label in labels.items()
        },
        visits=told.VisitCounts(*msgspec.structs.astuple(seen.visits)),
        ratings=told.RatingCounts(*msgspec.structs.astuple(seen.ratings)),
        figures=msgspec.structs.asdict(seen.figures),
        rates=told.RateShares(*msgspec.structs.astuple(rates(seen.figures))),
        findings=seen.findings,
        warnings={
            each.warning: told.WarningRow(
                each.event,
                each.level,
                each.headline,
                each.area,
                each.received_at,
                each.version,
                each.expires,
            )
            for each in warnings
        },
        warning_order=tuple(each.warning for each in warnings),
        grid=grid,
        rows=rows_of(parts, wanted, sight, named),
        names=None,
    )
    return made, visited


def with_households(
    made: told.DivisionBoard, visited: Visited, organisation: Organisation
) -> told.DivisionBoard:
    """The board of a grid with its households; `organisation` as it was then."""
    if made.grid is None:
        return made
    found = beside.households(visited, organisation, made.division)
    grid = replace(
        made.grid,
        households={
            each.household: told.HouseholdRow(each.contacts, each.visited, each.satisfied)
            for each in found
        },
        household_order=tuple(each.household for each in found),
    )
    return replace(made, grid=grid)


def department_document(
    parts: Parts, wanted: Wanted, sight: Sight, named: Named
) -> told.DepartmentBoard:
    """The document of a department's board."""
    seen = department_board(parts, wanted.key, 0, drills=wanted.drills)
    places = sorted({code for each in seen.people for code in each.divisions})
    return told.DepartmentBoard(
        department=wanted.key,
        name=named.department(wanted.key),
        drills=wanted.drills,
        count=_counts(seen.count),
        task_forces={each.task_force: _force(each) for each in seen.task_forces},
        people={
            each.person: told.PersonRow(_counts(each.count), each.divisions) for each in seen.people
        },
        people_order=tuple(each.person for each in seen.people),
        places={code: name for code in places if (name := named.division(code)) is not None},
        rows=rows_of(parts, wanted, sight, named),
        names=None,
    )


def _counts(count: Count) -> told.Counts:
    return told.Counts(
        count.waiting,
        count.in_progress,
        count.to_verify,
        count.closed,
        count.declined,
        count.withdrawn,
        count.overdue,
        count.open,
        count.tasks,
    )


def _stage(step: Step) -> told.StageRow:
    within = step.within
    if within is None:
        return told.StageRow(step.tasks)
    return told.StageRow(step.tasks, within.half, within.nine_in_ten, within.longest)


def _force(seen: TaskForceLine) -> told.ForceRow:
    return told.ForceRow(seen.title, seen.status, seen.started_at, _counts(seen.count), seen.level)


def _its_own(parts: Parts, force: str | None, count: Count) -> dict[str, told.ForceRow]:
    """The one task force that is asked for: told also where it has no task."""
    part = parts.get(force) if force is not None else None
    if force is None or part is None or part.summary is None:
        return {}
    return {force: _force(line(part.summary, [*msgspec.structs.astuple(count)]))}


def _count(parts: Parts, code: str, sight: Sight, *, drills: bool) -> Count | None:
    """What departments do is told by their tasks: where they are a part, one by one."""
    if not any(each.startswith(DEPARTMENT) for each in sight.parts or ()):
        return None
    row = [0] * board.WIDTH
    for part in counted(parts.values(), drills=drills):
        for task in part.tasks.values():
            if task.division.startswith(code):
                row[task.state] += 1
                row[board.OVERDUE] += task.overdue
    return Count(*row)


def _departments(
    part: Part | None, code: str, sight: Sight, named: Named
) -> dict[str, told.DepartmentRow]:
    """The departments with tasks in what is shown; of the whole, all that are called."""
    if part is None or part.summary is None or part.summary.status == "cancelled":
        return {}
    rows: dict[str, list[int]] = {}
    if sight.parts is None and all(each.startswith(code) for each in part.tallies):
        rows = dict(part.departments)
    else:
        for task in part.tasks.values():
            if task.department is not None and task.division.startswith(code):
                row = rows.setdefault(task.department, [0] * board.WIDTH)
                row[task.state] += 1
                row[board.OVERDUE] += task.overdue
    called: Mapping[str, object] = part.summary.departments if sight.parts is None else {}
    found = {}
    for key in sorted({*rows, *called}):
        known = part.summary.departments.get(key)
        found[key] = told.DepartmentRow(
            _counts(Count(*rows.get(key, [0] * board.WIDTH))),
            named.department(key),
            known.part if known is not None else None,
            known.accepted_at if known is not None else None,
        )
    return found


def _grid(
    tasks: Sequence[beside.GridTask], findings: Sequence[FindingLine], *, names: bool
) -> told.GridPart:
    return told.GridPart(
        {
            task.task: told.GridTaskRow(task.person, task.state, task.overdue, task.visited)
            for task in tasks
        },
        {},
        (),
        {
            each.finding: told.FindingRow(
                each.state,
                each.desk,
                each.reporter,
                each.reported_at,
                each.photos,
                each.text if names else None,
                each.place if names else None,
            )
            for each in findings
        },
    )
