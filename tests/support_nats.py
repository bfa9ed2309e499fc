"""A real nats-server on loopback, its JetStream in a folder of the test, and readers of its stream."""

from __future__ import annotations

import asyncio
import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any

import nats
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy, RawStreamMsg
from nats.js.errors import NotFoundError

from handheld.adapters.nats_connection import connected
from handheld.adapters.nats_relay import Relay, RelaySettings
from handheld.adapters.nats_stream import StreamSettings
from handheld.application.ports import Decided, Log, NewRow
from handheld_events.base import Event
from handheld_events.cloud_messages import fact, read
from handheld_events.codec import Writing
from handheld_events.envelope import About, Meta, Recorded
from handheld_events.examples import META
from handheld_events.task import TaskAccepted
from tests.support_log import decided

SERVER = Path(sys.executable).with_name("nats-server")
STREAM = "FACTS"
LOG = "0197f0000000700080000000000000aa"
STEP = 0.01
"""Seconds between two looks."""
PATIENCE = 90
"""Seconds after which something is not late but wrong."""


class NatsServer:
    """One server: started, killed, started again on the same port, its store wiped."""

    def __init__(self, folder: Path, settings: str = "") -> None:
        self._folder = folder
        self.store = folder / "jetstream"
        self._config = folder / "nats.conf"
        self._settings = settings
        self._port = -1
        self._process: subprocess.Popen[bytes] | None = None
        folder.mkdir(parents=True, exist_ok=True)

    @property
    def url(self) -> str:
        return f"nats://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Start it, and wait until it listens."""
        assert self._process is None
        self._config.write_text(
            f'listen: "127.0.0.1:{self._port}"\n'
            f"ports_file_dir: {json.dumps(str(self._folder))}\n"
            f"jetstream {{ store_dir: {json.dumps(str(self.store))} }}\n{self._settings}\n"
        )
        with (self._folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [SERVER, "-c", self._config], stdout=log, stderr=subprocess.STDOUT
            )
        ports = self._folder / f"nats-server_{self._process.pid}.ports"
        while True:
            assert self._process.poll() is None, (self._folder / "server.log").read_text()
            if ports.exists() and (text := ports.read_text()):
                self._port = int(json.loads(text)["nats"][0].rpartition(":")[2])
                return
            time.sleep(STEP)

    def kill(self, how: signal.Signals = signal.SIGKILL) -> None:
        """End it, by default without any chance to write."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait()
            self._process = None

    @property
    def messages(self) -> Path:
        """Where the messages of the stream lie; its consumers lie elsewhere."""
        return self.store / "jetstream" / "$G" / "streams" / STREAM / "msgs"

    def wipe(self) -> None:
        """Lose all that JetStream has stored."""
        assert self._process is None
        shutil.rmtree(self.store)

    @asynccontextmanager
    async def client(self) -> AsyncGenerator[Client]:
        """A connection that goes on after the server was away."""

        async def quiet(_: Exception) -> None:
            pass

        client = await nats.connect(
            self.url, max_reconnect_attempts=-1, reconnect_time_wait=0.05, error_cb=quiet
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


def record(
    log: Log,
    many: int = 1,
    *,
    division: str | None = "330825101264",
    event: Event | None = None,
    meta: Meta = META,
) -> None:
    """One commit: so many facts, each on a stream of its own, as people of a division do."""
    state = Writing(meta).state(event or TaskAccepted(), About(division=division))
    topic = (event or TaskAccepted()).TOPIC
    rows: list[NewRow] = [(f"task-{next(_numbers):032x}", 1, topic, state) for _ in range(many)]
    at = next(_instants)
    written: Decided = decided(rows)
    log.commit([written], lambda: at)


@asynccontextmanager
async def relaying(log: Log, server: NatsServer, **settings: Any) -> AsyncGenerator[Relay]:
    """A relay at work; ended as it ends with its process."""
    limits = {name: settings.pop(name) for name in list(settings) if name in _OF_STREAM}
    about = RelaySettings(stream=StreamSettings(name=STREAM, **limits), **settings)
    relay = Relay(log, about, lambda: connected([server.url]))
    running = asyncio.create_task(relay.run())
    try:
        yield relay
    finally:
        relay.close()
        with suppress(asyncio.CancelledError):
            await running


async def caught_up(relay: Relay) -> None:
    """Wait until the stream has all that the log has."""
    await until(lambda: (state := relay.state()).connected and not state.lag)


_OF_STREAM = set(StreamSettings.__struct_fields__)
