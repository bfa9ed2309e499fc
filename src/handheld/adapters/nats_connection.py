"""Connections to NATS: one each, which end when they break; and work that outlives them."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress
from itertools import repeat
from time import monotonic
from typing import Any

from nats.errors import AuthorizationError, Error, NoServersError, SecureConnRequiredError

from handheld.adapters.nats_client import BROKEN, Connection, let_go
from handheld.adapters.nats_settings import CREDENTIALS, SEED, NatsSettings, readable
from handheld.domain.errors import Installation

logger = logging.getLogger(__name__)

CONNECT_SECONDS = 2
BETWEEN_SERVERS = 0.05
"""Seconds before each server is tried a second and last time."""
TRIES = 4
"""So often a server is asked that closes the connection as soon as it knows who came. It does that where
it refuses them, and its word on that can be lost with the connection."""
FIRST_WAIT, LONGEST_WAIT = 0.1, 1.0
"""Seconds from one attempt to the next, twice as long each time."""
_CLOSED_WITHIN = 0.1

Connect = Callable[[], Awaitable[Connection]]
"""Gives a connection that does not reconnect by itself, or raises Installation."""


async def connected(
    settings: NatsSettings, *, name: str = "handheld", echo: bool = True
) -> Connection:
    """A connection to the first of the servers that answers; `name` is what operators see there.

    It does not reconnect by itself: what a client sends again on its own, in the middle of a batch, is
    worth nothing. Without `echo` it gets nothing that it has sent itself. Raises Installation
    (`nats.unreachable`, `nats.refused`, `nats.tls`, `nats.file`), none of which tells a secret.
    """
    last: list[Exception] = []

    async def troubled(error: Exception) -> None:
        last[:] = [error]
        # What this user may not publish or read is told here and nowhere else.
        level = logging.WARNING if "ermission" in str(error) else logging.INFO
        logger.log(level, "nats %s: %s", name, _plain(error))

    tls = settings.tls()
    options = {
        "name": name,
        "no_echo": not echo,
        "error_cb": troubled,
        "connect_timeout": CONNECT_SECONDS,
        "allow_reconnect": False,
        "max_reconnect_attempts": 1,
        "reconnect_time_wait": BETWEEN_SERVERS,
        **_who(settings, tls),
    }
    for _ in range(TRIES):
        client = Connection()
        client.only_with_tls = tls is not None
        try:
            await client.reach(settings.urls, options)
        except (Error, OSError, TimeoutError) as error:
            if not (client.introduced and isinstance(error, ConnectionError)):
                nobody = isinstance(error, NoServersError) and last
                raise _told(settings, last[-1] if nobody else error) from None
        else:
            return client
    raise Installation("nats.refused", servers=", ".join(settings.shown))


def connecting(settings: NatsSettings, name: str, *, echo: bool = True) -> Connect:
    """`connected`, to be called once for each connection."""
    return lambda: connected(settings, name=name, echo=echo)


async def keep_at(
    work: Callable[[Connection], Awaitable[None]],
    connect: Connect,
    ending: asyncio.Event,
    failed: Callable[[Exception], bool],
) -> None:
    """Connect and do some work; begin anew after every failure, until `ending` is set.

    From one attempt to the next it is 0.1 s at least, then twice as long each time, a second at most:
    an attempt that itself took so long is followed at once. `failed` is told of each failure, and says
    whether anything was achieved since the last one: then waits are short again.
    """
    wait = FIRST_WAIT
    while not ending.is_set():
        began = monotonic()
        try:
            client = await _unless(ending, connect)
            if client is not None:
                await _while_connected(work, client)
        except Exception as error:  # whatever it is, the next attempt comes
            wait = FIRST_WAIT if failed(error) else wait
            with suppress(TimeoutError):
                await asyncio.wait_for(ending.wait(), began + wait - monotonic())
            wait = min(wait * 2, LONGEST_WAIT)


async def _unless(ending: asyncio.Event, connect: Connect) -> Connection | None:
    """A connection; None where the end comes first: a server that is away answers nobody for long."""
    trying = asyncio.ensure_future(connect())
    told = asyncio.ensure_future(ending.wait())
    try:
        await asyncio.wait((trying, told), return_when=asyncio.FIRST_COMPLETED)
        return trying.result() if trying.done() else None
    finally:
        told.cancel()
        trying.cancel()
        await asyncio.gather(told, trying, return_exceptions=True)


async def _while_connected(
    work: Callable[[Connection], Awaitable[None]], client: Connection
) -> None:
    working = asyncio.ensure_future(work(client))
    broken = asyncio.ensure_future(_closed(client))
    try:
        await asyncio.wait((working, broken), return_when=asyncio.FIRST_COMPLETED)
        # A client that closes cancels some of what waits for it, and forgets the rest.
        if not working.done() or working.cancelled():
            raise ConnectionResetError(BROKEN)
        working.result()
    finally:
        working.cancel()
        broken.cancel()
        await asyncio.gather(working, broken, return_exceptions=True)
        await let_go(client)


async def _closed(client: Connection) -> None:
    for _ in repeat(None):
        if client.is_closed:
            return
        await asyncio.sleep(_CLOSED_WITHIN)


def _who(settings: NatsSettings, tls: ssl.SSLContext | None) -> dict[str, Any]:
    """The options that say who comes. Raises Installation (`nats.file`)."""
    options: dict[str, Any] = {} if tls is None else {"tls": tls}
    login = settings.login
    if login.user is not None:
        options |= {"user": login.user, "password": login.password}
    if login.token is not None:
        options["token"] = login.token
    if settings.credentials is not None:
        options["user_credentials"] = str(readable(settings.credentials, CREDENTIALS))
    if settings.seed is not None:
        options["nkeys_seed"] = str(readable(settings.seed, SEED))
    return options


def _told(settings: NatsSettings, error: Exception) -> Installation:
    """What went wrong, for people."""
    servers = ", ".join(settings.shown)
    said = str(error).lower()
    if isinstance(error, ssl.SSLError | ssl.CertificateError | SecureConnRequiredError):
        return Installation("nats.tls", servers=servers, reason=_plain(error))
    if isinstance(error, AuthorizationError) or "authoriz" in said or "authentic" in said:
        return Installation("nats.refused", servers=servers)
    return Installation("nats.unreachable", servers=servers, reason=_plain(error))


def _plain(error: Exception) -> str:
    """An error in one line, without what a server made of our request."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message
    if isinstance(error, ssl.SSLError):
        return error.reason or "TLS"
    return (
        (error.strerror if isinstance(error, OSError) else None)
        or str(error)
        or type(error).__name__
    )
