"""Asking servers of others: with time limits, few at once, again after a while, through a proxy.

Whether a request arrived matters: what surely did not arrive has failed, what may have arrived and was
not answered is unknown.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from secrets import randbelow
from typing import Any, NamedTuple

import httpx
import msgspec

from handheld.application.notifying import Came

TRIES = 3
FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0
"""Seconds before the second try, and the most that somebody's Retry-After is waited for."""
LARGEST_ANSWER = 256 * 1024

# At its usual level this library writes whole addresses into the log, with the secrets in them.
logging.getLogger("httpx").setLevel(logging.WARNING)

_SURELY_NOT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
_AGAIN = frozenset((429, 500, 502, 503, 504))


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """How others are asked."""

    timeout: float = 10.0
    """Seconds for the connection, and for the answer."""
    at_once: int = 16
    """Requests under way at a time."""
    proxy: str | None = None
    """The address of an HTTP proxy; the environment's is never used."""
    tries: int = TRIES
    first_wait: float = FIRST_WAIT


class Reply(NamedTuple):
    """What came back; of an HTTP status below 300 and none at all alike."""

    status: int | None
    """None where nobody answered."""
    body: bytes
    came: Came | None
    """What it means where it is no success."""
    headers: Mapping[str, str]

    def json(self) -> Any:
        """The body as JSON; None where it is none."""
        try:
            return msgspec.json.decode(self.body)
        except msgspec.DecodeError:
            return None


class Outside:
    """A client of one outside service."""

    def __init__(self, limits: Limits | None = None) -> None:
        limits = limits or Limits()
        self._limits = limits
        self._room = asyncio.Semaphore(limits.at_once)
        self._client = httpx.AsyncClient(
            timeout=httpx.Timeout(limits.timeout),
            limits=httpx.Limits(
                max_connections=limits.at_once, max_keepalive_connections=limits.at_once
            ),
            proxy=limits.proxy,
            trust_env=False,
            follow_redirects=False,
        )

    async def close(self) -> None:
        """Let the connections go."""
        await self._client.aclose()

    async def ask(
        self,
        method: str,
        url: str,
        *,
        content: bytes = b"",
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
    ) -> Reply:
        """Ask, again after a while where that may help. Raises nothing but cancellation."""
        perhaps = False
        reply = Reply(None, b"", Came("failed", "not_asked"), {})
        for number in range(1, self._limits.tries + 1):
            wait = self._limits.first_wait * 2 ** (number - 1)
            try:
                async with self._room:
                    reply = await self._once(method, url, content, headers or {}, params or {})
            except _SURELY_NOT as error:
                reply = Reply(None, b"", Came("failed", _name(error)), {})
            except httpx.HTTPError as error:
                perhaps = True
                reply = Reply(None, b"", Came("unknown", _name(error)), {})
            except (httpx.InvalidURL, ValueError):
                return Reply(None, b"", Came("failed", "address"), {})
            if reply.status is not None and reply.status not in _AGAIN:
                return reply
            if number < self._limits.tries:
                told = _retry_after(reply.headers.get("retry-after"))
                if told is not None and told > LONGEST_WAIT:
                    break
                # Not all at the same moment once more.
                await asyncio.sleep(max(told or 0.0, wait * (0.5 + randbelow(1000) / 1000)))
        if perhaps and reply.came is not None and reply.came.result == "failed":
            return reply._replace(came=Came("unknown", reply.came.code))
        return reply

    async def _once(
        self,
        method: str,
        url: str,
        content: bytes,
        headers: Mapping[str, str],
        params: Mapping[str, str],
    ) -> Reply:
        async with self._client.stream(
            method, url, content=content, headers=dict(headers), params=dict(params) or None
        ) as response:
            body = b""
            async for part in response.aiter_bytes():
                body += part
                if len(body) > LARGEST_ANSWER:
                    break
            status = response.status_code
            came = None
            if status in _AGAIN:
                came = Came("failed", f"http_{status}")
            elif not 200 <= status < 300:
                came = Came("refused", f"http_{status}")
            return Reply(status, body[:LARGEST_ANSWER], came, response.headers)


def _name(error: Exception) -> str:
    """A word for logs and facts; never the address, which may hold a secret."""
    if isinstance(error, httpx.TimeoutException):
        return "timeout"
    if isinstance(error, httpx.ConnectError):
        return "no_connection"
    return "connection_lost"


def _retry_after(value: str | None) -> float | None:
    """Seconds (RFC 9110, section 10.2.3): a number or a date."""
    if value is None:
        return None
    if value.isdigit():
        return float(value)
    with suppress(TypeError, ValueError):
        at = parsedate_to_datetime(value)
        return max(0.0, (at - datetime.now(UTC)).total_seconds())
    return None
