"""Rows of the registers, made of columns in the order of COLUMNS."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from handheld_events.codec import instant
from handheld_projections.findings import FindingState
from handheld_projections.open_tasks import STATES, TO_VERIFY
from handheld_projections.register_rows import (
    COLUMNS,
    FINDING_MARKS,
    FindingRow,
    PersonRow,
    TaskForceRow,
    TaskRow,
    WarningRow,
)


def task_force_row(*columns: Any) -> TaskForceRow:
    """A task force."""
    row = dict(zip(COLUMNS["task_forces"], columns, strict=True))
    return TaskForceRow(
        task_force=row["task_force"],
        title=row["title"],
        division=row["division"],
        status="archived" if row["archived"] and row["status"] == "closed" else row["status"],
        archived=bool(row["archived"]),
        level=row["level"],
        drill=bool(row["drill"]),
        plan=row["plan"],
        place=row["place"],
        started_at=instant(row["started_at"]),
        ended_at=_moment(row["ended_at"]),
        started_by=row["started_by"],
        commander=row["commander"],
        last_at=instant(row["last_at"]),
        position=row["position"],
    )


def task_row(*columns: Any) -> TaskRow:
    """A task."""
    row = dict(zip(COLUMNS["tasks"], columns, strict=True))
    late = row["accept_overdue"] or row["report_overdue"]
    return TaskRow(
        task=row["task"],
        task_force=row["task_force"],
        order=row["order_id"],
        person=row["person"],
        division=row["division"],
        department=row["department"],
        unit=bool(row["unit"]),
        open=bool(row["open"]),
        state=STATES[row["state"]],
        overdue=bool(late) and row["state"] <= TO_VERIFY,
        delivered=bool(row["delivered"]),
        reminded=row["reminded"],
        escalated=row["escalated"],
        dispatched_at=instant(row["dispatched_at"]),
        drill=bool(row["drill"]),
        cancelled=bool(row["cancelled"]),
        last_at=instant(row["last_at"]),
        position=row["position"],
    )


def finding_row(*columns: Any) -> FindingRow:
    """A finding."""
    row = dict(zip(COLUMNS["findings"], columns, strict=True))
    states: list[FindingState] = [mark for mark in FINDING_MARKS if row[mark]]
    return FindingRow(
        finding=row["finding"],
        text=row["text"],
        place=row["place"],
        division=row["division"],
        desk=row["desk"],
        state=states[0] if states else "open",
        reporter=row["reporter"],
        task_force=row["task_force"],
        order=row["order_id"],
        reported_at=instant(row["reported_at"]),
        drill=bool(row["drill"]),
        wants_task_force=bool(row["wants_task_force"]),
        last_at=instant(row["last_at"]),
        position=row["position"],
    )


def warning_row(*columns: Any) -> WarningRow:
    """A warning."""
    row = dict(zip(COLUMNS["warnings"], columns, strict=True))
    return WarningRow(
        warning=row["warning"],
        event=row["event"],
        level=row["level"],
        headline=row["headline"],
        status=row["status"],
        source=row["source"],
        divisions=tuple(row["divisions"].split()),
        received_at=instant(row["received_at"]),
        expires=_moment(row["expires"]),
        drill=bool(row["drill"]),
        last_at=instant(row["last_at"]),
        position=row["position"],
    )


def person_row(*columns: Any) -> PersonRow:
    """A person."""
    person, _, name, phone, synthetic, erased = columns
    return PersonRow(
        person=person, name=name, phone=phone, synthetic=bool(synthetic), erased=bool(erased)
    )


def _moment(us: int | None) -> datetime | None:
    return None if us is None else instant(us)
