"""Phones for measurements: thousands of WebSockets at a fraction of what a client library costs.

A process of its own, told what to do by lines of JSON: `python -m benchmarks.live_phones PORT FILE`.
The file holds one session a line; empty lines connect without one, to a bare server. A third argument
is the number of the first device, where the crowd is spread over several processes.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import sys
import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from handheld_events.ids import command_id

HEADER = 2
AT_ONCE = 64
"""So many handshakes are under way at a time."""
MASK = bytes(4)
"""A mask of zeros: the frame is masked, as it must be, and nothing need be changed."""


def frame(text: bytes) -> bytes:
    """A masked text frame."""
    size = len(text)
    if size < 126:
        return bytes((0x81, 0x80 | size)) + MASK + text
    return b"\x81\xfe" + size.to_bytes(2, "big") + MASK + text


class Phone(asyncio.Protocol):
    """One connection."""

    __slots__ = ("buffer", "crowd", "fields", "number", "opened", "transport")

    def __init__(self, crowd: Crowd, number: int) -> None:
        self.crowd = crowd
        self.number = number
        self.buffer = b""
        self.opened = False
        self.transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.transport.write(self.crowd.request(self.number))

    def data_received(self, data: bytes) -> None:
        data = self.buffer + data if self.buffer else data
        if not self.opened:
            end = data.find(b"\r\n\r\n")
            if end < 0:
                self.buffer = data
                return
            if not data.startswith(b"HTTP/1.1 101"):
                raise RuntimeError(data[:200])
            self.opened = True
            data = data[end + 4 :]
            self.transport.write(self.crowd.greeting(self.number))
        at = 0
        while len(data) - at >= HEADER:
            size, begins = data[at + 1] & 0x7F, at + 2
            if size == 126:
                size, begins = int.from_bytes(data[at + 2 : at + 4], "big"), at + 4
            elif size == 127:
                size, begins = int.from_bytes(data[at + 2 : at + 10], "big"), at + 10
            if begins + size > len(data):
                break
            if data[at] & 0x0F == 1:
                self.crowd.heard(self, data[begins : begins + size])
            at = begins + size
        self.buffer = data[at:]

    def connection_lost(self, exc: Exception | None) -> None:
        self.crowd.lost += 1


class Crowd:
    """All phones of this process."""

    def __init__(self, port: int, tokens: list[str], first: int) -> None:
        self.port = port
        self.first = first
        self.tokens = tokens
        self.phones: list[Phone] = []
        self.lost = 0
        self.epoch: str | None = None
        self.tasks: dict[int, list[str]] = {}
        self.seqs: dict[int, int] = {}
        self._counted = 0
        self._wanted = 0
        self._ended = 0.0
        self._kind = b""
        self._done = asyncio.Event()
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._clock = datetime.now(UTC).isoformat()

    def request(self, number: int) -> bytes:
        token = self.tokens[number]
        signed = f"Authorization: Bearer {token}\r\n" if token else ""
        return (
            "GET /api/v1/live HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
            f"Sec-WebSocket-Version: 13\r\n{signed}\r\n"
        ).encode()

    def greeting(self, number: int) -> bytes:
        hello = {
            "type": "hello",
            "device": f"device-{self.first + number:06}",
            "clock": self._clock,
            "epoch": self.epoch,
            "last_seq": self.seqs.get(number, 0),
        }
        return frame(json.dumps(hello).encode())

    def heard(self, phone: Phone, text: bytes) -> None:
        if text.startswith(b'{"type":"items"'):
            for item in json.loads(text)["items"]:
                self.seqs[phone.number] = item["seq"]
                if item.get("task"):
                    self.tasks.setdefault(phone.number, []).append(item["task"])
        elif self.epoch is None and self.tokens[0] and text.startswith(b'{"type":"welcome"'):
            self.epoch = json.loads(text)["epoch"]
        if text.startswith(self._kind):
            self._counted += 1
            self._slots.release()
            if self._counted == self._wanted:
                self._ended = time.monotonic()
                self._done.set()

    def await_each(self, kind: str) -> None:
        """From now on the messages of a kind are counted."""
        self._kind = f'{{"type":"{kind}"'.encode() if kind else b""
        self._counted, self._wanted = 0, len(self.tokens)
        self._done.clear()

    async def all_heard(self) -> float:
        """When each phone has heard one; by the machine's monotonic clock."""
        async with asyncio.timeout(120):
            await self._done.wait()
        return self._ended

    async def connect(self, kind: str) -> dict[str, float]:
        """Connect all and say hello."""
        loop = asyncio.get_running_loop()
        self.await_each(kind)
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._clock = datetime.now(UTC).isoformat()
        began = time.monotonic()
        for number in range(len(self.tokens)):
            await self._slots.acquire()
            make = partial(Phone, self, number)
            _, phone = await loop.create_connection(make, "127.0.0.1", self.port)
            self.phones.append(phone)
        return {"began": began, "ended": await self.all_heard()}

    async def disconnect(self) -> None:
        """Drop all, as phones do in a dead spot."""
        gone, self.phones = self.phones, []
        wanted = self.lost + len(gone)
        for phone in gone:
            phone.transport.abort()
        for _ in range(6_000):
            if self.lost >= wanted:
                return
            await asyncio.sleep(0.01)
        raise TimeoutError

    async def say(self, texts: list[bytes], kind: str) -> dict[str, float]:
        """Each says something; until each has heard a message of a kind."""
        self.await_each(kind)
        began = time.monotonic()
        for number, (phone, text) in enumerate(zip(self.phones, texts, strict=True)):
            phone.transport.write(frame(text))
            if number % AT_ONCE == 0:
                await asyncio.sleep(0)
        return {"began": began, "ended": await self.all_heard()}

    def acceptances(self) -> list[bytes]:
        """Each accepts its last task."""
        now = int(time.time() * 1000)
        return [
            json.dumps(
                {
                    "type": "do",
                    "commands": [
                        {
                            "id": command_id(now, os.urandom(10)),
                            "command": {"command": "task.accept", "task": self.tasks[n][-1]},
                        }
                    ],
                }
            ).encode()
            for n in range(len(self.phones))
        ]

    def acks(self) -> None:
        """Each acknowledges all that it has."""
        for n, phone in enumerate(self.phones):
            text = b'{"type":"ack","seq":%d}' % self.seqs[n]
            phone.transport.write(frame(text))


