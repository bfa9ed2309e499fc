"""The id of a request, for logs and problem details; of the request that is being answered."""

from __future__ import annotations

import re
from contextvars import ContextVar
from secrets import token_hex

REQUEST: ContextVar[str | None] = ContextVar("request", default=None)
_GIVEN = re.compile(r"[A-Za-z0-9._-]{8,64}")


def request_id(given: str | None) -> str:
    """The id that a proxy gave, if it is one; otherwise a new one."""
    return given if given is not None and _GIVEN.fullmatch(given) else token_hex(8)
