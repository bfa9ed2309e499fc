"""The live demonstration: the server on what a story left, and simulated phones that answer."""

from __future__ import annotations

import asyncio
import signal
import socket
from contextlib import suppress
from ipaddress import ip_address
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import msgspec

import handheld.entrypoints.cli.demo_sign_ins as sign_ins
import handheld.entrypoints.cli.fleet_shown as fleet_shown
from handheld.application.names import Names
from handheld.bootstrap import Home
from handheld.config import Settings
from handheld.demo.parts import Where, parts
from handheld.domain.errors import HandheldError, Installation
from handheld.entrypoints.cli.context import Session
from handheld.entrypoints.cli.errors import present
from handheld.entrypoints.cli.render import number
from handheld.entrypoints.fleet.figures import Summary
from handheld.entrypoints.fleet.owners import Owner
from handheld.entrypoints.fleet.process import FleetProcess
from handheld.entrypoints.fleet.running import Wish
from handheld.entrypoints.fleet.signing_in import signed_in, whom
from handheld.entrypoints.fleet.sockets import most, room_for
from handheld.entrypoints.gateway.door import PATH
from handheld.entrypoints.logs import write_logs
from handheld.entrypoints.serving import Server

SPARE_FILES = 512
"""Open files of the server besides the phones' sockets: the log, pages, boards."""


class Asked(NamedTuple):
    """How the demonstration is to be live."""

    phones: int | None
    """At the most; None: everybody has one."""
    rate: float
    """How many times as fast as in the story people answer."""


def ready(session: Session, host: str | None, port: int | None) -> Settings:
    """The settings of the server, once it is known that it could listen; before a story is played.

    The demonstration speaks no TLS and writes to nobody outside of it, whatever else is set.
    Raises Installation (`server.port`, `config.*`).
    """
    flags = {key: value for key, value in (("host", host), ("port", port)) if value is not None}
    settings = msgspec.structs.replace(
        session.configured().resolved.settings,
        tls_certificate=None,
        tls_key=None,
        notices=None,
        **flags,
    )
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        socket.create_server((settings.host, settings.port), family=family).close()
    except OSError as error:
        reason = error.strerror or str(error)
        raise Installation(
            "server.port", host=settings.host, port=settings.port, reason=reason
        ) from error
    return settings


