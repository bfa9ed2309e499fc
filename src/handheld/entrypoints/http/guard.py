"""Around every request: an id, security headers, a line in the log, a place in the metrics.

A pure ASGI layer: it costs microseconds, and never holds a body back.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from time import perf_counter, time
from typing import Any

from handheld.entrypoints.http.ids import REQUEST, request_id
from handheld.entrypoints.http.metrics import Metrics
from handheld.entrypoints.http.request_lines import Lines

QUIET = frozenset(("/health/live", "/health/ready", "/metrics"))
"""What tools ask every few seconds has no line in the log."""

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)


class Guard:
    """The outermost layer."""

    def __init__(
        self,
        app: Callable[..., Awaitable[None]],
        metrics: Metrics,
        lines: Lines | None = None,
    ) -> None:
        self._app = app
        self._metrics = metrics
        self._lines = lines
        self._stopping = False
        self._under_way = 0
        self._idle = asyncio.Event()

    async def stop(self, seconds: float) -> None:
        """Take nothing new from now on, and wait, so long at most, for what is under way."""
        self._stopping = True
        if self._under_way:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._idle.wait(), seconds)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and note how it ended."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = None
        for key, value in scope["headers"]:
            if key == b"x-request-id":
                given = value.decode("latin-1")
        name = request_id(given)
        token = REQUEST.set(name)
        noted: dict[str, Any] = {"request": name}
        scope["handheld"] = noted
        scope["stopping"] = self._stopping
        self._under_way += 1
        status = 500
        began = perf_counter()

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [
                    *message.get("headers", ()),
                    *HEADERS,
                    (b"x-request-id", name.encode()),
                ]
            await send(message)

        try:
            await self._app(scope, receive, answer)
        finally:
            self._under_way -= 1
            if self._stopping and not self._under_way:
                self._idle.set()
            took = perf_counter() - began
            # The route's pattern, never the path or the query: those may hold what people typed.
            route = noted.setdefault("route", "unknown")
            method = scope["method"]
            self._metrics.answered(method, route, status, took)
            if self._lines is not None and route not in QUIET:
                noted["method"] = method
                noted["status"] = status
                noted["ms"] = round(took * 1000, 3)
                noted["at"] = time()
                self._lines.put(noted)
            REQUEST.reset(token)
