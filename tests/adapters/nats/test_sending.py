"""Many messages in few writes, to a real NATS server."""

from __future__ import annotations

import os
import signal
from collections.abc import AsyncGenerator
from itertools import repeat

import pytest
from nats.errors import ConnectionClosedError, MaxPayloadError

from handheld.adapters import nats_client
from handheld.adapters.nats_client import Connection, Message
from handheld.adapters.nats_connection import connected
from handheld.adapters.nats_settings import NatsSettings
from tests.support_nats import NatsServer

MANY = 2_000


@pytest.fixture
async def connection(server: NatsServer) -> AsyncGenerator[Connection]:
    found = await connected(NatsSettings(servers=server.url))
    yield found
    await nats_client.let_go(found)


def message(number: int, size: int = 700) -> Message:
    """Of a size of its own, with what ends lines and messages in its payload."""
    return "numbers", {"Number": str(number), "Name": "名"}, b"\r\n\0" + b"x" * (size + number % 97)


async def test_messages_arrive_as_they_are_before_what_is_published_later(
    server: NatsServer, connection: Connection
) -> None:
    sent = [message(number) for number in range(MANY)]
    async with server.client() as other:
        heard = await other.subscribe("numbers")
        await other.flush()
        await connection.send(iter(sent))
        await connection.publish("numbers", b"the last")
        got = [await heard.next_msg(30) for _ in range(MANY + 1)]

    assert [(one.subject, one.headers, one.data) for one in got[:-1]] == sent
    assert got[-1].data == b"the last"


async def test_no_message_at_all_is_none(connection: Connection) -> None:
    await connection.send(())
    await connection.flush()
    assert connection.is_connected


async def test_a_message_that_the_server_would_refuse_is_not_sent(connection: Connection) -> None:
    with pytest.raises(MaxPayloadError):
        await connection.send([message(1, connection.max_payload)])
    await connection.flush()
    assert connection.is_connected


async def test_over_a_closed_connection_nothing_is_sent(connection: Connection) -> None:
    await connection.close()
    with pytest.raises(ConnectionClosedError):
        await connection.send([message(1)])


async def test_a_server_that_takes_nothing_is_not_waited_for_without_end(
    server: NatsServer, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nats_client, "WRITE_SECONDS", 0.2)
    assert server.process_id is not None
    os.kill(server.process_id, signal.SIGSTOP)
    try:
        with pytest.raises(TimeoutError):
            await connection.send(repeat(message(1, 500_000)))
    finally:
        os.kill(server.process_id, signal.SIGCONT)
