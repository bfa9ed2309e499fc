"""From an endpoint's declaration to the function that answers its requests."""

from __future__ import annotations

import asyncio
import inspect
import logging
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import Executor
from typing import Any

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from handheld.application.ports import LogBusy
from handheld.domain.errors import Away, HandheldError, Malformed
from handheld.entrypoints.http.bodies import json_body
from handheld.entrypoints.http.endpoints import Answer, Endpoint
from handheld.entrypoints.http.identity import signed_in
from handheld.entrypoints.http.keys import tag_matches, version_tag
from handheld.entrypoints.http.language import accepted, texts_in
from handheld.entrypoints.http.parts import NOBODY, Call, Parts, converted
from handheld.entrypoints.http.problems import headers_of, problem_of, response_of
from handheld.texts import Texts

logger = logging.getLogger(__name__)

_encode = msgspec.json.Encoder().encode
JSON = "application/json"
PRIVATE = ("cache-control", "private, no-cache")
"""Kept by the caller alone, and asked for again each time."""
GONE = 499
"""In the log and the metrics: whoever asked went away before all of it had come. Nobody hears it."""

Answering = Callable[[Request, Mapping[str, str]], Coroutine[Any, Any, Response]]


def answering(endpoint: Endpoint, parts: Parts, threads: Executor) -> Answering:
    """What answers the requests of an endpoint, with what its path names."""
    is_coroutine = inspect.iscoroutinefunction(endpoint.run)
    many = _many(endpoint.query)

    async def answer(request: Request, path: Mapping[str, str]) -> Response:
        texts = texts_of(request, parts)
        noted = request.scope["handheld"]
        noted["route"] = endpoint.path
        try:
            who = NOBODY if endpoint.public else await signed_in(request, parts)
            noted["actor"] = who.actor
            query = body = None
            if endpoint.query is not None:
                query = converted(_query(request, many), endpoint.query)
            if endpoint.body is not None:
                body = await json_body(request, endpoint.body, endpoint.most)
            call = Call(parts, request, who, texts, path, query, body)
            found = endpoint.fast(call) if endpoint.fast is not None else None
            if found is not None:
                pass
            elif is_coroutine:
                found = await endpoint.run(call)
            elif endpoint.where == "thread":
                loop = asyncio.get_running_loop()
                found = await loop.run_in_executor(threads, endpoint.run, call)
            else:
                found = endpoint.run(call)
            return _response(found, endpoint, request)
        except HandheldError as error:
            return problem(error, texts, request)
        except LogBusy:
            return problem(Away(), texts, request)
        except ClientDisconnect:
            return Response(None, GONE)
        except Exception as error:  # told without its inside; the log has it all
            logger.exception("request failed")
            return problem(HandheldError("internal", error=type(error).__name__), texts, request)

    return answer


def texts_of(request: Request, parts: Parts) -> Texts:
    """The texts in the caller's language."""
    return texts_in(accepted(request.headers.get("accept-language"), parts.settings.language))


def problem(error: HandheldError, texts: Texts, request: Request) -> Response:
    """An error as the answer."""
    noted = request.scope["handheld"]
    noted["code"] = error.code
    return response_of(problem_of(error, texts, noted["request"]), texts, headers_of(error))


def _many(kind: type[msgspec.Struct] | None) -> frozenset[str]:
    """The query parameters that may come several times."""
    fields = msgspec.structs.fields(kind) if kind is not None else ()
    return frozenset(field.encode_name for field in fields if "tuple" in str(field.type).lower())


def _query(request: Request, many: frozenset[str]) -> dict[str, Any]:
    """The query string by name; what may come several times is a list.

    Raises Malformed (`request.query_twice`): two readers might take different ones.
    """
    if not request.scope["query_string"]:
        return {}
    found: dict[str, Any] = {}
    for name, value in request.query_params.multi_items():
        if name in many:
            found.setdefault(name, []).extend(part for part in value.split(",") if part)
        elif name in found:
            raise Malformed("request.query_twice", name=name[:80])
        else:
            found[name] = value
    return found


def _response(found: Any, endpoint: Endpoint, request: Request) -> Response:
    if isinstance(found, Response):
        return found
    answer = found if isinstance(found, Answer) else Answer(found, endpoint.status)
    headers = dict((PRIVATE, *answer.headers))
    body = answer.body if isinstance(answer.body, bytes) else _encode(answer.body)
    if answer.version is not None:
        headers["etag"] = version_tag(answer.version, body)
    tag = headers.get("etag")
    if tag is not None and tag_matches(request.headers.get("if-none-match"), tag):
        return Response(None, 304, headers)
    if answer.status == 204:
        return Response(None, 204, headers)
    return Response(body, answer.status, headers, None if "content-type" in headers else JSON)
