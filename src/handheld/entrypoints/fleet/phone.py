"""One phone on a real socket: it connects, resumes, stores, answers, and comes back."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException
from websockets.typing import Subprotocol

from handheld.application.sent import Sent
from handheld.entrypoints.fleet.figures import Figures
from handheld.entrypoints.fleet.owners import Owner
from handheld.entrypoints.fleet.state import Card, PhoneState, Said
from handheld.entrypoints.fleet.tempers import Temper
from handheld.entrypoints.gateway.messages import (
    CLOSE_NOT_SIGNED_IN,
    CLOSE_REVOKED,
    PROTOCOL,
    Bye,
    Done,
    Failed,
    FromGateway,
    Problem,
    Welcome,
)

logger = logging.getLogger(__name__)

OPEN_SECONDS = 30.0
LARGEST = 16 * 1024 * 1024
"""Bytes of a message from the gateway: a snapshot is one."""
SIGNED_OUT = (CLOSE_NOT_SIGNED_IN, CLOSE_REVOKED)
UNAUTHORISED = 401
AGAIN_SECONDS = 1.0

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(FromGateway).decode


class Around(Protocol):
    """What all phones of a process share."""

    @property
    def url(self) -> str:
        """Where the next connection goes."""
        ...

    figures: Figures
    handshakes: asyncio.Semaphore

    def now(self) -> datetime:
        """The server's time, as phones know it."""
        ...

    def received(self, phone: LivePhone, cards: Iterable[Card]) -> None:
        """New items on a phone."""
        ...

    def answered(self, phone: LivePhone, sent: Sent, answer: Done | Failed) -> None:
        """A command is answered for good."""
        ...


