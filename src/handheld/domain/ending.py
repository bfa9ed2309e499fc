"""Ending a task force: stand-down (终止响应) and close (办结), with what becomes of open tasks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from handheld.domain import task, task_force
from handheld.domain.answers import Answer, accepted, already_done, refused
from handheld.domain.base import BaseCommand
from handheld.domain.task_force import TaskForce
from handheld.domain.words import check_words
from handheld_events.task import TaskWithdrawn
from handheld_events.task_force import StoodDown, TaskForceClosed, TaskForceEvent


class StandDown(BaseCommand, frozen=True, kw_only=True, tag="task_force.stand_down"):
    """The response ends: what nobody has accepted is withdrawn, what is under way is finished."""

    task_force: str
    reason: str


class CloseTaskForce(BaseCommand, frozen=True, kw_only=True, tag="task_force.close"):
    """Everything is done; refused while tasks are open, unless they are to be withdrawn."""

    task_force: str
    outcome: str
    withdraw_open: bool = False


class Ending(NamedTuple):
    """What an end comes to: facts of the task force, and the tasks withdrawn with it."""

    answer: Answer[TaskForceEvent]
    withdrawn: list[str]
    fact: TaskWithdrawn | None
    """The same fact for each task withdrawn."""


def decide(
    command: StandDown | CloseTaskForce, state: TaskForce | None, tasks: Mapping[str, task.Status]
) -> Ending:
    """What follows from the command; `tasks` are the open ones. Raises NotFound, Malformed."""
    known = task_force.existing(state, command.task_force)
    match command:
        case StandDown():
            return _stand_down(command, known, tasks)
        case CloseTaskForce():
            return _close(command, known, tasks)


def _stand_down(command: StandDown, known: TaskForce, tasks: Mapping[str, task.Status]) -> Ending:
    check_words(reason=command.reason)
    if known.status != "active":
        return Ending(already_done(f"task_force.{known.status}"), [], None)
    withdrawn = [stream for stream, status in tasks.items() if status == "waiting"]
    event = StoodDown(reason=command.reason, withdrawn=len(withdrawn))
    return Ending(accepted(event), withdrawn, TaskWithdrawn(reason=command.reason))


def _close(command: CloseTaskForce, known: TaskForce, tasks: Mapping[str, task.Status]) -> Ending:
    check_words(outcome=command.outcome)
    if known.status == "closed":
        return Ending(already_done("task_force.closed"), [], None)
    still_open = [stream for stream, status in tasks.items() if task.is_open(status)]
    if still_open and not command.withdraw_open:
        return Ending(refused("task_force.tasks_open"), [], None)
    event = TaskForceClosed(outcome=command.outcome, withdrawn=len(still_open))
    return Ending(accepted(event), still_open, TaskWithdrawn(reason=command.outcome))
