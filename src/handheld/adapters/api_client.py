"""A client of our own API that knows several addresses of it: what one does not answer, the next does.

The command id stays the same, so that a command whose answer was lost is carried out once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from secrets import token_bytes
from ssl import PROTOCOL_TLS_CLIENT, SSLContext
from time import monotonic, time
from typing import Any

import httpx

from handheld.domain.errors import HandheldError
from handheld_events.ids import command_id

AGAIN_SECONDS = 0.2
PATIENCE_SECONDS = 60.0
_NOT_NOW = frozenset((502, 503, 504))


class ApiClient:
    """Somebody who is signed in. Close it when done."""

    def __init__(self, addresses: Sequence[str], token: str) -> None:
        self._addresses = list(addresses)
        self._client = httpx.AsyncClient(
            headers={"Authorization": f"Bearer {token}"} if token else {},
            timeout=30,
            trust_env=False,
        )
        self.retried = 0
        """How often another address, or the same once more, had to be asked."""

    def at(self, address: str) -> ApiClient:
        """The same person, at one address only. To be closed with this one."""
        other = ApiClient((address,), "")
        other._client = self._client
        return other

    async def close(self) -> None:
        """End it."""
        await self._client.aclose()

    async def get(self, path: str, **query: str) -> Any:
        """What is there. Raises HandheldError with the code of the answer, or `cluster.no_answer`."""
        return await self._asked("GET", path, {}, params=query)

    async def post(self, path: str, body: Any) -> Any:
        """Carry out a command, once. Raises as `get`."""
        key = {"Idempotency-Key": command_id(int(time() * 1000), token_bytes(10))}
        if isinstance(body, bytes):
            kind = {"Content-Type": "application/cap+xml"}
            return await self._asked("POST", path, {**key, **kind}, content=body)
        return await self._asked("POST", path, key, json=body)

    async def _asked(self, method: str, path: str, headers: Mapping[str, str], **how: Any) -> Any:
        give_up = monotonic() + PATIENCE_SECONDS
        while True:
            address = self._addresses[0]
            reason = ""
            try:
                found = await self._client.request(
                    method, f"{address}/api/v1{path}", headers=dict(headers), **how
                )
            except httpx.TransportError as error:
                reason = f"{type(error).__name__}: {error}"
            else:
                if found.status_code not in _NOT_NOW:
                    return _answer(found)
                reason = str(found.status_code)
            if monotonic() >= give_up:
                raise HandheldError("cluster.no_answer", path=path, reason=reason)
            self.retried += 1
            self._addresses.append(self._addresses.pop(0))
            await asyncio.sleep(AGAIN_SECONDS)


async def sign_in(addresses: Sequence[str], name: str, password: str) -> ApiClient:
    """Somebody who signs in with a password. Raises HandheldError as `ApiClient.post`."""
    door = ApiClient(addresses, "")
    try:
        device = {"id": "cluster-demo", "kind": "desk", "name": "cluster-demo"}
        found = await door.post("/sign-in", {"name": name, "password": password, "device": device})
    finally:
        await door.close()
    return ApiClient(addresses, found["token"])


_NO_AUTHORITIES = SSLContext(PROTOCOL_TLS_CLIENT)
"""Processes of a demonstration speak no TLS; reading all authorities takes longer than asking."""


async def health(address: str) -> dict[str, Any]:
    """How the process there says it is (`/health/ready`); empty where nobody answers."""
    try:
        async with httpx.AsyncClient(timeout=5, trust_env=False, verify=_NO_AUTHORITIES) as client:
            found = await client.get(f"{address}/health/ready")
            return dict(found.json())
    except (httpx.TransportError, ValueError):
        return {}


def _answer(found: httpx.Response) -> Any:
    body = found.json() if found.content else None
    if found.is_success:
        return body
    code = body.get("code", "internal") if isinstance(body, dict) else "internal"
    raise HandheldError("cluster.refused", what=str(code), status=found.status_code)
