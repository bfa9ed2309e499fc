"""What time it is at the server, and how fast it goes there: asked before anybody connects."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from typing import Any

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus, InvalidURI, WebSocketException
from websockets.typing import Subprotocol

from handheld.domain.errors import Installation
from handheld.entrypoints.fleet.owners import Owner
from handheld.entrypoints.fleet.times import Seen, rate_of
from handheld.entrypoints.gateway.messages import PROTOCOL, FromGateway, Hello, Problem, Welcome

BETWEEN_SECONDS = 0.5
OPEN_SECONDS = 10.0

_decode = msgspec.json.Decoder(FromGateway).decode


async def probed(url: str, owner: Owner) -> tuple[Seen, float]:
    """The server's clock, and its rate. Raises Installation (`fleet.unreachable`, `fleet.refused`)."""
    try:
        async with connect(
            url,
            additional_headers={"Authorization": f"Bearer {owner.token}"},
            subprotocols=[Subprotocol(PROTOCOL)],
            compression=None,
            proxy=None,
            open_timeout=OPEN_SECONDS,
            close_timeout=1,
        ) as socket:
            first = await _seen(socket, owner)
            await asyncio.sleep(BETWEEN_SECONDS)
            second = await _seen(socket, owner)
            return second, rate_of(first, second)
    except InvalidStatus as error:
        raise Installation("fleet.refused", status=error.response.status_code) from error
    except (OSError, InvalidURI, WebSocketException, TimeoutError) as error:
        reason = str(error) or type(error).__name__
        raise Installation("fleet.unreachable", url=url, reason=reason) from error


async def _seen(socket: ClientConnection, owner: Owner) -> Seen:
    hello = Hello(device=owner.device, clock=datetime.now(UTC), inbox=False)
    await socket.send(msgspec.json.encode(hello).decode())
    while True:
        async with asyncio.timeout(OPEN_SECONDS):
            message: Any = _decode(await socket.recv())
        if isinstance(message, Welcome):
            return Seen(message.clock, time.monotonic())
        if isinstance(message, Problem):
            raise Installation("fleet.refused", status=message.code)
