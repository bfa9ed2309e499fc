"""`handheld task`: each step of a task, and its course."""

from __future__ import annotations

from typing import Annotated

import msgspec
import typer

import handheld.entrypoints.cli.arguments as arguments
from handheld.application.loading import States
from handheld.domain import task as domain
from handheld.domain.errors import NotFound
from handheld.entrypoints.cli.context import Session, session_of
from handheld.entrypoints.cli.facts import Describer, Marks, facts_in, machine_fact
from handheld.entrypoints.cli.options import (
    As,
    CommandId,
    FactNumber,
    Json,
    OccurredAt,
    OnBehalfOf,
    Reason,
    RightText,
    RightTime,
    TaskId,
)
from handheld.entrypoints.cli.receipts import report as show_receipt
from handheld.entrypoints.cli.render import facts
from handheld.entrypoints.cli.shell import command, group
from handheld.entrypoints.cli.timelines import course
from handheld.entrypoints.cli.words import help_text

Words = Annotated[str, typer.Option("--text", help=help_text("common.text"))]
MaybeWords = Annotated[str | None, typer.Option("--text", help=help_text("common.text"))]


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    commands = group("task")
    command(commands, "deliver", "task.deliver")(deliver)
    command(commands, "read", "task.read")(read)
    command(commands, "accept", "task.accept")(accept)
    command(commands, "decline", "task.decline")(decline)
    command(commands, "report", "task.report")(report)
    command(commands, "verify", "task.verify")(verify)
    command(commands, "send-back", "task.send_back")(send_back)
    command(commands, "withdraw", "task.withdraw")(withdraw)
    command(commands, "correct", "task.correct")(correct)
    command(commands, "show", "task.show")(show)
    app.add_typer(commands, name="task")


def deliver(
    ctx: typer.Context,
    task: TaskId,
    actor: As = arguments.OPERATOR,
    on_behalf_of: OnBehalfOf = None,
    occurred_at: OccurredAt = None,
    command_id: CommandId = None,
    as_json: Json = False,
) -> None:
    """Delivered."""
    wanted = domain.Deliver(task=arguments.task_stream(task))
    _act(session_of(ctx, as_json), wanted, actor, on_behalf_of, occurred_at, command_id)


def read(
    ctx: typer.Context,
    task: TaskId,
    actor: As = arguments.OPERATOR,
    on_behalf_of: OnBehalfOf = None,
    occurred_at: OccurredAt = None,
    command_id: CommandId = None,
    as_json: Json = False,
) -> None:
    """Read."""
    wanted = domain.Read(task=arguments.task_stream(task))
    _act(session_of(ctx, as_json), wanted, actor, on_behalf_of, occurred_at, command_id)


def accept(
    ctx: typer.Context,
    task: TaskId,
    actor: As = arguments.OPERATOR,
    on_behalf_of: OnBehalfOf = None,
    occurred_at: OccurredAt = None,
    command_id: CommandId = None,
    as_json: Json = False,
) -> None:
    """Accept the task."""
    wanted = domain.Accept(task=arguments.task_stream(task))
    _act(session_of(ctx, as_json), wanted, actor, on_behalf_of, occurred_at, command_id)


def decline(
    ctx: typer.Context,
    task: TaskId,
    reason: Reason,
    actor: As = arguments.OPERATOR,
    on_behalf_of: OnBehalfOf = None,
    occurred_at: OccurredAt = None,
    command_id: CommandId = None,
    as_json: Json = False,
) -> None:
    """Decline."""
    wanted = domain.Decline(task=arguments.task_stream(task), reason=reason)
    _act(session_of(ctx, as_json), wanted, actor, on_behalf_of, occurred_at, command_id)


def report(
    ctx: typer.Context,
    task: TaskId,
    text: Words,
    actor: As = arguments.OPERATOR,
    on_behalf_of: OnBehalfOf = None,
    occurred_at: OccurredAt = None,
    command_id: CommandId = None,
    as_json: Json = False,
) -> None:
    """Report what was done."""
    wanted = domain.Report(task=arguments.task_stream(task), text=text)
    _act(session_of(ctx, as_json), wanted, actor, on_behalf_of, occurred_at, command_id)


