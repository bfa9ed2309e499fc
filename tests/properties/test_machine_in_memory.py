"""The whole application on a log in memory, under all that anybody may ask for.

Two writers share the log. What they do is fixed by the draw: the second one's batch is carried out
between the first one's decision and its commit, which is the race that processes run by chance.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import datetime

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from handheld.adapters.log_memory import MemoryLog
from handheld.application.ports import Decided, Verdict
from handheld.application.requests import Request
from handheld.application.writer import _Item
from handheld.domain.errors import HandheldError
from tests.properties.desk import Asked, Desk, move, new_clock
from tests.properties.made_of_the_log import (
    check_inboxes,
    check_live_is_rebuilt,
    check_organisation,
    check_snapshots,
)
from tests.properties.places import Where
from tests.properties.rules import Result, Rules, Which


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


class InMemory(Rules):
    """The rules on a log in memory."""

    log: InterruptedLog

    def open(self) -> None:
        """A new log, two desks whose clocks differ."""
        self.log = InterruptedLog()
        self.log.set_facts({"log_id": "0123456789abcdef"})
        self.desks = [Desk(self.log, new_clock(), lambda: None) for _ in range(2)]

    @property
    def at(self) -> datetime:  # type: ignore[override]
        """The time of the first desk."""
        return self.desks[0].clock.now()

    def jump(self, seconds: int) -> None:
        """Both clocks go on; the second lags behind by half of what has passed."""
        move(self.desks[0].clock, seconds)
        move(self.desks[1].clock, seconds // 2 if seconds < 100 else seconds)

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

    def batch(self, desk: int, requests: list[Request]) -> list[Result]:
        """One batch as the writer's thread carries it out, here and now."""
        if not requests:
            return []
        items = [_Item(request, request.key(), Future(), None) for request in requests]
        return self.desks[desk].writer._carry_out(items)

    def let_react(self, which: Which) -> list[tuple[Request, Result]]:
        """One desk, or both: the second between decision and commit of the first."""
        here, there = self.desks
        if which == "both":
            self.log.before_commit = lambda: _react(there)
        if which != "there":
            here.reactor.react()
        self.log.before_commit = None
        if which == "there":
            there.reactor.react()
        return [answered(asked) for desk in self.desks for asked in desk.writer.take_noted()]

    def let_react_meanwhile(self, asked: list[Request]) -> list[tuple[Request, Result]]:
        """What is asked comes between decision and commit of the first reactions."""
        others: list[Result] = []
        self.log.before_commit = lambda: others.extend(self.batch(1, asked))
        reactions = self.let_react("here")
        if not others:
            others.extend(self.batch(1, asked))
        return [*reactions, *zip(asked, others, strict=True)]

    def begin_anew(self, where: Where) -> None:
        """A new desk in the place of the old one, with its clock."""
        index = 0 if where == "here" else 1
        self.desks[index].close()
        self.desks[index] = Desk(self.log, self.desks[index].clock, lambda: None)

    def teardown(self) -> None:
        """Whatever way the log came about, what is made of it is the same."""
        try:
            if self.sound:  # else what went wrong has been told
                for desk in self.desks:
                    check_live_is_rebuilt(desk.boards, self.history)
                    check_organisation(desk.people, self.history.facts)
                check_snapshots(self.history.facts)
                check_inboxes(self.history)
        finally:
            for desk in self.desks:
                desk.close()


def _react(desk: Desk) -> None:
    desk.reactor.react()


def answered(asked: Asked) -> tuple[Request, Result]:
    """A request with its answer, an error or not."""
    request, future = asked
    error = future.exception(60)
    if error is None:
        return request, future.result()
    assert isinstance(error, HandheldError), error
    return request, error


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
    explore(80, 40, soak=False)


@pytest.mark.soak
def test_whatever_is_asked_for_long_and_often_the_promises_hold() -> None:
    explore(1_000, 100, soak=True)
