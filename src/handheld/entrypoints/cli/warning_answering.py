"""`handheld warning decline` and `warning correct`."""

from __future__ import annotations

from typing import Annotated

import typer

import handheld.entrypoints.cli.arguments as arguments
from handheld.bootstrap import Home
from handheld.domain import warning_commands as domain
from handheld.domain.errors import Malformed, NotFound
from handheld.entrypoints.cli.context import session_of
from handheld.entrypoints.cli.options import (
    As,
    CommandId,
    FactNumber,
    Json,
    Reason,
    RightText,
    RightTime,
)
from handheld.entrypoints.cli.receipts import report
from handheld.entrypoints.cli.shell import command
from handheld.entrypoints.cli.warning_shown import lines_of
from handheld.entrypoints.cli.warning_words import WarningId, warning_stream
from handheld.entrypoints.cli.words import help_text
from handheld_events.ids import plan_stream


def register(commands: typer.Typer) -> None:
    """Add the commands to `handheld warning`."""
    command(commands, "decline", "warning.decline")(decline)
    command(commands, "correct", "warning.correct")(correct)


def decline(
    ctx: typer.Context,
    warning: WarningId,
    plan: Annotated[str, typer.Option("--plan", metavar="KEY", help=help_text("plan.key"))],
    reason: Reason,
    division: Annotated[
        str | None,
        typer.Option("--division", metavar="CODE", help=help_text("warning.declined_division")),
    ] = None,
    actor: As = arguments.OPERATOR,
    command_id: CommandId = None,
    as_json: Json = False,
) -> None:
    """The proposed start is not made."""
    session = session_of(ctx, as_json)
    stream, key = warning_stream(warning), plan_stream(arguments.plan_key(plan))
    with session.home(caught_up=True) as home:
        if division is not None:
            code = arguments.known_division(division, session.organisation(home))
        else:
            code = _only_place(home, stream, key)
        wanted = domain.DeclineProposal(warning=stream, plan=key, division=code, reason=reason)
        receipt = session.execute(home, wanted, actor, command_id=command_id)
        session.catch_up(home)
    report(session, receipt, warning=stream)


def _only_place(home: Home, stream: str, plan: str) -> str:
    """Where the plan is proposed, if in one division. Raises NotFound, Malformed."""
    found = [
        p.division for line in lines_of(home, (stream,)) for p in line.proposals if p.plan == plan
    ]
    if not found:
        raise NotFound("proposal.none", plan=plan.removeprefix("plan-"), warning=stream)
    if len(found) > 1:
        raise Malformed("usage.which_division", known=" ".join(found))
    return found[0]


def correct(
    ctx: typer.Context,
    warning: WarningId,
    version: FactNumber,
    reason: Reason,
    text: RightText = None,
    time: RightTime = None,
    actor: As = arguments.OPERATOR,
    command_id: CommandId = None,
    as_json: Json = False,
) -> None:
    """Correct an earlier fact."""
    session = session_of(ctx, as_json)
    stream = warning_stream(warning)
    with session.home() as home:
        wanted = domain.CorrectWarning(
            warning=stream,
            version=version,
            reason=reason,
            text=text,
            occurred_at=arguments.past(time, home.clock.now(), session.texts),
        )
        receipt = session.execute(home, wanted, actor, command_id=command_id)
    report(session, receipt, warning=stream)
