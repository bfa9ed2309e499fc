"""Boards: as they are, as they were, and what was shown. docs/boards.md"""

from __future__ import annotations

from typing import Literal

import msgspec

from handheld.application.reading.board_documents import BoardDocument, RowsDocument
from handheld.application.reading.board_wanted import Rows, Wanted
from handheld.application.reading.moments import read_at
from handheld.application.shown import Shown
from handheld.domain.errors import Malformed
from handheld.entrypoints.http.endpoints import Answer, Endpoint
from handheld.entrypoints.http.parts import Call, converted
from handheld_events.base import Instant


class BoardQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which board."""

    at: str | None = None
    """A position, or an instant with its zone; none: now."""
    task_force: str | None = None
    """Of a division: only this task force, closed or not."""
    drills: bool = False
    """Drills instead of the real thing."""


class RowsQuery(BoardQuery, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which window on the open tasks of a board."""

    offset: int = 0
    """How many come before the window."""
    limit: int = 50
    late: bool = False
    """Only those overdue, those due first first."""
    state: Literal["waiting", "in_progress", "to_verify"] | None = None
    """Only those in this one."""
    phones: bool = False
    """With telephone numbers, where those are for who asks."""


class ShownQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When it was shown."""

    at: Instant
    task_force: str | None = None
    drills: bool = False


class ShownThen(msgspec.Struct, frozen=True):
    """What was shown of a board at an instant; empty where nobody watched."""

    shown: tuple[Shown, ...]


Kind = Literal["division", "department"]

FOLLOWED_SECONDS = 1.0
"""So long a board is waited for that shows what was recorded before; then it is shown as it is."""


def _wanted(call: Call, kind: Kind, rows: bool = False) -> Wanted:
    query = call.query
    window = None
    if rows:
        said = {name: getattr(query, name) for name in ("offset", "limit", "late", "state")}
        window = converted(said, Rows)
    if kind == "department" and query.task_force is not None:
        raise Malformed("board.department")
    values = {
        "kind": kind,
        "key": call.path["key"],
        "task_force": query.task_force,
        "drills": query.drills,
    }
    wanted: Wanted = converted(values, Wanted)
    return msgspec.structs.replace(wanted, rows=window)


def _board(kind: Kind) -> Endpoint:
    def fast(call: Call) -> Answer | None:
        """The board of now, where it is made already: no thread is needed for it."""
        if call.query.at is not None:
            return None
        found = call.home.board_desk.reading.at_hand(call.viewer, _wanted(call, kind))
        return None if found is None else _answer(*found)

    def run(call: Call) -> Answer:
        at = read_at(call.query.at)
        if at is None and not _followed(call):
            position = call.home.looking.look().position
            call.home.boards.wait_for(position, FOLLOWED_SECONDS)
        made = call.home.board_desk.reading.get(call.viewer, _wanted(call, kind), at)
        return _answer(made.body, made.etag)

    return Endpoint(
        method="GET",
        path=f"/boards/{kind}s/{{key}}",
        name=f"board_{kind}",
        summary="The board of a division 看板"
        if kind == "division"
        else "The board of a department 部门看板",
        tag="boards",
        run=run,
        fast=fast,
        query=BoardQuery,
        answers=BoardDocument,
        tagged=True,
    )


def _followed(call: Call) -> bool:
    """Whether the boards show what was recorded before this was asked: one's own command, say."""
    return call.home.boards.position >= call.home.looking.look().position


def _answer(body: bytes, etag: str) -> Answer:
    return Answer(body, headers=(("etag", etag),))


def _rows(kind: Kind) -> Endpoint:
    def run(call: Call) -> RowsDocument:
        return call.home.board_desk.reading.rows(
            call.viewer,
            _wanted(call, kind, rows=True),
            read_at(call.query.at),
            phones=call.query.phones,
        )

    return Endpoint(
        method="GET",
        path=f"/boards/{kind}s/{{key}}/rows",
        name=f"rows_{kind}",
        summary="A window on the open or late tasks of a board 未办清单",
        tag="boards",
        run=run,
        query=RowsQuery,
        answers=RowsDocument,
    )


def _shown(kind: Kind) -> Endpoint:
    def run(call: Call) -> ShownThen:
        found = call.home.board_desk.shown_at(call.viewer, _wanted(call, kind), call.query.at)
        return ShownThen(tuple(found))

    return Endpoint(
        method="GET",
        path=f"/boards/{kind}s/{{key}}/shown",
        name=f"shown_{kind}",
        summary="What was shown at an instant, against what the log gives 当时所示",
        tag="boards",
        run=run,
        query=ShownQuery,
        answers=ShownThen,
    )


ENDPOINTS = tuple(
    make(kind) for kind in ("division", "department") for make in (_board, _rows, _shown)
)