async def _obey(crowd: Crowd, order: dict[str, Any]) -> dict[str, Any]:
    match order["do"]:
        case "connect":
            return await crowd.connect(order["kind"])
        case "disconnect":
            await crowd.disconnect()
        case "await":
            crowd.await_each(order["kind"])
        case "all heard":
            ended = await crowd.all_heard()
            last = [tasks[-1] for tasks in crowd.tasks.values()]
            whole = sum(len(tasks) for tasks in crowd.tasks.values())
            return {"ended": ended, "tasks": whole, "distinct": len(set(last))}
        case "accept":
            return await crowd.say(crowd.acceptances(), "done")
        case "ack":
            crowd.acks()
        case "say":
            return await crowd.say([order["text"].encode()] * len(crowd.phones), "")
        case _:
            raise ValueError(order)
    return {}


def _give_up(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """A phone that fails would be waited for in vain."""
    loop.default_exception_handler(context)
    os._exit(1)


async def _main(port: int, tokens: list[str], first: int = 0) -> None:
    crowd = Crowd(port, tokens, first)
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(_give_up)
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        print(json.dumps(await _obey(crowd, json.loads(line))), flush=True)


if __name__ == "__main__":
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    asyncio.run(
        _main(int(sys.argv[1]), Path(sys.argv[2]).read_text().split("\n"), *map(int, sys.argv[3:]))
    )
