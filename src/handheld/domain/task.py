"""A task: what may happen to it, and when. docs/rules/task.md draws the table."""

from __future__ import annotations

from handheld.domain import task_doing, task_steering
from handheld.domain.answers import Answer, accepted, already_done
from handheld.domain.duty import PERSON
from handheld.domain.errors import Malformed, NotAllowed, NotFound
from handheld.domain.task_commands import (
    Accept,
    Command,
    CorrectTask,
    Decline,
    Deliver,
    Evaluate,
    Extend,
    GoEnRoute,
    Rate,
    ReachScene,
    Read,
    Remind,
    Reopen,
    Report,
    Resume,
    SendBack,
    Supervise,
    Suspend,
    TaskCommand,
    Verify,
    Visit,
    Withdraw,
)
from handheld.domain.task_known import Known
from handheld.domain.task_state import Status, Task, evolve, is_open
from handheld.domain.words import check_instants, check_words
from handheld_events.task import TaskCorrected, TaskDelivered, TaskEvent, TaskRead

__all__ = (
    "Accept",
    "Command",
    "CorrectTask",
    "Decline",
    "Deliver",
    "Evaluate",
    "Extend",
    "GoEnRoute",
    "Known",
    "Rate",
    "ReachScene",
    "Read",
    "Remind",
    "Reopen",
    "Report",
    "Resume",
    "SendBack",
    "Status",
    "Supervise",
    "Suspend",
    "Task",
    "TaskCommand",
    "Verify",
    "Visit",
    "Withdraw",
    "decide",
    "evolve",
    "is_open",
)

_MARKS = frozenset((Deliver, Read))
"""What the phone of the assignee says, and nobody else's."""
_DOING = frozenset((Accept, Decline, GoEnRoute, ReachScene, Visit, Report))
_REPORT_JUDGED = (Verify, SendBack)
_DEADLINE_MOVED = (Suspend, Extend)
_WORK_JUDGED = (Rate, Evaluate)
_WORDLESS = frozenset((Deliver, Read, Accept, GoEnRoute, ReachScene, Resume))


def decide(
    task: Task | None, command: Command, who: str, actor: str | None, known: Known
) -> Answer[TaskEvent]:
    """What follows from the command.

    `who` is the person who acts, or for whom `actor` acts. Raises NotFound, NotAllowed
    (`task.not_yours`, `task.own_report`, `task.own_deadline`, `task.own_rating`, `task.own_ending`,
    `task.own_reopening`, `task.not_answerable`), Malformed.
    """
    if task is None:
        raise NotFound("task.unknown", task=command.task)
    if type(command) not in _WORDLESS:
        _check_words(command)
    _check_who(task, command, who, actor, known)
    match command:
        case Deliver():
            return already_done("task.delivered") if task.delivered else accepted(TaskDelivered())
        case Read():
            return already_done("task.read") if task.read else accepted(TaskRead())
        case Accept() | Decline() | GoEnRoute() | ReachScene() | Visit() | Report():
            return task_doing.decide(task, command, known, actor)
        case (
            Verify()
            | SendBack()
            | Withdraw()
            | Suspend()
            | Resume()
            | Extend()
            | Remind()
            | Supervise()
            | Reopen()
            | Rate()
            | Evaluate()
        ):
            return task_steering.decide(task, command, known)
        case CorrectTask():
            return _correct(task, command)


def _check_who(task: Task, command: Command, who: str, actor: str | None, known: Known) -> None:
    """A unit's task is done by anybody of the department; nobody judges or ends what is their own."""
    own = task.person in (who, actor) or known.of_unit
    kind = type(command)
    if kind in _MARKS:
        if task.person != who or task.person != actor:
            raise NotAllowed("task.not_yours", task=command.task)
    elif kind in _DOING:
        if who != task.person and not known.of_unit:
            raise NotAllowed("task.not_yours", task=command.task)
    elif isinstance(command, _REPORT_JUDGED) and (own or _entered(task, who, actor)):
        raise NotAllowed("task.own_report", task=command.task)
    elif own and isinstance(command, _DEADLINE_MOVED):
        raise NotAllowed("task.own_deadline", task=command.task)
    elif own and isinstance(command, _WORK_JUDGED):
        raise NotAllowed("task.own_rating", task=command.task)
    elif own and isinstance(command, Withdraw):
        raise NotAllowed("task.own_ending", task=command.task)
    elif own and isinstance(command, Reopen) and task.status == "closed":
        raise NotAllowed("task.own_reopening", task=command.task)
    if not known.may:
        raise NotAllowed("task.not_answerable", task=command.task)


def _entered(task: Task, who: str, actor: str | None) -> bool:
    """Whether they entered the report for the assignee; processes and the operator may."""
    by = task.reported_by
    return by is not None and by.startswith(PERSON) and by in (who, actor)


def _check_words(command: Command) -> None:
    check_words(
        reason=getattr(command, "reason", None),
        text=getattr(command, "text", None),
        household=getattr(command, "household", None),
        done=getattr(command, "done", None),
    )
    match command:
        case Suspend():
            check_instants(command.until)
        case Extend():
            check_instants(command.report_by)
        case CorrectTask():
            check_instants(command.occurred_at)
            if command.text is None and command.occurred_at is None:
                raise Malformed("correction.empty")
        case _:
            pass


def _correct(task: Task, command: CorrectTask) -> Answer[TaskEvent]:
    if not 1 <= command.version <= task.version:
        raise NotFound("correction.no_such_fact", version=command.version)
    return accepted(
        TaskCorrected(
            version=command.version,
            reason=command.reason,
            text=command.text,
            occurred_at=command.occurred_at,
        )
    )
