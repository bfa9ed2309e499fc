"""A task: what may happen to it, and when. docs/rules/task.md draws the table."""

from __future__ import annotations

from typing import Literal

import msgspec

from handheld.domain.answers import Answer, accepted, already_done, overtaken, refused
from handheld.domain.base import BaseCommand
from handheld.domain.errors import Malformed, NotAllowed, NotFound
from handheld.domain.words import check_instants, check_words
from handheld_events.base import Instant
from handheld_events.orders import Steps
from handheld_events.task import (
    TaskAccepted,
    TaskClosed,
    TaskCorrected,
    TaskDeclined,
    TaskDelivered,
    TaskDispatched,
    TaskEvent,
    TaskOvertaken,
    TaskRead,
    TaskReported,
    TaskSentBack,
    TaskVerified,
    TaskWithdrawn,
)

Status = Literal["waiting", "in_progress", "to_verify", "closed", "declined", "withdrawn"]
"""The states of every board: 未领办, 办理中, 待核查, 已办结, 已退单, 已撤回. They exclude each other."""


class Task(msgspec.Struct, frozen=True):
    """A task as its stream tells it. Delivered and read are marks beside the status."""

    order: str
    person: str
    steps: Steps
    status: Status = "waiting"
    delivered: bool = False
    read: bool = False
    report: str | None = None
    """The latest report that nobody sent back."""
    declined: str | None = None
    """Why the assignee declined."""
    version: int = 1


class TaskCommand(BaseCommand, frozen=True, kw_only=True):
    """Something that is done to one task."""

    task: str


class Deliver(TaskCommand, frozen=True, kw_only=True, tag="task.deliver"):
    """A device of the assignee has stored it."""


class Read(TaskCommand, frozen=True, kw_only=True, tag="task.read"):
    """The assignee has opened it."""


class Accept(TaskCommand, frozen=True, kw_only=True, tag="task.accept"):
    """领办."""


class Decline(TaskCommand, frozen=True, kw_only=True, tag="task.decline"):
    """退单."""

    reason: str


class Report(TaskCommand, frozen=True, kw_only=True, tag="task.report"):
    """回单. Reporting what was never accepted accepts it: the work is what counts."""

    text: str


class Verify(TaskCommand, frozen=True, kw_only=True, tag="task.verify"):
    """核查通过."""

    text: str | None = None


class SendBack(TaskCommand, frozen=True, kw_only=True, tag="task.send_back"):
    """退回重办."""

    reason: str


class Withdraw(TaskCommand, frozen=True, kw_only=True, tag="task.withdraw"):
    """撤回."""

    reason: str


class CorrectTask(TaskCommand, frozen=True, kw_only=True, tag="task.correct"):
    """更正: say what is right of an earlier fact of this task."""

    version: int
    reason: str
    text: str | None = None
    occurred_at: Instant | None = None


Command = Deliver | Read | Accept | Decline | Report | Verify | SendBack | Withdraw | CorrectTask

_ASSIGNEE_ONLY = (Deliver, Read, Accept, Decline, Report)
_WORDLESS = frozenset((Deliver, Read, Accept))


def evolve(task: Task | None, event: TaskEvent) -> Task:
    """The task after this fact."""
    if task is None:
        if not isinstance(event, TaskDispatched):
            msg = f"a task begins with task.dispatched, not {event.TOPIC}"
            raise TypeError(msg)
        return Task(order=event.order, person=event.person, steps=event.steps)
    change: dict[str, object] = {}
    match event:
        case TaskDispatched():
            msg = "a task is dispatched once"
            raise TypeError(msg)
        case TaskDelivered():
            change["delivered"] = True
        case TaskRead():
            change["read"] = True
        case TaskAccepted():
            change["status"] = "in_progress"
        case TaskReported():
            change |= {"status": "to_verify", "report": event.text}
        case TaskClosed():
            change["status"] = "closed"
        case TaskSentBack():
            change |= {"status": "in_progress", "report": None}
        case TaskDeclined():
            change |= {"status": "declined", "declined": event.reason}
        case TaskWithdrawn():
            change["status"] = "withdrawn"
        case TaskVerified() | TaskOvertaken() | TaskCorrected():
            pass
    return msgspec.structs.replace(task, version=task.version + 1, **change)


