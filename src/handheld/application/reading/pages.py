"""Pages of a register for one viewer: of all rows those that they may see, and no sign of others.

Rows are narrowed to what may be theirs (`application/register_reach.py`), then each is asked as the
single thing would be. A page is whole where there are enough rows; its cursor names the last row
that was shown, never one that was hidden; what is counted is only what they may see.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby, islice
from typing import Any, Generic, NamedTuple, TypeVar

import msgspec

from handheld.application.register_keeper import RegisterKeeper
from handheld.application.register_queries import COUNTED, Query, cursor_after, key_of
from handheld.application.register_reach import Narrowed, Reach, Unsearched
from handheld.domain.duty import PERSON
from handheld.domain.seeing import View, Viewer

ASKED = 1_000
"""So many rows at most are asked one by one to be counted."""
CHUNK = 64
MOST_AT_ONCE = 1_000

R = TypeVar("R")
T = TypeVar("T")

Hidden = frozenset[Unsearched]
ALL_FOUND: Hidden = frozenset()


class Listed(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    """Some of the rows that match, of those that who asks may see."""

    rows: tuple[T, ...]
    next: str | None
    """The cursor of the page after this one; None at the end."""
    count: int
    """How many match of those that they may see, as far as they were counted."""
    more: bool
    """Whether there are more than were counted."""
    position: int
    """The position in the log that the rows show."""


class Shown(NamedTuple, Generic[R]):
    """A row that may be shown."""

    first: int
    """The position of its first fact: its place in the list."""
    row: R
    view: View


class Asking(NamedTuple, Generic[R]):
    """How the rows of a register are asked about."""

    key: Callable[[R], str]
    views: Callable[[Sequence[R]], list[View]]
    """How much of each is seen."""
    hidden: Callable[[R, View], Hidden]
    """Of a row that is seen: what words may not find it by."""


class Pager:
    """The pages of the registers for one viewer."""

    def __init__(self, registers: RegisterKeeper, viewer: Viewer, reach: Reach | None) -> None:
        self._registers = registers
        self._viewer = viewer
        self._reach = reach

    def page(
        self, query: Query, asking: Asking[R], *, only: tuple[str, ...] | None = None
    ) -> tuple[list[Shown[R]], str | None]:
        """The rows of a page, and the cursor of the next. Raises Malformed."""
        narrowed = Narrowed(reach=self._reach, only=only)
        found = self._found(query, narrowed, asking, key_of(query))
        rows = list(islice(found, query.limit + 1))
        shown = rows[: query.limit]
        more = len(rows) > query.limit
        return shown, cursor_after(query, shown[-1].first) if more else None

    def count(
        self,
        query: Query,
        asking: Asking[R],
        *,
        placed: bool = False,
        only: tuple[str, ...] | None = None,
    ) -> tuple[int, bool]:
        """How many rows there are for them, and whether there are more than were counted.

        `placed`: rows in a territory that they oversee are theirs without being asked.
        """
        narrowed = Narrowed(reach=self._reach, only=only)
        if self._sees_all(query):
            number = self._registers.count(query, narrowed, COUNTED + 1)
            return min(number, COUNTED), number > COUNTED
        certain = 0
        if placed and not query.words and self._reach is not None and self._reach.territories:
            inside = msgspec.structs.replace(narrowed, inside=True)
            certain = self._registers.count(query, inside, COUNTED + 1)
            if certain > COUNTED:
                return COUNTED, True
            narrowed = msgspec.structs.replace(narrowed, inside=False)
        asked = sum(1 for _ in islice(self._found(query, narrowed, asking, None), ASKED + 1))
        return certain + min(asked, ASKED), asked > ASKED

    def _sees_all(self, query: Query) -> bool:
        if not self._viewer.actor.startswith(PERSON):
            return True
        return self._reach is None and (self._viewer.names or not query.words)

    def _found(
        self, query: Query, narrowed: Narrowed, asking: Asking[R], after: int | None
    ) -> Iterator[Shown[R]]:
        size = min(max(query.limit + 1, CHUNK), MOST_AT_ONCE)
        while True:
            rows: Sequence[tuple[int, R]] = self._registers.scan(query, narrowed, after, size)
            views = asking.views([row for _, row in rows])
            seen = [
                Shown(first, row, view)
                for (first, row), view in zip(rows, views, strict=True)
                if view.extent != "nothing"
            ]
            yield from self._by_what_they_see(query, asking, seen) if query.words else seen
            if len(rows) < size:
                return
            after = rows[-1][0]
            size = min(2 * size, MOST_AT_ONCE)

    def _by_what_they_see(
        self, query: Query, asking: Asking[R], seen: Sequence[Shown[R]]
    ) -> list[Shown[R]]:
        """Of the rows that words have found, those found by what is not hidden of them."""
        hidden = {asking.key(one.row): asking.hidden(one.row, one.view) for one in seen}
        kept = {key for key, what in hidden.items() if not what}
        groups: list[tuple[Any, str]] = sorted(
            ((tuple(sorted(what)), key) for key, what in hidden.items() if what)
        )
        for what, some in groupby(groups, key=lambda pair: pair[0]):
            only = tuple(key for _, key in some)
            again = Narrowed(only=only, unsearched=frozenset(what))
            kept.update(
                asking.key(row) for _, row in self._registers.scan(query, again, None, len(only))
            )
        return [one for one in seen if asking.key(one.row) in kept]
