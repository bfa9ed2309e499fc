"""The relay: whatever the log holds is published to NATS JetStream, once and in order.

    log ── read after the stream's last message ── CloudEvents ── batches ── stream ── consumers

docs/publishing.md says what subscribers may rely on.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from itertools import repeat
from typing import NamedTuple

import msgspec
from nats.aio.client import Client

from handheld.adapters.nats_publishing import MOST_IN_A_BATCH, Overtaken, Publisher
from handheld.adapters.nats_stream import StreamSettings, opened
from handheld.application.ports import Log
from handheld.application.relaying import (
    Again,
    GoOn,
    Held,
    Outgoing,
    commits,
    next_step,
    outgoing,
)
from handheld_events.cloud_messages import Mode, Published
from handheld_events.codec import Reading, UnreadableEvent

logger = logging.getLogger(__name__)

FIRST_WAIT, LONGEST_WAIT = 0.1, 5.0
"""Seconds after a failure before the next attempt, twice as long each time."""
LOOK_EVERY = 0.5
_CLOSED_WITHIN = 0.1
_BROKEN = "the connection to the server ended"

Publish = Callable[[Sequence[Outgoing], int], Awaitable[int]]
Connect = Callable[[], Awaitable[Client]]
"""Gives a connection that does not reconnect by itself, or raises."""


class RelaySettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is published, and how."""

    stream: StreamSettings
    mode: Mode = "structured"
    atomic: bool = True
    """Whole batches where the server can; otherwise, and if not, message by message."""
    predecessors: tuple[str, ...] = ()
    """The ids of logs of which this one was restored: their stream is replaced by this log's."""


class RelayState(NamedTuple):
    """How the relay stands, for health and metrics."""

    connected: bool
    position: int
    """Up to here the stream has everything, as far as is known."""
    end: int
    """The end of the log."""
    trouble: str | None
    """Why it does not get on just now; it goes on trying."""

    @property
    def lag(self) -> int:
        """By how many positions the stream is behind the log."""
        return max(0, self.end - self.position)


class Relay:
    """Publishes a log for as long as `run` runs.

    **Where it goes on** is read from the stream: its last message names log and position. Nothing is
    kept elsewhere that could disagree with it. An empty stream is published from the beginning, and so
    is one in which messages are missing, after what is left of it was removed.

    **Once, and in order.** A message is stored only behind the message that the relay saw last; that
    holds without any limit of time, for a second relay, for messages that arrive late, and after a
    lost answer, whereupon the stream is read anew. The message id (log id and position) guards the same
    for `duplicate_window` seconds besides. It is not needed for that, and has one price: where messages
    are removed and published again, the server refuses them until that window has passed; the relay
    says so in `state` and waits.

    **What a consumer may see twice**: facts behind a position that JetStream itself has lost, since
    it acknowledges before its disk has them. They come again with the same source and id, in order;
    whoever keeps the last position with their work passes over what is not above it.

    Two relays of a log at once do no harm but double work.
    """

    def __init__(self, log: Log, settings: RelaySettings, connect: Connect) -> None:
        self._log = log
        self._settings = settings
        self._connect = connect
        self._reading = Reading()
        self._ending = asyncio.Event()
        self._connected = False
        self._position = 0
        self._trouble: str | None = None

    def state(self) -> RelayState:
        """How it stands; may be asked from any thread."""
        return RelayState(self._connected, self._position, self._log.end(), self._trouble)

    async def run(self) -> None:
        """Go on until `close`, whatever happens to the server."""
        wait = FIRST_WAIT
        while not self._ending.is_set():
            before = self._position
            try:
                await self._while_connected()
            except Exception as error:  # whatever it is, the log stays, and the next attempt comes
                self._trouble = f"{type(error).__name__}: {error}"
                wait = FIRST_WAIT if self._position > before else wait
                logger.warning("relay waits %s s: %s", wait, self._trouble)
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._ending.wait(), wait)
                wait = min(wait * 2, LONGEST_WAIT)

    def close(self) -> None:
        """Finish the batch under way, publish nothing more. To be called in the loop of `run`."""
        self._ending.set()
        self._log.wake()

    async def _while_connected(self) -> None:
        client = await self._connect()
        relaying = asyncio.ensure_future(self._relay(client))
        broken = asyncio.ensure_future(_closed(client))
        try:
            await asyncio.wait((relaying, broken), return_when=asyncio.FIRST_COMPLETED)
            # A client that closes cancels some of what waits for it, and forgets the rest.
            if not relaying.done() or relaying.cancelled():
                raise ConnectionResetError(_BROKEN)
            relaying.result()
        finally:
            self._connected = False
            relaying.cancel()
            broken.cancel()
            await asyncio.gather(relaying, broken, return_exceptions=True)
            await client.close()

    async def _relay(self, client: Client) -> None:
        js = client.jetstream()
        publisher = Publisher(client, js, self._log.log_id)
        while not self._ending.is_set():
            stream = await opened(js, self._settings.stream, self._log.log_id)
            standing = await stream.standing()
            held = await asyncio.to_thread(self._held, standing.last)
            step = next_step(standing, held, self._settings.predecessors)
            if isinstance(step, Again):
                logger.warning("relay publishes everything again: %s", step.why)
                await stream.remove(step.upto)
                continue
            self._connected, self._position = True, step.position
            publish = (
                publisher.whole if self._settings.atomic and stream.atomic else publisher.one_by_one
            )
            with suppress(Overtaken):
                await self._publish(publish, step)

    async def _publish(self, publish: Publish, step: GoOn) -> None:
        position, sequence = step
        while not self._ending.is_set():
            batches = await asyncio.to_thread(self._batches, position)
            for batch in batches:
                sequence = await publish(batch, sequence)
                self._position = position = batch[-1].position
                if self._ending.is_set():
                    return
            self._trouble = None
            if not batches:
                await asyncio.to_thread(self._log.wait, position, LOOK_EVERY, self._ending.is_set)

    def _held(self, last: Published | None) -> Held:
        """What the log has where the stream ends."""
        first = self._log.read(0, 1)
        rows = self._log.read_positions([last.position]) if last is not None else ()
        return Held(
            self._log.log_id,
            first[0][0] if first else 0,
            f"{rows[0][1]}/{rows[0][2]}" if rows else None,
        )

    def _batches(self, after: int) -> list[Sequence[Outgoing]]:
        """What comes next, as far as it can be read. Raises UnreadableEvent where nothing can."""
        rows = self._log.read(after, MOST_IN_A_BATCH)
        log_id, mode = self._log.log_id, self._settings.mode
        out: list[Outgoing] = []
        try:
            out.extend(outgoing(row, log_id, mode, self._reading) for row in rows)
        except UnreadableEvent:
            if not out:
                raise
        more = len(rows) == MOST_IN_A_BATCH or len(out) < len(rows)
        return list(commits(out, MOST_IN_A_BATCH, more=more))


async def _closed(client: Client) -> None:
    for _ in repeat(None):
        if client.is_closed:
            return
        await asyncio.sleep(_CLOSED_WITHIN)
