"""`handheld serve`: the server that commanders, officials and phones connect to."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path
from typing import Annotated

import typer
from msgspec.structs import replace

from handheld.bootstrap import settle_memory
from handheld.entrypoints.cli.configuring import ServerFlags
from handheld.entrypoints.cli.context import session_of
from handheld.entrypoints.cli.options import Json
from handheld.entrypoints.cli.shell import command
from handheld.entrypoints.cli.words import help_text
from handheld.entrypoints.logs import write_logs
from handheld.texts import LANGUAGES, Texts

EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104
LOOPBACK = ("127.0.0.1", "::1", "localhost")


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    command(app, "serve", "serve.command")(serve)


def serve(
    ctx: typer.Context,
    flags: ServerFlags,
    data: Annotated[
        Path | None,
        typer.Option("--data", metavar="DIR", help=help_text("common.data"), show_default=False),
    ] = None,
    as_json: Json = False,
) -> None:
    """Serve until interrupted. Raises Installation."""
    # A server is much to load: other commands do without.
    from handheld.entrypoints.serving import Server

    session = session_of(ctx, as_json)
    settings = session.configured().with_flags(flags).settings
    if data is not None:
        settings = replace(settings, data=data)
        session.data = data
    write_logs(settings.log_level, settings.log_format)
    with session.home(caught_up=True) as home:
        server = Server(home, settings)
        settle_memory()

        def started(address: str) -> None:
            first = server.set_up_address
            if as_json:
                session.json({"address": address} | ({"set_up": first} if first else {}))
                return
            session.say("serve.started", address=address)
            if settings.host not in LOOPBACK and settings.tls_certificate is None:
                session.say("serve.open_door", host=settings.host)
            if settings.host in EVERYWHERE and not settings.origins:
                session.say("serve.no_origins", host=settings.host)
            if first is not None:
                # In both languages: whoever stands here first has chosen none yet.
                for language in LANGUAGES:
                    session.out.print(
                        Texts(language).say("cli.serve.set_up", address=first), soft_wrap=True
                    )
            session.say("serve.stop")

        async def main() -> None:
            ending = asyncio.Event()
            loop = asyncio.get_running_loop()
            for one in (signal.SIGINT, signal.SIGTERM):
                loop.add_signal_handler(one, ending.set)
            await server.run(started, ending)

        asyncio.run(main())
    session.say("serve.stopped")
