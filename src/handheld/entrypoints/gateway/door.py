"""The door: who comes in by which path, from which page, and in which language they are spoken to."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from typing import NamedTuple
from urllib.parse import parse_qs

from websockets.asyncio.server import ServerConnection
from websockets.http11 import Request, Response

from handheld.application.access.identity import Identity
from handheld.domain.errors import Busy
from handheld.entrypoints.http.language import accepted
from handheld.texts.language import Language, known_language

PATH = "/api/v1/live"
COOKIE = "handheld_session"

Identify = Callable[[str], Identity | None]
"""Who a session's token belongs to; None where it opens nothing."""


class Visitor(NamedTuple):
    """What the handshake says of whoever connects."""

    identity: Identity | None
    """None where neither a header nor a cookie said who it is: a ticket may."""
    language: Language


def visitor(
    connection: ServerConnection,
    request: Request,
    identify: Identify,
    origins: Collection[str],
    usual: Language,
) -> Visitor | Response:
    """Who connects, or the answer that refuses them: 400, 401, 403, 404, 503.

    A browser sends the cookie by itself, whatever page is open: so a page of another address gets in
    with a ticket only.
    """
    path, _, query = request.path.partition("?")
    if path != PATH:
        return connection.respond(HTTPStatus.NOT_FOUND, "Nothing is here.\n")
    headers = request.headers
    authorization = headers.get_all("Authorization")
    cookies = headers.get_all("Cookie")
    named = headers.get_all("Origin")
    if max(len(authorization), len(named)) > 1:
        return connection.respond(HTTPStatus.BAD_REQUEST, "A header came twice.\n")
    wish = parse_qs(query).get("lang", [None])[0] if query else None
    language = (known_language(wish) if wish else None) or accepted(
        headers.get("Accept-Language"), usual
    )
    if cookies and named and named[0] not in origins:
        return connection.respond(
            HTTPStatus.FORBIDDEN, "This server is not used from pages of that address.\n"
        )
    try:
        return _known(connection, authorization, cookies, identify, language)
    except Busy as busy:  # the database is away: nobody is signed out by that
        later = connection.respond(HTTPStatus.SERVICE_UNAVAILABLE, "Come back a little later.\n")
        later.headers["Retry-After"] = str(busy.retry_after)
        return later


def _known(
    connection: ServerConnection,
    authorization: Sequence[str],
    cookies: Sequence[str],
    identify: Identify,
    language: Language,
) -> Visitor | Response:
    if authorization:
        kind, _, token = authorization[0].partition(" ")
        identity = identify(token.strip()) if kind.lower() == "bearer" else None
        if identity is None:
            refused = connection.respond(HTTPStatus.UNAUTHORIZED, "Sign in again.\n")
            refused.headers["WWW-Authenticate"] = "Bearer"
            return refused
        return Visitor(identity, language)
    shown = _cookie("; ".join(cookies))
    return Visitor(identify(shown) if shown else None, language)


def _cookie(header: str) -> str | None:
    try:
        found = SimpleCookie(header).get(COOKIE)
    except CookieError:
        return None
    return found.value if found is not None else None
