"""The relay of one start to JetStream, each write synced, against one bare atomic batch of the same messages."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from uuid import uuid4

import msgspec
from nats.js import JetStreamContext
from nats.js.api import Header

from benchmarks import county, floor
from benchmarks.county import Shape
from benchmarks.desk import desk
from benchmarks.measure import Timing, in_turns, spread, timed
from benchmarks.places import Place
from benchmarks.report import Line, contest
from benchmarks.start import request
from handheld.adapters.local_nats import LocalNats
from handheld.adapters.log import open_sqlite
from handheld.adapters.nats_client import Connection, Message
from handheld.adapters.nats_connection import connected, connecting
from handheld.adapters.nats_publishing import Publisher
from handheld.adapters.nats_relay import Relay, RelaySettings
from handheld.adapters.nats_settings import NatsSettings
from handheld.adapters.nats_stream import StreamSettings, opened
from handheld.application.relaying import Addressed, addressed, outgoing
from handheld_events.codec import Reading

NAME = "relay"

MOST = 20_000
"""Messages in a batch, as the server is told; it takes 1,000 unasked."""
PATIENCE = 120.0
LOOK_EVERY = 0.004
"""Seconds: each look asks the log for its end, in the process that is measured."""
_STREAM = StreamSettings(name="START", most_messages=1_000_000)


class Relays:
    """The facts of one start, published in two ways behind the fact before it."""

    def __init__(self, place: Place, shape: Shape, server: LocalNats) -> None:
        self._nats = NatsSettings(servers=server.url)
        self._directory = place.template("county", lambda path: county.settle(path, shape))
        end = floor.end_of(self._directory)
        with desk(self._directory) as one:
            one.writer.execute(request())
        with open_sqlite(self._directory / "log.db") as app:
            log, reading = app.port, Reading()
            self._log_id = log.log_id
            rows = log.read(end - 1, MOST + 1)
            self._before, *facts = (outgoing(row, reading) for row in rows)
        self.messages = [addressed(one, self._log_id, "structured") for one in facts]

    def by_hand(self) -> Timing:
        """The floor: a connection, and one batch of messages that are there, one call each."""

        async def publish(client: Connection, inner: Sequence[Message]) -> None:
            for subject, headers, payload in inner:
                await client.publish(subject, payload, headers=dict(headers))

        return self._batch(publish)

    def in_few_writes(self) -> Timing:
        """The same, sent as the relay sends them."""

        async def publish(client: Connection, inner: Sequence[Message]) -> None:
            await client.send(inner)

        return self._batch(publish)

    def _batch(self, publish: Callable[[Connection, Sequence[Message]], Awaitable[None]]) -> Timing:
        self._prepare()
        name, last = uuid4().hex, len(self.messages)
        first, *inner, end = [
            (one.subject, self._headers(one, name, number, last), one.payload)
            for number, one in enumerate(self.messages, 1)
        ]

        async def batch(client: Connection) -> None:
            await asked(client, first)
            await publish(client, inner)
            await asked(client, end)

        async def asked(client: Connection, message: Message) -> None:
            subject, headers, payload = message
            answer = await client.request(subject, payload, PATIENCE, headers=dict(headers))
            if answer.data and "error" in msgspec.json.decode(answer.data):
                raise RuntimeError(answer.data.decode())

        timing = timed(lambda: self._over_a_connection(batch))
        self._check()
        return timing

    def relayed(self) -> Timing:
        """The product, from its start until the stream has all; it reads, encodes and publishes."""
        self._prepare()
        with open_sqlite(self._directory / "log.db") as app:
            settings = RelaySettings(stream=_STREAM, most_in_a_batch=MOST)
            relay = Relay(app.port, settings, connecting(self._nats, "benchmark"))

            def until_all_is_there() -> None:
                relay.start()
                give_up = time.monotonic() + PATIENCE
                while not (state := relay.state()).connected or state.lag:
                    if time.monotonic() > give_up:
                        raise RuntimeError(state.trouble)
                    time.sleep(LOOK_EVERY)

            try:
                timing = timed(until_all_is_there)
            finally:
                relay.close()
        self._check()
        return timing

    def _headers(self, one: Addressed, name: str, number: int, last: int) -> dict[str, str]:
        headers = {**one.headers, Header.BATCH_ID.value: name}
        headers[Header.BATCH_SEQUENCE.value] = str(number)
        if number == 1:
            headers[Header.EXPECTED_LAST_SEQUENCE.value] = "1"
        if number == last:
            headers[Header.BATCH_COMMIT.value] = "1"
        return headers

    def _prepare(self) -> None:
        """A new stream that ends with the fact before the start."""

        async def prepare(client: Connection) -> None:
            js = client.jetstream()
            await opened(js, _STREAM, self._log_id)
            await Publisher(client, js, self._log_id).one_by_one([self._before], 0)

        self._over_a_connection(prepare)

    def _check(self) -> None:
        """All is there, in order; then the stream is removed."""

        async def check(client: Connection) -> None:
            js: JetStreamContext = client.jetstream()
            state = (await js.stream_info(_STREAM.name)).state
            found = await js.get_msg(_STREAM.name, state.last_seq)
            await js.delete_stream(_STREAM.name)
            whole = state.messages == 1 + len(self.messages)
            if not whole or found.subject != self.messages[-1].subject:
                msg = f"{state.messages} messages, not {1 + len(self.messages)}"
                raise RuntimeError(msg)

        self._over_a_connection(check)

    def _over_a_connection(self, work: Callable[[Connection], Awaitable[None]]) -> None:
        async def over() -> None:
            client = await connected(self._nats)
            try:
                await work(client)
            finally:
                await client.close()

        asyncio.run(over())


def server_in(folder: Path) -> LocalNats:
    """A server that syncs each write, and takes a whole start in one batch."""
    store = json.dumps(str(folder / "jetstream"))
    limits = f"limits {{ batch {{ max_msgs: {MOST} }} }}"
    return LocalNats(folder, f"jetstream {{ store_dir: {store}, sync_interval: always, {limits} }}")


def run(place: Place, rounds: int, shape: Shape = county.ELEVEN_THOUSAND) -> list[Line]:
    """Measure."""
    server = server_in(place.root / "nats")
    server.start()
    try:
        relays = Relays(place, shape, server)
        contestants = {
            "few": relays.in_few_writes,
            "floor": relays.by_hand,
            "relay": relays.relayed,
        }
        took = in_turns(rounds, contestants)
    finally:
        server.stop()
    few, base, ours = took["few"], took["floor"], took["relay"]
    (low, high), (lowest, highest) = spread(ours, base), spread(ours, few)
    what = f"{len(relays.messages):,} facts of a start to JetStream, each write synced"
    return [
        Line(
            benchmark=NAME,
            what=what,
            value=ours.wall / base.wall,
            unit="× one atomic batch",
            goal=1.5,
            at_most=True,
            note=f"from {low:.2f} to {high:.2f} by round; {ours.cpu / base.cpu:.2f} in CPU of the "
            "client; begins with connecting, of both",
            contests=(contest("Relay", ours), contest("one batch by hand", base)),
        ),
        Line(
            benchmark=NAME,
            what=f"{what}, held against the same way of sending",
            value=ours.wall / few.wall,
            unit="× one atomic batch in few writes",
            goal=None,
            at_most=True,
            note=f"from {lowest:.2f} to {highest:.2f} by round: what reading and encoding cost",
            contests=(contest("one batch in few writes", few),),
        ),
    ]
