"""The relay on a real server: what the log holds is in the stream, complete, in order, once."""

from __future__ import annotations

import msgspec
import pytest

from handheld.adapters.log_sqlite import SQLiteLog
from handheld_events.examples import EXAMPLES, META, META_ON_BEHALF
from handheld_events.person import PersonRegistered
from handheld_events.subjects import within
from tests.support_log import history
from tests.support_nats import (
    STREAM,
    NatsServer,
    caught_up,
    delivered,
    facts,
    places,
    record,
    relaying,
    stored,
)

MODES = ("structured", "binary")
WAYS = (True, False)
"""In atomic batches, and message by message."""


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("atomic", WAYS)
async def test_facts_arrive_complete_and_in_order(
    server: NatsServer, log: SQLiteLog, mode: str, atomic: bool
) -> None:
    for many in (1, 30, 2, 1_500, 1):
        record(log, many)
    async with relaying(log, server, mode=mode, atomic=atomic) as relay:
        await caught_up(relay)
        record(log, 3)
        record(log)
        await caught_up(relay)
    async with server.client() as client:
        messages = await delivered(client, STREAM, [within()], log.end())

    assert places(facts(messages)) == history(log)
    assert [message.headers["Nats-Msg-Id"] for message in messages if message.headers] == [
        f"{log.log_id}/{position}" for position, _, _ in history(log)
    ]


async def test_every_kind_of_fact_comes_back_as_it_was_but_for_what_is_sealed(
    server: NatsServer, log: SQLiteLog
) -> None:
    for event in EXAMPLES.values():
        record(log, event=event, meta=META_ON_BEHALF)
    async with relaying(log, server) as relay:
        await caught_up(relay)
    async with server.client() as client:
        back = facts(await stored(client))

    for fact, event in zip(back, EXAMPLES.values(), strict=True):
        if isinstance(fact.event, PersonRegistered):
            assert fact.event.name.box == b""
        elif "Sealed" not in repr(event):
            assert (fact.event, fact.meta) == (event, META_ON_BEHALF)


async def test_a_commit_is_one_atomic_batch(server: NatsServer, log: SQLiteLog) -> None:
    async with relaying(log, server) as relay:
        for many in (3, 1, 4):
            record(log, many)
            await caught_up(relay)
    async with server.client() as client:
        named = [(one.headers or {}).get("Nats-Batch-Id") for one in await stored(client)]

    assert len(set(named[:3])) == 1
    assert named[3] is None, "one message needs no batch"
    assert len(set(named[4:])) == 1
    assert named[0] != named[4]


async def test_a_relay_that_starts_anew_goes_on_where_the_stream_ends(
    server: NatsServer, log: SQLiteLog
) -> None:
    for _ in range(3):
        record(log, 5)
        async with relaying(log, server) as relay:
            await caught_up(relay)
    async with server.client() as client:
        assert places(facts(await stored(client))) == history(log)


async def test_two_relays_at_once_double_nothing(server: NatsServer, log: SQLiteLog) -> None:
    async with relaying(log, server) as one, relaying(log, server, atomic=False) as other:
        for many in (1, 400, 2, 1_200, 3) * 3:
            record(log, many)
        await caught_up(one)
        await caught_up(other)
    async with server.client() as client:
        assert places(facts(await stored(client))) == history(log)


async def test_a_subscriber_of_a_township_gets_what_is_recorded_there_and_nothing_else(
    server: NatsServer, log: SQLiteLog
) -> None:
    here = ("330825101", "330825101264", "330825101264003")
    for division in ("330825", "330825102", "330825102201", *here, None):
        record(log, division=division)
    record(log, division="330825101264", meta=META_ON_BEHALF)
    async with relaying(log, server) as relay:
        await caught_up(relay)
    async with server.client() as client:
        there = facts(await delivered(client, STREAM, [within("330825101")], 3))
        drills = facts(await delivered(client, STREAM, [within("330825101", course="drill")], 1))
        county = facts(await delivered(client, STREAM, [within("330825")], 6))
        whole = facts(await delivered(client, STREAM, [within(course=None)], 8))

    assert tuple(fact.division for fact in there) == here
    assert not any(fact.meta.drill for fact in (*there, *county))
    assert [fact.meta.drill for fact in drills] == [True]
    assert places(whole) == history(log)


async def test_what_is_sealed_is_in_no_message(server: NatsServer, log: SQLiteLog) -> None:
    registered = EXAMPLES["person registered"]
    assert isinstance(registered, PersonRegistered)
    record(log, event=registered)
    async with relaying(log, server) as relay:
        await caught_up(relay)
    async with server.client() as client:
        (message,) = await stored(client)

    box = msgspec.to_builtins(registered.name)["box"]
    assert box.encode() not in (message.data or b"")


async def test_health_is_told_how_far_it_is(server: NatsServer, log: SQLiteLog) -> None:
    record(log, 7, meta=META)
    async with relaying(log, server) as relay:
        before = relay.state()
        await caught_up(relay)
        after = relay.state()

    assert (before.connected, before.position, before.lag) == (False, 0, 7)
    assert (after.position, after.end, after.lag, after.trouble) == (7, 7, 0, None)
    assert not relay.state().connected
