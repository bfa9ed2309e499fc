"""`handheld demo`: plays a story on a new log, and shows it; then serves it, with phones that answer."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import ExitStack
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from handheld.bootstrap import settle_memory
from handheld.demo.scene import END, START
from handheld.demo.story import Story
from handheld.demo.workshop import Workshop
from handheld.domain.errors import Installation, Malformed
from handheld.entrypoints.cli.arguments import moment
from handheld.entrypoints.cli.context import Session, session_of
from handheld.entrypoints.cli.demo_show import Show
from handheld.entrypoints.cli.demo_workshop import WorkshopShow
from handheld.entrypoints.cli.shell import command
from handheld.entrypoints.cli.words import help_text

USUAL_RATE = 60.0
"""An hour of the story takes a minute: half of those who are called answer within some seconds."""


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
    until: Annotated[
        str | None, typer.Option("--until", metavar="TIME", help=help_text("demo.until"))
    ] = None,
    host: Annotated[
        str | None, typer.Option("--host", metavar="HOST", help=help_text("config.host"))
    ] = None,
    port: Annotated[
        int | None,
        typer.Option("--port", metavar="PORT", min=0, max=65535, help=help_text("config.port")),
    ] = None,
    phones: Annotated[
        int | None, typer.Option("--phones", metavar="NUMBER", min=1, help=help_text("live.phones"))
    ] = None,
    rate: Annotated[
        float, typer.Option("--rate", metavar="NUMBER", min=0.001, help=help_text("live.rate"))
    ] = USUAL_RATE,
) -> None:
    """Play the story, and serve what it leaves until interrupted.

    The exit code says whether all was identical after the rebuild, and nothing lost or doubled.
    """
    # A server is much to load: other commands do without.
    from handheld.entrypoints.cli.demo_live import Asked, LiveDemo, ready

    session = session_of(ctx)
    stops = _stops(which, until)
    settings = None if leave else ready(session, host, port)
    with ExitStack() as stack:
        directory = data
        if directory is None:
            directory = Path(tempfile.mkdtemp(prefix="handheld-demo-"))
            stack.callback(shutil.rmtree, directory, ignore_errors=True)
        elif (directory / "log.db").exists():
            raise Installation("demo.log_exists", path=str(directory))
        story, show = _begun(which, session, directory, stops)
        stack.callback(story.home.close)
        settle_memory()
        with show.progress:
            right = story.play()
        if settings is not None:
            story.stage.run_on()
            live = LiveDemo(session, story.home, story.where, settings)
            right = live.run(Asked(phones, rate)) and right
        show.farewell(data, story.task_force)
    if not right:
        raise typer.Exit(1)


def _stops(which: Which, until: str | None) -> datetime | None:
    """When the story is left off. Raises Malformed (`usage.time`, `demo.until`)."""
    found = moment(until, START)
    if found is not None and (which is not Which.TYPHOON or not START <= found <= END):
        raise Malformed("demo.until", text=until)
    return found


def _begun(
    which: Which, session: Session, directory: Path, until: datetime | None
) -> tuple[Story, Show] | tuple[Workshop, WorkshopShow]:
    if which is Which.WORKSHOP:
        telling = WorkshopShow(session)
        return Workshop(directory, telling), telling
    show = Show(session)
    return Story(directory, show, until=until), show
