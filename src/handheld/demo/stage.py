"""What a story is played on: a new log with a simulated clock, and what was shown on the way.

Everything is done by commands on a real log. The clock stands still until the story moves it, ids
are drawn from a seed, and what is due falls due at its time: the same story gives the same facts on
any machine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from handheld.adapters.clock import ClockSetting, SimulatedClock
from handheld.application.board_keeper import BoardKeeper
from handheld.application.requests import Receipt, Request
from handheld.application.verifying import Check
from handheld.bootstrap import Home, found_home
from handheld.domain.errors import HandheldError, NotAllowed
from handheld_events.ids import command_id
from handheld_projections.department_board import DepartmentBoard
from handheld_projections.organisation import Organisation
from handheld_projections.tier_board import TierBoard

Board = TierBoard | DepartmentBoard

OPENING = timedelta(minutes=10)
"""The clock runs while a directory is opened, which takes as long as the machine needs; never this."""

Progress = Callable[[int, int], None]
"""Told which position is reached, and the last one."""


class Shown(NamedTuple):
    """A board as it was shown live, to be compared with the rebuilt one."""

    at: datetime
    board: Board
    task_force: str | None
    """The task force whose board it is; none for all that are not closed."""


class Compared(NamedTuple):
    """What was made again from the log, against what was shown live."""

    boards: list[tuple[Shown, bool]]
    """Each board that was shown, and whether live, rebuilt and past are identical."""
    checks: list[Check]

    @property
    def same(self) -> bool:
        """Whether all is identical."""
        return all(same for _, same in self.boards) and all(check.same for check in self.checks)


class Stage:
    """A new log in a directory, with the clock in the hands of the story."""

    def __init__(self, directory: Path, *, origin: datetime, seed: int) -> None:
        """Raises Installation (`data.*`), HandheldError (`demo.real_clock`)."""
        found_home(directory, clock=ClockSetting(origin=origin - OPENING))
        self.home = Home(directory)
        if not isinstance(self.home.clock, SimulatedClock):
            self.home.close()
            raise HandheldError("demo.real_clock", path=str(directory))
        self.clock = self.home.clock
        self.clock.pace(0)
        self.clock.move_to(origin)
        self.shown: list[Shown] = []
        self._random = Random(seed)

    # --- what is done -----------------------------------------------------------------------------

    def now(self) -> datetime:
        """The time in the story (UTC)."""
        return self.clock.now()

    def move_to(self, moment: datetime) -> None:
        """Time goes on; whatever falls due on the way is done when it is due."""
        self.home.react()
        while (due := self.home.reactor.next_due()) is not None and self.now() < due < moment:
            self.clock.move_to(due)
            self.home.react()
        self.clock.move_to(moment)
        self.home.react()

    def run_on(self) -> None:
        """The story is told: from now on the clock goes by itself, a second a second."""
        self.clock.pace(1)

    def request(self, command: Any, actor: str, **about: Any) -> Request:
        """A request with an id of the story's; what occurred at a time of its own has its id there."""
        at: datetime = about.get("occurred_at") or self.now()
        return self.home.request(command, actor, command_id=self.new_id(at), **about)

    def do(self, command: Any, actor: str, **about: Any) -> Receipt:
        """Carry out a command; `about` as `Home.request` has it. What a story does is accepted.

        Raises HandheldError; NotAllowed with the code of the answer where it is another one.
        """
        return self.send(self.request(command, actor, **about))

    def send(self, request: Request) -> Receipt:
        """Carry out a request. Raises as `do`."""
        receipt = self.home.writer.execute(request)
        if receipt.outcome != "accepted":
            raise NotAllowed(receipt.code or receipt.outcome)
        return receipt

    def new_id(self, at: datetime) -> str:
        """The id of a command given at this time: the same in each run."""
        return command_id(int(at.timestamp() * 1000), self._random.randbytes(10))

    def organisation(self) -> Organisation:
        """Divisions, departments and people as they are now."""
        return self.home.organisation.caught_up()[0]

    # --- what is shown ----------------------------------------------------------------------------

    def show(
        self, divisions: Iterable[str], task_force: str | None, departments: Iterable[str] = ()
    ) -> Sequence[Shown]:
        """The boards of this instant, kept to be compared with those made again from the log."""
        self.home.caught_up()
        boards = self.home.boards
        at = self.now()
        shown = [
            Shown(at, boards.tier_board(division, task_force=task_force), task_force)
            for division in divisions
        ]
        shown += [Shown(at, boards.department_board(key), None) for key in departments]
        self.shown += shown
        return shown

    def compare(self, progress: Progress | None = None) -> Compared:
        """Fold the log from its beginning, and hold it against what was shown and what is stored."""
        home = self.home
        home.caught_up()
        home.boards.checkpoint()
        fresh = BoardKeeper(home.log, None)
        end = home.log.end()
        compared: list[tuple[Shown, bool]] = []
        for position, group in groupby(self.shown, key=lambda shown: shown.board.position):
            fresh.catch_up(
                position, None if progress is None else lambda reached: progress(reached, end)
            )
            for shown in group:
                rebuilt = _board(fresh, shown, None)
                past = _board(home.boards, shown, position)
                compared.append((shown, rebuilt == shown.board == past))
        checks = home.verify(progress)
        return Compared(compared, checks)


def _board(keeper: BoardKeeper, shown: Shown, at: int | None) -> Board:
    board = shown.board
    if isinstance(board, DepartmentBoard):
        return keeper.department_board(board.department, at=at)
    return keeper.tier_board(board.division, task_force=shown.task_force, at=at)
