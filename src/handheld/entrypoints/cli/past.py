"""Which instant is asked for: now, a position of the log, or a time."""

from __future__ import annotations

from datetime import datetime

import handheld.entrypoints.cli.arguments as arguments
from handheld.application.reading.moments import recorded
from handheld.bootstrap import Home
from handheld.domain.errors import Malformed
from handheld.entrypoints.cli.context import Session
from handheld_events.codec import microseconds


def moment_of(session: Session, home: Home, at: str | None) -> tuple[int | None, datetime]:
    """The position that is asked for (None for now), and the time that it stands for.

    Raises Malformed (`usage.time`, `usage.future`).
    """
    if at is None:
        return (None, home.clock.now()) if home.boards.stopped is None else _reached(home)
    if at.strip().isdecimal():
        return _at_position(home, min(int(at), home.boards.position))
    asked = arguments.past(at, home.clock.now(), session.texts)
    if asked is None:
        raise Malformed("usage.time", text=at)
    return home.log.position_at(microseconds(asked)), asked


def _at_position(home: Home, position: int) -> tuple[int, datetime]:
    found = recorded(home.log, position)
    return found.position, found.at or home.clock.now()


def _reached(home: Home) -> tuple[None, datetime]:
    """Boards that are stopped are as old as the last fact in them."""
    return None, _at_position(home, home.boards.position)[1]
