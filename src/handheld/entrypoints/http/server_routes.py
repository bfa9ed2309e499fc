"""What every server has: health, metrics, the documents, and what problems mean."""

from __future__ import annotations

from collections.abc import Callable
from hmac import compare_digest
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from handheld.domain.errors import NotFound
from handheld.entrypoints.http.endpoints import Answer, Endpoint
from handheld.entrypoints.http.parts import Call, Parts
from handheld.texts.lookup import load


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


def ready(request: Request, parts: Parts) -> Response:
    """It can do its work: 503 where it cannot, or does not any more."""
    found = health(parts, stopping=request.scope["stopping"])
    status = 200 if found.status == "ok" else 503
    headers = {"cache-control": "no-store"}
    return Response(msgspec.json.encode(found), status, headers, "application/json")


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
