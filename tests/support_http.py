"""HTTP for tests: a client costs nothing to make, where it speaks without TLS."""

from __future__ import annotations

import ssl
from typing import Any

import httpx

NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Trusts nobody. Each client would read the authorities of the system otherwise, for 20 ms."""


def client(base_url: str = "", **options: Any) -> httpx.Client:
    """A client, asking directly."""
    return httpx.Client(base_url=base_url, verify=NO_TLS, trust_env=False, **options)


def get(url: str, **options: Any) -> httpx.Response:
    """What is there."""
    return httpx.get(url, verify=NO_TLS, trust_env=False, **options)


def post(url: str, **options: Any) -> httpx.Response:
    """The answer to a request."""
    return httpx.post(url, verify=NO_TLS, trust_env=False, **options)
