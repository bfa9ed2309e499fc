"""The registers as somebody may see them: task forces, tasks, findings, warnings, people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeVar

from handheld.application.reading import listing
from handheld.application.reading.called import Called
from handheld.application.reading.listed import (
    FindingListed,
    PersonListed,
    TaskForceListed,
    TaskListed,
    WarningListed,
)
from handheld.application.reading.pages import Asking, Listed, Pager, Shown
from handheld.application.reading.seen import Looking
from handheld.application.register_keeper import RegisterKeeper
from handheld.application.register_queries import (
    FindingQuery,
    PeopleQuery,
    Query,
    TaskForceQuery,
    TaskQuery,
    WarningQuery,
    check,
)
from handheld.application.register_reach import reach_of
from handheld.domain.errors import HandheldError
from handheld.domain.seeing import Viewer

R = TypeVar("R")
T = TypeVar("T")

PATIENCE_SECONDS = 2.0
"""So long rows are waited for that show what the log held when they were asked for."""


class _Begun(NamedTuple):
    called: Called
    pager: Pager


class RegisterReading:
    """Pages of the registers for whoever asks.

    Each raises Malformed for a query that makes no sense, and HandheldError (`fold.stopped`,
    `fold.late`) where the registers cannot be brought to the log's end.
    """

    def __init__(self, looking: Looking, registers: RegisterKeeper) -> None:
        self._looking = looking
        self._registers = registers

    def task_forces(self, viewer: Viewer, query: TaskForceQuery) -> Listed[TaskForceListed]:
        """Task forces, newest first."""
        begun = self._begin(viewer, query)
        asking = listing.of_task_forces(begun.called)
        return self._listed(begun, query, asking, listing.task_force, placed=True)

    def tasks(self, viewer: Viewer, query: TaskQuery) -> Listed[TaskListed]:
        """Tasks; those of whoever asks, and those for which they answer."""
        begun = self._begin(viewer, query)
        asking = listing.of_tasks(begun.called)
        return self._listed(begun, query, asking, listing.task, placed=True)

    def findings(self, viewer: Viewer, query: FindingQuery) -> Listed[FindingListed]:
        """Findings, newest first."""
        begun = self._begin(viewer, query)
        asking = listing.of_findings(begun.called)
        return self._listed(begun, query, asking, listing.finding, placed=True)

    def warnings(self, viewer: Viewer, query: WarningQuery) -> Listed[WarningListed]:
        """Warnings, newest first."""
        begun = self._begin(viewer, query)
        asking = listing.of_warnings(begun.called)
        return self._listed(begun, query, asking, listing.warning)

    def people(self, viewer: Viewer, query: PeopleQuery) -> Listed[PersonListed]:
        """The people whose names are for whoever asks, in the order of their registration."""
        begun = self._begin(viewer, query)
        asking = listing.of_people(begun.called)
        only = listing.candidates(begun.called)
        return self._listed(begun, query, asking, listing.person, only=only)

    def _begin(self, viewer: Viewer, query: Query) -> _Begun:
        check(query)
        look = self._looking.look()
        registers = self._registers
        if not registers.wait_for(look.position, PATIENCE_SECONDS):
            stopped = registers.stopped
            if stopped is not None:
                raise HandheldError("fold.stopped", **stopped._asdict())
            raise HandheldError("fold.late", position=registers.position, end=look.position)
        pager = Pager(registers, viewer, reach_of(viewer, look.organisation))
        return _Begun(Called(look, viewer), pager)

    def _listed(
        self,
        begun: _Begun,
        query: Query,
        asking: Asking[Any],
        shown: Callable[[Called, Shown[Any]], T],
        *,
        placed: bool = False,
        only: Sequence[str] | None = None,
    ) -> Listed[T]:
        named = None if only is None else tuple(only)
        rows, after = begun.pager.page(query, asking, only=named)
        if query.cursor is None and after is None:
            count, more = len(rows), False
        else:
            count, more = begun.pager.count(query, asking, placed=placed, only=named)
        return Listed(
            rows=tuple(shown(begun.called, row) for row in rows),
            next=after,
            count=count,
            more=more,
            position=begun.called.look.position,
        )
