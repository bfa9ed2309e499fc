"""`handheld demo`: plays the typhoon afternoon on a new log, and shows it."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from handheld.bootstrap import settle_memory
from handheld.demo.story import Story
from handheld.domain.errors import Installation
from handheld.entrypoints.cli.context import session_of
from handheld.entrypoints.cli.demo_show import Show
from handheld.entrypoints.cli.shell import command
from handheld.entrypoints.cli.words import help_text


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    command(app, "demo", "demo.command")(demo)


def demo(
    ctx: typer.Context,
    data: Annotated[
        Path | None,
        typer.Option("--data", metavar="DIR", help=help_text("demo.data"), show_default=False),
    ] = None,
    leave: Annotated[bool, typer.Option("--exit", help=help_text("demo.exit"))] = False,
) -> None:
    """Play the story; the exit code says whether all was identical after the rebuild."""
    session = session_of(ctx)
    with ExitStack() as stack:
        directory = data
        if directory is None:
            directory = Path(tempfile.mkdtemp(prefix="handheld-demo-"))
            stack.callback(shutil.rmtree, directory, ignore_errors=True)
        elif (directory / "log.db").exists():
            raise Installation("demo.log_exists", path=str(directory))
        show = Show(session)
        stack.enter_context(show.progress)
        story = Story(directory, show)
        stack.callback(story.home.close)
        settle_memory()
        same = story.play()
        show.farewell(data, story.task_force)
    if not leave:
        session.say("demo.no_server")
    if not same:
        raise typer.Exit(1)
