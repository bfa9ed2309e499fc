"""`handheld init`: a new data directory."""

from __future__ import annotations

from typing import Annotated

import typer

import handheld.entrypoints.cli.arguments as arguments
from handheld.adapters.clock import ClockSetting
from handheld.bootstrap import found_home
from handheld.domain.errors import Installation, Malformed
from handheld.entrypoints.cli.context import session_of
from handheld.entrypoints.cli.options import Json
from handheld.entrypoints.cli.shell import command
from handheld.entrypoints.cli.words import help_text


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    command(app, "init", "init.command")(init)


def init(
    ctx: typer.Context,
    simulated_from: Annotated[
        str | None,
        typer.Option("--simulated-from", metavar="TIME", help=help_text("init.simulated_from")),
    ] = None,
    rate: Annotated[
        float | None, typer.Option("--rate", metavar="NUMBER", help=help_text("init.rate"))
    ] = None,
    as_json: Json = False,
) -> None:
    """Make a data directory with an empty log."""
    session = session_of(ctx, as_json)
    if rate is not None and not (simulated_from is not None and 0 <= rate < float("inf")):
        raise Malformed("usage.rate", text=f"{rate:g}")
    clock = ClockSetting(
        origin=arguments.moment(simulated_from), rate=1.0 if rate is None else rate
    )
    if session.where() is not None:
        raise Installation("database.migrate")
    data = session.data
    if data.exists() and not data.is_dir():
        raise Installation("data.not_a_directory", path=str(data))
    kept = (data / "log.db").exists()
    if not kept:
        found_home(data, clock=clock)
    with session.home() as home:
        log_id = home.log.log_id
    if as_json:
        session.json({"log": log_id, "path": str(data), "made": not kept})
        return
    session.say("init.kept" if kept else "init.made", path=data, log=log_id)
    if kept:
        return
    if clock.origin is not None:
        origin = f"{session.texts.time(clock.origin)} {session.texts.say('cli.zone')}"
        session.say("init.simulated", origin=origin, rate=f"{clock.rate:g}")
    session.say("init.next")
