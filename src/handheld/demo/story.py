"""The typhoon story: what happens in which order, told to whoever shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from datetime import datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple, Protocol

import msgspec

from handheld import data, synthetic
from handheld.adapters.tables import read_divisions
from handheld.application.importing import plan_departments, plan_divisions, plan_people
from handheld.application.requests import Receipt
from handheld.demo import loop, telling
from handheld.demo.course import Act, Course
from handheld.demo.fleet import HEARD, Fleet
from handheld.demo.parts import Where
from handheld.demo.phones import Deed
from handheld.demo.scene import (
    COUNTY,
    END,
    EVENING,
    LEAD,
    OPERATOR,
    START,
    TOWNSHIP,
    VILLAGE,
    WARNED,
    at,
)
from handheld.demo.stage import Compared, Shown, Stage
from handheld.domain.errors import NotAllowed
from handheld.domain.plan import AdoptPlan
from handheld.domain.starting import Preview, StartFromPlan
from handheld_events.codec import Reading
from handheld_events.envelope import Recorded
from handheld_events.ids import task_force_id
from handheld_projections.organisation import Organisation
from handheld_projections.waiters import Waiter
from handheld_projections.warnings import WarningLine

SEED = 20210723
ORIGIN = at("14:50")
SHOWN = (START, at("16:00"), at("17:00"), END)
"""When the boards are shown."""
TICK = timedelta(seconds=30)
"""What is sent within so much simulated time is recorded together."""
ROWS = 2_000


class Size(NamedTuple):
    """How many grids and household contacts the county has."""

    grids: int
    contacts: int


FULL = Size(561, 10_300)


class Teller(Protocol):
    """Shows the story. Every call comes in the order of the story."""

    def preparing(self, step: int, steps: int) -> None:
        """Divisions, departments, people and the plan are put into the log, step by step."""
        ...

    def prepared(self, organisation: Organisation) -> None:
        """All that is there before the warning comes."""
        ...

    def warned(self, warning: WarningLine) -> None:
        """The warning has come, and a plan answers it: a start is proposed."""
        ...

    def about_to_start(self, seen: Preview) -> None:
        """The preview: who will be called."""
        ...

    def started(self, receipt: Receipt, tasks: int, seconds: float) -> None:
        """The start is durable; it took so many real seconds."""
        ...

    def time(self, now: datetime, deeds_done: int) -> None:
        """Simulated time goes on."""
        ...

    def boards(self, shown: Sequence[Shown], late: Sequence[Waiter]) -> None:
        """The boards of this instant, and who is late."""
        ...

    def course(self, lines: Sequence[telling.Line]) -> None:
        """The course of it, in its most telling lines."""
        ...

    def figures(
        self, by_order: Mapping[str, loop.Figures], whole: loop.Figures, end: Shown
    ) -> None:
        """What came of it: rates by order, and the county's board at the end."""
        ...

    def rebuilding(self, position: int, end: int) -> None:
        """Everything is made again from the log."""
        ...

    def rebuilt(self, compared: Compared) -> None:
        """Which boards are identical, and what else was compared."""
        ...


