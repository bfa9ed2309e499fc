"""Looking after connections: who says nothing, who reads nothing, whose session has ended.

One task for all of them, which takes a part of them each second: timers and tasks of their own would
cost each connection 2 KiB.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection

from handheld.domain.errors import HandheldError
from handheld.entrypoints.gateway.figures import Figures
from handheld.entrypoints.gateway.messages import CLOSE_REVOKED, CLOSE_TOO_SLOW
from handheld.entrypoints.gateway.phone import Phone

logger = logging.getLogger("handheld.gateway")

PING_SECONDS = 45.0
"""Whoever was not heard of for so long is pinged."""
SILENT_SECONDS = 75.0
"""Whoever was not heard of for so long is gone: a phone without signal says nothing."""
STUCK_SECONDS = 60.0
"""Whoever has read nothing of what waits for so long is disconnected."""
PARTS = 8
HANDFUL = 1_024


class LookingAfter:
    """`holds`: whether a session has not ended."""

    def __init__(
        self,
        phones: Collection[Phone],
        figures: Figures,
        holds: Callable[[str], bool],
        retry_after: Callable[[], float],
    ) -> None:
        self._phones = phones
        self._figures = figures
        self._holds = holds
        self._retry_after = retry_after

    async def run(self, besides: Callable[[], object]) -> None:
        """Each second, as long as the gateway runs; `besides` is done each second as well."""
        rounds = 0
        while True:
            await asyncio.sleep(1)
            rounds += 1
            try:
                besides()
                for number, phone in enumerate(tuple(self._phones)):
                    if phone.device is None:
                        phone.hurry()
                    elif phone.wire.part % PARTS == rounds % PARTS:
                        self.look_after(phone)
                    if number % HANDFUL == HANDFUL - 1:
                        await asyncio.sleep(0)
            except Exception:
                logger.exception("connections cannot be looked after")

    def look_after(self, phone: Phone) -> None:
        """Ping whoever is silent, let go of whoever is gone."""
        wire, who = phone.wire, phone.identity
        now = wire.loop.time()
        if who is not None and not self._holds(who.session):
            self._figures.revoked += 1
            phone.end(CLOSE_REVOKED)
        elif wire.stuck_since is not None and now - wire.stuck_since > STUCK_SECONDS:
            self._figures.too_slow += 1
            phone.end(CLOSE_TOO_SLOW, HandheldError("gateway.too_slow"), self._retry_after())
        elif now - wire.heard > SILENT_SECONDS:
            self._figures.silent += 1
            wire.transport.abort()
        elif now - wire.heard > PING_SECONDS:
            wire.ask()
