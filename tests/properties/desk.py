"""A desk: what one process has of its own on a shared log: states, boards, a clock, reactions."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta

from handheld.adapters.clock import SimulatedClock
from handheld.application.board_keeper import BoardKeeper
from handheld.application.organisation_keeper import OrganisationKeeper
from handheld.application.ports import Clock, Log
from handheld.application.reactor import Reactor
from handheld.application.requests import Receipt, Request
from handheld.application.world import KeptWorld
from handheld.application.writer import Writer

ORIGIN = datetime(2021, 7, 23, 7, tzinfo=UTC)

Asked = tuple[Request, Future[Receipt]]


class Following(BoardKeeper):
    """Boards that follow the log when they are waited for: there is no thread that does."""

    def wait_for(self, position: int, timeout: float) -> bool:
        """Follow up to the position, now."""
        return self.catch_up(position) >= position


class NotingWriter(Writer):
    """A writer that notes what is submitted to it."""

    def __init__(self, log: Log, clock: Clock, world: KeptWorld) -> None:
        self.noted: list[Asked] = []
        super().__init__(log, clock, world)

    def submit(self, request: Request) -> Future[Receipt]:
        """Note it, then queue it."""
        answer = super().submit(request)
        self.noted.append((request, answer))
        return answer

    def take_noted(self) -> list[Asked]:
        """What was submitted since the last time."""
        noted, self.noted = self.noted, []
        return noted


class Desk:
    """A writer and a reactor with all that they know, on a log."""

    def __init__(self, log: Log, clock: SimulatedClock, close: Callable[[], None]) -> None:
        self.log = log
        self.clock = clock
        self._close = close
        self.boards: BoardKeeper = Following(log, None)
        self.people = OrganisationKeeper(log, None)
        world = KeptWorld(log, self.people, self.boards, clock, followed=False)
        self.writer = NotingWriter(log, clock, world)
        self.reactor = Reactor(log, self.boards, self.people, self.writer, clock)

    def close(self) -> None:
        """The process ends."""
        self.writer.close()
        self._close()


def new_clock() -> SimulatedClock:
    """A clock that stands until it is moved."""
    return SimulatedClock(ORIGIN, 0)


def move(clock: SimulatedClock, seconds: int) -> None:
    """Move a clock; it is asked to go back, too, and never does."""
    before = clock.now()
    clock.move_to(before + timedelta(seconds=seconds))
    assert clock.now() == max(before, before + timedelta(seconds=seconds))
