"""`handheld cluster`: a district on several processes, shown on one machine."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from handheld.entrypoints.cli.context import session_of
from handheld.entrypoints.cli.shell import command, group
from handheld.entrypoints.cli.words import help_text

USUAL_RATE = 60.0
"""Simulated seconds a second: an afternoon in some minutes."""


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    commands = group("cluster")
    command(commands, "demo", "cluster.demo")(demo)
    app.add_typer(commands, name="cluster")


def demo(
    ctx: typer.Context,
    leave: Annotated[bool, typer.Option("--exit", help=help_text("cluster.exit"))] = False,
    phones: Annotated[
        int | None, typer.Option("--phones", metavar="NUMBER", min=1, help=help_text("live.phones"))
    ] = None,
    rate: Annotated[
        float, typer.Option("--rate", metavar="NUMBER", min=1, help=help_text("cluster.rate"))
    ] = USUAL_RATE,
) -> None:
    """Play the typhoon on a cluster whose parts are killed meanwhile.

    The exit code says whether nothing was lost or doubled, and all agrees in the end.
    """
    # Servers are much to load: other commands do without.
    from handheld.entrypoints.cli.cluster_demo import ClusterDemo

    session = session_of(ctx)
    with ExitStack() as stack:
        directory = Path(tempfile.mkdtemp(prefix="handheld-cluster-"))
        stack.callback(shutil.rmtree, directory, ignore_errors=True)
        shown = ClusterDemo(session, directory, phones=phones, rate=rate)
        right = asyncio.run(shown.run(leave=leave))
    if not right:
        raise typer.Exit(1)