def verify(
    ctx: typer.Context,
    task: TaskId,
    text: MaybeWords = None,
    actor: As = arguments.OPERATOR,
    on_behalf_of: OnBehalfOf = None,
    occurred_at: OccurredAt = None,
    command_id: CommandId = None,
    as_json: Json = False,
) -> None:
    """The report holds."""
    wanted = domain.Verify(task=arguments.task_stream(task), text=text)
    _act(session_of(ctx, as_json), wanted, actor, on_behalf_of, occurred_at, command_id)


def send_back(
    ctx: typer.Context,
    task: TaskId,
    reason: Reason,
    actor: As = arguments.OPERATOR,
    on_behalf_of: OnBehalfOf = None,
    occurred_at: OccurredAt = None,
    command_id: CommandId = None,
    as_json: Json = False,
) -> None:
    """Send back to be done again."""
    wanted = domain.SendBack(task=arguments.task_stream(task), reason=reason)
    _act(session_of(ctx, as_json), wanted, actor, on_behalf_of, occurred_at, command_id)


def withdraw(
    ctx: typer.Context,
    task: TaskId,
    reason: Reason,
    actor: As = arguments.OPERATOR,
    on_behalf_of: OnBehalfOf = None,
    occurred_at: OccurredAt = None,
    command_id: CommandId = None,
    as_json: Json = False,
) -> None:
    """Withdraw."""
    wanted = domain.Withdraw(task=arguments.task_stream(task), reason=reason)
    _act(session_of(ctx, as_json), wanted, actor, on_behalf_of, occurred_at, command_id)


def correct(
    ctx: typer.Context,
    task: TaskId,
    version: FactNumber,
    reason: Reason,
    text: RightText = None,
    time: RightTime = None,
    actor: As = arguments.OPERATOR,
    on_behalf_of: OnBehalfOf = None,
    command_id: CommandId = None,
    as_json: Json = False,
) -> None:
    """Correct an earlier fact."""
    wanted = domain.CorrectTask(
        task=arguments.task_stream(task),
        version=version,
        reason=reason,
        text=text,
    )
    _act(session_of(ctx, as_json), wanted, actor, on_behalf_of, None, command_id, right_time=time)


def _act(
    session: Session,
    wanted: domain.Command,
    actor: str,
    on_behalf_of: str | None,
    occurred_at: str | None,
    command_id: str | None,
    *,
    right_time: str | None = None,
) -> None:
    with session.home() as home:
        if isinstance(wanted, domain.CorrectTask):
            right = arguments.past(right_time, home.clock.now(), session.texts)
            wanted = msgspec.structs.replace(wanted, occurred_at=right)
        receipt = session.execute(
            home,
            wanted,
            actor,
            command_id=command_id,
            on_behalf_of=on_behalf_of,
            occurred_at=occurred_at,
        )
        session.catch_up(home)
    show_receipt(session, receipt, task=wanted.task)


def show(ctx: typer.Context, task: TaskId, as_json: Json = False) -> None:
    """Show a task and its course."""
    session = session_of(ctx, as_json)
    texts = session.texts
    stream = arguments.task_stream(task)
    with session.home() as home:
        found = list(facts_in(home.log.read_streams([stream])))
        states = States(home.log)
        states.load((stream,))
        loaded = states.get(stream)
        if loaded.state is None:
            raise NotFound("task.unknown", task=stream)
        state: domain.Task = loaded.state
        about = loaded.about
        if as_json:
            session.json(
                {
                    "task": stream,
                    "division": about.division,
                    "task_force": about.task_force,
                    "state": state,
                    "facts": [machine_fact(fact) for fact in found],
                }
            )
            return
        organisation = session.organisation(home)
        names = session.names(home)
        describer = Describer(texts, names, organisation)
        rows: list[tuple[str, str]] = [
            (texts.say("cli.tasks.person"), names.label(state.person)),
            (texts.say("cli.tasks.division"), describer.division(about.division or "")),
            (texts.say("cli.tasks.task_force"), about.task_force or ""),
            (texts.say("cli.tasks.order"), state.order),
            (texts.say("cli.tasks.state"), texts.state(state.status)),
            (texts.say("cli.tasks.marks"), _marks(session, state)),
            (texts.say("cli.tasks.report"), state.report or ""),
        ]
        session.show(facts(rows, title=texts.say("cli.tasks.title", task=stream)))
        session.show(course(session, found, Marks(found), describer))


def _marks(session: Session, state: domain.Task) -> str:
    texts = session.texts
    marks = [texts.stage("delivered")] if state.delivered else []
    marks += [texts.stage("read")] if state.read else []
    return texts.say("cli.list_comma").join(marks)
