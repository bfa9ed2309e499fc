"""The registers against what the facts tell, read in pages as people read them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from handheld.application.register_keeper import RegisterKeeper
from handheld.application.register_queries import (
    FindingQuery,
    Page,
    Query,
    TaskForceQuery,
    TaskQuery,
    WarningQuery,
)
from tests.properties.history import History

LIMIT = 7


def check_registers(kept: RegisterKeeper, history: History) -> None:
    """Every task force, task, finding and warning is listed once, drills apart, as it is."""
    for drill in (False, True):
        tasks = _all(kept.tasks, TaskQuery(drill=drill, cancelled=None, limit=LIMIT))
        assert {r.task: (r.state, r.overdue, r.reminded, r.escalated) for r in tasks} == {
            name: (told.status, told.late, told.reminded, told.escalated)
            for name, told in history.tasks.items()
            if told.drill == drill
        }
        forces = _all(kept.task_forces, TaskForceQuery(drill=drill, limit=LIMIT))
        assert {r.task_force: r.status for r in forces} == {
            name: "archived" if told.archived and told.status == "closed" else told.status
            for name, told in history.forces.items()
            if told.drill == drill
        }
        findings = _all(kept.findings, FindingQuery(drill=drill, limit=LIMIT))
        assert {r.finding: (r.state, r.desk) for r in findings} == {
            name: (told.status, told.desk)
            for name, told in history.findings.items()
            if told.drill == drill
        }
        warnings = _all(kept.warnings, WarningQuery(drill=drill, limit=LIMIT))
        in_force = ("received", "updated")
        assert {r.warning: "in_force" if r.status in in_force else r.status for r in warnings} == {
            name: told.status for name, told in history.warnings.items() if told.drill == drill
        }


def _all(ask: Callable[[Any], Page[Any]], query: Query) -> list[Any]:
    """All pages of a list; no row comes twice."""
    rows: list[Any] = []
    while True:
        page = ask(query)
        rows += page.rows
        assert len({row.position for row in rows}) == len(rows)
        if page.next is None:
            assert page.count == len(rows)
            return rows
        query = replace(query, cursor=page.next)
