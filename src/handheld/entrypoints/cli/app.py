"""The program, and what all of its commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

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


def main() -> None:
    """The command `handheld`."""
    app()
