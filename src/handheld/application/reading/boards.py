"""Boards for API and watchers: who sees what of them, made once, and kept while nothing moves.

docs/boards.md
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from threading import Lock
from typing import Any, Protocol, TypeVar

import msgspec

from handheld.application.board_keeper import BoardKeeper
from handheld.application.ports import Clock, Log
from handheld.application.reading import board_making as making
from handheld.application.reading.board_documents import (
    DepartmentBoard,
    DivisionBoard,
    RowsDocument,
    RowsPart,
    without_nulls,
)
from handheld.application.reading.board_made import Entry, Made, Shelf, digest_of, text_of
from handheld.application.reading.board_names import BoardNames
from handheld.application.reading.board_rows import people_in, rows_of
from handheld.application.reading.board_sight import sight
from handheld.application.reading.board_wanted import Rows, Sight, Wanted
from handheld.application.reading.moments import At, Moment, moment, recorded
from handheld.application.reading.place_names import PlaceNames
from handheld.application.reading.seen import Look, Looking
from handheld.domain.errors import NotFound
from handheld.domain.seeing import Viewer, visible
from handheld_events.codec import Reading, UnreadableEvent
from handheld_projections.boards import Part
from handheld_projections.organisation import Organisation

T = TypeVar("T")

PATIENCE_SECONDS = 2.0
"""So long the boards are waited for, where somebody asks for what has just begun."""


class Kept(Protocol):
    """Where it is noted what was shown."""

    def note(self, made: Made) -> None:
        """This was shown. It is quick, and raises nothing."""
        ...

    def flush(self) -> None:
        """Store what is due to be stored. It raises nothing."""
        ...


class BoardReading:
    """The boards of one log. Safe to use from several threads."""

    def __init__(
        self,
        log: Log,
        boards: BoardKeeper,
        looking: Looking,
        clock: Clock,
        kept: Kept | None = None,
    ) -> None:
        self._log = log
        self._log_id = log.log_id
        self._boards = boards
        self._looking = looking
        self._clock = clock
        self._kept = kept
        self._places = PlaceNames(log)
        self._names = BoardNames(looking.keyring)
        self._making = Lock()
        self._live: Shelf[tuple[Wanted, Sight]] = Shelf()
        self._past: Shelf[tuple[Wanted, Sight, int]] = Shelf()
        self._then: tuple[int, Organisation] | None = None

    # --- one board ------------------------------------------------------------------------------

    def look(self, viewer: Viewer, wanted: Wanted) -> Sight:
        """How much of it they see now. Raises NotFound, Malformed as `board_sight.sight`."""
        return sight(self._looking.look(), viewer, wanted)

    def at_hand(self, viewer: Viewer, wanted: Wanted) -> tuple[bytes, str] | None:
        """Body and ETag of the board as it is now, if nothing need be made or read: for event loops.

        It shows what was recorded before this was asked: one's own command, say.

        The policy is asked. Raises NotFound, Malformed as `board_sight.sight`.
        """
        look = self._looking.at_hand()
        if look is None or self._boards.position < look.position:
            return None
        found = self._live.get((wanted, sight(look, viewer, wanted)))
        if found is None or not self.unchanged(found.made):
            return None
        return found.body, found.made.etag

    def get(self, viewer: Viewer, wanted: Wanted, at: At | None = None) -> Made:
        """The board now, or at a position or instant (UTC).

        Raises NotFound (`division.unknown`, `department.unknown`, `task_force.unknown`: hidden and
        absent alike), Malformed (`board.future`, `board.department`).
        """
        look = self._looking.look()
        if at is None:
            return self.now(wanted, sight(look, viewer, wanted))
        when = self.moment(at)
        return self.past(wanted, sight(look, viewer, wanted, when.position), when)

    def moment(self, at: At) -> Moment:
        """The moment that is asked for. Raises Malformed (`board.future`)."""
        return moment(self._log, at, upto=self._boards.position, now=self._clock.now())

    def unchanged(self, made: Made) -> bool:
        """Whether the boards still stand where this one was made."""
        return made.position == self._boards.position

    def now(self, wanted: Wanted, seen: Sight) -> Made:
        """The board as it is, for those with this sight; the same object while nothing moves."""
        key = wanted, seen
        found = self._live.get(key)
        if found is not None and self.unchanged(found.made):
            return found.made
        with self._making:
            found = self._live.get(key)
            if found is None or not self.unchanged(found.made):
                before = found.made if found is not None else None
                found = self._make(wanted, seen, None, before)
                self._live.put(key, found)
        self.note(found.made)
        return found.made

    def note(self, made: Made) -> None:
        """It is being shown: what was shown is kept, as a digest."""
        if self._kept is not None:
            self._kept.note(made)

    def keep_shown(self) -> None:
        """Store what is due of that."""
        if self._kept is not None:
            self._kept.flush()

    def forget_names(self) -> None:
        """Keep no name in memory: one was erased."""
        with self._making:
            self._live.clear()
            self._past.clear()
            self._names.clear()

    def past(self, wanted: Wanted, seen: Sight, when: Moment) -> Made:
        """The board as it was at a moment, with the names that people have now."""
        key = wanted, seen, when.position
        organisation = self._looking.look().organisation
        found = self._past.get(key)
        if found is None or (seen.names and found.organisation is not organisation):
            found = self._make(wanted, seen, when, None)
            with self._making:
                self._past.put(key, found)
        return found.made

    # --- rows alone -------------------------------------------------------------------------------

    def rows(
        self, viewer: Viewer, wanted: Wanted, at: At | None = None, *, phones: bool = False
    ) -> RowsDocument:
        """A window on the open or the late tasks, with names; `phones` where those are for them.

        Raises as `get`; where the rows are hidden, as where the board is.
        """
        wanted = wanted if wanted.rows is not None else _with_rows(wanted)
        look = self._looking.look()
        when = None if at is None else self.moment(at)
        seen = sight(look, viewer, wanted, when.position if when is not None else None)

        def make(parts: Mapping[str, Part], position: int) -> tuple[RowsPart | None, int]:
            return rows_of(parts, wanted, seen, self._named(position)), position

        part, position = self._read(make, wanted, when)
        if part is None:
            raise _absent(wanted)
        phone_of = _phones(look, viewer) if phones else None
        names = self._names.of(people_in(part), look.organisation, phone_of) if seen.names else None
        where = when or recorded(self._log, position)
        return RowsDocument(
            log=self._log_id, position=where.position, at=where.at, rows=part, names=names
        )

    # --- making -----------------------------------------------------------------------------------

    def _make(self, wanted: Wanted, seen: Sight, when: Moment | None, before: Made | None) -> Entry:
        visited: making.Visited | None = None

        def make(
            parts: Mapping[str, Part], position: int
        ) -> tuple[DivisionBoard | DepartmentBoard, int]:
            nonlocal visited
            named = self._named(position)
            if wanted.kind == "department":
                return making.department_document(parts, wanted, seen, named), position
            made, visited = making.division_board(parts, wanted, seen, named)
            return made, position

        board, position = self._read(make, wanted, when)
        if visited is not None and isinstance(board, DivisionBoard):
            board = making.with_households(board, visited, self._organisation_at(position))
        where = when or recorded(self._log, position)
        content: dict[str, Any] = without_nulls(msgspec.to_builtins(board, str_keys=True))
        digest = digest_of(content)
        organisation = self._looking.look().organisation  # not older than what is shown
        if seen.names:
            names = self._names.of(people_in(board), organisation)
            content["names"] = without_nulls(msgspec.to_builtins(names))
        if before is not None and before.digest == digest and before.board == content:
            content, text, etag = before.board, before.text, before.etag
        else:
            text, etag = text_of(content)
        at = None if where.at is None else msgspec.to_builtins(where.at)
        # The position is that of the boards, though no fact may have that number: `unchanged`.
        made = Made(
            wanted,
            seen,
            self._log_id,
            position if when is None else where.position,
            at,
            digest,
            etag,
            content,
            text,
        )
        return Entry(made, made.body, organisation)

    def _read(
        self,
        make: Callable[[Mapping[str, Part], int], tuple[T, int]],
        wanted: Wanted,
        when: Moment | None,
    ) -> tuple[T, int]:
        def read() -> tuple[T, int]:
            self._places.catch_up(self._boards.position)  # not with all boards held up
            return self._boards.read(
                make, task_force=wanted.task_force, at=when.position if when is not None else None
            )

        try:
            return read()
        except NotFound:
            # Whether they may see it is asked of the log's end, which the boards may not have reached.
            if when is not None or not self._boards.wait_for(self._log.end(), PATIENCE_SECONDS):
                raise
        return read()

    def _named(self, position: int) -> _Then:
        self._places.catch_up(position)
        return _Then(self._places, position)

    def _organisation_at(self, position: int) -> Organisation:
        """The organisation as it was at a position: the one of now, unless it has changed since."""
        known, kinds = self._looking.look().organisation, Organisation.streams
        if not self._log.read_kinds(position, kinds):
            return known
        kept = self._then
        if kept is None or kept[0] != position:
            made, fact = Organisation(), Reading().fact
            rows = self._log.read_kinds(0, kinds)
            with suppress(UnreadableEvent):  # as far as it can be read: it is for showing
                made.apply(fact(*row) for row in rows if row[0] <= position)
            kept = self._then = (position, made)
        return kept[1]


class _Then:
    """What places were called at a position."""

    def __init__(self, places: PlaceNames, position: int) -> None:
        self._places = places
        self._position = position

    def division(self, code: str) -> str | None:
        return self._places.division(code, self._position)

    def department(self, key: str) -> str | None:
        return self._places.department(key, self._position)


def _with_rows(wanted: Wanted) -> Wanted:
    return msgspec.structs.replace(wanted, rows=Rows())


def _absent(wanted: Wanted) -> NotFound:
    if wanted.task_force is not None:
        return NotFound("task_force.unknown", task_force=wanted.task_force)
    if wanted.kind == "department":
        return NotFound("department.unknown", department=wanted.key)
    return NotFound("division.unknown", division=wanted.key)


def _phones(look: Look, viewer: Viewer) -> Callable[[str], bool]:
    def told(person: str) -> bool:
        seen = look.person(person, viewer)
        return seen is not None and visible(viewer, "person.phone", seen).extent == "whole"

    return told
