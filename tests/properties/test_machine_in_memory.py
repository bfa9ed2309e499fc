"""The whole application on a log in memory, under all that anybody may ask for.

Two writers share the log. What they do is fixed by the draw: the second one's batch is carried out
between the first one's decision and its commit, which is the race that processes run by chance.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from handheld.adapters.log_memory import MemoryLog
from handheld.application.board_keeper import BoardKeeper
from handheld.application.organisation_keeper import OrganisationKeeper
from handheld.application.ports import Decided, Verdict
from handheld.application.requests import Request
from handheld.application.world import KeptWorld
from handheld.application.writer import Writer, _Item
from tests.properties.made_of_the_log import (
    check_inboxes,
    check_live_is_rebuilt,
    check_organisation,
    check_snapshots,
)
from tests.properties.rules import ORIGIN, Result, Rules


class InterruptedLog(MemoryLog):
    """A log in which something may happen right before the next commit."""

    def __init__(self) -> None:
        super().__init__()
        self.before_commit: Callable[[], None] | None = None

    def commit(self, decisions: Sequence[Decided], clock: Callable[[], int]) -> list[Verdict]:
        """Let it happen, then commit."""
        happens, self.before_commit = self.before_commit, None
        if happens is not None:
            happens()
        return super().commit(decisions, clock)


class HandClock:
    """A clock moved by hand, some seconds off."""

    def __init__(self, machine: InMemory, seconds: float) -> None:
        self._machine = machine
        self._off = timedelta(seconds=seconds)

    def now(self) -> datetime:
        """The time (UTC)."""
        return self._machine.at + self._off


class InMemory(Rules):
    """The rules on a log in memory."""

    log: InterruptedLog

    def open(self) -> None:
        """A new log, two writers whose clocks differ."""
        self.at = ORIGIN
        self.log = InterruptedLog()
        self.log.set_facts({"log_id": "0123456789abcdef"})
        self.boards = [BoardKeeper(self.log, None) for _ in range(2)]
        self.people = [OrganisationKeeper(self.log, None) for _ in range(2)]
        self.writers = [
            Writer(
                self.log,
                HandClock(self, off),
                KeptWorld(self.log, people, boards, HandClock(self, off), followed=False),
            )
            for off, people, boards in zip((0, -30), self.people, self.boards, strict=True)
        ]

    def carry_out(self, first: list[Request], second: list[Request]) -> list[Result]:
        """The second batch between decision and commit of the first."""
        others: list[Result] = []

        def happens() -> None:
            others.extend(self.batch(1, second))

        if first and second:
            self.log.before_commit = happens
        answers = self.batch(0, first)
        self.log.before_commit = None
        if not others:
            happens()
        return [*answers, *others]

    def batch(self, writer: int, requests: list[Request]) -> list[Result]:
        """One batch as the writer's thread carries it out, here and now."""
        if not requests:
            return []
        items = [_Item(request, request.key(), Future(), None) for request in requests]
        return self.writers[writer]._carry_out(items)

    def time_goes_on(self, seconds: int) -> None:
        """Both clocks go on."""
        self.at += timedelta(seconds=seconds)

    def teardown(self) -> None:
        """Whatever way the log came about, what is made of it is the same."""
        for writer in self.writers:
            writer.close()
        if not self.sound:
            return  # what went wrong has been told
        for boards, people in zip(self.boards, self.people, strict=True):
            check_live_is_rebuilt(boards, self.history.facts)
            check_organisation(people, self.history.facts)
        check_snapshots(self.history.facts)
        check_inboxes(self.history.facts)


def explore(examples: int, steps: int, *, soak: bool) -> None:
    """Without soak: the same examples each time, and a failure as it was found."""
    run_state_machine_as_test(
        InMemory,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=not soak,
            database=None,
            phases=tuple(Phase) if soak else (Phase.generate,),
            report_multiple_bugs=False,
            # Every step is checked whole; the numbers above bound the time.
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )


def test_whatever_is_asked_for_the_promises_hold() -> None:
    explore(60, 25, soak=False)


@pytest.mark.soak
def test_whatever_is_asked_for_long_and_often_the_promises_hold() -> None:
    explore(2_000, 80, soak=True)
