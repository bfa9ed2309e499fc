"""Windows on long lists: a cursor that says where a page ended, whatever has happened since."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from handheld.domain.errors import Malformed
from handheld_projections.waiters import Waiter

Place = tuple[datetime, datetime, str, str, str]
"""Where somebody stands in a list: by deadline where those late are listed, then by `Waiter.key`."""


class Window(NamedTuple):
    """Some of those who wait."""

    rows: Sequence[Waiter]
    after: int
    """How many come before them."""
    rest: int
    """How many come after them."""
    next: str | None
    """The cursor of the page after this one; None at the end."""


def place(waiter: Waiter, *, late: bool) -> Place:
    """Where somebody stands."""
    first = (waiter.due_at or waiter.dispatched_at) if late else waiter.dispatched_at
    return (first, *waiter.key)


def window(waiters: Sequence[Waiter], limit: int, cursor: str | None, *, late: bool) -> Window:
    """The page after a cursor; a limit of 0 means all. Raises Malformed (`usage.cursor`)."""
    begin = 0
    if cursor is not None:
        at = _read(cursor)
        begin = next((i for i, w in enumerate(waiters) if place(w, late=late) > at), len(waiters))
    end = begin + limit if limit else len(waiters)
    rows = waiters[begin:end]
    rest = max(0, len(waiters) - end)
    return Window(
        rows, begin, rest, _written(place(rows[-1], late=late)) if rest and rows else None
    )


def _written(at: Place) -> str:
    return urlsafe_b64encode(msgspec.json.encode(at)).decode().rstrip("=")


def _read(cursor: str) -> Place:
    try:
        raw = urlsafe_b64decode(cursor.strip().encode("ascii") + b"==")
        found: Place = msgspec.json.decode(raw, type=Place)
    except (ValueError, msgspec.MsgspecError):
        raise Malformed("usage.cursor", text=cursor) from None
    return found
