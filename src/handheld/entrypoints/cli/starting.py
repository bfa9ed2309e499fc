"""`handheld start`: who would be called, then one click."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer

import handheld.entrypoints.cli.arguments as arguments
from handheld.application.reading.preview import Previewed
from handheld.application.requests import Receipt
from handheld.bootstrap import Home
from handheld.domain.errors import Malformed
from handheld.domain.starting import Preview, StartFromPlan
from handheld.entrypoints.cli.context import Session, session_of
from handheld.entrypoints.cli.options import (
    As,
    CommandId,
    Drill,
    Json,
    Level,
    OccurredAt,
    OfFinding,
    OfWarning,
    OnBehalfOf,
    Place,
    Title,
)
from handheld.entrypoints.cli.order_options import How, Whom
from handheld.entrypoints.cli.plan_reading import load_plan
from handheld.entrypoints.cli.previews import machine, show_preview
from handheld.entrypoints.cli.receipts import receipt_fields, report
from handheld.entrypoints.cli.render import number
from handheld.entrypoints.cli.sending import Sender
from handheld.entrypoints.cli.shell import command as add_command
from handheld.entrypoints.cli.start_options import Asked, check, read_written, wanted
from handheld.entrypoints.cli.words import help_text
from handheld_events.ids import order_id, task_force_id


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    add_command(app, "start", "start.command")(start)


def start(
    ctx: typer.Context,
    *,
    division: Annotated[
        str | None, typer.Option("--division", metavar="CODE", help=help_text("start.division"))
    ] = None,
    plan: Annotated[
        str | None, typer.Option("--plan", metavar="KEY", help=help_text("start.plan"))
    ] = None,
    title: Title = None,
    order: Annotated[str | None, typer.Option("--order", help=help_text("start.order"))] = None,
    whom: Whom,
    how: How,
    place: Place = None,
    level: Level = None,
    lead: Annotated[
        str | None, typer.Option("--lead", metavar="KEY", help=help_text("start.lead"))
    ] = None,
    warning: OfWarning = None,
    finding: OfFinding = None,
    file: Annotated[
        Path | None, typer.Option("--file", metavar="FILE", help=help_text("start.file"))
    ] = None,
    sample: Annotated[
        str | None, typer.Option("--sample", metavar="NAME", help=help_text("start.sample"))
    ] = None,
    drill: Drill = False,
    yes: Annotated[bool, typer.Option("--yes", help=help_text("start.yes"))] = False,
    preview_only: Annotated[
        bool, typer.Option("--preview", help=help_text("start.preview"))
    ] = False,
    again: Annotated[bool, typer.Option("--again", help=help_text("start.again"))] = False,
    names: Annotated[bool, typer.Option("--names", help=help_text("start.names"))] = False,
    actor: As = arguments.OPERATOR,
    on_behalf_of: OnBehalfOf = None,
    command_id: CommandId = None,
    occurred_at: OccurredAt = None,
    as_json: Json = False,
) -> None:
    """Start a task force."""
    session = session_of(ctx, as_json)
    written = read_written(file, sample)
    said = (division, plan, title, order, place, level, lead, warning, finding)
    asked = Asked(*said, whom, how, written, again)
    check(asked)
    with session.home() as home:
        command = wanted(asked, session.organisation(home))
        adopted = None
        if isinstance(command, StartFromPlan):
            adopted = load_plan(home, command.plan.removeprefix("plan-"))[0]
        session.organisation(home)  # with a progress bar, where there is much to catch up with
        seen = Previewed(home.preview(command, drill=drill), command, adopted)
        if preview_only:
            _only_show(session, home, seen, names, drill)
            return
        if not yes:
            _ask(session, home, seen, names, drill)
        identity = command_id or home.new_command_id()
        began = perf_counter()
        sender = Sender(actor, on_behalf_of, occurred_at, identity, drill)
        with session.working("writing"):
            receipt = session.execute(home, command, **sender._asdict())
        took = perf_counter() - began
        session.catch_up(home)
    _report(session, receipt, seen.preview, identity, took, drill)


def _only_show(session: Session, home: Home, seen: Previewed, names: bool, drill: bool) -> None:
    organisation = session.organisation(home)
    if session.as_json:
        session.json(machine(seen, organisation, names))
        return
    show_preview(session, seen, organisation, session.names(home), all_names=names, drill=drill)
    session.say("start.preview_only")


def _ask(session: Session, home: Home, seen: Previewed, names: bool, drill: bool) -> None:
    """Show the preview and ask. Raises Malformed (`usage.confirm`), typer.Exit (1)."""
    if session.as_json or not session.may_ask():
        raise Malformed("usage.confirm")
    organisation = session.organisation(home)
    show_preview(session, seen, organisation, session.names(home), all_names=names, drill=drill)
    if not session.ask("start.ask"):
        session.say("abort")
        raise typer.Exit(1)


def _report(
    session: Session, receipt: Receipt, seen: Preview, identity: str, took: float, drill: bool
) -> None:
    task_force = task_force_id(identity)
    tasks = sum(len(found.assignees) for _, found in seen.orders)
    if session.as_json:
        orders = [order_id(identity, index) for index in range(len(seen.orders))]
        fields = receipt_fields(receipt, task_force=task_force)
        session.json({**fields, "tasks": tasks, "orders": orders})
        if receipt.outcome == "refused":
            raise typer.Exit(1)
        return
    report(session, receipt)
    if receipt.repeated:
        session.say("start.already", task_force=task_force)
        return
    session.say(
        "start.started", title=seen.title, tasks=number(tasks), seconds=f"{max(took, 0.01):.2f}"
    )
    session.say("start.task_force", task_force=task_force)
    vacant = sum(len(found.vacant) for _, found in seen.orders)
    if vacant:
        session.say("orders.vacant", count=number(vacant))
    if drill:
        session.say("start.drill")
