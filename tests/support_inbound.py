"""Other systems that ask by CloudEvent over NATS JetStream, and read their answers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from itertools import count
from typing import Any

import msgspec
from nats.aio.client import Client
from nats.js.errors import NotFoundError

from handheld.adapters.nats_connection import connecting
from handheld.adapters.nats_inbound import Inbound, InboundSettings
from handheld.adapters.nats_settings import NatsSettings
from handheld.application.receiving_events import Receiver
from handheld.domain.policy.systems import System
from handheld_events.cloud_messages import Mode, message, read
from handheld_events.subjects import answer_to, asked_by
from tests.support_cap import SENDER
from tests.support_log import COUNTY, TOWNSHIP, VILLAGE, person
from tests.support_nats import PATIENCE, STEP, NatsServer, stored, until

SETTINGS = InboundSettings(district="longyou", again_after=1.0)
ANSWERS = SETTINGS.answers
BUREAU = "urn:example:weather-bureau"
HOTLINE = "urn:example:hotline-12345"
REPORTER = person(0).removeprefix("person-")

SYSTEMS = {
    "weather": System(
        source=BUREAU,
        may=frozenset(("cap", "warning", "start")),
        divisions=(COUNTY,),
        cap_senders=(SENDER,),
    ),
    "hotline": System(
        source=HOTLINE, may=frozenset(("finding",)), divisions=(TOWNSHIP,), reporter=REPORTER
    ),
    "command": System(
        source="urn:example:city-command",
        may=frozenset(("warning", "start")),
        divisions=(COUNTY,),
        starts_at_once=True,
    ),
    "tried-out": System(
        source="urn:example:new",
        may=frozenset(("finding",)),
        divisions=(COUNTY,),
        reporter=REPORTER,
        drills_only=True,
    ),
}

WARNING = {
    "event": "山洪",
    "level": "orange",
    "headline": "山洪灾害橙色预警",
    "divisions": [TOWNSHIP],
}
START = {**WARNING, "plan": "storm"}
FINDING = {"text": "路面塌陷", "division": VILLAGE, "place": "村口"}


def asks(system: str, kind: str, data: Any, event_id: str = "1", **more: Any) -> dict[str, Any]:
    """A CloudEvent of a system."""
    return {
        "specversion": "1.0",
        "id": event_id,
        "source": SYSTEMS[system].source,
        "type": f"ask.{kind}.v1",
        "time": "2021-07-23T08:00:00+08:00",
        "datacontenttype": "application/json",
        "data": data,
        **more,
    }


async def send(
    client: Client,
    system: str,
    event: dict[str, Any],
    mode: Mode = "structured",
) -> None:
    """Publish it, acknowledged by JetStream."""
    headers, payload = message(event, mode)
    await send_raw(client, system, payload, headers)


async def send_raw(
    client: Client, system: str, payload: bytes, headers: dict[str, str] | None = None
) -> None:
    """Publish whatever it is."""
    await client.jetstream().publish(asked_by("longyou", system), payload, headers=headers)


async def answers(client: Client) -> list[dict[str, Any]]:
    """All answers that there are, in order."""
    return [read(one.headers, one.data or b"") for one in await stored(client, ANSWERS)]


async def answered(client: Client, many: int) -> list[dict[str, Any]]:
    """Wait for so many answers."""
    async with asyncio.timeout(PATIENCE):
        for _ in count():
            found = await answers(client)
            if len(found) >= many:
                return found
            await asyncio.sleep(STEP)
    return []


async def answer(client: Client, system: str, event_id: str | None = "1") -> dict[str, Any]:
    """The data of the answer, found by the subject as its sender finds it."""
    subject = answer_to("longyou", system, event_id)
    async with asyncio.timeout(PATIENCE):
        for _ in count():
            with suppress(NotFoundError):
                found = await client.jetstream().get_last_msg(ANSWERS, subject)
                return dict(read(found.headers, found.data or b"")["data"])
            await asyncio.sleep(STEP)
    return {}


async def waiting(client: Client) -> int:
    """So many messages are neither acknowledged nor terminated."""
    return int((await client.jetstream().stream_info(SETTINGS.stream)).state.messages)


async def nothing_waits(client: Client) -> None:
    """Wait until all is acknowledged."""
    async with asyncio.timeout(PATIENCE):
        for _ in count():
            if not await waiting(client):
                return
            await asyncio.sleep(STEP)


def inbound_of(
    receiver: Receiver, server: NatsServer, settings: InboundSettings = SETTINGS
) -> Inbound:
    """Not started yet."""
    return Inbound(receiver, settings, connecting(NatsSettings(servers=server.url), "inbound"))


@asynccontextmanager
async def receiving(
    receiver: Receiver, server: NatsServer, settings: InboundSettings = SETTINGS
) -> AsyncGenerator[Inbound]:
    """At work until the end of the block."""
    inbound = inbound_of(receiver, server, settings)
    inbound.start()
    try:
        await until(lambda: inbound.connected)
        yield inbound
    finally:
        await asyncio.to_thread(inbound.close)


def said(event: dict[str, Any]) -> tuple[str, str | None]:
    """Outcome and code."""
    data = event.get("data", event)
    return data["outcome"], data.get("code")


def same(one: Any, other: Any) -> bool:
    """Whether two answers are the same to the byte, but for their names and times."""
    return msgspec.json.encode(one["data"]) == msgspec.json.encode(other["data"])
