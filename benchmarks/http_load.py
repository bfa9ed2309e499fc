"""The load: so many keep-alive connections, each sending its next request when it has its answer.

A process of its own on a core of its own, the same for floor and product. Reads a plan from stdin
(JSON), writes what it measured to stdout.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Sequence

import msgspec


class Plan(msgspec.Struct):
    """What is to be sent."""

    port: int
    requests: list[list[str]]
    """By connection: whole requests as text."""
    expect: str = "HTTP/1.1 200"
    core: int | None = None


class Measured(msgspec.Struct):
    """What came of it."""

    seconds: float
    answers: int
    wrong: int
    bytes: int
    first_wrong: str = ""


class Connection(asyncio.Protocol):
    """One keep-alive connection."""

    def __init__(self, requests: Sequence[bytes], expect: bytes, begin: asyncio.Event) -> None:
        self._requests = iter(requests)
        self._expect = expect
        self._transport: asyncio.Transport | None = None
        self._buffer = b""
        self._need = -1
        self.begin = begin
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.answers = self.wrong = self.bytes = 0
        self.first_wrong = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(exc or ConnectionError("closed early"))

    def next(self) -> None:
        request = next(self._requests, None)
        if request is None:
            self.done.set_result(None)
            return
        assert self._transport is not None
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if self._need < 0:
            end = self._buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            head = self._buffer[:end].lower()
            at = head.find(b"content-length: ")
            stop = head.find(b"\r\n", at)
            length = int(head[at + 16 : stop if stop >= 0 else len(head)]) if at >= 0 else 0
            self._need = end + 4 + length
        if len(self._buffer) < self._need:
            return
        self.answers += 1
        self.bytes += self._need
        if not self._buffer.startswith(self._expect):
            self.wrong += 1
            self.first_wrong = self.first_wrong or self._buffer[:600].decode("latin-1")
        self._buffer = self._buffer[self._need :]
        self._need = -1
        self.next()


async def run(plan: Plan) -> Measured:
    """Send everything; the time begins when all connections are there."""
    loop, begin = asyncio.get_running_loop(), asyncio.Event()
    expect = plan.expect.encode()
    connections = []
    for requests in plan.requests:
        raw = [text.encode() for text in requests]
        _, one = await loop.create_connection(
            lambda raw=raw: Connection(raw, expect, begin),  # type: ignore[misc]
            "127.0.0.1",
            plan.port,
        )
        connections.append(one)
    started = time.perf_counter()
    for one in connections:
        one.next()
    await asyncio.gather(*(one.done for one in connections))
    took = time.perf_counter() - started
    return Measured(
        took,
        sum(one.answers for one in connections),
        sum(one.wrong for one in connections),
        sum(one.bytes for one in connections),
        next((one.first_wrong for one in connections if one.first_wrong), ""),
    )


def main() -> None:
    """One plan."""
    plan = msgspec.json.decode(sys.stdin.buffer.read(), type=Plan)
    if plan.core is not None:
        os.sched_setaffinity(0, {plan.core})
    sys.stdout.buffer.write(msgspec.json.encode(asyncio.run(run(plan))))


if __name__ == "__main__":
    main()
