"""`handheld serve`: the server that commanders, officials and phones connect to.

On PostgreSQL its parts can be processes of their own: `handheld api`, `gateway` and `follow`.
"""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from msgspec.structs import replace

from handheld.bootstrap import EVERY_DUTY, settle_memory
from handheld.domain.errors import Installation
from handheld.entrypoints.cli.configuring import ServerFlags
from handheld.entrypoints.cli.context import session_of
from handheld.entrypoints.cli.options import Json
from handheld.entrypoints.cli.shell import command
from handheld.entrypoints.cli.words import help_text
from handheld.entrypoints.logs import write_logs
from handheld.texts import LANGUAGES, Texts

if TYPE_CHECKING:
    from handheld.entrypoints.serving import Role

EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104
LOOPBACK = ("127.0.0.1", "::1", "localhost")


Data = Annotated[
    Path | None,
    typer.Option("--data", metavar="DIR", help=help_text("common.data"), show_default=False),
]


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    command(app, "serve", "serve.command")(serve)
    command(app, "api", "serve.api")(api)
    command(app, "gateway", "serve.gateway")(gateway)
    command(app, "follow", "serve.follow")(follow)


def serve(ctx: typer.Context, flags: ServerFlags, data: Data = None, as_json: Json = False) -> None:
    """Serve until interrupted. Raises Installation."""
    _serve(ctx, flags, data, as_json, "all")


def api(ctx: typer.Context, flags: ServerFlags, as_json: Json = False) -> None:
    """Pages and the API. Raises Installation."""
    _serve(ctx, flags, None, as_json, "api")


def gateway(ctx: typer.Context, flags: ServerFlags, as_json: Json = False) -> None:
    """Phones and desks on WebSockets. Raises Installation."""
    _serve(ctx, flags, None, as_json, "gateway")


def follow(ctx: typer.Context, flags: ServerFlags, as_json: Json = False) -> None:
    """What is done unasked. Raises Installation."""
    _serve(ctx, flags, None, as_json, "follow")


def _serve(
    ctx: typer.Context, flags: ServerFlags, data: Path | None, as_json: bool, role: Role
) -> None:
    # A server is much to load: other commands do without.
    from handheld.entrypoints.serving import Server

    session = session_of(ctx, as_json)
    settings = session.configured().with_flags(flags).settings
    if data is not None:
        settings = replace(settings, data=data)
        session.data = data
    if role != "all":
        if session.where() is None:
            raise Installation("database.not_set")
        session.wanted = EVERY_DUTY if role == "follow" else ()
    write_logs(settings.log_level, settings.log_format)
    with session.home(caught_up=role == "all", reactions=role == "all") as home:
        server = Server(home, settings, role=role)
        settle_memory()

        def started(address: str) -> None:
            first = server.set_up_address if role in ("all", "api") else None
            if as_json:
                session.json({"address": address} | ({"set_up": first} if first else {}))
                return
            session.say("serve.started" if role == "all" else f"serve.is_{role}", address=address)
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
