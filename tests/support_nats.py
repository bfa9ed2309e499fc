"""A real nats-server on loopback, its JetStream in a folder of the test, and readers of its stream."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any

import nats
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy, RawStreamMsg
from nats.js.errors import NotFoundError

from handheld.adapters.local_nats import LocalNats
from handheld.adapters.nats_connection import connecting
from handheld.adapters.nats_relay import Relay, RelaySettings
from handheld.adapters.nats_settings import NatsSettings
from handheld.adapters.nats_stream import StreamSettings
from handheld.application.ports import Decided, Log, NewRow
from handheld_events.base import Event
from handheld_events.cloud_messages import fact, read
from handheld_events.codec import Writing
from handheld_events.envelope import About, Meta, Recorded
from handheld_events.examples import META
from handheld_events.task import TaskAccepted
from tests.support_log import decided

STREAM = "FACTS"
LOG = "0197f0000000700080000000000000aa"
STEP = 0.01
"""Seconds between two looks."""
PATIENCE = 90
"""Seconds after which something is not late but wrong."""


class NatsServer(LocalNats):
    """A server whose store can be looked at, and wiped."""

    @property
    def messages(self) -> Path:
        """Where the messages of the stream lie; its consumers lie elsewhere."""
        return self.store / "jetstream" / "$G" / "streams" / STREAM / "msgs"

    def wipe(self) -> None:
        """Lose all that JetStream has stored."""
        assert self.process_id is None
        shutil.rmtree(self.store)

    @asynccontextmanager
    async def client(self) -> AsyncGenerator[Client]:
        """A connection that goes on after the server was away."""
        async with client_of(self.url) as client:
            yield client


@asynccontextmanager
async def client_of(*servers: str) -> AsyncGenerator[Client]:
    """A connection to one of these that goes on after the server was away."""

    async def quiet(_: Exception) -> None:
        pass

    client = await nats.connect(
        list(servers), max_reconnect_attempts=-1, reconnect_time_wait=0.05, error_cb=quiet
    )
    try:
        yield client
    finally:
        await client.close()


async def until(there: Callable[[], Any]) -> None:
    """Wait until something holds; long enough that only a fault is ever late."""
    async with asyncio.timeout(PATIENCE):
        for _ in count():
            if there():
                return
            await asyncio.sleep(STEP)


async def stored(client: Client, stream: str = STREAM) -> list[RawStreamMsg]:
    """Every message that the stream holds, in its order."""
    js = client.jetstream()
    try:
        state = (await js.stream_info(stream)).state
    except NotFoundError:
        return []
    if not state.messages:
        return []
    return [
        await js.get_msg(stream, sequence)
        for sequence in range(state.first_seq, state.last_seq + 1)
    ]


def facts(messages: Sequence[RawStreamMsg] | Sequence[Msg]) -> list[Recorded[Any]]:
    """What messages say."""
    return [fact(read(one.headers, one.data or b"")) for one in messages]


def places(found: Sequence[Recorded[Any]]) -> list[tuple[int, str, int]]:
    """Position, stream and version: what `history` tells of a log."""
    return [(one.position, one.stream, one.version) for one in found]


async def delivered(
    client: Client, stream: str, subjects: Sequence[str], many: int, durable: str | None = None
) -> list[Msg]:
    """The first so many messages that a consumer of these subjects gets; a durable one goes on."""
    consumer = await client.jetstream().pull_subscribe(
        subjects[0] if len(subjects) == 1 else "",
        durable=durable,
        stream=stream,
        config=ConsumerConfig(
            deliver_policy=DeliverPolicy.ALL,
            ack_policy=AckPolicy.EXPLICIT,
            filter_subjects=list(subjects) if len(subjects) > 1 else None,
        ),
    )
    found: list[Msg] = []
    while len(found) < many:
        for message in await consumer.fetch(min(500, many - len(found)), timeout=30):
            await message.ack()
            found.append(message)
    await client.flush()
    await consumer.unsubscribe()
    return found


_numbers = count(1)
_instants = count(1_627_023_600_000_000, 1_000)


def rows_of(
    many: int, *, division: str | None, event: Event | None = None, meta: Meta = META
) -> list[NewRow]:
    """So many facts, each on a stream of its own, as people of a division do."""
    state = Writing(meta).state(event or TaskAccepted(), About(division=division))
    topic = (event or TaskAccepted()).TOPIC
    return [(f"task-{next(_numbers):032x}", 1, topic, state) for _ in range(many)]


def record(
    log: Log,
    many: int = 1,
    *,
    division: str | None = "330825101264",
    event: Event | None = None,
    meta: Meta = META,
) -> None:
    """One commit of so many facts."""
    at = next(_instants)
    written: Decided = decided(rows_of(many, division=division, event=event, meta=meta))
    log.commit([written], lambda: at)


@asynccontextmanager
async def relaying(log: Log, server: LocalNats | str, **settings: Any) -> AsyncGenerator[Relay]:
    """A relay at work; ended as it ends with its process."""
    limits = {name: settings.pop(name) for name in list(settings) if name in _OF_STREAM}
    about = RelaySettings(stream=StreamSettings(name=STREAM, **limits), **settings)
    urls = server if isinstance(server, str) else server.url
    relay = Relay(log, about, connecting(NatsSettings(servers=urls), "relay"))
    relay.start()
    try:
        yield relay
    finally:
        await asyncio.to_thread(relay.close)


async def caught_up(relay: Relay) -> None:
    """Wait until the stream has all that the log has."""
    await until(lambda: (state := relay.state()).connected and not state.lag)


_OF_STREAM = set(StreamSettings.__struct_fields__)
