"""Ending a task force: stand-down (终止响应), close (办结), cancellation of a start by mistake (误发)."""

from __future__ import annotations

from collections.abc import Mapping

from handheld.domain import task, task_force
from handheld.domain.base import BaseCommand
from handheld.domain.ordering import Opening
from handheld.domain.task_force import TaskForce
from handheld.domain.words import check_words
from handheld_events.task import TaskCancelled, TaskWithdrawn
from handheld_events.task_force import StoodDown, TaskForceCancelled, TaskForceClosed


class StandDown(BaseCommand, frozen=True, kw_only=True, tag="task_force.stand_down"):
    """The response ends: what nobody has accepted is withdrawn, what is under way is finished."""

    task_force: str
    reason: str


class CloseTaskForce(BaseCommand, frozen=True, kw_only=True, tag="task_force.close"):
    """Everything is done; refused while tasks are open, unless they are to be withdrawn."""

    task_force: str
    outcome: str
    withdraw_open: bool = False


class CancelTaskForce(BaseCommand, frozen=True, kw_only=True, tag="task_force.cancel"):
    """It was started by mistake: everybody who was in it is told, and it counts nowhere."""

    task_force: str
    reason: str


def decide(
    command: StandDown | CloseTaskForce | CancelTaskForce,
    state: TaskForce | None,
    tasks: Mapping[str, task.Status],
    actor: str | None = None,
) -> Opening:
    """What follows from the command; `tasks` are all that the task force has.

    Raises NotFound, Malformed.
    """
    known = task_force.existing(state, command.task_force)
    opening = Opening(task_force=command.task_force, division=known.division)
    match command:
        case StandDown():
            _stand_down(command, known, tasks, opening)
        case CloseTaskForce():
            _close(command, known, tasks, opening)
        case CancelTaskForce():
            _cancel(command, known, tasks, opening, actor)
    return opening


def _stand_down(
    command: StandDown, known: TaskForce, tasks: Mapping[str, task.Status], opening: Opening
) -> None:
    check_words(reason=command.reason)
    if known.status != "active":
        opening.outcome, opening.code = "already_done", f"task_force.{known.status}"
        return
    waiting = [stream for stream, status in tasks.items() if status == "waiting"]
    opening.deeds = dict.fromkeys(waiting, TaskWithdrawn(reason=command.reason))
    opening.events.append(StoodDown(reason=command.reason, withdrawn=len(waiting)))


def _close(
    command: CloseTaskForce, known: TaskForce, tasks: Mapping[str, task.Status], opening: Opening
) -> None:
    check_words(outcome=command.outcome)
    if known.status in ("closed", "cancelled"):
        opening.outcome, opening.code = "already_done", f"task_force.{known.status}"
        return
    still_open = [stream for stream, status in tasks.items() if task.is_open(status)]
    if still_open and not command.withdraw_open:
        opening.outcome, opening.code = "refused", "task_force.tasks_open"
        return
    opening.deeds = dict.fromkeys(still_open, TaskWithdrawn(reason=command.outcome))
    opening.events.append(TaskForceClosed(outcome=command.outcome, withdrawn=len(still_open)))


def _cancel(
    command: CancelTaskForce,
    known: TaskForce,
    tasks: Mapping[str, task.Status],
    opening: Opening,
    actor: str | None,
) -> None:
    check_words(reason=command.reason)
    if known.status == "cancelled":
        opening.outcome, opening.code = "already_done", "task_force.cancelled"
        return
    if known.status == "closed":
        opening.outcome, opening.code = "refused", "task_force.closed"
        return
    opening.deeds = dict.fromkeys(tasks, TaskCancelled(reason=command.reason))
    opening.events.append(
        TaskForceCancelled(
            reason=command.reason, tasks=len(tasks), told=_without_a_task(known, actor)
        )
    )


def _without_a_task(known: TaskForce, actor: str | None) -> tuple[str, ...]:
    """Who commanded and who was pulled in to look on, but for whoever cancels it: they know."""
    with_one = {person for person, order in known.pulled_in if order is not None}
    looking_on = {person for person, _ in known.pulled_in} - with_one
    return tuple(sorted((looking_on | known.commanded) - {actor}))
