"""Servers for measurements, each a process of its own, on the first core.

`python -m benchmarks.live_servers bare` is `websockets` with nothing around it; `… product DIR` is
the server. Both print their port, and obey lines of JSON.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncGenerator, Collection
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Thread
from typing import Any

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from handheld.application.pushing.hub import Delivery
from handheld.application.pushing.items import ItemMaker
from handheld.bootstrap import Home, settle_memory
from handheld.config import Settings
from handheld.domain.task_commands import Accept
from handheld.entrypoints.gateway.fanout import FanOut
from handheld.entrypoints.gateway.server import Gateway
from handheld.entrypoints.serving import Server

ANSWER = b'{"type":"welcome"}'


def rss() -> int:
    """Bytes of memory that this process has."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


class Heartbeat:
    """How long the event loop went without turning round."""

    def __init__(self) -> None:
        self.longest = 0.0

    async def beat(self) -> None:
        while True:
            before = time.monotonic()
            await asyncio.sleep(0.001)
            self.longest = max(self.longest, time.monotonic() - before - 0.001)


def usage(heart: Heartbeat) -> dict[str, float]:
    """What is asked of every server, since it was asked last."""
    longest, heart.longest = heart.longest, 0.0
    return {"cpu": time.process_time(), "rss": rss(), "stall": longest, "now": time.monotonic()}


async def orders() -> AsyncGenerator[dict[str, Any]]:
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        yield json.loads(line)


def tell(what: dict[str, Any]) -> None:
    print(json.dumps(what), flush=True)


async def bare() -> None:
    """Each message is answered with another; `send` sends one to everybody, one after the other."""
    connections: list[ServerConnection] = []

    async def handle(connection: ServerConnection) -> None:
        connections.append(connection)
        try:
            async for _ in connection:
                await connection.send(ANSWER, text=True)
        except ConnectionClosed:
            pass
        finally:
            connections.remove(connection)

    heart = Heartbeat()
    beating = asyncio.create_task(heart.beat())
    async with serve(handle, "127.0.0.1", 0, compression=None, max_size=65536) as server:
        settle_memory()
        tell({"port": next(iter(server.sockets)).getsockname()[1]})
        async for order in orders():
            if order["do"] == "send":
                data = [b"%s%06d" % (order["text"].encode(), n) for n in range(len(connections))]
                cpu, began = time.process_time(), time.monotonic()
                for connection, text in zip(connections, data, strict=True):
                    await connection.send(text, text=True)
                tell({"began": began, "cpu": time.process_time() - cpu, "ended": time.monotonic()})
            else:
                tell(usage(heart))
    beating.cancel()


class _Seen(Server):
    """The server, with its gateway to be looked at."""

    gateway: Gateway

    def _gateway(self, items: ItemMaker, origins: Collection[str]) -> Gateway:
        self.gateway = super()._gateway(items, origins)
        return self.gateway


async def product(directory: Path) -> None:
    """The server as it is."""
    heart = Heartbeat()

    @asynccontextmanager
    async def beside() -> AsyncGenerator[None]:
        beating = asyncio.create_task(heart.beat())
        yield
        beating.cancel()

    loop = asyncio.get_running_loop()
    with Home(directory) as home:
        home.caught_up()
        settings = Settings(host="127.0.0.1", port=0)
        server = _Seen(home, settings, (beside,))
        ending = asyncio.Event()
        started: asyncio.Future[str] = loop.create_future()
        running = asyncio.create_task(server.run(started.set_result, ending))
        address = await started
        settle_memory()
        tell({"port": int(address.rpartition(":")[2])})
        async for order in orders():
            if order["do"] == "send":
                tell(await _fan_out(server.gateway, order["text"].encode()))
            elif order["do"] == "settled":
                await asyncio.to_thread(home.caught_up)
                tell({"now": time.monotonic(), "end": home.log.end()})
            elif order["do"] == "accept":
                tell(await asyncio.to_thread(_accepted, home, order["changes"], order["seconds"]))
            elif order["do"] == "delivered":
                tell(await _delivered(home, server.gateway, order["tasks"]))
            else:
                tell({**usage(heart), "sockets": server.gateway.sockets})
        ending.set()
        await running


async def _delivered(home: Home, gateway: Gateway, tasks: int) -> dict[str, Any]:
    """Wait until so many deliveries are recorded, and folded."""
    for _ in range(6_000):
        if gateway.figures.delivered >= tasks and not len(gateway.hub.undelivered):
            await asyncio.to_thread(home.caught_up)
            return {"delivered": gateway.figures.delivered}
        await asyncio.sleep(0.01)
    raise TimeoutError


def _accepted(home: Home, changes: int, seconds: float) -> dict[str, Any]:
    """So many people accept, evenly over so many seconds; their facts are on the boards."""
    waiting = [
        one
        for root in home.organisation.known().divisions
        if len(root) == 6
        for one in home.boards.waiters(root, drills=False)
    ][:changes]
    began, receipts = time.monotonic(), []
    for number, one in enumerate(waiting):
        pause = began + seconds * number / len(waiting) - time.monotonic()
        if pause > 0:
            time.sleep(pause)
        receipts.append(home.writer.submit(home.request(Accept(task=one.task), one.person)))
    for receipt in receipts:
        receipt.result()
    home.caught_up()
    return {"accepted": len(receipts), "took": time.monotonic() - began}


async def _fan_out(gateway: Gateway, text: bytes) -> dict[str, Any]:
    """Items that are made already go to everybody who is connected, as the hub hands them over."""
    phones = [phones[0] for phones in gateway.crowd.present.values()]
    handed = [
        Delivery(phone.person, phone.feed.sent + 1, phone.feed.sent + 1, [text]) for phone in phones
    ]
    before = [phone.feed.sent for phone in phones]
    fanout = FanOut(asyncio.get_running_loop(), gateway.crowd.present, gateway.figures)
    cpu, began = time.process_time(), time.monotonic()

    def hand_over() -> None:
        for first in range(0, len(handed), 32):
            fanout.deliver(handed[first : first + 32])

    thread = Thread(target=hand_over)
    thread.start()
    await asyncio.to_thread(thread.join)
    await asyncio.sleep(0)  # the last handfuls were handed over before this was
    told = {"began": began, "cpu": time.process_time() - cpu, "ended": time.monotonic()}
    for phone, sent in zip(phones, before, strict=True):
        phone.feed.sent = sent  # it was no item of the log
    return told


if __name__ == "__main__":
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    if sys.argv[1] == "bare":
        asyncio.run(bare())
    else:
        asyncio.run(product(Path(sys.argv[2])))
