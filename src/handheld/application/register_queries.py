"""What can be asked of the registers: filters, words, and pages that stay whole while things change."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from hashlib import blake2b
from typing import Generic, Literal, TypeVar

import msgspec

from handheld.domain.errors import Malformed
from handheld_events.ids import is_division_code
from handheld_events.orders import Level
from handheld_events.warning import Source, WarningLevel
from handheld_projections.findings import FindingState
from handheld_projections.open_tasks import (
    State,
)
from handheld_projections.register_rows import TaskForceStatus
from handheld_projections.warning_lines import Status as WarningStatus

MOST_ROWS = 500
MOST_WORDS = 8
COUNTED = 10_000
"""Matches are counted up to so many: beyond that nobody reads the number."""

_DIGEST = 8


class Query(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What all the lists have in common."""

    words: str = ""
    """Each of these words must be found: Chinese by any part of it, or the initials of its pinyin."""
    limit: int = 50
    cursor: str | None = None
    """Where the page before ended; of this very query, whatever its limit."""


class Placed(Query, frozen=True, kw_only=True):
    """Of a territory and a time."""

    division: str | None = None
    """This division and all below it."""
    drill: bool | None = False
    """Real ones, drills, or (None) both: they are mixed only where somebody asks for it."""
    since: datetime | None = None
    """Begun then or later, by recorded time."""
    until: datetime | None = None
    """Begun before."""


class TaskForceQuery(Placed, frozen=True, kw_only=True):
    """Which task forces; newest first. Found by title, place, orders, name of the division."""

    statuses: tuple[TaskForceStatus, ...] = ()
    levels: tuple[Level, ...] = ()


class TaskQuery(Placed, frozen=True, kw_only=True):
    """Which tasks. Found by what finds their task force, their order, division or assignee."""

    states: tuple[State, ...] = ()
    overdue: bool | None = None
    department: str | None = None
    person: str | None = None
    order: str | None = None
    task_force: str | None = None
    cancelled: bool | None = False
    """Those started by mistake are left out."""
    sort: Literal["newest", "waiting"] = "newest"
    """Waiting: only those not done, in the order in which they were dispatched."""


class FindingQuery(Placed, frozen=True, kw_only=True):
    """Which findings; newest first. Found by text, place, name of the division."""

    states: tuple[FindingState, ...] = ()
    desk: str | None = None
    """The division or department stream that decides."""
    person: str | None = None
    """Who reported it."""
    task_force: str | None = None
    order: str | None = None
    wants_task_force: bool | None = None


class WarningQuery(Placed, frozen=True, kw_only=True):
    """Which warnings; newest first. Found by headline, hazard, names of divisions.

    Those for a division are for all below it, too, so both are found.
    """

    statuses: tuple[WarningStatus, ...] = ()
    levels: tuple[WarningLevel, ...] = ()
    sources: tuple[Source, ...] = ()


class PeopleQuery(Query, frozen=True, kw_only=True):
    """Which people; in the order in which they were registered. Found by name, and by phone."""


R = TypeVar("R")


class Page(msgspec.Struct, Generic[R], frozen=True):
    """Some of the rows that match."""

    rows: tuple[R, ...]
    next: str | None
    """The cursor of the page after this one; None at the end."""
    count: int
    """How many match in all, counted up to COUNTED."""
    more: bool
    """Whether there are more than were counted."""


def check(query: Query) -> None:
    """The query makes sense.

    Raises Malformed (`register.limit`, `register.words`, `register.time`, `division.code`).
    """
    if not 1 <= query.limit <= MOST_ROWS:
        raise Malformed("register.limit", limit=query.limit, most=MOST_ROWS)
    if len(query.words.split()) > MOST_WORDS:
        raise Malformed("register.words", most=MOST_WORDS)
    if isinstance(query, Placed):
        if query.division is not None and not is_division_code(query.division):
            raise Malformed("division.code", division=query.division)
        for moment in (query.since, query.until):
            if moment is not None and moment.tzinfo is None:
                raise Malformed("register.time", time=str(moment))


def cursor_after(query: Query, key: int) -> str:
    """The cursor of what comes after a row, by the position of the row's first fact."""
    return urlsafe_b64encode(_digest(query) + key.to_bytes(8, "big")).decode().rstrip("=")


def key_of(query: Query) -> int | None:
    """Where the page before ended. Raises Malformed (`register.cursor`)."""
    if query.cursor is None:
        return None
    try:
        raw = urlsafe_b64decode(query.cursor.encode("ascii") + b"==")
    except ValueError:
        raw = b""
    if len(raw) != _DIGEST + 8 or raw[:_DIGEST] != _digest(query):
        raise Malformed("register.cursor")
    key = int.from_bytes(raw[_DIGEST:], "big")
    if key >= 1 << 63:
        raise Malformed("register.cursor")
    return key


def _digest(query: Query) -> bytes:
    bare = msgspec.structs.replace(query, cursor=None, limit=1)
    said = type(query).__name__.encode() + msgspec.json.encode(bare)
    return blake2b(said, digest_size=_DIGEST).digest()
