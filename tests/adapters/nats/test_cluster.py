"""A JetStream cluster of three real servers: one may be lost in the middle, and nothing is."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Generator
from pathlib import Path

import pytest
from nats.errors import Error
from nats.js.api import StreamInfo

from handheld.adapters.local_nats import LocalCluster, LocalNats, local_cluster
from handheld.adapters.log_sqlite import SQLiteLog
from tests.support_log import history
from tests.support_nats import (
    PATIENCE,
    STREAM,
    caught_up,
    client_of,
    facts,
    places,
    record,
    relaying,
    stored,
    until,
)


@pytest.fixture
def cluster(tmp_path: Path) -> Generator[LocalCluster]:
    with local_cluster(tmp_path / "cluster") as running:
        yield running


async def about(cluster: LocalCluster) -> StreamInfo:
    """What the servers that run say of the stream."""
    running = [server.url for server in cluster.servers if server.process_id]
    async with client_of(*running) as client:
        return await client.jetstream().stream_info(STREAM)


async def leader(cluster: LocalCluster) -> LocalNats:
    led = (await about(cluster)).cluster
    assert led is not None
    assert led.leader is not None
    return cluster.named(led.leader)


async def all_current(cluster: LocalCluster) -> None:
    """Wait until all three have all messages."""
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                led = (await about(cluster)).cluster
                if led and led.replicas and all(one.current for one in led.replicas):
                    return
            except (Error, TimeoutError):
                pass
            await asyncio.sleep(0.05)


async def lead(cluster: LocalCluster, server: LocalNats) -> None:
    """Have a server lead the stream: what is read then is what it has itself."""
    wanted = {"placement": {"preferred": server.folder.name}}
    async with client_of(server.url) as client:
        while await leader(cluster) is not server:
            answer = await client.request(
                f"$JS.API.STREAM.LEADER.STEPDOWN.{STREAM}", json.dumps(wanted).encode(), timeout=5
            )
            assert "error" not in json.loads(answer.data)
            await all_current(cluster)


async def test_the_leader_of_the_stream_is_killed_in_the_middle_and_nothing_is_lost(
    cluster: LocalCluster, log: SQLiteLog
) -> None:
    async with relaying(log, cluster.urls, replicas=3) as relay:
        record(log, 500)
        await caught_up(relay)
        killed = await leader(cluster)
        for many in (700, 1, 1_300, 2, 900):
            record(log, many)
        before = relay.state().position
        await until(lambda: relay.state().position > before)
        assert relay.state().lag, "it was to be killed in the middle"
        killed.kill()
        record(log, 40)
        await caught_up(relay)
        assert (await leader(cluster)) is not killed
        async with client_of(*(one.url for one in cluster.servers if one is not killed)) as client:
            there = places(facts(await stored(client)))
        assert there == history(log)

        killed.start()
        record(log, 30)
        await caught_up(relay)
        await all_current(cluster)

        await lead(cluster, killed)
        async with client_of(killed.url) as client:
            there = places(facts(await stored(client)))
    assert there == history(log)
    assert len({position for position, _, _ in there}) == log.end()
