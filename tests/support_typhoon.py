"""The typhoon story, played for tests: what it showed, and what the log and the boards say of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from handheld.application.requests import Receipt
from handheld.demo import loop, telling
from handheld.demo.stage import Compared, Shown
from handheld.demo.story import Size, Story
from handheld.domain.starting import Preview
from handheld_events.codec import Reading
from handheld_events.envelope import Recorded
from handheld_events.ids import plan_stream
from handheld_projections.open_tasks import STAGES, OpenTask
from handheld_projections.organisation import Organisation
from handheld_projections.tier_board import TierBoard
from handheld_projections.waiters import Waiter
from handheld_projections.warnings import WarningLine

ACCEPTED = 1 << STAGES.index("accepted")
SMALL = Size(grids=561, contacts=600)
"""All posts of the county, and few household contacts: the same story in a fraction of the time."""


class Moment(NamedTuple):
    """What the boards held at an instant."""

    shown: Sequence[Shown]
    late: Sequence[Waiter]
    tasks: Mapping[str, OpenTask]
    """All tasks of the task force, as the boards have them."""

    def board(self, division: str) -> TierBoard:
        """The board of a division that was shown."""
        boards = [each.board for each in self.shown if isinstance(each.board, TierBoard)]
        return next(board for board in boards if board.division == division)


class Played:
    """A teller that keeps what it is told, and the story once it is over."""

    def __init__(self, directory: Path, size: Size, until: datetime | None = None) -> None:
        self.moments: dict[datetime, Moment] = {}
        self.warning: WarningLine | None = None
        self.seen: Preview | None = None
        self.called = 0
        self.lines: Sequence[telling.Line] = ()
        self.by_order: Mapping[str, loop.Figures] = {}
        self.end: Shown | None = None
        self.compared: Compared | None = None
        self.story = Story(directory, self, size, until)
        self.same = self.story.play()

    def facts(self, kind: str = "") -> Iterator[Recorded[Any]]:
        """The facts of the log, or those whose topic begins so, in log order."""
        reading, after = Reading(), 0
        while rows := self.story.home.log.read(after, 2_000):
            after = rows[-1][0]
            yield from (reading.fact(*row) for row in rows if row[3].startswith(kind))

    def order(self, key: str) -> str:
        """The order that the plan calls so."""
        orders = self.story.home.boards.summary(self.story.task_force).orders
        return next(order.order for order in orders.values() if order.key == key)

    def accepted(self, at: datetime, key: str) -> Counter[bool]:
        """Of an order's tasks on the boards at an instant: how many had been accepted."""
        order = self.order(key)
        tasks = self.moments[at].tasks.values()
        return Counter(bool(one.reached & ACCEPTED) for one in tasks if one.order == order)

    # --- what the story tells -----------------------------------------------------------------------

    def preparing(self, step: int, steps: int) -> None:
        assert 0 <= step <= steps

    def prepared(self, organisation: Organisation) -> None:
        assert plan_stream("typhoon") in organisation.plans

    def warned(self, warning: WarningLine) -> None:
        self.warning = warning

    def about_to_start(self, seen: Preview) -> None:
        self.seen = seen

    def started(self, receipt: Receipt, tasks: int, seconds: float) -> None:
        assert receipt.outcome == "accepted"
        self.called = tasks

    def time(self, now: datetime, deeds_done: int) -> None:
        assert deeds_done >= 0

    def boards(self, shown: Sequence[Shown], late: Sequence[Waiter]) -> None:
        home = self.story.home
        self.moments[shown[0].at] = Moment(shown, late, home.boards.tasks(self.story.task_force))

    def course(self, lines: Sequence[telling.Line]) -> None:
        self.lines = lines

    def figures(
        self, by_order: Mapping[str, loop.Figures], whole: loop.Figures, end: Shown
    ) -> None:
        self.by_order, self.end = by_order, end
        assert whole.tasks == sum(figures.tasks for figures in by_order.values())

    def rebuilding(self, position: int, end: int) -> None:
        assert position <= end

    def rebuilt(self, compared: Compared) -> None:
        self.compared = compared