class LiveDemo:
    """Serves until it is interrupted; the phones are compared before the server goes."""

    def __init__(self, session: Session, home: Home, where: Where, settings: Settings) -> None:
        self._session = session
        self._home = home
        self._server = Server(home, settings)
        self._organisation = home.organisation.caught_up()[0]
        self._names = Names(self._organisation, home.keyring, session.texts)
        self._parts = parts(self._organisation, where, home.clock.now())
        self._where = where

    def run(self, asked: Asked) -> bool:
        """Whether nothing was lost and nothing doubled. Raises Installation."""
        write_logs("warning", "text")
        session = self._session
        with session.working("live"):
            self._home.caught_up()
            signs = sign_ins.made(self._home.access, self._parts)
            owners, others = self._people(asked.phones)
        room_for(len(owners), SPARE_FILES)
        summary = asyncio.run(self._serve(signs, owners, others, asked))
        session.say("serve.stopped")
        if summary is None:
            return True  # interrupted twice: nothing was compared, nothing is claimed
        fleet_shown.tell(session, summary)
        return summary.right

    def _people(self, phones: int | None) -> tuple[list[Owner], list[Owner]]:
        """Who has a simulated phone, and who else there is: those who are played have their own."""
        played = {part.person for part in self._parts}
        organisation, room = self._organisation, most(SPARE_FILES)
        known = [one for one in whom(organisation, None, (), None) if one not in played]
        # The nearer to where the story plays, the sooner somebody has a phone.
        known.sort(key=self._far)
        wanted = [n for n in (phones, room) if n is not None]
        chosen = known[: min(wanted)] if wanted else known
        if room is not None and room < len(known) and phones is None:
            self._session.say("live.fewer", count=number(len(chosen)), limit=number(room))
        owners = list(signed_in(organisation, self._home.access, chosen))
        without = [*played, *known[len(chosen) :]]
        others = [
            Owner(
                person=one,
                token="",
                device="",
                posts=organisation.people[one].posts,
                households=organisation.people[one].households,
            )
            for one in sorted(without)
        ]
        return owners, others

    def _far(self, person: str) -> tuple[int, str]:
        codes = [post.division for post in self._organisation.people[person].posts]
        for far, near in enumerate((self._where.village, self._where.township)):
            if any(code.startswith(near) for code in codes):
                return far, person
        return 2, person

    async def _serve(
        self, signs: sign_ins.SignIns, owners: list[Owner], others: list[Owner], asked: Asked
    ) -> Summary | None:
        loop, interrupted, stopping = asyncio.get_running_loop(), _Interrupted(), asyncio.Event()
        for one in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(one, interrupted.again)
        up: asyncio.Future[str] = loop.create_future()
        serving = asyncio.create_task(self._server.run(up.set_result, stopping))
        await asyncio.wait((serving, up), return_when=asyncio.FIRST_COMPLETED)
        try:
            if serving.done():
                return None
            address = up.result()
            self._greet(address, signs, len(owners), asked)
            wish = Wish(url=_gateway(address), haste=asked.rate, after=self._home.log.end())
            return await self._with_phones(serving, interrupted, (owners, wish, others))
        finally:
            stopping.set()
            await serving

    async def _with_phones(
        self,
        serving: asyncio.Task[None],
        interrupted: _Interrupted,
        fleet: tuple[list[Owner], Wish, list[Owner]],
    ) -> Summary | None:
        session = self._session
        with fleet_shown.live(session) as told:
            phones = FleetProcess(told)
            try:
                await phones.start(*fleet)
                over = asyncio.create_task(phones.ended())
                once = asyncio.create_task(interrupted.once.wait())
                twice = asyncio.create_task(interrupted.twice.wait())
                try:
                    await _first(serving, once, over)
                    if over.done() and not once.done():
                        # The server goes on without phones, and says so.
                        present(session, over.exception() or Installation("fleet.ended", status=0))
                        await _first(serving, once)
                        return None
                    if serving.done():
                        return None
                    # Where the figures are shown, so that they stay below it.
                    session.err.print(session.texts.say("cli.live.ending"))
                    comparing = asyncio.create_task(phones.end())
                    await _first(serving, twice, comparing)
                    return await comparing if comparing.done() else None
                finally:
                    for one in (over, once, twice):
                        one.cancel()
                    with suppress(HandheldError, asyncio.CancelledError):
                        await over
            finally:
                await phones.close()

    def _greet(self, address: str, signs: sign_ins.SignIns, phones: int, asked: Asked) -> None:
        session, texts = self._session, self._session.texts
        session.show("")
        session.say("live.address", address=address)
        sign_ins.show(session, address, signs, self._organisation, self._names)
        session.show("")
        session.say("live.how", address=address)
        time = f"{texts.time(self._home.clock.now())} {texts.say('cli.zone')}"
        session.say("live.clock", time=time)
        session.say("live.phones", count=number(phones), rate=f"{asked.rate:g}")
        session.say("live.stop")
        session.out.file.flush()


class _Interrupted:
    """Ctrl+C: once to end, twice to end at once."""

    def __init__(self) -> None:
        self.once = asyncio.Event()
        self.twice = asyncio.Event()

    def again(self) -> None:
        (self.twice if self.once.is_set() else self.once).set()


async def _first(*awaited: asyncio.Future[Any]) -> None:
    await asyncio.wait(awaited, return_when=asyncio.FIRST_COMPLETED)


def _gateway(address: str) -> str:
    """Where the phones of this machine reach the gateway: whoever listens everywhere is here too."""
    host, port = urlsplit(address).netloc.rsplit(":", 1)
    try:
        everywhere = ip_address(host.strip("[]")).is_unspecified
    except ValueError:
        everywhere = False
    return f"ws://{'localhost' if everywhere else host}:{port}{PATH}"