def decide(
    task: Task | None, command: Command, who: str, actor: str | None = None
) -> Answer[TaskEvent]:
    """What follows from the command.

    `who` is the person who acts, or for whom `actor` acts. Raises NotFound, NotAllowed
    (`task.not_yours`, `task.own_report`), Malformed.
    """
    if task is None:
        raise NotFound("task.unknown", task=command.task)
    if type(command) not in _WORDLESS:
        _check_words(command)
    if isinstance(command, _ASSIGNEE_ONLY) and who != task.person:
        raise NotAllowed("task.not_yours", task=command.task)
    match command:
        case Deliver():
            return already_done("task.delivered") if task.delivered else accepted(TaskDelivered())
        case Read():
            return already_done("task.read") if task.read else accepted(TaskRead())
        case Accept():
            return _accept(task)
        case Decline():
            return _decline(task, command.reason)
        case Report():
            return _report(task, command.text)
        case Verify():
            _check_not_own(task, command, who, actor)
            return _verify(task, command)
        case SendBack():
            _check_not_own(task, command, who, actor)
            if task.status == "to_verify":
                return accepted(TaskSentBack(reason=command.reason))
            return _nothing_to_verify(task)
        case Withdraw():
            return _withdraw(task, command.reason)
        case CorrectTask():
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


def is_open(status: Status) -> bool:
    """Whether something is still to be done."""
    return status in ("waiting", "in_progress", "to_verify")


def _check_words(command: Command) -> None:
    check_words(reason=getattr(command, "reason", None), text=getattr(command, "text", None))
    if isinstance(command, CorrectTask):
        check_instants(command.occurred_at)
        if command.text is None and command.occurred_at is None:
            raise Malformed("correction.empty")


def _accept(task: Task) -> Answer[TaskEvent]:
    match task.status:
        case "waiting":
            if "report" in task.steps:
                return accepted(TaskAccepted())
            return accepted(TaskAccepted(), TaskClosed())
        case "in_progress" | "to_verify" | "closed":
            return already_done("task.accepted")
        case "declined" | "withdrawn":
            return overtaken(
                f"task.{task.status}", TaskOvertaken(did="accept", because=task.status)
            )


def _decline(task: Task, reason: str) -> Answer[TaskEvent]:
    match task.status:
        case "waiting" | "in_progress":
            return accepted(TaskDeclined(reason=reason))
        case "declined" if reason == task.declined:
            return already_done("task.declined")
        case "to_verify":
            return overtaken(
                "task.reported", TaskOvertaken(did="decline", because="reported", text=reason)
            )
        case "closed" | "declined" | "withdrawn":
            return overtaken(
                f"task.{task.status}",
                TaskOvertaken(did="decline", because=task.status, text=reason),
            )


def _report(task: Task, text: str) -> Answer[TaskEvent]:
    match task.status:
        case "waiting" | "in_progress":
            before = (TaskAccepted(),) if task.status == "waiting" else ()
            after = () if "verify" in task.steps else (TaskClosed(),)
            return accepted(*before, TaskReported(text=text), *after)
        case "to_verify":
            if text == task.report:
                return already_done("task.reported")
            return accepted(TaskReported(text=text))
        case "closed" | "declined" | "withdrawn":
            if text == task.report:
                return already_done("task.reported")
            return overtaken(
                f"task.{task.status}", TaskOvertaken(did="report", because=task.status, text=text)
            )


def _check_not_own(task: Task, command: Verify | SendBack, who: str, actor: str | None) -> None:
    if task.person in (who, actor):
        raise NotAllowed("task.own_report", task=command.task)


def _verify(task: Task, command: Verify) -> Answer[TaskEvent]:
    if task.status == "to_verify":
        return accepted(TaskVerified(text=command.text), TaskClosed())
    if task.status == "closed" and "verify" in task.steps:
        return already_done("task.closed")
    return _nothing_to_verify(task)


def _nothing_to_verify(task: Task) -> Answer[TaskEvent]:
    if task.status in ("waiting", "in_progress"):
        return refused("task.nothing_to_verify")
    return refused(f"task.{task.status}")


def _withdraw(task: Task, reason: str) -> Answer[TaskEvent]:
    match task.status:
        case "waiting" | "in_progress" | "to_verify":
            return accepted(TaskWithdrawn(reason=reason))
        case "withdrawn":
            return already_done("task.withdrawn")
        case "closed" | "declined":
            return refused(f"task.{task.status}")