class Story:
    """Plays the typhoon afternoon on a new log in a directory."""

    where = Where(COUNTY, TOWNSHIP, VILLAGE, LEAD)

    def __init__(
        self,
        directory: Path,
        teller: Teller,
        size: Size = FULL,
        until: datetime | None = None,
    ) -> None:
        """`until`: it stops at this instant, in the middle of things; None: it is played to its end.

        Raises Installation (`data.*`), HandheldError (`demo.real_clock`).
        """
        self.stage = Stage(directory, origin=ORIGIN, seed=SEED)
        self.home = self.stage.home
        self.course = Course(self.stage)
        self._teller = teller
        self._size = size
        self._until = until
        self._reading = Reading()
        self._heard = 0
        self._done = 0

    @property
    def task_force(self) -> str:
        """The stream of the task force, once it is started."""
        return self.course.task_force

    def play(self) -> bool:
        """From the empty log to the rebuilt one; whether all was identical."""
        self._prepare()
        self._warn()
        self._start()
        self._live()
        if self._until is None:
            self._sum_up()
        compared = self.stage.compare(self._teller.rebuilding)
        self._teller.rebuilt(compared)
        return compared.same

    # --- before -----------------------------------------------------------------------------------

    def _prepare(self) -> None:
        steps: list[Callable[[], None]] = [
            self._divisions,
            self._people,
            self._adopt,
            self.course.roster,
        ]
        for number, step in enumerate(steps):
            self._teller.preparing(number, len(steps))
            step()
        self._teller.preparing(len(steps), len(steps))
        self._teller.prepared(self.stage.organisation())

    def _divisions(self) -> None:
        rows = read_divisions(data.divisions(COUNTY))
        self.stage.do(plan_divisions(rows, self.stage.organisation()).command, OPERATOR)
        known = self.stage.organisation()
        villages = [d for d in known.divisions.values() if len(d.code) == 12]
        grids = list(enumerate(synthetic.grids(villages, self._size.grids, SEED), 1))
        self.stage.do(plan_divisions(grids, known).command, OPERATOR)
        departments = list(enumerate(synthetic.departments(COUNTY), 1))
        self.stage.do(plan_departments(departments, self.stage.organisation()).command, OPERATOR)

    def _people(self) -> None:
        known = self.stage.organisation()
        people = synthetic.people(known, SEED, contacts=self._size.contacts)
        self.stage.do(plan_people(people, known, self.home.keyring).command, OPERATOR)

    def _adopt(self) -> None:
        plan = msgspec.json.decode(data.plan("typhoon").read_bytes(), type=AdoptPlan)
        self.stage.do(plan, OPERATOR)

    def _warn(self) -> None:
        """The message arrives by itself; a plan answers it, by reaction."""
        self.stage.move_to(WARNED)
        self.course.receive("typhoon-1-warning.xml")
        (line,) = self.home.boards.warnings().open.values()
        self.course.warning = line.warning
        self._teller.warned(line)

    def _start(self) -> None:
        """The duty officer presses: what is proposed is started as it stands."""
        self.stage.move_to(START)
        (proposal,) = self.home.boards.warnings().open[self.course.warning].proposals
        command = StartFromPlan(
            plan=proposal.plan,
            division=proposal.division,
            title=proposal.title,
            level=proposal.level,
            warning=self.course.warning,
        )
        seen = self.home.preview(command)
        self._teller.about_to_start(seen)
        request = self.stage.request(command, self.course.commander())
        begun = perf_counter()
        receipt = self.stage.send(request)
        seconds = perf_counter() - begun
        self.course.task_force = task_force_id(request.meta.command)
        self._teller.started(
            receipt, sum(len(found.assignees) for _, found in seen.orders), seconds
        )

    # --- the afternoon and the evening ------------------------------------------------------------

    def _live(self) -> None:
        fleet = Fleet(self.stage.organisation(), SEED, EVENING)
        acts = list(self.course.acts())
        shows = list(SHOWN)
        self._heard = self.home.log.end()
        fleet.hear(self._facts(0, HEARD))
        moment = START
        while moment <= (self._until or END) or (acts and self._until is None):
            self.stage.move_to(moment)
            self._send(fleet.plans.due(moment))
            while acts and acts[0].at <= moment:
                acts.pop(0).do()
            self.home.react()
            self._teller.time(moment, self._done)
            while shows and shows[0] <= moment:
                shows.pop(0)
                self._show()
            position, self._heard = self._heard, self.home.log.end()
            fleet.hear(self._facts(position, HEARD, self._heard))
            moment = _next(moment, acts)
        if self._until is not None:
            self.stage.move_to(self._until)

    def _send(self, deeds: Sequence[Deed]) -> None:
        waiting: list[Future[Receipt]] = []
        for deed in deeds:
            request = self.stage.request(
                deed.command,
                deed.actor,
                occurred_at=deed.at,
                reported_at=deed.sent,
                on_behalf_of=deed.on_behalf_of,
            )
            waiting.append(self.home.writer.submit(request))
        for answer in waiting:
            receipt = answer.result()
            if receipt.outcome == "refused":
                raise NotAllowed(receipt.code or receipt.outcome)
        self._done += len(deeds)

    def _facts(
        self, after: int, topics: frozenset[str], upto: int | None = None
    ) -> Iterator[Recorded[Any]]:
        """The facts of these topics after a position; of the others nothing is read but the name."""
        while rows := self.home.log.read(after, ROWS, upto):
            after = rows[-1][0]
            yield from (self._reading.fact(*row) for row in rows if row[3] in topics)

    # --- what is shown ----------------------------------------------------------------------------

    def _show(self) -> None:
        stage = self.stage
        grid = min(c for c in stage.organisation().divisions if len(c) == 15 and c[:12] == VILLAGE)
        shown = stage.show((COUNTY, TOWNSHIP, VILLAGE, grid), None, (LEAD,))
        late = self.home.boards.waiters(COUNTY, late=True)
        self._teller.boards(shown, late)

    def _sum_up(self) -> None:
        end = self.stage.show((COUNTY,), self.task_force)[0]
        self._teller.course(telling.lines(self._facts(0, telling.TOPICS), self.course.road.order))
        figures = loop.Loop()
        figures.take(self._facts(0, loop.TOPICS))
        self._teller.figures(figures.by_order(), figures.total(), end)


def _next(moment: datetime, acts: Sequence[Act]) -> datetime:
    """The next tick, or an act before it; after the last tick only acts are left.

    Never an instant that the reactor names: which it looks at besides those at which something is
    due follows from how the log was read, and the story is the same to the last fact.
    """
    tick = START + TICK * ((moment - START) // TICK + 1)
    ahead = [act.at for act in acts[:1]]
    return min([tick, *ahead]) if tick <= END or not ahead else ahead[0]
