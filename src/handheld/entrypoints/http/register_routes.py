"""The registers: lists with filters, search and cursors, each with what is for who asks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from handheld.application.reading.listed import (
    FindingListed,
    PersonListed,
    TaskForceListed,
    TaskListed,
    WarningListed,
)
from handheld.application.reading.pages import Listed
from handheld.application.reading.registers import RegisterReading
from handheld.application.register_queries import (
    FindingQuery,
    PeopleQuery,
    Query,
    TaskForceQuery,
    TaskQuery,
    WarningQuery,
)
from handheld.entrypoints.http.endpoints import Endpoint
from handheld.entrypoints.http.parts import Call


def _listed(
    path: str,
    summary: str,
    query: type[Query],
    row: Any,
    read: Callable[..., Any],
    names: str,
    inside: str = "",
) -> Endpoint:
    def run(call: Call) -> Any:
        return read(call.parts.registers, call.viewer, call.query)

    return Endpoint(
        method="GET",
        path=path,
        name=f"list_{path[1:].replace('-', '_')}",
        summary=summary,
        tag="registers",
        run=run,
        query=query,
        answers=Listed[row],
        names=((names, f"/rows/0/{names}{inside}"),),
    )


ENDPOINTS = (
    _listed(
        "/task-forces",
        "Task forces, newest first 专班列表",
        TaskForceQuery,
        TaskForceListed,
        RegisterReading.task_forces,
        "task_force",
    ),
    _listed("/tasks", "Tasks 任务列表", TaskQuery, TaskListed, RegisterReading.tasks, "task"),
    _listed(
        "/findings",
        "Findings, newest first 上报列表",
        FindingQuery,
        FindingListed,
        RegisterReading.findings,
        "finding",
    ),
    _listed(
        "/warnings",
        "Warnings, newest first 预警列表",
        WarningQuery,
        WarningListed,
        RegisterReading.warnings,
        "warning",
    ),
    _listed(
        "/people", "People 人员列表", PeopleQuery, PersonListed, RegisterReading.people, "person"
    ),
)
