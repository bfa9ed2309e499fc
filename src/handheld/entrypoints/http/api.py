"""Everything under /api/v1: finds the endpoint of a path in a tree, and has it answer.

A list of a hundred patterns, tried one after the other, would cost more than most answers do
(ADR 0022): here a path is looked up part by part.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import Executor
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from handheld.entrypoints.http.endpoints import Endpoint
from handheld.entrypoints.http.errors import NoSuchMethod, NoSuchRoute, Stopping
from handheld.entrypoints.http.parts import Parts
from handheld.entrypoints.http.routing import answering, problem, texts_of

PREFIX = "/api/v1"
Answering = Callable[[Request, Mapping[str, str]], Awaitable[Response]]


class _Node:
    """What follows one part of a path."""

    __slots__ = ("endpoints", "fixed", "named")

    def __init__(self) -> None:
        self.fixed: dict[str, _Node] = {}
        self.named: _Node | None = None
        self.endpoints: dict[str, _Route] = {}
        """By method."""


class _Route(NamedTuple):
    """An endpoint, and what its path names in order."""

    names: tuple[str, ...]
    answer: Answering


class Api:
    """An ASGI application for FastAPI to mount."""

    def __init__(self, endpoints: Sequence[Endpoint], parts: Parts, threads: Executor) -> None:
        self._parts = parts
        self._root = _Node()
        for endpoint in endpoints:
            self._add(endpoint, answering(endpoint, parts, threads))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        response = await self._answer(request, scope["path"], scope["method"])
        await response(scope, receive, send)

    async def _answer(self, request: Request, path: str, method: str) -> Response:
        if request.scope["stopping"]:
            answer = problem(Stopping(), texts_of(request, self._parts), request)
            answer.headers["connection"] = "close"
            return answer
        words: list[str] = []
        node = _find(self._root, path[len(PREFIX) + 1 :].split("/"), 0, words)
        if node is None or not node.endpoints:
            return problem(NoSuchRoute(path), texts_of(request, self._parts), request)
        route = node.endpoints.get(method) or (
            node.endpoints.get("GET") if method == "HEAD" else None
        )
        if route is None:
            answer = problem(NoSuchMethod(method), texts_of(request, self._parts), request)
            answer.headers["allow"] = ", ".join(_allowed(node))
            return answer
        return await route.answer(request, dict(zip(route.names, words, strict=True)))

    def _add(self, endpoint: Endpoint, answer: Answering) -> None:
        node = self._root
        names: list[str] = []
        for part in endpoint.path.strip("/").split("/"):
            if part.startswith("{"):
                names.append(part[1:-1])
                if node.named is None:
                    node.named = _Node()
                node = node.named
            else:
                node = node.fixed.setdefault(part, _Node())
        node.endpoints[endpoint.method] = _Route(tuple(names), answer)


def _find(node: _Node, parts: Sequence[str], at: int, words: list[str]) -> _Node | None:
    """The node of a path; `words` are what stands where its pattern has names."""
    if at == len(parts):
        return node
    part = parts[at]
    fixed = node.fixed.get(part)
    if fixed is not None:
        found = _find(fixed, parts, at + 1, words)
        if found is not None and found.endpoints:
            return found
    if node.named is not None and part:
        words.append(part)
        found = _find(node.named, parts, at + 1, words)
        if found is not None and found.endpoints:
            return found
        words.pop()
    return None


def _allowed(node: _Node) -> list[str]:
    return sorted({*node.endpoints, *(("HEAD",) if "GET" in node.endpoints else ())})
