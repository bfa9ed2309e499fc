"""The relay: whatever the log holds is published to NATS JetStream, once and in order.

    log ── read after the stream's last message ── CloudEvents ── batches ── stream ── consumers

docs/publishing.md says what subscribers may rely on.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Annotated, NamedTuple

import msgspec

from handheld.adapters.background import Background
from handheld.adapters.former_logs import former_logs
from handheld.adapters.log import CommandLog
from handheld.adapters.nats_client import Connection
from handheld.adapters.nats_connection import Connect, connecting, keep_at
from handheld.adapters.nats_publishing import MOST_IN_A_BATCH, Overtaken, Publisher
from handheld.adapters.nats_settings import NatsSettings
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
from handheld.domain.errors import HandheldError
from handheld_events.cloud_messages import Mode, Published
from handheld_events.codec import Reading, UnreadableEvent

logger = logging.getLogger(__name__)

LOOK_EVERY = 0.5
LOOK_SECONDS = 1.5
"""So long an answer about the stream is waited for: while servers choose a leader there is none."""

Publish = Callable[[Sequence[Outgoing], int], Awaitable[int]]


class RelaySettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is published, and how."""

    stream: StreamSettings
    mode: Mode = "structured"
    atomic: bool = True
    """Whole batches where the server can; otherwise, and if not, message by message."""
    predecessors: tuple[str, ...] = ()
    """The ids of logs of which this one was restored: their stream is replaced by this log's."""
    most_in_a_batch: Annotated[int, msgspec.Meta(ge=1)] = MOST_IN_A_BATCH
    """As the servers take it (`limits { batch { max_msgs } }`): a commit of more comes in several."""
    domain: str | None = None
    """JetStream's domain, where the servers have one."""


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
    """Publishes a log from `start` to `close`, in a thread of its own.

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
        self._background = Background("relay", self._run)
        self._ending = asyncio.Event()
        self._connected = False
        self._position = self._reached = 0
        self._trouble: str | None = None

    def start(self) -> None:
        """Publish from now on, in a thread of its own, whatever happens to the server."""
        self._background.start()

    def close(self) -> None:
        """Finish the batch under way, publish nothing more; it may be started again."""
        self._background.call(self._end)
        self._background.close()

    def _end(self) -> None:
        self._ending.set()
        self._log.wake()

    def state(self) -> RelayState:
        """How it stands; may be asked from any thread."""
        return RelayState(self._connected, self._position, self._log.end(), self._trouble)

    async def _run(self, ending: asyncio.Event) -> None:
        self._ending = ending
        self._reached = self._position
        await keep_at(self._while_connected, self._connect, ending, self._failed)

    def _failed(self, error: Exception) -> bool:
        self._trouble = str(error) if isinstance(error, HandheldError) else _named(error)
        logger.warning("relay waits: %s", self._trouble)
        got_on, self._reached = self._position > self._reached, self._position
        return got_on

    async def _while_connected(self, client: Connection) -> None:
        try:
            await self._relay(client)
        finally:
            self._connected = False

    async def _relay(self, client: Connection) -> None:
        js = client.jetstream(domain=self._settings.domain, timeout=LOOK_SECONDS)
        publisher = Publisher(client, js, self._log.log_id, self._settings.mode)
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
        most = self._settings.most_in_a_batch
        rows = self._log.read(after, most)
        out: list[Outgoing] = []
        try:
            out.extend(outgoing(row, self._reading) for row in rows)
        except UnreadableEvent:
            if not out:
                raise
        more = len(rows) == most or len(out) < len(rows)
        return list(commits(out, most, more=more))


def relay_of(log: CommandLog, nats: NatsSettings, *, take_over: bool = False) -> Relay:
    """The relay of a log, as an operator has set it; not started yet.

    `take_over`: a stream of a log of which this one was restored is replaced by this log's. Whoever
    tries out a copy must not say so where the real one publishes: its stream would be gone.
    """
    about = RelaySettings(
        stream=StreamSettings(name=nats.stream, replicas=nats.replicas),
        domain=nats.domain,
        predecessors=former_logs(log.port) if take_over else (),
    )
    return Relay(log.port, about, connecting(nats, "handheld relay"))


def _named(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
