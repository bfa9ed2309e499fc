"""The door: who comes in by which path, from which page, and in which language they are spoken to."""

from __future__ import annotations

from collections.abc import Collection
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


class Shown(NamedTuple):
    """What the handshake shows of whoever connects."""

    token: str | None
    """Of a session."""
    must: bool
    """Whether nobody comes in without: a header says who it is, where a cookie comes by itself."""
    language: Language


class Visitor(NamedTuple):
    """What the handshake says of whoever connects."""

    identity: Identity | None
    """None where neither a header nor a cookie said who it is: a ticket may."""
    language: Language


def shown(
    connection: ServerConnection, request: Request, origins: Collection[str], usual: Language
) -> Shown | Response:
    """What whoever connects shows, or the answer that refuses them: 400, 403, 404.

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
    if authorization:
        kind, _, token = authorization[0].partition(" ")
        return Shown((token.strip() or None) if kind.lower() == "bearer" else None, True, language)
    return Shown(_cookie("; ".join(cookies)) or None, False, language)


def visitor(
    connection: ServerConnection, found: Shown, identity: Identity | None
) -> Visitor | Response:
    """Who connects, once it is known, or the answer that refuses them: 401."""
    if identity is None and found.must:
        refused = connection.respond(HTTPStatus.UNAUTHORIZED, "Sign in again.\n")
        refused.headers["WWW-Authenticate"] = "Bearer"
        return refused
    return Visitor(identity, found.language)


def later(connection: ServerConnection, busy: Busy) -> Response:
    """It cannot be known now who connects: nobody is signed out by that (503)."""
    answer = connection.respond(HTTPStatus.SERVICE_UNAVAILABLE, "Come back a little later.\n")
    answer.headers["Retry-After"] = str(busy.retry_after)
    return answer


def _cookie(header: str) -> str | None:
    try:
        found = SimpleCookie(header).get(COOKIE)
    except CookieError:
        return None
    return found.value if found is not None else None
