"""`handheld fleet`: simulated phones that answer as people do, on a running server."""

from __future__ import annotations

import asyncio
import re
import signal
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

import handheld.entrypoints.cli.arguments as arguments
import handheld.entrypoints.cli.fleet_shown as shown
from handheld.domain.errors import Malformed
from handheld.domain.targets import check_roles
from handheld.entrypoints.cli.context import session_of
from handheld.entrypoints.cli.options import Json
from handheld.entrypoints.cli.render import number
from handheld.entrypoints.cli.shell import command
from handheld.entrypoints.cli.words import help_text
from handheld.entrypoints.fleet import owners as files
from handheld.entrypoints.fleet.figures import Figures, Summary
from handheld.entrypoints.fleet.signing_in import signed_in, whom
from handheld.entrypoints.fleet.sockets import room_for
from handheld.entrypoints.fleet.tempers import Tempers

if TYPE_CHECKING:
    from handheld.entrypoints.fleet.running import Running


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    command(app, "fleet", "fleet.command")(fleet)
    command(app, "fleet-sign-in", "fleet.sign_in")(sign_in)


def fleet(
    ctx: typer.Context,
    url: Annotated[str, typer.Option("--url", metavar="URL", help=help_text("fleet.url"))],
    tokens: Annotated[
        Path, typer.Option("--tokens", metavar="FILE", help=help_text("fleet.tokens"))
    ],
    share: Annotated[
        str, typer.Option("--share", metavar="K/N", help=help_text("fleet.share"))
    ] = "1/1",
    most: Annotated[
        int | None, typer.Option("--most", metavar="NUMBER", min=1, help=help_text("fleet.most"))
    ] = None,
    seed: Annotated[
        int, typer.Option("--seed", metavar="NUMBER", help=help_text("fleet.seed"))
    ] = 20210723,
    rate: Annotated[
        float,
        typer.Option("--rate", metavar="NUMBER", min=0.001, help=help_text("fleet.rate")),
    ] = 1.0,
    offline: Annotated[
        float,
        typer.Option("--offline", metavar="SHARE", min=0, max=1, help=help_text("fleet.offline")),
    ] = 0.0,
    slow: Annotated[
        float, typer.Option("--slow", metavar="SHARE", min=0, max=1, help=help_text("fleet.slow"))
    ] = 0.0,
    duplicates: Annotated[
        float,
        typer.Option(
            "--duplicates", metavar="SHARE", min=0, max=1, help=help_text("fleet.duplicates")
        ),
    ] = 0.0,
    storm: Annotated[
        float, typer.Option("--storm", metavar="SECONDS", min=0, help=help_text("fleet.storm"))
    ] = 0.0,
    seconds: Annotated[
        float | None,
        typer.Option("--seconds", metavar="SECONDS", min=0, help=help_text("fleet.seconds")),
    ] = None,
    until_quiet: Annotated[
        bool, typer.Option("--until-quiet", help=help_text("fleet.until_quiet"))
    ] = False,
    silent: Annotated[bool, typer.Option("--silent", help=help_text("fleet.silent"))] = False,
    store: Annotated[
        Path | None, typer.Option("--store", metavar="DIR", help=help_text("fleet.store"))
    ] = None,
    as_json: Json = False,
) -> None:
    """Run the phones; the exit code says whether anything was lost or doubled."""
    # Sockets are much to load: other commands do without.
    from handheld.entrypoints.fleet.running import Running, Wish

    session = session_of(ctx, as_json)
    people = files.read(tokens)[:most]
    mine = files.share(people, *_share(share))
    room_for(len(mine))
    wish = Wish(
        url=_gateway(url),
        seed=seed,
        haste=rate,
        tempers=Tempers(offline=offline, slow=slow, duplicates=duplicates, storm=storm),
        seconds=seconds,
        until_quiet=until_quiet,
        acts=not silent,
        store=store,
    )
    running = Running(mine, wish, people)
    session.say("fleet.begins", count=number(len(mine)), url=wish.url)
    with shown.live(session) as told:
        summary = asyncio.run(_run(running, told))
    shown.tell(session, summary)
    if not summary.right:
        raise typer.Exit(1)


def sign_in(
    ctx: typer.Context,
    tokens: Annotated[Path, typer.Argument(metavar="FILE", help=help_text("fleet.tokens"))],
    division: Annotated[
        str | None, typer.Option("--division", metavar="CODE", help=help_text("fleet.division"))
    ] = None,
    role: Annotated[
        list[str] | None, typer.Option("--role", metavar="ROLE", help=help_text("fleet.role"))
    ] = None,
    most: Annotated[
        int | None, typer.Option("--most", metavar="NUMBER", min=1, help=help_text("fleet.most"))
    ] = None,
    as_json: Json = False,
) -> None:
    """Sign in synthetic people on phones of a fleet."""
    session = session_of(ctx, as_json)
    roles = [arguments.role(one) for one in role or ()]
    check_roles(*roles)
    with session.beside() as beside, session.access() as access:
        people = whom(beside.organisation, division, roles, most)
        with session.working("fleet"):
            files.write(tokens, list(signed_in(beside.organisation, access, people)))
    if as_json:
        session.json({"path": str(tokens), "people": len(people)})
        return
    session.say("fleet.signed_in", count=number(len(people)), path=tokens)


async def _run(running: Running, told: Callable[[Figures], None]) -> Summary:
    ending = asyncio.Event()
    loop = asyncio.get_running_loop()
    for one in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(one, ending.set)
    return await running.run(ending, told)


def _share(text: str) -> tuple[int, int]:
    """`2/3`: the second of three. Raises Malformed (`fleet.share`)."""
    found = re.fullmatch(r"([1-9]\d{0,3})/([1-9]\d{0,3})", text)
    if found is None or int(found[1]) > int(found[2]):
        raise Malformed("fleet.share", share=text)
    return int(found[1]), int(found[2])


def _gateway(url: str) -> str:
    """The address of the gateway, of the server's. Raises Malformed (`fleet.url`)."""
    from handheld.entrypoints.gateway.door import PATH

    parts = urlsplit(url)
    scheme = {"http": "ws", "https": "wss", "ws": "ws", "wss": "wss"}.get(parts.scheme)
    if scheme is None or not parts.netloc or parts.query:
        raise Malformed("fleet.url", url=url)
    path = PATH if parts.path in ("", "/") else parts.path
    return f"{scheme}://{parts.netloc}{path}"
