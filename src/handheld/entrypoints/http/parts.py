"""What routes have at hand, and what one call brings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import msgspec
from starlette.requests import Request

from handheld.application.access.identity import Identity
from handheld.application.access.setting_up import SetUp
from handheld.application.pushing.items import ItemMaker
from handheld.application.reading.courses_kept import CoursesKept
from handheld.application.reading.registers import RegisterReading
from handheld.application.reading.timelines import Timelines
from handheld.bootstrap import Home
from handheld.config import Settings
from handheld.domain.errors import Malformed
from handheld.domain.standing import Viewer
from handheld.entrypoints.http.metrics import Metrics
from handheld.texts import Texts


class Parts(NamedTuple):
    """What every route has at hand."""

    home: Home
    settings: Settings
    metrics: Metrics
    origins: frozenset[str]
    """From which browsers may act, exactly."""
    timelines: Timelines
    registers: RegisterReading
    courses: CoursesKept
    items: ItemMaker
    greets: Callable[[], bool]
    """Whether phones are greeted yet: soon after a start, once their numbers are known."""
    set_up: SetUp
    """The way in while there is no account."""


class Call(NamedTuple):
    """One request, as its route sees it."""

    parts: Parts
    request: Request
    who: Identity
    """Who is signed in; of a public route `NOBODY`."""
    texts: Texts
    """In the caller's language."""
    path: Mapping[str, str]
    query: Any
    """The endpoint's `query`, made from the query string; None where it has none."""
    body: Any
    """The endpoint's `body`, made from the JSON text; None where it has none."""

    @property
    def home(self) -> Home:
        """The data directory."""
        return self.parts.home

    @property
    def viewer(self) -> Viewer:
        """Who looks."""
        return self.who.viewer


NOBODY = Identity(session="", actor="nobody")
"""Who calls a public route."""


def converted(values: Mapping[str, Any], kind: type) -> Any:
    """Path or query values, all text, as what they are. Raises Malformed (`request.query`)."""
    try:
        return msgspec.convert(values, kind, strict=False)
    except (msgspec.ValidationError, ValueError) as error:
        raise Malformed("request.query", reason=str(error)) from error
