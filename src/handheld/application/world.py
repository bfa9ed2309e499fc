"""What decisions may know beyond their streams: the organisation, and open tasks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from handheld.application.board_keeper import BoardKeeper
from handheld.application.organisation_keeper import OrganisationKeeper
from handheld.application.ports import Clock, Log
from handheld.domain.errors import HandheldError
from handheld_projections.open_tasks import (
    OpenTask,
)
from handheld_projections.organisation import Organisation
from handheld_projections.warnings import Warnings

PATIENCE_SECONDS = 2.0
"""The writer waits so long, and everybody with it: boards that are rebuilt are not waited for."""


class KeptWorld:
    """The world as the keepers have it, caught up to the log's end at each question."""

    def __init__(
        self,
        log: Log,
        organisation: OrganisationKeeper,
        boards: BoardKeeper,
        clock: Clock,
        *,
        followed: bool,
    ) -> None:
        self._log = log
        self._clock = clock
        self._organisation = organisation
        self._boards = boards
        self._followed = followed

    def now(self) -> datetime:
        """The time by the log's clock (UTC)."""
        return self._clock.now()

    def organisation(self) -> tuple[Organisation, int]:
        """Divisions and people at the log's end, and that position."""
        return self._organisation.caught_up()

    def open_tasks(self, task_force: str) -> Mapping[str, OpenTask]:
        """The open tasks of a task force at the log's end.

        Raises HandheldError (`fold.stopped`, `fold.late`) when the boards cannot be brought there.
        """
        self._boards_at_the_end()
        return self._boards.tasks(task_force, only_open=True)

    def tasks(self, task_force: str) -> Mapping[str, OpenTask]:
        """All tasks of a task force, done or not, at the log's end. Raises as `open_tasks`."""
        self._boards_at_the_end()
        return self._boards.tasks(task_force)

    def running(self, plan: str, division: str, *, drills: bool) -> Sequence[str]:
        """The task forces of a plan that are active in a division, those started last at the end.

        Nothing is known of them while the boards cannot be brought to the log's end: it is a hint
        to people, and no start is held up by it.
        """
        try:
            self._boards_at_the_end()
        except HandheldError:
            return ()
        return self._boards.running(plan, division, drills=drills)

    def warnings(self, *, drills: bool = False) -> Warnings:
        """The warnings in force, and which CAP message was which. Raises as `open_tasks`."""
        self._boards_at_the_end()
        return self._boards.warnings(drills=drills)

    def _boards_at_the_end(self) -> None:
        end = self._log.end()
        if self._followed:
            reached = self._boards.wait_for(end, PATIENCE_SECONDS)
        else:
            reached = self._boards.catch_up(end) >= end
        if not reached:
            stopped = self._boards.stopped
            if stopped is not None:
                raise HandheldError("fold.stopped", **stopped._asdict())
            raise HandheldError("fold.late", position=self._boards.position, end=end)
