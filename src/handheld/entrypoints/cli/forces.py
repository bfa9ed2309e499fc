"""`handheld force`: entries, messages, stand-down, close, ratings, archive."""

from __future__ import annotations

from typing import Annotated

import typer

import handheld.entrypoints.cli.arguments as arguments
import handheld.entrypoints.cli.commanding as commanding
import handheld.entrypoints.cli.forces_shown as shown
import handheld.entrypoints.cli.messages as messages
from handheld.domain.ending import CancelTaskForce, CloseTaskForce, StandDown
from handheld.domain.task_force import (
    ArchiveTaskForce,
    CorrectTaskForce,
    EvaluateTaskForce,
    MakeEntry,
    RateTaskForce,
    ReopenTaskForce,
    StrikeEntry,
)
from handheld.entrypoints.cli.options import (
    FactNumber,
    MaybeText,
    Reason,
    RightText,
    RightTime,
    Satisfied,
    Score,
    TaskForceId,
    Text,
)
from handheld.entrypoints.cli.render import number
from handheld.entrypoints.cli.sending import Act, sends
from handheld.entrypoints.cli.shell import command, group
from handheld.entrypoints.cli.words import help_text
from handheld_events.ids import entry_id
from handheld_events.task_force import (
    StoodDown,
    TaskForceCancelled,
    TaskForceClosed,
    TaskForceEvent,
)


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    force = group("force")
    sends(force, "entry", "force.entry")(entry)
    sends(force, "strike", "force.strike", earlier=False)(strike)
    messages.register(force)
    commanding.register(force)
    sends(force, "stand-down", "force.stand_down", earlier=False)(stand_down)
    sends(force, "close", "force.close", earlier=False)(close)
    sends(force, "cancel", "force.cancel", earlier=False)(cancel)
    sends(force, "reopen", "force.reopen", earlier=False)(reopen)
    sends(force, "rate", "force.rate", earlier=False)(rate)
    sends(force, "evaluate", "force.evaluate", earlier=False)(evaluate)
    sends(force, "archive", "force.archive", earlier=False)(archive)
    sends(force, "correct", "force.correct", earlier=False)(correct)
    command(force, "show", "force.show")(shown.show)
    command(force, "list", "force.list")(shown.list_)
    app.add_typer(force, name="force")


def entry(act: Act, task_force: TaskForceId, text: Text) -> MakeEntry:
    """记事."""
    act.ids["entry"] = made = entry_id(act.identity)
    act.say("forces.entry", entry=made)
    return MakeEntry(task_force=arguments.task_force_stream(task_force), text=text)


def strike(
    act: Act,
    task_force: TaskForceId,
    made: Annotated[str, typer.Argument(metavar="ENTRY", help=help_text("force.entry_id"))],
    reason: Reason,
) -> StrikeEntry:
    """作废."""
    entry = f"entry-{made.strip().removeprefix('entry-')}"
    return StrikeEntry(task_force=of(act, task_force), entry=entry, reason=reason)


def stand_down(act: Act, task_force: TaskForceId, reason: Reason) -> StandDown:
    """终止响应."""
    _say_ended(act)
    return StandDown(task_force=of(act, task_force), reason=reason)


def close(
    act: Act,
    task_force: TaskForceId,
    outcome: Annotated[str, typer.Option("--outcome", help=help_text("force.outcome"))],
    withdraw_open: Annotated[
        bool, typer.Option("--withdraw-open", help=help_text("force.withdraw_open"))
    ] = False,
) -> CloseTaskForce:
    """办结."""
    _say_ended(act)
    return CloseTaskForce(
        task_force=of(act, task_force), outcome=outcome, withdraw_open=withdraw_open
    )


def cancel(act: Act, task_force: TaskForceId, reason: Reason) -> CancelTaskForce:
    """撤销."""
    _say_ended(act)
    return CancelTaskForce(task_force=of(act, task_force), reason=reason)


def reopen(act: Act, task_force: TaskForceId, reason: Reason) -> ReopenTaskForce:
    """重开."""
    return ReopenTaskForce(task_force=of(act, task_force), reason=reason)


def rate(
    act: Act, task_force: TaskForceId, satisfied: Satisfied, text: MaybeText = None
) -> RateTaskForce:
    """评价."""
    return RateTaskForce(task_force=of(act, task_force), satisfied=satisfied, text=text)


def evaluate(
    act: Act, task_force: TaskForceId, score: Score, text: MaybeText = None
) -> EvaluateTaskForce:
    """评分."""
    return EvaluateTaskForce(task_force=of(act, task_force), score=score, text=text)


def archive(act: Act, task_force: TaskForceId) -> ArchiveTaskForce:
    """归档."""
    return ArchiveTaskForce(task_force=of(act, task_force))


def correct(
    act: Act,
    task_force: TaskForceId,
    version: FactNumber,
    reason: Reason,
    text: RightText = None,
    time: RightTime = None,
) -> CorrectTaskForce:
    """更正."""
    return CorrectTaskForce(
        task_force=of(act, task_force),
        version=version,
        reason=reason,
        text=text,
        occurred_at=act.past(time),
    )


def of(act: Act, task_force: str) -> str:
    """The stream of a task force, which the answer names."""
    act.ids["task_force"] = stream = arguments.task_force_stream(task_force)
    return stream


def _say_ended(act: Act) -> None:
    """Say how many tasks ended with the task force."""

    def told(event: TaskForceEvent) -> None:
        match event:
            case StoodDown(withdrawn=withdrawn) | TaskForceClosed(withdrawn=withdrawn) if withdrawn:
                act.say("forces.withdrawn", count=number(withdrawn))
            case TaskForceCancelled(tasks=tasks):
                act.say("forces.cancelled", count=number(tasks))
            case _:
                pass

    act.told = told
