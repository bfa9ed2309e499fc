"""`handheld warning`: told by telephone, found in data, told anew, placed, lifted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

import typer

import handheld.entrypoints.cli.arguments as arguments
import handheld.entrypoints.cli.warning_answering as answering
import handheld.entrypoints.cli.warning_looking as looking
import handheld.entrypoints.cli.warning_receiving as receiving
from handheld.application.requests import Receipt
from handheld.bootstrap import Home
from handheld.domain import warning_commands as domain
from handheld.entrypoints.cli.context import Session, session_of
from handheld.entrypoints.cli.options import As, CommandId, Drill, Json, OccurredAt, Reason
from handheld.entrypoints.cli.receipts import receipt_fields, report
from handheld.entrypoints.cli.shell import command, group
from handheld.entrypoints.cli.warning_shown import lines_of, machine, show_proposals
from handheld.entrypoints.cli.warning_words import (
    WarningId,
    ahead,
    warned_divisions,
    warning_level,
    warning_stream,
)
from handheld.entrypoints.cli.words import help_text
from handheld_events.ids import warning_id
from handheld_projections.organisation import Organisation

Event = Annotated[str, typer.Option("--event", metavar="NAME", help=help_text("warning.event"))]
Level = Annotated[str, typer.Option("--level", metavar="LEVEL", help=help_text("warning.level"))]
Divisions = Annotated[
    list[str], typer.Option("--division", metavar="CODE", help=help_text("warning.division"))
]
Headline = Annotated[str | None, typer.Option("--headline", help=help_text("warning.headline"))]
Description = Annotated[
    str | None, typer.Option("--description", help=help_text("warning.description"))
]
Expires = Annotated[
    str | None, typer.Option("--expires", metavar="TIME", help=help_text("warning.expires"))
]

Make = Callable[[Organisation, datetime], object]


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    commands = group("warning")
    receiving.register(commands)
    command(commands, "tell", "warning.tell")(tell)
    command(commands, "raise", "warning.raise")(raise_)
    command(commands, "update", "warning.update")(update)
    command(commands, "lift", "warning.lift")(lift)
    command(commands, "place", "warning.place")(place)
    command(commands, "propose", "warning.propose")(propose)
    answering.register(commands)
    looking.register(commands)
    app.add_typer(commands, name="warning")


def tell(
    ctx: typer.Context,
    event: Event,
    level: Level,
    division: Divisions,
    by: Annotated[str, typer.Option("--by", metavar="OFFICE", help=help_text("warning.by"))],
    headline: Headline = None,
    expires: Expires = None,
    updates: Annotated[
        str | None, typer.Option("--updates", metavar="WARNING", help=help_text("warning.updates"))
    ] = None,
    drill: Drill = False,
    actor: As = arguments.OPERATOR,
    command_id: CommandId = None,
    occurred_at: OccurredAt = None,
    as_json: Json = False,
) -> None:
    """Type in a warning told by telephone."""

    def made(organisation: Organisation, now: datetime) -> object:
        return domain.TellWarning(
            event=event,
            level=warning_level(level),
            divisions=warned_divisions(division, organisation),
            told_by=by,
            headline=headline,
            expires=ahead(expires, now),
            updates=news_of,
        )

    news_of = arguments.warning_stream(updates)
    session = session_of(ctx, as_json)
    _new(session, made, actor, command_id, occurred_at, drill, news_of)


def raise_(
    ctx: typer.Context,
    event: Event,
    level: Level,
    headline: Annotated[str, typer.Option("--headline", help=help_text("warning.found"))],
    division: Divisions,
    description: Description = None,
    expires: Expires = None,
    drill: Drill = False,
    actor: As = arguments.OPERATOR,
    command_id: CommandId = None,
    occurred_at: OccurredAt = None,
    as_json: Json = False,
) -> None:
    """An anomaly found in data becomes a warning."""

    def made(organisation: Organisation, now: datetime) -> object:
        return domain.RaiseWarning(
            event=event,
            level=warning_level(level),
            headline=headline,
            divisions=warned_divisions(division, organisation),
            description=description,
            expires=ahead(expires, now),
        )

    session = session_of(ctx, as_json)
    _new(session, made, actor, command_id, occurred_at, drill)


def update(
    ctx: typer.Context,
    warning: WarningId,
    event: Annotated[
        str | None, typer.Option("--event", metavar="NAME", help=help_text("warning.event"))
    ] = None,
    level: Annotated[
        str | None, typer.Option("--level", metavar="LEVEL", help=help_text("warning.level"))
    ] = None,
    headline: Headline = None,
    division: Annotated[
        list[str] | None,
        typer.Option("--division", metavar="CODE", help=help_text("warning.division")),
    ] = None,
    description: Description = None,
    expires: Expires = None,
    actor: As = arguments.OPERATOR,
    command_id: CommandId = None,
    as_json: Json = False,
) -> None:
    """It is told anew; what is not given stays."""

    def made(organisation: Organisation, now: datetime) -> object:
        return domain.UpdateWarning(
            warning=warning_stream(warning),
            event=event,
            level=None if level is None else warning_level(level),
            headline=headline,
            divisions=warned_divisions(division, organisation) if division else None,
            description=description,
            expires=ahead(expires, now),
        )

    _change(session_of(ctx, as_json), warning, made, actor, command_id)


def lift(
    ctx: typer.Context,
    warning: WarningId,
    reason: Reason,
    actor: As = arguments.OPERATOR,
    command_id: CommandId = None,
    as_json: Json = False,
) -> None:
    """It is over."""
    wanted = domain.LiftWarning(warning=warning_stream(warning), reason=reason)
    _change(session_of(ctx, as_json), warning, lambda *_: wanted, actor, command_id)


def place(
    ctx: typer.Context,
    warning: WarningId,
    division: Divisions,
    actor: As = arguments.OPERATOR,
    command_id: CommandId = None,
    as_json: Json = False,
) -> None:
    """Say which divisions it is for."""

    def made(organisation: Organisation, now: datetime) -> object:
        return domain.PlaceWarning(
            warning=warning_stream(warning), divisions=warned_divisions(division, organisation)
        )

    _change(session_of(ctx, as_json), warning, made, actor, command_id)


def propose(
    ctx: typer.Context,
    warning: WarningId,
    actor: As = arguments.OPERATOR,
    command_id: CommandId = None,
    as_json: Json = False,
) -> None:
    """See which plans answer it now."""
    wanted = domain.ProposeStart(warning=warning_stream(warning))
    _change(session_of(ctx, as_json), warning, lambda *_: wanted, actor, command_id)


def _new(
    session: Session,
    made: Make,
    actor: str,
    command_id: str | None,
    occurred_at: str | None,
    drill: bool,
    updates: str | None = None,
) -> None:
    """Bring a warning in, let plans answer, and show the start that is ready.

    What is news of another warning goes on as that one.
    """
    with session.home() as home:
        identity = command_id or home.new_command_id()
        receipt = session.execute(
            home,
            made(session.organisation(home), home.clock.now()),
            actor,
            command_id=identity,
            occurred_at=occurred_at,
            drill=drill,
        )
        _told(session, home, receipt, updates or warning_id(identity))


def _change(session: Session, warning: str, made: Make, actor: str, command_id: str | None) -> None:
    with session.home() as home:
        wanted = made(session.organisation(home), home.clock.now())
        receipt = session.execute(home, wanted, actor, command_id=command_id)
        _told(session, home, receipt, warning_stream(warning))


def _told(session: Session, home: Home, receipt: Receipt, stream: str) -> None:
    home.react()
    session.catch_up(home)
    lines = lines_of(home, (stream,))
    if session.as_json:
        about = machine(session, lines[0]) if lines else {"warning": stream}
        session.json({**receipt_fields(receipt), **about})
        if receipt.outcome == "refused":
            raise typer.Exit(1)
        return
    report(session, receipt, warning=stream)
    session.say("warnings.number", warning=stream)
    for line in lines:
        show_proposals(session, home, line)
