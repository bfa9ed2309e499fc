"""The same rules on a whole data directory, closed and opened again in between, its views thrown
away now and then. A thread follows the log: what it shows may lag behind what was just written.
"""

from __future__ import annotations

from concurrent.futures import Future
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from handheld.adapters.clock import ClockSetting, SimulatedClock
from handheld.application.requests import Receipt, Request
from handheld.bootstrap import Home, found_home
from handheld.domain.register import ErasePerson
from handheld_events.sealed import Sealed
from tests.properties.desk import ORIGIN, Asked, move
from tests.properties.kept_registers import check_registers
from tests.properties.kept_views import check_lines, check_past
from tests.properties.made_of_the_log import (
    check_inboxes,
    check_live_is_rebuilt,
    check_organisation,
)
from tests.properties.places import Where
from tests.properties.rules import Result, Rules, Which
from tests.properties.test_machine_in_memory import answered


class OfHomes(Rules):
    """The rules on a data directory."""

    def open(self) -> None:
        """A new directory with a clock that stands until it is moved."""
        self._place = TemporaryDirectory(prefix="handheld-homes-")
        self._path = Path(self._place.name) / "data"
        found_home(self._path, clock=ClockSetting(origin=ORIGIN, rate=0))
        self._enter()

    def _enter(self) -> None:
        self.home = Home(self._path, synchronous="OFF")
        self.log = self.home.log
        self._asked: list[Asked] = []
        submit = self.home.writer.submit

        def noting(request: Request) -> Future[Receipt]:
            answer = submit(request)
            self._asked.append((request, answer))
            return answer

        vars(self.home.writer)["submit"] = noting

    def _leave(self) -> None:
        self.home.close()

    @property
    def _clock(self) -> SimulatedClock:
        clock = self.home.clock
        assert isinstance(clock, SimulatedClock)
        return clock

    @property
    def at(self) -> datetime:  # type: ignore[override]
        """The time by the log's clock."""
        return self._clock.now()

    def sealed(self, who: str) -> Sealed:
        """A name, sealed with the keyring."""
        return self.home.keyring.seal([(who, f"合成人员{who[-2:]}")])[0]

    def jump(self, seconds: int) -> None:
        """The clock goes on."""
        move(self._clock, seconds)

    def carry_out(self, first: list[Request], second: list[Request]) -> list[Result]:
        """All are submitted, then all are waited for."""
        for request in (*first, *second):
            self.home.writer.submit(request)
        return [result for _, result in self._answers()]

    def _answers(self) -> list[tuple[Request, Result]]:
        asked, self._asked = self._asked, []
        results = [answered(one) for one in asked]
        for request, result in results:
            accepted = getattr(result, "outcome", None) == "accepted"
            if accepted and isinstance(request.command, ErasePerson):
                self.home.erase_keys(request.command.person)
        return results

    def let_react(self, which: Which) -> list[tuple[Request, Result]]:
        """The one process that there is."""
        self.home.react()
        return self._answers()

    def let_react_meanwhile(self, asked: list[Request]) -> list[tuple[Request, Result]]:
        """The reactions run while the writer has something to do."""
        for request in asked:
            self.home.writer.submit(request)
        return self.let_react("here")

    def begin_anew(self, where: Where) -> None:
        """Closed, and opened again; and the views are thrown away."""
        self._leave()
        if where == "there":
            for file in self._path.glob("views.db*"):
                file.unlink()
        self._enter()
        self.history.go_on_with(self.log)

    def teardown(self) -> None:
        """Whatever way the log came about, what is made of it is the same."""
        try:
            if self.sound:
                self.check_all_made_of_the_log()
        finally:
            self._leave()
            self._place.cleanup()

    def check_all_made_of_the_log(self) -> None:
        """All that the directory shows, as it is and as it was, and the registers beside it."""
        home, facts = self.home, self.history.facts
        home.caught_up()
        assert home.stopped == []
        check_live_is_rebuilt(home.boards, self.history)
        check_organisation(home.organisation, facts)
        check_inboxes(self.history)
        check_past(home.boards, facts)
        check_lines(home.indexes, facts)
        check_registers(home.registers, self.history)
        home.boards.checkpoint()
        checks = home.verify()
        assert "registers" in {check.what for check in checks}
        assert [check for check in checks if not check.same] == []


def explore(examples: int, steps: int, *, soak: bool) -> None:
    """When the follower is how far is not in the draw, so a failure is shown as it was found."""
    run_state_machine_as_test(
        OfHomes,
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


def test_whatever_happens_to_a_data_directory_the_promises_hold() -> None:
    explore(25, 40, soak=False)


@pytest.mark.soak
def test_whatever_happens_to_a_data_directory_for_long_the_promises_hold() -> None:
    explore(200, 80, soak=True)
