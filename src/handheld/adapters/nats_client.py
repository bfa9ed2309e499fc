"""The library's client of NATS, with what is asked of it beyond that."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from nats.aio.client import Client
from nats.errors import ConnectionClosedError, MaxPayloadError, SecureConnRequiredError

CLOSE_SECONDS = 0.5
BROKEN = "the connection to the server ended"

WRITE_SECONDS = 4.0
"""A server that takes nothing for so long is given up."""
_AT_ONCE = 256 * 1024
"""Bytes of payload that are worth a write: the server begins with them while the next ones are made."""


Message = tuple[str, Mapping[str, str], bytes]
"""Subject, headers and payload. They go out as they are: no subject has a blank, no header a line break."""


class Connection(Client):
    """A client that says nothing to a server without TLS where its operator asked for TLS.

    The library encrypts where the server offers it, and would otherwise send a password in clear.
    """

    only_with_tls = False
    introduced = False
    """Whether it has said who it is."""

    def _connect_command(self) -> bytes:
        if self.only_with_tls and not self._server_info.get("tls_required"):
            raise SecureConnRequiredError
        self.introduced = True
        return super()._connect_command()

    async def reach(self, servers: Sequence[str], options: Mapping[str, Any]) -> None:
        """Connect; a connection that did not come about is let go. Raises what the library does."""
        try:
            await self.connect(list(servers), **options)
            if not self.is_connected:  # the library takes the server's silence for its consent
                raise ConnectionResetError(BROKEN)
        except BaseException:
            await let_go(self)
            raise

    async def send(self, messages: Iterable[Message]) -> None:
        """Publish many messages in few writes, while they are made.

        One by one the library takes longer for them than the server does. They are in front of all that
        is published after this has returned. Raises ConnectionClosedError, MaxPayloadError,
        OSError and TimeoutError.
        """
        slice_: list[bytes] = []
        size = 0
        for subject, headers, payload in messages:
            if len(payload) > self.max_payload:
                raise MaxPayloadError
            slice_ += (_head(subject, headers, len(payload)), payload, b"\r\n")
            size += len(payload)
            if size >= _AT_ONCE:
                await self._write(b"".join(slice_))
                slice_.clear()
                size = 0
        await self._write(b"".join(slice_))

    async def _write(self, messages: bytes) -> None:
        if self._transport is None or not self.is_connected:
            raise ConnectionClosedError
        drained: Callable[[], Awaitable[None]] = self._transport.drain
        self._transport.write(messages)
        async with asyncio.timeout(WRITE_SECONDS):
            await drained()


async def let_go(client: Client) -> None:
    """Close a connection, not waiting for a server that says nothing any more."""
    with suppress(Exception):
        await asyncio.wait_for(client.close(), CLOSE_SECONDS)


def _head(subject: str, headers: Mapping[str, str], payload: int) -> bytes:
    """What stands before a payload of so many bytes: HPUB, without a subject for answers."""
    lines = "".join([f"{name}: {value}\r\n" for name, value in headers.items()])
    head = f"NATS/1.0\r\n{lines}\r\n".encode()
    return b"HPUB %b %d %d\r\n%b" % (subject.encode(), len(head), len(head) + payload, head)
