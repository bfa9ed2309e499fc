"""Reactions: what is due is asked for, once, as commands like any other. docs/reactions.md

The agenda says what is due; here it becomes requests whose ids follow from what caused them, so that
neither a crash nor a second process can do anything twice. The time is passed in.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from handheld.application.requests import REACTIONS, Request
from handheld.domain import (
    calling_again,
    directing,
    matching,
    starting,
    time_rules,
    warning_commands,
    waves,
)
from handheld.domain.finding_commands import SettleFinding
from handheld.domain.register_duty import TakeDuty
from handheld_events.envelope import Meta
from handheld_events.ids import caused_command
from handheld_events.warning import WarningContent
from handheld_projections.agenda import (
    Calls,
    Filled,
    Found,
    Freed,
    Late,
    LateTask,
    Settled,
    Unfilled,
    WarningDue,
)
from handheld_projections.organisation import Organisation
from handheld_projections.rosters import ShiftDue
from handheld_projections.warnings import WarningLine

ACTOR = REACTIONS
"""Who the log says did it."""

TOGETHER = time_rules.MOST_TASKS
"""So many tasks of one order share a command."""


def requests(found: Found, shifts: Sequence[ShiftDue], now: datetime) -> Iterator[Request]:
    """What is to be asked for, in the order in which it fell due."""
    for shift in shifts:
        yield _shift(shift, now)
    for what in found.others:
        yield from _other(what, now)
    for late, tasks in found.late.items():
        for begin in range(0, len(tasks), TOGETHER):
            yield _late(late, tasks[begin : begin + TOGETHER], now)


def _late(late: Late, due: Sequence[LateTask], now: datetime) -> Request:
    command: time_rules.Command
    tasks = tuple(one.task for one in due)
    match late.kind:
        case "overdue":
            command = time_rules.MarkOverdue(tasks=tasks, awaited=late.awaited, due_at=late.at)
        case "remind":
            command = time_rules.RemindAll(
                tasks=tasks, awaited=late.awaited, number=late.number, skipped=late.skipped
            )
        case "escalate":
            command = time_rules.EscalateAll(
                tasks=tasks, awaited=late.awaited, number=late.number, skipped=late.skipped
            )
        case "resume":
            command = time_rules.ResumeDue(tasks=tasks)
    # The same may fall due once more when a task was reopened or amended: its version says so.
    versions = (f"{one.task}/{one.version}" for one in due)
    cause = (late.kind, late.order, late.awaited, str(late.number), *versions)
    return _request(command, late.at, now, *cause)


def _other(
    what: Calls | Filled | Freed | Unfilled | Settled | WarningDue, now: datetime
) -> Iterator[Request]:
    match what:
        case Calls(task_force, key, at, reopened):
            call = waves.CallForeseen(task_force=task_force, key=key, at=at)
            cause = ("call", task_force, key, at.isoformat(), *_anew(reopened))
            yield _request(call, at, now, *cause)
        case Filled(task_force, order, anew):
            rest = directing.ReleaseRest(task_force=task_force, order=order)
            yield _request(rest, None, now, "release", task_force, order, *_anew(anew))
        case Freed(task_force, times, order, reopened):
            call_again = calling_again.CallAgain(task_force=task_force, order=order)
            cause = ("again", task_force, order, str(times), *_anew(reopened))
            yield _request(call_again, None, now, *cause)
        case Unfilled(task_force, order, at, reopened):
            unfilled = directing.TellUnfilled(task_force=task_force, order=order, due_at=at)
            cause = ("unfilled", task_force, order, at.isoformat(), *_anew(reopened))
            yield _request(unfilled, at, now, *cause)
        case Settled(_, order, finding, ended, task):
            settle = SettleFinding(finding=finding, order=order, task=task)
            yield _request(settle, None, now, "settle", finding, order, str(ended))
        case WarningDue():
            yield _warning(what, now)


def _anew(times: int) -> tuple[str, ...]:
    """What makes a cause another one when the same is due once more."""
    return (str(times),) if times else ()


def adopted(
    lines: Iterable[WarningLine], organisation: Organisation, plans: Container[str], now: datetime
) -> Iterator[Request]:
    """What is to be asked for because plans were adopted while warnings were in force."""
    for line in lines:
        known = {(start.plan, start.division) for start in line.proposals}
        content = WarningContent(
            event=line.event,
            level=line.level,
            headline=line.headline,
            divisions=line.divisions,
            expires=line.expires,
        )
        found = matching.answered_anew(content, organisation, now, plans, known)
        propose = warning_commands.ProposeStart(warning=line.warning)
        for plan, version in sorted({(one.plan, one.plan_version) for one in found}):
            cause = ("adopted", line.warning, plan, str(version))
            yield _request(propose, None, now, *cause, drill=line.drill)


def _warning(found: WarningDue, now: datetime) -> Request:
    line, due = found
    command: Any
    match due.what:
        case "propose":
            command = warning_commands.ProposeStart(warning=line.warning)
        case "expire":
            command = warning_commands.ExpireWarning(warning=line.warning, due_at=due.at)
        case "start":
            proposal = due.proposal
            if proposal is None:
                msg = "a start that is due has its proposal"
                raise TypeError(msg)
            command = starting.StartFromPlan(
                plan=proposal.plan,
                division=proposal.division,
                title=proposal.title,
                level=proposal.level,
                warning=line.warning,
            )
    return _request(command, due.at, now, due.what, due.cause, drill=line.drill)


def _shift(shift: ShiftDue, now: datetime) -> Request:
    command = TakeDuty(
        division=shift.division,
        role=shift.role,
        department=shift.department,
        person=shift.person,
        begins=shift.begins,
    )
    cause = (shift.division, shift.role, shift.department or "", shift.begins.isoformat())
    return _request(command, shift.begins, now, "duty", *cause, shift.person)


def _request(
    command: Any, at: datetime | None, now: datetime, *cause: str, drill: bool = False
) -> Request:
    """A request whose id follows from its cause; it occurs now, whenever it fell due.

    The id has the time at which it fell due: the same whenever it is asked for. What falls due
    with a fact rather than at a time has none.
    """
    milliseconds = 0 if at is None else int(at.timestamp() * 1000)
    meta = Meta(
        actor=ACTOR,
        command=caused_command(milliseconds, *cause),
        occurred_at=now,
        drill=drill,
    )
    return Request(command, meta)
