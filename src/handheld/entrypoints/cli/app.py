"""The program's commands, and what all of them share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import handheld.entrypoints.cli.accounts as accounts
import handheld.entrypoints.cli.backup as backup
import handheld.entrypoints.cli.boards as boards
import handheld.entrypoints.cli.config as config_commands
import handheld.entrypoints.cli.demo as demo
import handheld.entrypoints.cli.departments as departments
import handheld.entrypoints.cli.divisions as divisions
import handheld.entrypoints.cli.doctor as doctor
import handheld.entrypoints.cli.duty as duty
import handheld.entrypoints.cli.findings as findings
import handheld.entrypoints.cli.fleet as fleet
import handheld.entrypoints.cli.forces as forces
import handheld.entrypoints.cli.founding as founding
import handheld.entrypoints.cli.groups as groups
import handheld.entrypoints.cli.inboxes as inboxes
import handheld.entrypoints.cli.links as links
import handheld.entrypoints.cli.log as log
import handheld.entrypoints.cli.orders as orders
import handheld.entrypoints.cli.people as people
import handheld.entrypoints.cli.plans as plans
import handheld.entrypoints.cli.postures as postures
import handheld.entrypoints.cli.reactions as reactions
import handheld.entrypoints.cli.registers as registers
import handheld.entrypoints.cli.serve as serve
import handheld.entrypoints.cli.starting as starting
import handheld.entrypoints.cli.tasks as tasks
import handheld.entrypoints.cli.timelines as timelines
import handheld.entrypoints.cli.waiting as waiting
import handheld.entrypoints.cli.warnings as warnings
from handheld import __version__
from handheld.config import FILE_VARIABLE, USUAL_DATA
from handheld.entrypoints.cli.configuring import configured
from handheld.entrypoints.cli.context import session_of
from handheld.entrypoints.cli.shell import Program, check_language
from handheld.entrypoints.cli.speaking import flag_value
from handheld.entrypoints.cli.words import help_text

app = typer.Typer(
    name="handheld",
    cls=Program,
    help=help_text("common.app"),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"handheld {__version__}")
        raise typer.Exit


@app.callback()
def begin(
    ctx: typer.Context,
    data: Annotated[
        Path,
        typer.Option(
            "--data", envvar="HANDHELD_DATA", metavar="DIR", help=help_text("common.data")
        ),
    ] = USUAL_DATA,
    config: Annotated[
        Path | None,
        typer.Option(
            "--config", envvar=FILE_VARIABLE, metavar="FILE", help=help_text("common.config")
        ),
    ] = None,
    lang: Annotated[
        str | None, typer.Option("--lang", metavar="zh|en", help=help_text("common.lang"))
    ] = None,
    version: Annotated[
        bool,
        typer.Option(
            "--version", is_eager=True, callback=_show_version, help=help_text("common.version")
        ),
    ] = False,
) -> None:
    """Take in what every command shares."""
    session = session_of(ctx)
    session.data = data
    check_language(lang)
    if "--help" in session.typed:
        return  # help is there for those, too, whose configuration is broken
    session.as_json = "--json" in session.typed  # the command, which asks later, may not be reached
    session.configuration = configured(ctx, flag_value(session.typed, "--lang"))
    session.data = session.configuration.resolved.settings.data


founding.register(app)
divisions.register(app)
departments.register(app)
people.register(app)
groups.register(app)
duty.register(app)
accounts.register(app)
links.register(app)
postures.register(app)
plans.register(app)
warnings.register(app)
starting.register(app)
orders.register(app)
tasks.register(app)
forces.register(app)
findings.register(app)
boards.register(app)
waiting.register(app)
timelines.register(app)
inboxes.register(app)
registers.register(app)
reactions.register(app)
log.register(app)
backup.register(app)
config_commands.register(app)
doctor.register(app)
serve.register(app)
fleet.register(app)
demo.register(app)


def main() -> None:
    """The command `handheld`."""
    app()
