"""Who calls: a session in the cookie or in the Authorization header, never in a URL."""

from __future__ import annotations

from collections.abc import Collection

from starlette.requests import HTTPConnection, Request

from handheld.application.access.identity import Identity
from handheld.domain.errors import NotAllowed, NotSignedIn
from handheld.entrypoints.http.parts import Parts

COOKIE = "handheld_session"
SAFE = frozenset(("GET", "HEAD", "OPTIONS"))


def token_of(connection: HTTPConnection) -> tuple[str | None, bool]:
    """The session's token, and whether it came as a cookie, which browsers send by themselves."""
    header = connection.headers.get("authorization")
    if header is not None:
        kind, _, token = header.partition(" ")
        return (token.strip() or None if kind.lower() == "bearer" else None), False
    return connection.cookies.get(COOKIE), True


def check_origin(connection: HTTPConnection, origins: Collection[str]) -> None:
    """A page of another site may not act with the cookie of this one.

    Raises NotAllowed (`request.origin`).
    """
    origin = connection.headers.get("origin")
    if origin is None:
        if connection.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            raise NotAllowed("request.origin", origin="?")
        return
    if origin not in origins:
        raise NotAllowed("request.origin", origin=origin[:120])


async def signed_in(request: Request, parts: Parts) -> Identity:
    """Who is signed in.

    Raises NotSignedIn (`session.none`), NotAllowed (`request.origin`), Away where it cannot be known.
    """
    token, is_cookie = token_of(request)
    access = parts.home.access
    who = access.known(token) if token is not None else None
    if who is None and token is not None:
        who = await access.identify_async(token)
    if who is None:
        raise NotSignedIn("session.none")
    if is_cookie and request.method not in SAFE:
        check_origin(request, parts.origins)
    return who


def client_address(connection: HTTPConnection) -> str | None:
    """From where somebody calls, by the word of the proxies that are trusted."""
    return connection.client.host if connection.client is not None else None
