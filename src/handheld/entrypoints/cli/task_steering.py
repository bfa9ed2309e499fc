"""`handheld task`: what others do with a task (核查, 退回, 挂起, 延期, 催办, 督办, 转派, 评价)."""

from __future__ import annotations

from typing import Annotated

import typer

import handheld.entrypoints.cli.arguments as arguments
from handheld.domain import task_commands as commands
from handheld.domain.errors import Malformed
from handheld.domain.reassigning import Reassign
from handheld.entrypoints.cli.options import (
    FactNumber,
    MaybeText,
    Reason,
    RightText,
    RightTime,
    Satisfied,
    Score,
    TaskId,
    Text,
    ToPerson,
)
from handheld.entrypoints.cli.render import clean
from handheld.entrypoints.cli.sending import Act, sends
from handheld.entrypoints.cli.words import help_text
from handheld_events.task import TaskReassigned

Until = Annotated[str | None, typer.Option("--until", metavar="TIME", help=help_text("task.until"))]
By = Annotated[str, typer.Option("--by", metavar="TIME", help=help_text("task.by"))]


def register(task: typer.Typer) -> None:
    """Add the commands to `handheld task`."""
    sends(task, "verify", "task.verify")(verify)
    sends(task, "send-back", "task.send_back")(send_back)
    sends(task, "withdraw", "task.withdraw")(withdraw)
    sends(task, "suspend", "task.suspend")(suspend)
    sends(task, "resume", "task.resume")(resume)
    sends(task, "extend", "task.extend")(extend)
    sends(task, "remind", "task.remind")(remind)
    sends(task, "supervise", "task.supervise")(supervise)
    sends(task, "reassign", "task.reassign")(reassign)
    sends(task, "reopen", "task.reopen")(reopen)
    sends(task, "rate", "task.rate")(rate)
    sends(task, "evaluate", "task.evaluate")(evaluate)
    sends(task, "correct", "task.correct", earlier=False)(correct)


def verify(act: Act, task: TaskId, text: MaybeText = None) -> commands.Verify:
    """核查通过."""
    return commands.Verify(task=_of(act, task), text=text)


def send_back(act: Act, task: TaskId, reason: Reason) -> commands.SendBack:
    """退回重办."""
    return commands.SendBack(task=_of(act, task), reason=reason)


def withdraw(act: Act, task: TaskId, reason: Reason) -> commands.Withdraw:
    """撤回."""
    return commands.Withdraw(task=_of(act, task), reason=reason)


def suspend(act: Act, task: TaskId, reason: Reason, until: Until = None) -> commands.Suspend:
    """挂起."""
    return commands.Suspend(task=_of(act, task), reason=reason, until=act.moment(until))


def resume(act: Act, task: TaskId) -> commands.Resume:
    """恢复."""
    return commands.Resume(task=_of(act, task))


def extend(act: Act, task: TaskId, by: By, reason: Reason) -> commands.Extend:
    """延期."""
    moment = act.moment(by)
    if moment is None:
        raise Malformed("usage.time", text=by)
    return commands.Extend(task=_of(act, task), report_by=moment, reason=reason)


def remind(act: Act, task: TaskId, text: MaybeText = None) -> commands.Remind:
    """催办."""
    return commands.Remind(task=_of(act, task), text=text)


def supervise(act: Act, task: TaskId, text: Text) -> commands.Supervise:
    """督办."""
    return commands.Supervise(task=_of(act, task), text=text)


def reassign(act: Act, task: TaskId, to: ToPerson, reason: Reason) -> Reassign:
    """转派."""
    person = act.person(to)
    name = act.name(person)

    def told(event: object) -> None:
        if isinstance(event, TaskReassigned):
            act.ids["new_task"] = event.task
            act.say("tasks.reassigned", person=clean(name), task=event.task)

    act.told = told
    return Reassign(task=_of(act, task), to=person, reason=reason)


def reopen(act: Act, task: TaskId, reason: Reason) -> commands.Reopen:
    """重开."""
    return commands.Reopen(task=_of(act, task), reason=reason)


def rate(act: Act, task: TaskId, satisfied: Satisfied, text: MaybeText = None) -> commands.Rate:
    """评价."""
    return commands.Rate(task=_of(act, task), satisfied=satisfied, text=text)


def evaluate(act: Act, task: TaskId, score: Score, text: MaybeText = None) -> commands.Evaluate:
    """评单."""
    return commands.Evaluate(task=_of(act, task), score=score, text=text)


def correct(
    act: Act,
    task: TaskId,
    version: FactNumber,
    reason: Reason,
    text: RightText = None,
    time: RightTime = None,
) -> commands.CorrectTask:
    """更正."""
    return commands.CorrectTask(
        task=_of(act, task), version=version, reason=reason, text=text, occurred_at=act.past(time)
    )


def _of(act: Act, task: str) -> str:
    act.ids["task"] = stream = arguments.task_stream(task)
    return stream
