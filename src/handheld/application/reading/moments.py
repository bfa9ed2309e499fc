"""Which instant of the log is asked for: now, a position, or a time."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import msgspec

from handheld.application.ports import Log
from handheld.domain.errors import Malformed
from handheld_events.base import Instant
from handheld_events.codec import instant, microseconds

At = int | datetime
"""A position, or an instant (UTC)."""

_WIDER = 64


class Moment(NamedTuple):
    """A position, and when it was recorded."""

    position: int
    """Of the last fact there; 0 before the first."""
    at: datetime | None
    """Recorded time (UTC); None before the first fact."""


def recorded(log: Log, position: int) -> Moment:
    """The last fact at or before a position: numbers may be missing in between."""
    back = 1
    while position > 0:
        rows = log.read(max(position - back, 0), back, position)
        if rows:
            return Moment(rows[-1][0], instant(rows[-1][5]))
        if back >= position:
            break
        back *= _WIDER
    return Moment(0, None)


def moment(log: Log, at: At, *, upto: int, now: datetime) -> Moment:
    """The moment that is asked for, as far as what is shown has come (`upto`, a position).

    Raises Malformed (`board.future`).
    """
    if isinstance(at, datetime):
        if at > now:
            raise Malformed("board.future", at=at.isoformat(), now=now.isoformat())
        position = log.position_at(microseconds(at))
    else:
        position = at
    return recorded(log, min(max(position, 0), upto))


def read_at(text: str | None) -> At | None:
    """A position in digits, or an instant as RFC 3339 has it, with its zone.

    Raises Malformed (`board.at`).
    """
    if text is None:
        return None
    text = text.strip()
    if text.isascii() and text.isdecimal() and len(text) <= 18:
        return int(text)
    try:
        return msgspec.convert(text, Instant)
    except (msgspec.ValidationError, ValueError, OverflowError):
        raise Malformed("board.at", text=text[:80]) from None
