"""The two processes of `cluster_delta`, each with a district on PostgreSQL open.

`python -m benchmarks.delta_processes writer|gateway DATABASE DISTRICT DIRECTORY`. They obey
lines of JSON, and tell times by the machine's monotonic clock.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from benchmarks import county
from benchmarks.live_servers import orders, tell
from handheld.application.requests import Receipt, Request
from handheld.bootstrap import Home, Shared, Where, settle_memory
from handheld.config import Settings
from handheld.domain.task_commands import Accept
from handheld.entrypoints.serving import Server

CLIENTS = 64


class Answering:
    """Everybody accepts, some now, some later; each receipt with the time at which it came."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._waiting = iter(home.boards.waiters(county.DISTRICT))

    def requests(self, count: int) -> list[Request]:
        return [
            self._home.request(Accept(task=one.task), one.person)
            for one, _ in zip(self._waiting, range(count), strict=False)
        ]

    async def saturated(self, requests: Sequence[Request]) -> float:
        """Each client sends its next when the last is durable; commands a second."""

        async def client(mine: Sequence[Request]) -> None:
            for request in mine:
                await self._home.writer.submit_soon(request)

        began = time.monotonic()
        await asyncio.gather(*(client(requests[n::CLIENTS]) for n in range(CLIENTS)))
        return len(requests) / (time.monotonic() - began)

    async def paced(self, requests: Sequence[Request], rate: float) -> list[tuple[int, float]]:
        """So many a second, whether or not those before are answered: position and time."""
        acknowledged: list[tuple[int, float]] = []
        done = asyncio.Event()

        def told(result: object) -> None:
            if not isinstance(result, Receipt) or result.last is None:
                raise TypeError(result)
            acknowledged.append((result.last, time.monotonic()))
            if len(acknowledged) == len(requests):
                done.set()

        began = time.monotonic()
        for number, request in enumerate(requests):
            pause = began + number / rate - time.monotonic()
            if pause > 0:
                await asyncio.sleep(pause)
            self._home.writer.submit_and_tell(request, told)
        async with asyncio.timeout(60):
            await done.wait()
        return acknowledged


async def write(home: Home) -> None:
    """Obeys: `saturate`, then `pace`, each with people who have not accepted yet."""
    answering = Answering(home)
    settle_memory()
    tell({"ready": True})
    async for order in orders():
        requests = answering.requests(order["count"])
        if order["do"] == "saturate":
            tell({"rate": await answering.saturated(requests)})
        else:
            tell({"acknowledged": await answering.paced(requests, order["rate"])})


async def show(home: Home) -> None:
    """Obeys: `seen`, which tells since when the boards show which position, and forgets it."""
    seen: list[tuple[int, float]] = []
    home.boards.listeners.append(lambda: seen.append((home.boards.position, time.monotonic())))
    server = Server(home, Settings(host="127.0.0.1", port=0), role="gateway")
    ending = asyncio.Event()
    started: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    running = asyncio.create_task(server.run(started.set_result, ending))
    address = await started
    settle_memory()
    tell({"port": int(address.rpartition(":")[2])})
    async for order in orders():
        waiting = partial(home.boards.wait_for, order["position"], 60)
        there = await asyncio.to_thread(waiting)
        tell({"seen": seen[:], "there": there})
        seen.clear()
    ending.set()
    await running


def main() -> None:
    """One process."""
    kind, database, district, directory = sys.argv[1:]
    where = Where(database=database, district=district, directory=Path(directory))
    with Home(Shared(where, ())) as home:
        home.boards.wait_for(home.log.end(), 60)
        asyncio.run(write(home) if kind == "writer" else show(home))


if __name__ == "__main__":
    main()
