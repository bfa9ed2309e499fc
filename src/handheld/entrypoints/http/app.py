"""The application: every endpoint, and what stands around them."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Any

import msgspec
from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from handheld.domain.errors import HandheldError
from handheld.entrypoints.http import (
    access_routes,
    admin_routes,
    attachments,
    board_routes,
    commands,
    incident_routes,
    notice_routes,
    organisation_routes,
    register_routes,
    server_routes,
    task_force_routes,
    task_routes,
)
from handheld.entrypoints.http.api import PREFIX, Api
from handheld.entrypoints.http.endpoints import Endpoint
from handheld.entrypoints.http.errors import NoSuchMethod, NoSuchRoute
from handheld.entrypoints.http.guard import Guard
from handheld.entrypoints.http.openapi import document
from handheld.entrypoints.http.parts import Parts
from handheld.entrypoints.http.request_lines import request_lines
from handheld.entrypoints.http.routing import problem, texts_of

THREADS = 4
"""For reading files: as many as SQLite's connections make sense for."""

Running = Callable[[], AbstractAsyncContextManager[None]]


def every_endpoint(documents: dict[str, Any]) -> list[Endpoint]:
    """All that the server answers under /api/v1."""
    return [
        *server_routes.endpoints(documents),
        *access_routes.ENDPOINTS,
        *board_routes.ENDPOINTS,
        *task_force_routes.ENDPOINTS,
        *task_routes.ENDPOINTS,
        *register_routes.ENDPOINTS,
        *organisation_routes.ENDPOINTS,
        *incident_routes.ENDPOINTS,
        *admin_routes.ENDPOINTS,
        *attachments.ENDPOINTS,
        *notice_routes.ENDPOINTS,
        *commands.endpoints(),
    ]


def application(
    parts: Parts, asyncapi: dict[str, Any], beside: Sequence[Running] = ()
) -> tuple[FastAPI, Guard]:
    """The application, and the layer around it that a server is to serve.

    `beside` runs as long as the application does: the gateway, say.
    """
    documents: dict[str, Any] = {}
    endpoints = every_endpoint(documents)
    documents["openapi"] = msgspec.json.encode(document(endpoints))
    documents["asyncapi"] = msgspec.json.encode(asyncapi)
    threads = ThreadPoolExecutor(THREADS, "reading")
    lines = request_lines()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        async with AsyncExitStack() as stack:
            stack.callback(threads.shutdown)
            if lines is not None:
                lines.start()
                stack.callback(lines.close)
            for one in beside:
                await stack.enter_async_context(one())
            yield

    app = FastAPI(
        openapi_url=None, docs_url=None, redoc_url=None, lifespan=lifespan, redirect_slashes=False
    )
    _add_plain(app, parts)
    app.mount(PREFIX, Api(endpoints, parts, threads))

    async def told(request: Request, error: Exception) -> Response:
        return _problem_of(error, request, parts)

    app.add_exception_handler(HTTPException, told)
    return app, Guard(app, parts.metrics, lines)


def _add_plain(app: FastAPI, parts: Parts) -> None:
    """What operators' tools look at."""

    async def live(request: Request) -> Response:
        request.scope["handheld"]["route"] = "/health/live"
        return server_routes.live(request)

    async def ready(request: Request) -> Response:
        request.scope["handheld"]["route"] = "/health/ready"
        return server_routes.ready(request, parts)

    async def metrics(request: Request) -> Response:
        request.scope["handheld"]["route"] = "/metrics"
        return server_routes.metrics(request, parts)

    app.add_route("/health/live", live)
    app.add_route("/health/ready", ready)
    app.add_route("/metrics", metrics)


def _problem_of(error: Exception, request: Request, parts: Parts) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    path, method = request.url.path, request.method
    found: HandheldError
    match status:
        case 404:
            found = NoSuchRoute(path)
        case 405:
            found = NoSuchMethod(method)
        case _:
            found = HandheldError("internal", error=type(error).__name__)
    answer = problem(found, texts_of(request, parts), request)
    if isinstance(error, HTTPException) and error.headers and "allow" in error.headers:
        answer.headers["allow"] = error.headers["allow"]
    return answer