class LivePhone:
    """A phone; its owner acts by `do`."""

    __slots__ = (
        "_around",
        "_away_until",
        "_draining",
        "_ending",
        "_out",
        "_socket",
        "_temper",
        "_timers",
        "calm",
        "greeted",
        "owner",
        "signed_out",
        "state",
    )

    def __init__(self, owner: Owner, state: PhoneState, temper: Temper, around: Around) -> None:
        self.owner = owner
        self.state = state
        self._around = around
        self._temper = temper
        self._socket: ClientConnection | None = None
        self._out: deque[bytes] = deque()
        self._draining: asyncio.Task[None] | None = None
        self._timers: list[asyncio.TimerHandle] = []
        self._away_until = 0.0
        self._ending = False
        self.calm = False
        """It no longer misbehaves: the end has come."""
        self.greeted = asyncio.Event()
        """Set while the gateway has said welcome on this connection."""
        self.signed_out = False

    # --- the connection ---------------------------------------------------------------------------

    async def live(self) -> None:
        """Be there until `end`; whatever breaks, come back."""
        self._next_spell(self._temper.spells())
        attempt = 0
        loop = asyncio.get_running_loop()
        while not self._ending and not self.signed_out:
            await self._wait(self._away_until - loop.time())
            greeted_before = self._around.figures.welcomes
            try:
                await self._connected()
            except ConnectionClosed as closed:
                code = closed.rcvd.code if closed.rcvd is not None else None
                self.signed_out = code in SIGNED_OUT
            except InvalidStatus as refused:
                self.signed_out = refused.response.status_code == UNAUTHORISED
            except msgspec.DecodeError as error:
                logger.error("a message of the gateway makes no sense: %s", error)
                self._around.figures.problems["undecodable"] += 1
            except (OSError, WebSocketException, TimeoutError):
                self._around.figures.refused += 1
            self._gone()
            attempt = 0 if self._around.figures.welcomes > greeted_before else attempt + 1
            back = 0.0 if self.calm and not attempt else self._temper.back_in(attempt)
            self._away_until = max(self._away_until, loop.time() + back)
        if self.signed_out:
            self._around.figures.signed_out += 1

    async def _wait(self, seconds: float) -> None:
        if seconds > 0:
            await asyncio.sleep(seconds)

    async def _connected(self) -> None:
        around = self._around
        async with around.handshakes:
            socket = await connect(
                around.url,
                additional_headers={"Authorization": f"Bearer {self.owner.token}"},
                subprotocols=[Subprotocol(PROTOCOL)],
                compression=None,
                proxy=None,
                ping_interval=None,
                open_timeout=OPEN_SECONDS,
                close_timeout=1,
                max_size=LARGEST,
                max_queue=4,
                user_agent_header=None,
            )
        around.figures.connected += 1
        try:
            self._socket = socket
            if self._ending:
                return
            await socket.send(_encode(self.state.hello(around.now())).decode())
            while True:
                self._hear(_decode(await socket.recv()))
                pause = 0.0 if self.calm else self._temper.pause()
                if pause:
                    around.figures.pauses += 1
                    await asyncio.sleep(pause)
        finally:
            around.figures.connected -= 1
            self._socket = None
            socket.transport.abort()

    def _gone(self) -> None:
        self.greeted.clear()
        self._out.clear()
        self.state.welcomed = False

    def drop(self, away: float = 0.0) -> None:
        """The signal is gone, without a word, for so many seconds."""
        loop = asyncio.get_running_loop()
        if not self.calm:
            self._away_until = max(self._away_until, loop.time() + away)
        if self._socket is not None:
            self._around.figures.drops += 1
            self._socket.transport.abort()

    def _next_spell(self, spells: Any) -> None:
        for wait, lasts in spells:

            def lose(lasts: float = lasts) -> None:
                if not self.calm and not self._ending:
                    self.drop(lasts)
                    self._next_spell(spells)

            self._timers.append(asyncio.get_running_loop().call_later(wait, lose))
            self._timers = self._timers[-4:]
            return

    async def end(self) -> None:
        """Close, for good."""
        self._ending = True
        for timer in self._timers:
            timer.cancel()
        if self._socket is not None:
            await self._socket.close()

    # --- what is said -----------------------------------------------------------------------------

    def _hear(self, message: Any) -> None:
        figures = self._around.figures
        match message:
            case Welcome():
                figures.welcomes += 1
                self.greeted.set()
            case Done(id=command) | Failed(id=command):
                sent = self.state.queue.get(command)
                self._take(self.state.receive(message))
                if sent is not None and command not in self.state.queue:
                    self._around.answered(self, sent, message)
                elif isinstance(message, Failed) and message.again:
                    loop = asyncio.get_running_loop()
                    self._timers.append(loop.call_later(AGAIN_SECONDS, self._again))
                return
            case Bye(retry_after=seconds):
                loop = asyncio.get_running_loop()
                self._away_until = max(self._away_until, loop.time() + seconds)
                figures.byes += 1
            case Problem(code=code):
                figures.problems[code] += 1
            case _:
                pass
        self._take(self.state.receive(message))

    def _take(self, said: Said) -> None:
        self._say(said.messages)
        if said.cards:
            self._around.received(self, said.cards)

    def _again(self) -> None:
        if self.state.waits:
            self._say(self.state.flush())

    def hello_again(self) -> None:
        """Ask for what there is now, on the connection that there is."""
        if self._socket is not None:
            self.greeted.clear()
            self._say([self.state.hello(self._around.now())])

    # --- what its owner does ----------------------------------------------------------------------

    def do(self, sent: Sent) -> None:
        """Something is done; it is sent as soon as it can be."""
        self._say(self.state.do(sent))

    def _say(self, messages: Iterable[Any]) -> None:
        if self._socket is None:
            return
        for message in messages:
            data = _encode(message)
            self._out.append(data)
            if message.__struct_config__.tag == "do" and not self.calm and self._temper.twice():
                self._around.figures.said_twice += len(message.commands)
                self._out.append(data)
        if self._out and (self._draining is None or self._draining.done()):
            self._draining = asyncio.get_running_loop().create_task(self._drain(self._socket))

    async def _drain(self, socket: ClientConnection) -> None:
        try:
            while self._out and socket is self._socket:
                await socket.send(self._out.popleft().decode())
        except (ConnectionClosed, OSError):
            return  # said again on the next connection
