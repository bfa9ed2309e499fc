"""Looking at the published stream from outside: how much it holds, and who leads it."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from nats.errors import Error
from nats.js import JetStreamContext

from handheld.adapters.nats_connection import connected
from handheld.adapters.nats_settings import NatsSettings
from handheld.adapters.nats_stream import looked_at
from handheld.application.relaying import Standing
from handheld.domain.errors import Installation

SECONDS = 1.0
"""So long an answer is waited for; while servers choose a leader there is none."""


async def standing_of(settings: NatsSettings, stream: str) -> Standing:
    """What a stream holds. Raises Installation (`nats.…`)."""
    async with _js(settings) as js:
        return await (await looked_at(js, stream)).standing()


async def leader(settings: NatsSettings, stream: str) -> str:
    """The server that leads a stream, by its name; empty while there is none."""
    async with _js(settings) as js:
        cluster = (await js.stream_info(stream)).cluster
        return (cluster.leader or "") if cluster is not None else ""


@asynccontextmanager
async def _js(settings: NatsSettings) -> AsyncGenerator[JetStreamContext]:
    client = await connected(settings, name="handheld looking")
    try:
        yield client.jetstream(timeout=SECONDS)
    except (Error, TimeoutError) as error:
        reason = f"{type(error).__name__}: {error}"
        raise Installation(
            "nats.unreachable", servers=", ".join(settings.shown), reason=reason
        ) from error
    finally:
        await client.close()
