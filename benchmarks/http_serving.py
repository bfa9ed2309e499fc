"""Servers for the HTTP benchmark, each a process on core 0: the product, and the floors.

`python -m benchmarks.http_serving product|no_log|bare DIRECTORY` prints its port and serves until
its input ends. The product is the real server; `no_log` is the same with a writer that asks the policy
and answers without a log; `bare` is a FastAPI route with one dependency, in uvicorn alone.
"""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import threading
from pathlib import Path
from typing import Annotated, Any, cast

import msgspec
import uvicorn
from fastapi import Depends, FastAPI
from starlette.requests import Request as WebRequest
from starlette.responses import Response

from benchmarks.county import DISTRICT
from handheld.application.access.records import DeviceSaid
from handheld.application.requests import Receipt, Request
from handheld.bootstrap import Home, settle_memory
from handheld.config import Settings
from handheld.domain.seeing import Viewer, visible
from handheld.entrypoints.http.deadlines import Deadlines
from handheld.entrypoints.serving import Server

CORE = 0


class Ready(msgspec.Struct):
    """What the benchmark must know of a server."""

    port: int
    tokens: list[str]


class NoLog:
    """Answers a command as the writer would, after the policy was asked; nothing is kept."""

    def __init__(self, home: Home) -> None:
        self._home = home
        # As the writer has them: in memory, since their task force began.
        forces = home.boards.tier_board(DISTRICT).task_forces
        for line in forces:
            home.looking.look().load(home.boards.tasks(line.task_force))
        self.stopped = None
        self.queued = 0

    def submit_soon(self, request: Request) -> asyncio.Future[Receipt]:
        request.key()
        look = self._home.looking.look()
        seen = look.task(request.command.task)
        if seen is None or visible(Viewer(request.meta.actor), "task", seen).extent == "nothing":
            raise LookupError(request.command.task)
        done: asyncio.Future[Receipt] = asyncio.get_running_loop().create_future()
        done.set_result(Receipt("accepted", None, 1, 1, self._home.clock.now(), False))
        return done


def product(directory: Path, *, log: bool) -> None:
    """The real server, with a session for each of the people whom the plan calls."""
    with Home(directory) as home:
        home.caught_up()
        people = sorted(p for p in home.organisation.known().people if p.startswith("person-"))
        said = [(person, DeviceSaid(id=f"bench-{n:08}")) for n, person in enumerate(people)]
        tokens = [one.token for one in home.access.grant_sessions(said)]
        if not log:
            cast(Any, home).writer = NoLog(home)
        server = Server(home, Settings(data=directory, port=0))
        settle_memory()

        async def main() -> None:
            ending = asyncio.Event()
            loop = asyncio.get_running_loop()
            _end_with_input(loop, ending)

            def started(address: str) -> None:
                _say(int(address.rpartition(":")[2]), tokens)

            await server.run(started, ending)

        asyncio.run(main())


async def who(request: WebRequest) -> str:
    """The one dependency."""
    return request.headers.get("authorization", "")


def bare(body: Path) -> None:
    """A FastAPI route with one dependency that gives these bytes."""
    content = body.read_bytes()
    app = FastAPI(openapi_url=None)

    @app.get("/board")
    async def board(found: Annotated[str, Depends(who)]) -> Response:
        return Response(content, media_type="application/json")

    async def main() -> None:
        # With its protocol named, as the product's: else asyncio lets answers wait for others.
        bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        bound.bind(("127.0.0.1", 0))
        server = uvicorn.Server(
            uvicorn.Config(
                app, http=Deadlines, ws="none", log_config=None, access_log=False, lifespan="off"
            )
        )
        ending = asyncio.Event()
        _end_with_input(asyncio.get_running_loop(), ending)
        serving = asyncio.create_task(server.serve([bound]))
        _say(bound.getsockname()[1], [])
        await ending.wait()
        server.should_exit = True
        await serving

    settle_memory()
    asyncio.run(main())


def _say(port: int, tokens: list[str]) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(Ready(port, tokens)) + b"\n")
    sys.stdout.buffer.flush()


def _end_with_input(loop: asyncio.AbstractEventLoop, ending: asyncio.Event) -> None:
    def wait() -> None:
        sys.stdin.buffer.read()
        loop.call_soon_threadsafe(ending.set)

    threading.Thread(target=wait, daemon=True).start()


def main() -> None:
    """One server."""
    kind, path = sys.argv[1], Path(sys.argv[2])
    os.sched_setaffinity(0, {CORE})
    if kind == "bare":
        bare(path)
    else:
        product(path, log=kind == "product")


if __name__ == "__main__":
    main()
