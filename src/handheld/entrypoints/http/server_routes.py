"""What every server has: health, metrics, the documents, and what problems mean."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from hmac import compare_digest
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from handheld.application.ports import LogBusy
from handheld.domain.errors import Busy, NotFound
from handheld.entrypoints.http.endpoints import Answer, Endpoint
from handheld.entrypoints.http.parts import Call, Parts
from handheld.texts.lookup import load

LOOK_SECONDS = 2.0
"""So long whoever asks waits for a look at the database."""


class Health(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How the server is."""

    status: str
    """`ok`, or `trouble`."""
    position: int
    """The log's end."""
    lag: int
    """Facts that boards and lists do not show yet."""
    problems: tuple[str, ...] = ()
    """Codes of what is the matter."""
    duties: tuple[str, ...] = ()
    """What this process does for all, where there are several."""


class Explanation(msgspec.Struct, frozen=True):
    """What a code means."""

    code: str
    wrong: str
    todo: str


def health(parts: Parts, *, stopping: bool = False) -> Health:
    """Whether everything works: the writer takes commands, the folds follow, phones are greeted."""
    home = parts.home
    end = home.log.end()
    shown = min(home.boards.position, home.indexes.position, home.registers.position)
    problems = ["server.stopping"] if stopping else []
    if home.writer.stopped is not None:
        problems.append("writer.stopped")
    if home.stopped:
        problems.append("fold.stopped")
    if home.trouble is not None:
        problems.append("fold.late")
    if not parts.greets():
        problems.append("gateway.not_ready")
    return Health(
        status="trouble" if problems else "ok",
        position=end,
        lag=max(0, end - shown),
        problems=tuple(problems),
        duties=home.duties.told(),
    )


def _problem(call: Call) -> Explanation:
    code = call.path["code"]
    texts = call.texts
    for table, words in (("errors", texts.error), ("outcomes", texts.outcome)):
        if f"{table}.{code}.wrong" in load(texts.language):
            return Explanation(code, *words(code, {}))
    raise NotFound("request.path", path=code[:80])


def live(request: Request) -> Response:
    """The process answers."""
    return Response(b'{"status":"ok"}', 200, {"cache-control": "no-store"}, "application/json")


class Readiness:
    """Whether the process can do its work. It looks once at a time, however many ask."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._looking: asyncio.Task[Health] | None = None

    async def answer(self, request: Request) -> Response:
        """503 where it cannot work, or does not any more; within two seconds whatever is away."""
        found = await self._found(stopping=request.scope["stopping"])
        status = 200 if found.status == "ok" else 503
        headers = {"cache-control": "no-store"}
        return Response(msgspec.json.encode(found), status, headers, "application/json")

    async def _found(self, *, stopping: bool) -> Health:
        if self._looking is None or self._looking.done():
            look = partial(health, self._parts, stopping=stopping)
            self._looking = asyncio.create_task(asyncio.to_thread(look))
        await asyncio.wait((self._looking,), timeout=LOOK_SECONDS)
        if self._looking.done():
            with suppress(LogBusy, Busy):
                return self._looking.result()
        home = self._parts.home
        return Health(
            status="trouble",
            position=home.boards.position,
            lag=0,
            problems=("database.away",),
            duties=home.duties.told(),
        )


def metrics(request: Request, parts: Parts) -> Response:
    """The metrics, for who has the token, or asks from this machine and through no proxy."""
    token = parts.settings.metrics_token
    given = request.headers.get("authorization", "").partition(" ")[2].strip()
    if token is not None:
        allowed = compare_digest(given.encode(), token.encode())
    else:
        direct = not any(h in request.headers for h in ("forwarded", "x-forwarded-for"))
        peer = request.client.host if request.client is not None else ""
        allowed = direct and peer in ("127.0.0.1", "::1")
    if not allowed:
        return Response(None, 404)
    text, media = parts.metrics.text()
    return Response(text, 200, {"cache-control": "no-store"}, media)


Documents = dict[str, Callable[[], bytes]]
"""How each document is made."""


def endpoints(documents: Documents) -> list[Endpoint]:
    """The documents and the problems; `documents` are filled in once all endpoints are known."""

    def openapi(call: Call) -> Answer:
        return Answer(documents["openapi"]())

    def asyncapi(call: Call) -> Answer:
        return Answer(documents["asyncapi"]())

    def me(call: Call) -> Health:
        return health(call.parts)

    return [
        Endpoint(
            method="GET",
            path="/openapi.json",
            name="openapi",
            summary="This document 接口文档",
            tag="server",
            run=openapi,
            answers=dict[str, Any],
            public=True,
        ),
        Endpoint(
            method="GET",
            path="/asyncapi.json",
            name="asyncapi",
            summary="The gateway's protocol 推送协议",
            tag="server",
            run=asyncapi,
            answers=dict[str, Any],
            public=True,
        ),
        Endpoint(
            method="GET",
            path="/problems/{code}",
            name="problem",
            summary="What a code means 错误说明",
            tag="server",
            run=_problem,
            answers=Explanation,
            public=True,
            where="loop",
        ),
        Endpoint(
            method="GET",
            path="/health",
            name="health",
            summary="How the server is 运行状态",
            tag="server",
            run=me,
            answers=Health,
        ),
    ]
