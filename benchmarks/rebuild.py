"""A rebuild: the whole log through the real folds, against reading, decoding and bare counting."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from benchmarks import county
from benchmarks.county import Shape
from benchmarks.history import History, Story
from benchmarks.measure import Timing, in_turns, spread, timed
from benchmarks.places import Place
from benchmarks.report import Line, contest
from handheld.adapters.log import CommandLog, open_sqlite
from handheld.adapters.views_store import file_of_views
from handheld.application.board_keeper import BoardKeeper
from handheld.application.following import BATCH
from handheld.application.organisation_keeper import OrganisationKeeper
from handheld.application.ports import Log
from handheld.domain.plan import Plan
from handheld_events.codec import Reading
from handheld_projections.tier_board import TierBoard

NAME = "rebuild"


def tell(path: Path, shape: Shape, story: Story) -> None:
    """Make a data directory whose log holds a story. Not flushed as it goes: that is not measured."""
    county.settle(path, shape)
    app = open_sqlite(path / "log.db", synchronous="OFF")
    log: Log = app.port
    for commit in history_on(log, story).commits():
        log.commit(commit.decisions, commit.clock)
    app.close()


def history_on(log: Log, story: Story) -> History:
    """The story, told on the register that the log holds."""
    organisation, position = OrganisationKeeper(log, None).caught_up()
    adopted = Reading().fact(*log.read_streams([county.PLAN])[0]).event
    return History(story, organisation, Plan(edition=adopted), position)


class Rebuilds:
    """One log, read from its beginning in three ways."""

    def __init__(self, place: Place, shape: Shape) -> None:
        self._place = place
        self._template = place.template(
            "history", lambda path: tell(path, shape, Story(task_forces=1, left_open=1))
        )
        self._app: CommandLog = open_sqlite(self._template / "log.db")
        self._log: Log = self._app.port
        self.events = self._log.end()
        self.register = self._log.read_kinds(0, ["tf"])[0][0] - 1
        """The position before the first start: divisions, people, plan."""
        self.counts: Counter[str] = Counter()
        self.board: TierBoard | None = None

    def close(self) -> None:
        """Close the log."""
        self._app.close()

    def counting(self, after: int = 0) -> Timing:
        """The floor: scan, decode, count by topic."""
        counts: Counter[str] = Counter()

        def work() -> None:
            fact = Reading().fact
            reached = after
            while rows := self._log.read(reached, BATCH):
                for row in rows:
                    counts[fact(*row).event.TOPIC] += 1
                reached = rows[-1][0]

        timing = timed(work)
        self.counts = counts
        return timing

    def folding(self, after: int = 0) -> Timing:
        """The real folds, nothing stored."""
        keeper = BoardKeeper(self._log, None)
        keeper.position = after
        return self._fold(keeper)

    def storing(self) -> Timing:
        """The real folds, with the checkpoints that a running home stores."""
        with self._place.copy(self._template) as path:
            (path / "views.db").unlink()
            views = file_of_views(path / "views.db", self._log)
            timing = self._fold(BoardKeeper(self._log, views))
            views.close()
        return timing

    def _fold(self, keeper: BoardKeeper) -> Timing:
        timing = timed(keeper.catch_up)
        board = keeper.tier_board(county.DISTRICT)
        if self.board is not None and board != self.board:
            msg = "two rebuilds of the same log differ"
            raise RuntimeError(msg)
        self.board = board
        self._check(board)
        return timing

    def _check(self, board: TierBoard) -> None:
        """What was counted and what the funnel says is the same."""
        for step in board.funnel:
            if self.counts and step.tasks != self.counts[f"task.{step.stage}.v1"]:
                msg = f"the funnel shows {step.tasks} {step.stage}, the log has another number"
                raise RuntimeError(msg)


def run(place: Place, rounds: int, shape: Shape = county.LONGYOU) -> list[Line]:
    """Measure."""
    rebuilds = Rebuilds(place, shape)
    register = rebuilds.register
    took = in_turns(
        rounds,
        {
            "floor": rebuilds.counting,
            "folds": rebuilds.folding,
            "stored": rebuilds.storing,
            "tasks floor": lambda: rebuilds.counting(register),
            "tasks": lambda: rebuilds.folding(register),
        },
    )
    rebuilds.close()
    events = rebuilds.events
    lines = []
    for key, floor, goal, what, count in (
        ("folds", "floor", 0.5, f"board and funnel over {events:,} events", events),
        ("stored", "floor", None, "the same, with its checkpoints stored", events),
        ("tasks", "tasks floor", None, "the same, without the register", events - register),
    ):
        measured, base = took[key], took[floor]
        low, high = spread(base, measured)
        lines.append(
            Line(
                benchmark=NAME,
                what=what,
                value=base.wall / measured.wall,
                unit="of the floor's rate",
                goal=goal,
                at_most=False,
                note=f"from {low:.2f} to {high:.2f} by round; {base.cpu / measured.cpu:.2f} in CPU;"
                f" {count / measured.wall:,.0f} events/s",
                contests=(
                    contest("BoardKeeper", measured),
                    contest("scan, decode, count", base),
                ),
            )
        )
    return lines
