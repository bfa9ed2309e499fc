"""The application: every endpoint, and what stands around them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from functools import cache
from threading import Lock
from typing import Any

import msgspec
from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from handheld.application.sent import COMMANDS
from handheld.domain.errors import HandheldError
from handheld.entrypoints.http import (
    access_routes,
    admin_routes,
    attachments,
    board_routes,
    commands,
    condition_routes,
    import_routes,
    incident_routes,
    notice_routes,
    organisation_routes,
    outline_routes,
    plan_routes,
    register_routes,
    replay_routes,
    sample_routes,
    server_routes,
    setup_routes,
    sheet_routes,
    task_force_routes,
    task_routes,
)
from handheld.entrypoints.http.api import PREFIX, Api
from handheld.entrypoints.http.endpoints import Endpoint
from handheld.entrypoints.http.errors import NoSuchMethod, NoSuchRoute
from handheld.entrypoints.http.guard import Guard
from handheld.entrypoints.http.openapi import document
from handheld.entrypoints.http.pages import FILES, PAGES, Page, Pages
from handheld.entrypoints.http.parts import Parts
from handheld.entrypoints.http.phone_files import FRAME, LIST, MANIFEST, WORKER, PhoneFiles
from handheld.entrypoints.http.request_lines import request_lines
from handheld.entrypoints.http.routing import problem, texts_of
from handheld_events.codec import make_all

THREADS = 4
"""For reading files: as many as SQLite's connections make sense for."""

Running = Callable[[], AbstractAsyncContextManager[None]]


def every_endpoint(documents: server_routes.Documents) -> list[Endpoint]:
    """All that the server answers under /api/v1."""
    return [
        *server_routes.endpoints(documents),
        *access_routes.ENDPOINTS,
        *setup_routes.ENDPOINTS,
        *board_routes.ENDPOINTS,
        *task_force_routes.ENDPOINTS,
        *replay_routes.ENDPOINTS,
        *task_routes.ENDPOINTS,
        *register_routes.ENDPOINTS,
        *organisation_routes.ENDPOINTS,
        *incident_routes.ENDPOINTS,
        *admin_routes.ENDPOINTS,
        *outline_routes.ENDPOINTS,
        *plan_routes.ENDPOINTS,
        *condition_routes.ENDPOINTS,
        *import_routes.ENDPOINTS,
        *sample_routes.ENDPOINTS,
        *sheet_routes.ENDPOINTS,
        *attachments.ENDPOINTS,
        *notice_routes.ENDPOINTS,
        *commands.endpoints(),
    ]


def application(
    parts: Parts,
    asyncapi: Callable[[], dict[str, Any]],
    beside: Sequence[Running] = (),
    *,
    faces: bool = True,
) -> tuple[FastAPI, Guard]:
    """The application, and the layer around it that a server is to serve.

    `beside` runs as long as the application does: the gateway, say. Without `faces` it only says how
    the process is.
    """
    documents: server_routes.Documents = {}
    endpoints = every_endpoint(documents)
    # To make them takes a second, for which no start is to wait.
    documents["openapi"], documents["asyncapi"] = _once(lambda: document(endpoints), asyncapi)
    _make_decoders(endpoints)
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
    if faces:
        _add_pages(app, parts)
        app.mount(PREFIX, Api(endpoints, parts, threads))

    async def told(request: Request, error: Exception) -> Response:
        return _problem_of(error, request, parts)

    app.add_exception_handler(HTTPException, told)
    return app, Guard(app, parts.metrics, lines)


def _once(*documents: Callable[[], dict[str, Any]]) -> list[Callable[[], bytes]]:
    """Each made when it is first asked for, and one at a time: they read the program's source, and
    Python 3.11 cannot parse in two threads at once.
    """
    making = Lock()

    def kept(make: Callable[[], dict[str, Any]]) -> Callable[[], bytes]:
        made = cache(lambda: msgspec.json.encode(make()))

        def one() -> bytes:
            with making:
                return made()

        return one

    return [kept(make) for make in documents]


def _make_decoders(endpoints: Sequence[Endpoint]) -> None:
    """What msgspec knows of a type it finds out when the type is first decoded; two threads that do
    so at once can crash the process. So it is found out here, by one.
    """
    make_all()
    asked = (kind for one in endpoints for kind in (one.body, one.query))
    for kind in (*COMMANDS.values(), *asked):
        if kind is not None:
            msgspec.json.Decoder(kind)


def _add_plain(app: FastAPI, parts: Parts) -> None:
    """What operators' tools look at."""
    readiness = server_routes.Readiness(parts)

    async def live(request: Request) -> Response:
        request.scope["handheld"]["route"] = "/health/live"
        return server_routes.live(request)

    async def ready(request: Request) -> Response:
        request.scope["handheld"]["route"] = "/health/ready"
        return await readiness.answer(request)

    async def metrics(request: Request) -> Response:
        request.scope["handheld"]["route"] = "/metrics"
        return await asyncio.to_thread(server_routes.metrics, request, parts)

    app.add_route("/health/live", live)
    app.add_route("/health/ready", ready)
    app.add_route("/metrics", metrics)


def _add_pages(app: FastAPI, parts: Parts) -> None:
    """What people look at."""
    pages = Pages(parts)

    def shown(page: Page) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        async def one(request: Request) -> Response:
            request.scope["handheld"]["route"] = page.path
            return pages.page(page, request)

        return one

    async def file(request: Request) -> Response:
        request.scope["handheld"]["route"] = FILES
        return pages.file(request)

    def of_phone(
        path: str, made: Callable[[Request], Response]
    ) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        async def one(request: Request) -> Response:
            request.scope["handheld"]["route"] = path
            return made(request)

        return one

    phone = PhoneFiles(pages)
    for path, made in (
        (WORKER, phone.worker),
        (LIST, phone.list),
        (FRAME, phone.frame),
        (MANIFEST, phone.manifest),
    ):
        app.add_route(path, of_phone(path, made))
    for page in PAGES:
        app.add_route(page.path, shown(page))
    app.add_route(FILES, file)


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
