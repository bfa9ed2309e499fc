"""Connections to NATS: one each, which end when they break. Whoever needs another asks for it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from ssl import SSLContext

import nats
from nats.aio.client import Client

logger = logging.getLogger(__name__)

CONNECT_SECONDS = 2
BETWEEN_SERVERS = 0.05
"""Seconds before each server is tried a second and last time."""


async def connected(
    servers: Sequence[str],
    *,
    name: str = "handheld",
    credentials: str | None = None,
    tls: SSLContext | None = None,
) -> Client:
    """A connection to the first of these servers that answers.

    `servers` are URLs (`nats://host:4222`, `tls://…`); `credentials` is the path of a file with a
    user's JWT and nkey seed. It does not reconnect by itself: what a client sends again on its own, in
    the middle of a batch, is worth nothing. Raises what `nats.connect` does.
    """

    async def troubled(error: Exception) -> None:
        logger.info("nats %s: %s", name, type(error).__name__)

    return await nats.connect(
        list(servers),
        name=name,
        user_credentials=credentials,
        tls=tls,
        allow_reconnect=False,
        max_reconnect_attempts=1,
        reconnect_time_wait=BETWEEN_SERVERS,
        connect_timeout=CONNECT_SECONDS,
        error_cb=troubled,
    )
