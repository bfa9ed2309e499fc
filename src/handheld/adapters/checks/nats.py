"""Whether the NATS servers are there, with JetStream."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from nats.errors import Error

from handheld.adapters.checks.result import Checked, failed, fine
from handheld.adapters.nats_client import let_go
from handheld.adapters.nats_connection import connected
from handheld.adapters.nats_settings import NatsSettings
from handheld.domain.errors import Installation


def look(settings: NatsSettings) -> Iterator[Checked]:
    """Connect, and ask for the account of JetStream. Raises Installation (`nats.file`)."""
    yield asyncio.run(_asked(settings))


async def _asked(settings: NatsSettings) -> Checked:
    try:
        client = await connected(settings, name="handheld doctor")
    except Installation as error:
        return failed("nats.unreachable", reason=str(error))
    try:
        account = await client.jetstream(domain=settings.domain).account_info()
    except (Error, OSError, TimeoutError) as error:
        return failed("nats.no_jetstream", reason=str(error) or type(error).__name__)
    finally:
        await let_go(client)
    return fine("nats.jetstream", streams=account.streams)
