"""Phones and desks at the real server, HTTP and gateway on one port. All people are synthetic."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from typing import Any, cast
from urllib.parse import urlsplit

from handheld.application.access.records import DeviceSaid
from handheld.bootstrap import Home
from handheld.entrypoints.gateway.server import Gateway
from tests.support_gateway import Site
from tests.support_http import get
from tests.support_server import Served

PASSWORD = "correct horse battery"


def site_of(server: Served) -> Site:
    """Where phones connect; the gateway itself is in another thread."""
    return Site(server.home, cast(Gateway, None), port_of(server))


def port_of(server: Served) -> int:
    """The port of HTTP and of the gateway."""
    port = urlsplit(server.url).port
    assert port is not None
    return port


def grant_desk(home: Home, name: str = "desk-1") -> str:
    """The token of a session of an account that sees everything."""
    access = home.access
    access.create_account(name, PASSWORD, role="operator")
    return access.sign_in(name, PASSWORD, device=DeviceSaid(id=f"{name}-device")).token


def figure(server: Served, name: str) -> float:
    """One of the server's metrics."""
    text = get(f"{server.url}/metrics").text
    found = re.search(rf"^{name} (\S+)$", text, re.M)
    assert found is not None, name
    return float(found[1])


async def eventually(true: Callable[[], Any]) -> None:
    """Wait until something is so, as it must come to be."""
    for _ in range(2_000):
        if await asyncio.to_thread(true):
            return
        await asyncio.sleep(0.01)
    raise TimeoutError
