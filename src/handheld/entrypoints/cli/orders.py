"""`handheld order`: more orders and more people for a running task force."""

from __future__ import annotations

from typing import Annotated

import typer

import handheld.entrypoints.cli.arguments as arguments
from handheld.domain.joining import PullIn
from handheld.domain.ordering import IssueOrder
from handheld.entrypoints.cli.context import session_of
from handheld.entrypoints.cli.options import (
    As,
    CommandId,
    Json,
    OccurredAt,
    PersonNumber,
    TaskForceId,
)
from handheld.entrypoints.cli.receipts import report
from handheld.entrypoints.cli.render import clean, number
from handheld.entrypoints.cli.shell import command, group
from handheld.entrypoints.cli.starting import order_from
from handheld.entrypoints.cli.words import help_text
from handheld_events.ids import order_id


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    commands = group("order")
    command(commands, "issue", "order.issue")(issue)
    command(commands, "pull-in", "order.pull_in")(pull_in)
    app.add_typer(commands, name="order")


def issue(
    ctx: typer.Context,
    task_force: TaskForceId,
    text: Annotated[str, typer.Option("--text", help=help_text("start.order"))],
    to: Annotated[
        list[str] | None, typer.Option("--to", metavar="ROLE", help=help_text("start.to"))
    ] = None,
    person: Annotated[
        list[str] | None,
        typer.Option("--person", metavar="PERSON", help=help_text("start.person")),
    ] = None,
    verify: Annotated[bool, typer.Option("--verify", help=help_text("start.verify"))] = False,
    actor: As = arguments.OPERATOR,
    command_id: CommandId = None,
    occurred_at: OccurredAt = None,
    as_json: Json = False,
) -> None:
    """Issue one more order."""
    session = session_of(ctx, as_json)
    stream = arguments.task_force_stream(task_force)
    with session.home() as home:
        order = order_from(text, to, person, verify, session.organisation(home))
        identity = command_id or home.new_command_id()
        receipt = session.execute(
            home,
            IssueOrder(task_force=stream, order=order),
            actor,
            command_id=identity,
            occurred_at=occurred_at,
        )
        session.catch_up(home)
    issued = order_id(identity, 0)
    report(session, receipt, order=issued)
    if receipt.outcome == "accepted" and receipt.first is not None and receipt.last is not None:
        session.say("orders.issued", tasks=number(receipt.last - receipt.first))
        session.say("orders.order", order=issued)


def pull_in(
    ctx: typer.Context,
    task_force: TaskForceId,
    person: PersonNumber,
    order: Annotated[
        str | None, typer.Option("--order", metavar="ORDER", help=help_text("order.of_order"))
    ] = None,
    actor: As = arguments.OPERATOR,
    command_id: CommandId = None,
    occurred_at: OccurredAt = None,
    as_json: Json = False,
) -> None:
    """Pull somebody in."""
    session = session_of(ctx, as_json)
    stream = arguments.task_force_stream(task_force)
    with session.home() as home:
        known = arguments.known_person(person, session.organisation(home))
        wanted = None if order is None else f"order-{order.strip().removeprefix('order-')}"
        receipt = session.execute(
            home,
            PullIn(task_force=stream, person=known, order=wanted),
            actor,
            command_id=command_id,
            occurred_at=occurred_at,
        )
        session.catch_up(home)
        name = session.names(home).label(known)
    report(session, receipt)
    if receipt.outcome == "accepted":
        session.say("orders.pulled_in", person=clean(name))
