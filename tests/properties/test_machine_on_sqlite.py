"""The same rules on a real log file, with two writers that race in threads of their own.

Each writer has the file open for itself, as another process would. How they interleave is chance;
the promises hold whatever happens.
"""

from __future__ import annotations

from concurrent.futures import Future
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from handheld.adapters.clock import ClockSetting, SimulatedClock
from handheld.adapters.log import CommandLog, found, open_sqlite
from handheld.adapters.log_sqlite import SQLiteLog
from handheld.adapters.views_sqlite import SQLiteViews
from handheld.application.board_keeper import BoardKeeper
from handheld.application.index_keeper import IndexKeeper
from handheld.application.organisation_keeper import OrganisationKeeper
from handheld.application.requests import Receipt, Request
from handheld.application.verifying import verify
from handheld.application.world import KeptWorld
from handheld.application.writer import Writer
from handheld.domain.errors import HandheldError
from handheld_projections.boards import Boards
from handheld_projections.inbox import Inbox
from handheld_projections.tier_board import tier_board
from tests.properties.asking import CODES, PEOPLE
from tests.properties.made_of_the_log import (
    check_inboxes,
    check_live_is_rebuilt,
    check_organisation,
    check_snapshots,
)
from tests.properties.rules import ORIGIN, Result, Rules

EVERY = 7
SECONDS = 60


class Desk(NamedTuple):
    """A writer with a log of its own on the shared file."""

    app: CommandLog
    clock: SimulatedClock
    boards: BoardKeeper
    people: OrganisationKeeper
    writer: Writer


def desk(path: Path) -> Desk:
    """Another one on this file."""
    app = open_sqlite(path, synchronous="OFF")
    clock = SimulatedClock(ORIGIN, 0)
    boards, people = BoardKeeper(app.port, None), OrganisationKeeper(app.port, None)
    world = KeptWorld(app.port, people, boards, clock, followed=False)
    return Desk(app, clock, boards, people, Writer(app.port, clock, world))


class OnSQLite(Rules):
    """The rules on a log file, with views beside it that are kept up step by step."""

    log: SQLiteLog

    def open(self) -> None:
        """A new file, two writers on it, and views with frequent checkpoints."""
        self._directory = TemporaryDirectory(prefix="handheld-machine-")
        path = Path(self._directory.name)
        first = open_sqlite(path / "log.db", synchronous="OFF")
        found(first, "0123456789abcdef", ClockSetting())
        first.close()
        self.desks = (desk(path / "log.db"), desk(path / "log.db"))
        assert isinstance(self.desks[0].app.port, SQLiteLog)
        self.log = self.desks[0].app.port
        self.views = SQLiteViews(path / "views.db", self.log)
        self.boards = BoardKeeper(self.log, self.views, every=EVERY)
        self.indexes = IndexKeeper(self.log, self.views)
        self.people = OrganisationKeeper(self.log, self.views)

    @property
    def at(self) -> datetime:  # type: ignore[override]
        """The time of the first writer."""
        return self.desks[0].clock.now()

    def time_goes_on(self, seconds: int) -> None:
        """The first clock goes on; the second lags behind."""
        moment = self.at + timedelta(seconds=seconds)
        self.desks[0].clock.move_to(moment)
        self.desks[1].clock.move_to(moment - timedelta(seconds=30))
        if seconds > 60:
            self.begin_anew_from_the_checkpoints()

    def begin_anew_from_the_checkpoints(self) -> None:
        """As after a restart: what was not stored is folded again."""
        self.people.checkpoint()
        self.boards = BoardKeeper(self.log, self.views, every=EVERY)
        self.indexes = IndexKeeper(self.log, self.views)
        self.people = OrganisationKeeper(self.log, self.views)

    def carry_out(self, first: list[Request], second: list[Request]) -> list[Result]:
        """All are submitted, then all are waited for."""
        waiting: list[Future[Receipt]] = []
        there = [self.desks[1].writer.submit(request) for request in second]
        waiting += [self.desks[0].writer.submit(request) for request in first]
        results = [answer(future) for future in (*waiting, *there)]
        self.boards.catch_up()
        self.indexes.catch_up()
        self.people.caught_up()
        return results

    def teardown(self) -> None:
        """Whatever way the log came about, what is made of it is the same."""
        try:
            if self.sound:
                self.check_all_made_of_the_log()
        finally:
            for one in self.desks:
                one.writer.close()
                one.app.close()
            self.views.close()
            self._directory.cleanup()

    def check_all_made_of_the_log(self) -> None:
        """Boards, indexes and organisation, live and restarted, now and in the past."""
        facts = self.history.facts
        check_live_is_rebuilt(self.boards, facts)
        check_organisation(self.people, facts)
        for one in self.desks:
            check_live_is_rebuilt(one.boards, facts)
            check_organisation(one.people, facts)
        check_snapshots(facts)
        check_inboxes(facts)
        self.check_past()
        lines = list(Inbox().lines(facts))
        for who in PEOPLE:
            assert self.indexes.inbox(who) == [line for line in lines if line.key == who]
        self.boards.checkpoint()
        checks = verify(self.log, self.views, self.people)
        assert [check for check in checks if not check.same] == []

    def check_past(self) -> None:
        """The board as of some positions is the one folded from scratch up to them."""
        facts = self.history.facts
        for position in range(0, len(facts), max(len(facts) // 6, 1)):
            boards = Boards()
            boards.apply(facts[:position])
            parts = {name: part for name, part in boards.parts.items() if not part.closed}
            for code in CODES[:2]:
                expected = tier_board(parts, code, position)
                assert self.boards.tier_board(code, at=position) == expected


def answer(future: Future[Receipt]) -> Result:
    """The receipt, or the error."""
    try:
        return future.result(SECONDS)
    except HandheldError as error:
        return error


def explore(examples: int, steps: int, *, soak: bool) -> None:
    """How the writers interleave is not in the draw, so a failure is shown as it was found."""
    run_state_machine_as_test(
        OnSQLite,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=not soak,
            database=None,
            phases=(Phase.generate,),
            report_multiple_bugs=False,
            # Files are opened and threads waited for; the numbers above bound the time.
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )


def test_whatever_writers_ask_for_at_once_the_promises_hold() -> None:
    explore(12, 20, soak=False)


@pytest.mark.soak
def test_whatever_writers_ask_for_at_once_for_long_the_promises_hold() -> None:
    explore(300, 60, soak=True)
