"""`handheld migrate`: the tables of a district in PostgreSQL."""

from __future__ import annotations

from typing import Annotated

import typer

from handheld.bootstrap import Shared, after_restore, migrate
from handheld.domain.errors import Installation
from handheld.entrypoints.cli.context import session_of
from handheld.entrypoints.cli.options import Json
from handheld.entrypoints.cli.shell import command
from handheld.entrypoints.cli.words import help_text


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    command(app, "migrate", "migrate.command")(make_tables)


def make_tables(
    ctx: typer.Context,
    restored: Annotated[
        bool, typer.Option("--restored", help=help_text("migrate.restored"))
    ] = False,
    as_json: Json = False,
) -> None:
    """Make what is missing. Raises Installation."""
    session = session_of(ctx, as_json)
    where = session.where()
    if where is None:
        raise Installation("database.not_set")
    with session.working("opening"):
        new = migrate(where)
        if restored:
            after_restore(where)
        place = Shared(where, ())
        log_id = place.app.port.log_id
        place.close()
    if as_json:
        session.json({"district": where.district, "log": log_id, "made": new})
        return
    session.say("migrate.made" if new else "migrate.kept", district=where.district, log=log_id)
    if restored:
        session.say("migrate.restored")
    if new:
        session.say("migrate.next")
