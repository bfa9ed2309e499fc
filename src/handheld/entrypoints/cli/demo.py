"""`handheld demo`: plays a story on a new log, and shows it: the typhoon, or the workshop."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import ExitStack
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from handheld.bootstrap import settle_memory
from handheld.demo.story import Story
from handheld.demo.workshop import Workshop
from handheld.domain.errors import Installation
from handheld.entrypoints.cli.context import Session, session_of
from handheld.entrypoints.cli.demo_show import Show
from handheld.entrypoints.cli.demo_workshop import WorkshopShow
from handheld.entrypoints.cli.shell import command
from handheld.entrypoints.cli.words import help_text


class Which(StrEnum):
    """The stories that can be played."""

    TYPHOON = "typhoon"
    WORKSHOP = "workshop"


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    command(app, "demo", "demo.command")(demo)


def demo(
    ctx: typer.Context,
    which: Annotated[
        Which, typer.Argument(metavar="[typhoon|workshop]", help=help_text("demo.story"))
    ] = Which.TYPHOON,
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
        story, show = _begun(which, session, directory)
        stack.enter_context(show.progress)
        stack.callback(story.home.close)
        settle_memory()
        same = story.play()
        show.farewell(data, story.task_force)
    if not leave:
        session.say("demo.no_server")
    if not same:
        raise typer.Exit(1)


def _begun(
    which: Which, session: Session, directory: Path
) -> tuple[Story, Show] | tuple[Workshop, WorkshopShow]:
    if which is Which.WORKSHOP:
        telling = WorkshopShow(session)
        return Workshop(directory, telling), telling
    show = Show(session)
    return Story(directory, show), show
