"""An endpoint: what is asked, what is answered, and what carries it out.

One declaration makes both the route and its page in the OpenAPI document, so that they never differ.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import msgspec

from handheld.entrypoints.http.parts import Call

Method = Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
Where = Literal["loop", "thread"]


class Answer(msgspec.Struct, frozen=True):
    """What is answered, beyond a body alone."""

    body: Any
    """A msgspec type; bytes are JSON already."""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    """With an `etag` a request that names it in If-None-Match is answered 304."""
    version: int | None = None
    """Of the thing that is answered, for If-Match: its ETag is made of that and of what is shown."""


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """One method on one path."""

    method: Method
    path: str
    """Under /api/v1, such as `/tasks/{task}`."""
    name: str
    """Unique; the operation id."""
    summary: str
    tag: str
    run: Callable[[Call], Any]
    """Gives the answer, or an `Answer`; a coroutine function is awaited. Raises HandheldError."""
    answers: Any = None
    """The type of the answer's body."""
    fast: Callable[[Call], Any] | None = None
    """Asked first, on the event loop: gives the answer where it is at hand, otherwise None."""
    body: Any = None
    """The type of the request's body."""
    body_shown: Any = None
    """The type that the body is described by, where that is another."""
    left_out: tuple[str, ...] = ()
    """Fields of that type that are in the path."""
    query: type[msgspec.Struct] | None = None
    """A struct of the query parameters, all with defaults or required."""
    status: int = 200
    also: tuple[int, ...] = ()
    """Other statuses with which the same is answered."""
    public: bool = False
    """Whether nobody need be signed in."""
    where: Where = "thread"
    """`thread`: reads files, and is run off the event loop; `loop`: is quick or a coroutine."""
    most: int = 256 * 1024
    """Bytes of the body at most."""
    takes_key: bool = False
    """Whether it takes an Idempotency-Key."""
    takes_match: bool = False
    """Whether it takes If-Match."""
    sends: tuple[tuple[str, bool, str, str | None], ...] = ()
    """Further headers of a request: name, whether it must be there, what it says, its form."""
    problems: tuple[int, ...] = ()
    """Statuses of problems besides those that all have."""
    raw: str | None = None
    """The media type of a body that the endpoint reads by itself."""
    raw_also: tuple[str, ...] = ()
    """Further types that such a body may have."""
    gives: str | None = None
    """The media type of an answer that is no JSON."""
    tagged: bool = False
    """Whether the answer has an ETag."""
    names: tuple[tuple[str, str], ...] = ()
    """What the answer names that stands in other paths: the parameter, and where in the answer."""
    examples: dict[str, Any] | None = None
    """Of the body, by name, as builtins."""
