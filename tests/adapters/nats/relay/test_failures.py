"""The relay when things break: killed, wiped, cut short, or pointed at what is not its own."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from nats.js.api import StreamConfig
from nats.js.errors import APIError, NotFoundError

from handheld.adapters.log import open_sqlite
from handheld.adapters.log_memory import MemoryLog
from handheld.adapters.log_sqlite import SQLiteLog
from handheld.adapters.nats_relay import Relay, relay_of
from handheld.adapters.nats_settings import NatsSettings
from handheld.application.ports import NewRow
from handheld_events.cloud_messages import read
from handheld_events.subjects import subject, within
from tests.support_log import ROOT, child, decided, history
from tests.support_nats import (
    LOG,
    STREAM,
    NatsServer,
    caught_up,
    delivered,
    facts,
    places,
    record,
    relaying,
    stored,
    until,
)

NOON = "2026-11-22T12:00:00Z"
ANOTHER = "0197f0000000700080000000000000bb"


async def in_the_stream(server: NatsServer) -> list[tuple[int, str, int]]:
    async with server.client() as client:
        return places(facts(await stored(client)))


async def messages(server: NatsServer) -> int:
    async with server.client() as client:
        try:
            return (await client.jetstream().stream_info(STREAM)).state.messages
        except NotFoundError:
            return 0


def a_process(log: Path, server: NatsServer) -> subprocess.Popen[bytes]:
    """A relay in a process of its own."""
    return subprocess.Popen(
        child("tests.adapters.nats.relay.relaying_child", log, server.url), cwd=ROOT
    )


def _beyond(relay: Relay, position: int) -> bool:
    return relay.state().position > position


async def test_a_relay_that_is_killed_midway_goes_on_without_doubling(
    server: NatsServer, log: SQLiteLog, tmp_path: Path
) -> None:
    for many in (300, 600, 1_100, 3):
        record(log, many)
    for _ in range(3):
        before = await messages(server)
        process = a_process(tmp_path / "log.db", server)
        while await messages(server) == before < log.end():
            assert process.poll() is None
        process.kill()
        process.wait()
    async with relaying(log, server) as relay:
        await caught_up(relay)

    assert await in_the_stream(server) == history(log)


async def test_a_server_that_is_killed_midway_and_comes_back_has_everything_once(
    server: NatsServer, log: SQLiteLog
) -> None:
    async with relaying(log, server) as relay:
        for _ in range(3):
            for many in (400, 2, 1_100):
                record(log, many)
            await until(partial(_beyond, relay, relay.state().position))
            server.kill()
            record(log, 5)
            server.start()
        await caught_up(relay)
    async with server.client() as client:
        got = places(facts(await delivered(client, STREAM, [within()], log.end())))

    assert got == history(log)
    assert await in_the_stream(server) == history(log)


async def test_a_server_that_is_away_is_waited_for_and_that_is_told(
    server: NatsServer, log: SQLiteLog
) -> None:
    record(log)
    server.kill()
    async with relaying(log, server) as relay:
        await until(lambda: relay.state().trouble)
        assert not relay.state().connected
        server.start()
        await caught_up(relay)
        await until(lambda: relay.state().trouble is None)


async def test_a_wiped_store_is_published_again_from_the_log(
    server: NatsServer, log: SQLiteLog
) -> None:
    record(log, 1_200)
    async with relaying(log, server) as relay:
        await caught_up(relay)
        server.kill()
        server.wipe()
        record(log, 4)
        server.start()
        await until(lambda: not relay.state().connected or not relay.state().lag)
        await caught_up(relay)
    assert await in_the_stream(server) == history(log)


async def test_a_stream_deleted_under_its_hands_is_made_and_filled_again(
    server: NatsServer, log: SQLiteLog
) -> None:
    record(log, 20)
    async with relaying(log, server) as relay:
        await caught_up(relay)
        async with server.client() as client:
            await client.jetstream().delete_stream(STREAM)
        record(log)
        await until(lambda: not relay.state().lag)
    assert await in_the_stream(server) == history(log)


async def test_a_store_that_lost_its_latest_is_filled_up_from_the_log(
    server: NatsServer, log: SQLiteLog, tmp_path: Path
) -> None:
    record(log, 30)
    async with relaying(log, server) as relay:
        await caught_up(relay)
    server.kill()
    shutil.copytree(server.store, tmp_path / "earlier")
    server.start()
    record(log, 10)
    async with relaying(log, server) as relay:
        await caught_up(relay)
    server.kill()
    server.wipe()
    shutil.copytree(tmp_path / "earlier", server.store)
    server.start()
    assert await messages(server) == 30

    async with relaying(log, server) as relay:
        record(log, 3)
        await caught_up(relay)
    assert await in_the_stream(server) == history(log)


@pytest.mark.parametrize("lost", [1, 7, 12], ids=["its first", "one inside", "its last"])
async def test_a_stream_with_a_hole_is_published_again_whole(
    server: NatsServer, log: SQLiteLog, lost: int
) -> None:
    record(log, 12)
    async with relaying(log, server, duplicate_window=0.2) as relay:
        await caught_up(relay)
    async with server.client() as client:
        await client.jetstream().delete_msg(STREAM, lost)
    async with relaying(log, server) as relay:
        await caught_up(relay)
    assert await in_the_stream(server) == history(log)


async def test_a_stream_with_limits_may_have_lost_its_beginning(
    server: NatsServer, log: SQLiteLog
) -> None:
    limits: dict[str, Any] = {"most_messages": 10}
    for _ in range(2):
        record(log, 25)
        async with relaying(log, server, **limits) as relay:
            await caught_up(relay)

    assert await in_the_stream(server) == history(log)[-10:]
    async with server.client() as client:
        state = (await client.jetstream().stream_info(STREAM)).state
    assert state.last_seq == log.end(), "nothing was published twice"


async def test_the_stream_of_another_log_is_noticed_and_left_alone(
    server: NatsServer, log: SQLiteLog
) -> None:
    record(log, 5)
    async with relaying(log, server) as relay:
        await caught_up(relay)
    published = await in_the_stream(server)
    log.replace_fact("log_id", ANOTHER)
    record(log, 2)
    async with relaying(log, server) as relay:
        await until(lambda: relay.state().trouble)
        trouble = relay.state().trouble
    assert trouble == f"AnotherLog: the stream holds log {LOG}; this is log {ANOTHER}"
    assert await in_the_stream(server) == published


async def test_a_restored_log_that_names_its_predecessor_takes_its_stream_over(
    server: NatsServer, log: SQLiteLog
) -> None:
    record(log, 5)
    async with relaying(log, server) as relay:
        await caught_up(relay)
    log.replace_fact("log_id", ANOTHER)
    record(log, 2)
    async with relaying(log, server, predecessors=(LOG,)) as relay:
        await caught_up(relay)
    async with server.client() as client:
        kept = await stored(client)
        consumed = await delivered(client, STREAM, [within(log_id=ANOTHER)], 7)

    assert places(facts(kept)) == history(log)
    assert {(one.headers or {})["Nats-Msg-Id"].partition("/")[0] for one in kept} == {ANOTHER}
    assert len(consumed) == 7


@pytest.mark.parametrize("take_over", [True, False])
async def test_a_restored_log_takes_its_predecessor_s_stream_over_where_the_operator_says_so(
    server: NatsServer, log: SQLiteLog, tmp_path: Path, take_over: bool
) -> None:
    record(log, 5)
    async with relaying(log, server) as relay:
        await caught_up(relay)
    origin = {"log_id": LOG, "position": 5, "taken_at": NOON, "restored_at": NOON}
    log.replace_fact("restored_from", json.dumps([origin]))
    log.replace_fact("log_id", ANOTHER)
    with open_sqlite(tmp_path / "log.db") as opened:
        settings = NatsSettings(servers=server.url, stream=STREAM)
        relay = relay_of(opened, settings, take_over=take_over)
        relay.start()
        if take_over:
            await caught_up(relay)
        else:
            await until(lambda: "AnotherLog" in (relay.state().trouble or ""))
        await asyncio.to_thread(relay.close)
    async with server.client() as client:
        told = {read(one.headers, one.data or b"")["source"] for one in await stored(client)}
    assert told == {f"urn:handheld:log:{ANOTHER if take_over else LOG}"}


async def test_a_relay_whose_duty_comes_back_is_started_again(
    server: NatsServer, log: SQLiteLog
) -> None:
    async with relaying(log, server) as relay:
        for _ in range(3):
            record(log, 5)
            await caught_up(relay)
            await asyncio.to_thread(relay.close)
            record(log, 2)
            assert not relay.state().connected
            relay.start()
        await caught_up(relay)
    assert await in_the_stream(server) == history(log)


async def test_another_history_under_the_same_id_is_noticed(
    server: NatsServer, log: SQLiteLog
) -> None:
    record(log, 5)
    async with relaying(log, server) as relay:
        await caught_up(relay)
    shorter = MemoryLog()
    shorter.set_facts({"log_id": LOG})
    record(shorter, 3)
    async with relaying(shorter, server) as relay:
        await until(lambda: relay.state().trouble)
        assert "AnotherHistory: position 5 was published as task-" in (relay.state().trouble or "")
    assert await in_the_stream(server) == history(log)


async def test_a_limit_by_age_is_refused(server: NatsServer, log: SQLiteLog) -> None:
    async with server.client() as client:
        await client.jetstream().add_stream(
            StreamConfig(name=STREAM, subjects=[f"handheld.{LOG}.>"], max_age=3600)
        )
    record(log)
    async with relaying(log, server) as relay:
        await until(lambda: relay.state().trouble)
        assert "StreamHasAnAge" in (relay.state().trouble or "")


async def test_a_stream_without_atomic_batches_is_filled_message_by_message(
    server: NatsServer, log: SQLiteLog
) -> None:
    async with server.client() as client:
        await client.jetstream().add_stream(
            StreamConfig(name=STREAM, subjects=[f"handheld.{LOG}.>"])
        )
        record(log, 1_100)
        async with relaying(log, server) as relay:
            await caught_up(relay)
        assert not any("Nats-Batch-Id" in (one.headers or {}) for one in await stored(client))
    assert await in_the_stream(server) == history(log)


async def test_what_others_write_under_the_log_s_subjects_is_noticed(
    server: NatsServer, log: SQLiteLog
) -> None:
    record(log)
    async with relaying(log, server) as relay:
        await caught_up(relay)
    async with server.client() as client:
        await client.jetstream().publish(subject(LOG, "x.y.v1", None, drill=False), b"{}")
    async with relaying(log, server) as relay:
        await until(lambda: relay.state().trouble)
        assert "NotACloudEvent" in (relay.state().trouble or "")


async def test_a_relay_that_is_behind_cannot_publish_in_between(
    server: NatsServer, log: SQLiteLog
) -> None:
    record(log, 3)
    async with relaying(log, server) as relay:
        await caught_up(relay)
    async with server.client() as client:
        with pytest.raises(APIError, match="wrong last sequence"):
            await client.jetstream().publish(
                subject(LOG, "task.accepted.v1", None, drill=False),
                b"late",
                headers={"Nats-Expected-Last-Sequence": "2"},
            )


async def test_what_cannot_be_read_stops_it_there_and_is_told(
    server: NatsServer, log: SQLiteLog
) -> None:
    record(log, 3)
    unreadable: list[NewRow] = [("task-9", 1, "task.teleported.v1", b"{}")]
    log.commit([decided(unreadable)], lambda: log.read(2, 1)[0][5] + 1)
    record(log, 3)
    async with relaying(log, server) as relay:
        await until(lambda: relay.state().trouble)
        assert relay.state().trouble == (
            "UnreadableEvent: task.teleported.v1 at position 4: "
            "no event of this name is known to this version: task.teleported.v1"
        )
    assert await in_the_stream(server) == history(log)[:3]


async def test_a_durable_consumer_goes_on_when_the_stream_lost_what_it_had_consumed(
    server: NatsServer, log: SQLiteLog, tmp_path: Path
) -> None:
    record(log, 30)
    async with relaying(log, server) as relay:
        await caught_up(relay)
    server.kill()
    shutil.copytree(server.messages, tmp_path / "earlier")
    server.start()
    record(log, 10)
    async with relaying(log, server) as relay:
        await caught_up(relay)
    async with server.client() as client:
        done = places(facts(await delivered(client, STREAM, [within()], 40, durable="city")))
    server.kill()
    shutil.rmtree(server.messages)
    shutil.copytree(tmp_path / "earlier", server.messages)
    server.start()
    assert await messages(server) == 30
    record(log, 5)
    async with relaying(log, server) as relay:
        await caught_up(relay)
    async with server.client() as client:
        while done[-1][0] < log.end():
            for place in places(facts(await delivered(client, STREAM, [within()], 1, "city"))):
                if place[0] > done[-1][0]:
                    done.append(place)

    assert done == history(log)
