"""The same rules on a real log file, with two writers that race in threads of their own.

Each writer has the file open for itself, as another process would. How they interleave is chance;
the promises hold whatever happens.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from handheld.adapters.clock import ClockSetting, SimulatedClock
from handheld.adapters.log import found, open_sqlite
from handheld.adapters.log_sqlite import SQLiteLog
from handheld.adapters.views_store import file_of_views
from handheld.application.board_keeper import BoardKeeper
from handheld.application.index_keeper import IndexKeeper
from handheld.application.organisation_keeper import OrganisationKeeper
from handheld.application.requests import Receipt, Request
from handheld.domain.errors import HandheldError
from tests.properties.desk import Desk, move, new_clock
from tests.properties.kept_views import check_lines, check_past, check_verified
from tests.properties.made_of_the_log import (
    check_inboxes,
    check_live_is_rebuilt,
    check_organisation,
    check_snapshots,
)
from tests.properties.places import Where
from tests.properties.rules import Result, Rules, Which
from tests.properties.test_machine_in_memory import answered

EVERY = 7
SECONDS = 60


class OnSQLite(Rules):
    """The rules on a log file, with views beside it that are kept up step by step."""

    log: SQLiteLog

    def open(self) -> None:
        """A new file, two desks on it, and views with frequent checkpoints."""
        self._directory = TemporaryDirectory(prefix="handheld-machine-")
        self._path = Path(self._directory.name) / "log.db"
        first = open_sqlite(self._path, synchronous="OFF")
        found(first, "0123456789abcdef", ClockSetting())
        first.close()
        self.desks = [self._desk(new_clock()), self._desk(new_clock())]
        app = open_sqlite(self._path, synchronous="OFF")
        self._close_log = app.close
        assert isinstance(app.port, SQLiteLog)
        self.log = app.port
        self._threads = ThreadPoolExecutor(2)
        self._keep()

    def _desk(self, clock: SimulatedClock) -> Desk:
        app = open_sqlite(self._path, synchronous="OFF")
        return Desk(app.port, clock, app.close)

    def _keep(self) -> None:
        self.views = file_of_views(self._path.with_name("views.db"), self.log)
        self.kept_boards = BoardKeeper(self.log, self.views, every=EVERY)
        self.indexes = IndexKeeper(self.log, self.views)
        self.kept_people = OrganisationKeeper(self.log, self.views)

    @property
    def at(self) -> datetime:  # type: ignore[override]
        """The time of the first desk."""
        return self.desks[0].clock.now()

    def jump(self, seconds: int) -> None:
        """Both clocks go on; the second lags behind by half of what has passed."""
        move(self.desks[0].clock, seconds)
        move(self.desks[1].clock, seconds // 2 if seconds < 100 else seconds)
        if seconds > 60:
            self.kept_people.checkpoint()
            self.views.close()
            self._keep()

    def begin_anew(self, where: Where) -> None:
        """A new desk in the place of the old one; and the views are thrown away."""
        index = 0 if where == "here" else 1
        self.desks[index].close()
        self.desks[index] = self._desk(self.desks[index].clock)
        self.views.close()
        if where == "there":
            for file in self._path.parent.glob("views.db*"):
                file.unlink()
        self._keep()

    def carry_out(self, first: list[Request], second: list[Request]) -> list[Result]:
        """All are submitted, then all are waited for."""
        there = [self.desks[1].writer.submit(request) for request in second]
        here = [self.desks[0].writer.submit(request) for request in first]
        results = [answer(future) for future in (*here, *there)]
        self._noted()
        self._follow()
        return results

    def _noted(self) -> list[tuple[Request, Result]]:
        return [answered(asked) for desk in self.desks for asked in desk.writer.take_noted()]

    def _follow(self) -> None:
        self.kept_boards.catch_up()
        self.indexes.catch_up()
        self.kept_people.caught_up()

    def let_react(self, which: Which) -> list[tuple[Request, Result]]:
        """One desk, or both at once."""
        here, there = self.desks
        chosen = {"here": [here], "there": [there], "both": [here, there]}[which]
        for running in [self._threads.submit(desk.reactor.react) for desk in chosen]:
            running.result(SECONDS)
        if which == "both":
            # What both asked for at once, and lost, is asked for once more.
            here.reactor.react()
        asked = self._noted()
        self._follow()
        return asked

    def let_react_meanwhile(self, asked: list[Request]) -> list[tuple[Request, Result]]:
        """One writer has its work to do while the other desk's reactions run."""
        for request in asked:
            self.desks[1].writer.submit(request)
        return self.let_react("here")

    def teardown(self) -> None:
        """Whatever way the log came about, what is made of it is the same."""
        try:
            if self.sound:
                self.check_all_made_of_the_log()
        finally:
            for one in self.desks:
                one.close()
            self._threads.shutdown()
            self.views.close()
            self._close_log()
            self._directory.cleanup()

    def check_all_made_of_the_log(self) -> None:
        """Boards, indexes and organisation, live and restarted, now and in the past."""
        facts = self.history.facts
        self._follow()
        check_live_is_rebuilt(self.kept_boards, self.history)
        check_organisation(self.kept_people, facts)
        for one in self.desks:
            check_live_is_rebuilt(one.boards, self.history)
            check_organisation(one.people, facts)
        check_snapshots(facts)
        check_inboxes(self.history)
        check_past(self.kept_boards, facts)
        check_lines(self.indexes, facts)
        self.kept_boards.checkpoint()
        check_verified(self.log, self.views, self.kept_people)


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
    explore(25, 40, soak=False)


@pytest.mark.soak
def test_whatever_writers_ask_for_at_once_for_long_the_promises_hold() -> None:
    explore(200, 80, soak=True)
