"""The JavaScript clients of NATS and CloudEvents read the published stream, and agree with the log."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime, timedelta

import pytest

from handheld.adapters.log_sqlite import SQLiteLog
from handheld_events.cloud_messages import Mode
from handheld_events.codec import Reading
from handheld_events.examples import EXAMPLES, META, META_ON_BEHALF
from handheld_events.publishing import cloud_event
from handheld_events.subjects import subject
from handheld_events.withheld import withheld
from tests.support_nats import LOG, STREAM, NatsServer, caught_up, record, relaying
from tests.support_node import ROOT, needs_clients, run

ATTRIBUTES = ("id", "source", "type", "subject", "position", "actor", "division", "data")


@needs_clients
@pytest.mark.parametrize("mode", ["structured", "binary"])
async def test_another_client_reads_everything_in_order_once(
    server: NatsServer, log: SQLiteLog, mode: Mode
) -> None:
    for meta in (META, META_ON_BEHALF):
        for event in EXAMPLES.values():
            record(log, event=event, meta=meta)
    record(log, 1_100)
    record(log, 2, division=None)
    record(log, division="衢江 100%")
    async with relaying(log, server, mode=mode) as relay:
        await caught_up(relay)
    read = await asyncio.to_thread(run, "consume.mjs", server.url, STREAM)

    reading = Reading()
    facts = [withheld(reading.fact(*row)) for row in log.read(0, log.end())]
    published = [json.loads(json.dumps(cloud_event(fact, LOG))) for fact in facts]
    assert [one["id"] for one in read] == [str(fact.position) for fact in facts]
    for got, fact, event in zip(read, facts, published, strict=True):
        assert {name: got.get(name) for name in ATTRIBUTES} == {
            name: event.get(name) for name in ATTRIBUTES
        }
        drill = fact.meta.drill
        assert got["under"] == subject(LOG, fact.event.TOPIC, fact.division, drill=drill)
        assert got.get("drill") in ((True, "true") if drill else (None,))
        # JavaScript knows milliseconds.
        apart = datetime.fromisoformat(event["time"]) - datetime.fromisoformat(got["time"])
        assert timedelta(0) <= apart < timedelta(milliseconds=1)


def test_the_lock_names_no_registry() -> None:
    assert "resolved" not in (ROOT / "package-lock.json").read_text()
