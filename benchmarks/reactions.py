"""One sweep of reactions: what is due is found, asked for and decided, against committing its facts.

Ten task forces wait for a whole county. For the people of one of them something is due at the same
instant, and for nobody else.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from itertools import chain
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import NamedTuple

from benchmarks import county, floor
from benchmarks.county import Shape
from benchmarks.floor import Rows
from benchmarks.measure import Contestant, Rounds, Timing, in_turns, spread, timed
from benchmarks.places import Place
from benchmarks.report import Line, contest
from handheld.adapters.clock import SimulatedClock
from handheld.adapters.log import open_sqlite
from handheld.application import reacting
from handheld.application.board_keeper import BoardKeeper
from handheld.application.deciding import Case, Ready, decide_all
from handheld.application.loading import States
from handheld.application.organisation_keeper import OrganisationKeeper
from handheld.application.ports import CommandKey, Decided, Log
from handheld.application.world import KeptWorld
from handheld.bootstrap import Home
from handheld.domain.plan import AdoptPlan
from handheld.domain.starting import StartFromPlan
from handheld_events.ids import command_id
from handheld_events.orders import PlanOrder, Reminding

NAME = "reactions"
GOAL = 1.0
OTHERS = 9
"""Task forces for whose people nothing is due yet."""

BEGUN = county.OPENED + timedelta(hours=1)
DAY = 86_400
LATER = Reminding(after=DAY, every=DAY)
SOON = Reminding(after=600, every=600, most=1)


class Scene(NamedTuple):
    """What is due, and when."""

    what: str
    topic: str
    order: Callable[[PlanOrder], PlanOrder]
    """How the orders are given whose tasks fall due."""
    before: tuple[timedelta, ...]
    """When what is due was reacted to before."""
    after: timedelta
    """How long after the start it is due."""


def _with_deadline(order: PlanOrder) -> PlanOrder:
    return PlanOrder(key=order.key, text=order.text, to=order.to, accept_within=3600)


def _with_reminders(order: PlanOrder) -> PlanOrder:
    return PlanOrder(key=order.key, text=order.text, to=order.to, remind_accept=SOON)


def _without_hurry(order: PlanOrder) -> PlanOrder:
    return PlanOrder(
        key=order.key,
        text=order.text,
        to=order.to,
        accept_within=DAY,
        report_within=2 * DAY,
        remind_accept=LATER,
        remind_report=LATER,
    )


SECONDS = timedelta(seconds=1)
OVERDUE = Scene("overdue", "task.overdue.v1", _with_deadline, (), 3601 * SECONDS)
REMINDED = Scene("to be reminded", "task.reminded.v1", _with_reminders, (), 601 * SECONDS)
ESCALATED = Scene(
    "to be escalated", "task.escalated.v1", _with_reminders, (601 * SECONDS,), 1201 * SECONDS
)


class Desk(NamedTuple):
    """What a sweep works on: a log and all that is kept of it in memory."""

    log: Log
    boards: BoardKeeper
    organisation: OrganisationKeeper
    world: KeptWorld
    states: States


class Sweeps:
    """One sweep in several ways, each on a copy of the same data directory."""

    def __init__(
        self, place: Place, shape: Shape, scene: Scene = OVERDUE, others: int = OTHERS
    ) -> None:
        self._place = place
        self._scene = scene
        self.waiting = (others + 1) * shape.tasks
        self.now = BEGUN + scene.after
        waiting = place.template("waiting", lambda path: _wait(path, shape, others))

        def make(path: Path) -> None:
            shutil.copytree(waiting, path)
            with Home(path) as home:
                _start(home, "due", scene.order, others)
                for before in scene.before:
                    _move_to(home, BEGUN + before)
                    home.react()
                home.caught_up()

        self._template = place.template(scene.topic, make)
        self._end = floor.end_of(self._template)
        with place.copy(self._template) as path:
            self._react(path)
            self.rows: Rows = floor.rows_after(path, self._end)
        self._expected = floor.fingerprint(self.rows)
        self._states = sorted(row[1:5] for row in self.rows.events)
        self.finding: list[float] = []
        """Seconds of each sweep in which what is due was found and asked for."""
        topics = {row[3] for row in self.rows.events}
        if topics != {scene.topic} or len(self.rows.events) != shape.tasks:
            msg = f"{len(self.rows.events):,} facts of {topics} followed"
            raise RuntimeError(msg)

    def by_hand(self) -> Timing:
        """The floor: one bare commit of the same facts under the same commands."""
        decisions = [
            Decided(
                CommandKey(line[1], line[0], line[2]),
                line[3],
                line[4],
                (),
                [row[1:5] for row in self.rows.events if line[5] <= row[0] <= line[6]],
            )
            for line in self.rows.commands
        ]
        with self._place.copy(self._template) as path:
            app = open_sqlite(path / "log.db")
            log: Log = app.port
            log.end()
            timing = timed(lambda: log.commit(decisions, lambda: self.rows.events[0][5]))
            app.close()
            self._check(path)
        return timing

    def sweep(self, *, known: bool) -> Timing:
        """Found, asked for and decided; nothing is written.

        `known`: the states of these tasks are in memory, as shortly after their start.
        """
        with self._place.copy(self._template) as path, self._desk(path) as desk:
            if known:
                streams = dict.fromkeys(row[1] for row in self.rows.events)
                desk.states.load(streams)
            desk.boards.next_due()  # from the first question on an agenda is kept
            ready: list[Ready] = []
            timing = timed(lambda: ready.extend(self._sweep(desk)))
        found = sorted(chain.from_iterable(one.decided.rows for one in ready))
        if found != self._states:
            msg = "the sweep decided something else than was written"
            raise RuntimeError(msg)
        return timing

    def _sweep(self, desk: Desk) -> Sequence[Ready]:
        began = perf_counter()
        shifts = desk.organisation.caught_up()[0].shifts_due(self.now)
        requests = list(reacting.requests(desk.boards.due(self.now), shifts, self.now))
        self.finding.append(perf_counter() - began)
        cases = [Case(request, request.key(), 0) for request in requests]
        decided = decide_all(cases, desk.states, desk.world)
        if decided.failed or decided.later:
            msg = "not everything could be decided"
            raise RuntimeError(msg)
        return decided.ready

    def agenda(self) -> Timing:
        """The agenda made from the boards, as once in each process."""
        with self._place.copy(self._template) as path, self._desk(path) as desk:
            return timed(desk.boards.next_due)

    def reacted(self) -> Timing:
        """The whole in a running home: durable, and folded into boards and indexes."""
        with self._place.copy(self._template) as path:
            timing = self._react(path)
            self._check(path)
        return timing

    def _react(self, path: Path) -> Timing:
        with Home(path) as home:
            home.caught_up()
            home.organisation.caught_up()
            home.reactor.next_due()
            _move_to(home, self.now)
            return timed(home.react)

    @contextmanager
    def _desk(self, path: Path) -> Generator[Desk]:
        app = open_sqlite(path / "log.db")
        log: Log = app.port
        boards, organisation = BoardKeeper(log, None), OrganisationKeeper(log, None)
        boards.catch_up()
        organisation.caught_up()
        clock = SimulatedClock(self.now, 0)
        world = KeptWorld(log, organisation, boards, clock, followed=False)
        try:
            yield Desk(log, boards, organisation, world, States(log))
        finally:
            app.close()

    def _check(self, path: Path) -> None:
        if floor.fingerprint(floor.rows_after(path, self._end)) != self._expected:
            msg = "not the facts that should follow were written"
            raise RuntimeError(msg)


def _wait(path: Path, shape: Shape, others: int) -> None:
    """A county with so many task forces that nobody has answered."""
    county.settle(path, shape)
    with Home(path) as home:
        for number in range(others):
            _start(home, "waiting", _without_hurry, number)
        home.caught_up()


def _start(home: Home, plan: str, change: Callable[[PlanOrder], PlanOrder], number: int) -> None:
    _move_to(home, BEGUN)
    orders = tuple(change(order) for order in county.orders())
    adopt = AdoptPlan(plan=plan, title="防台风应急", division=county.DISTRICT, orders=orders)
    home.execute(adopt, "operator")
    command = command_id(int(BEGUN.timestamp() * 1000), number.to_bytes(10))
    start = StartFromPlan(plan=f"plan-{plan}", division=county.DISTRICT, again=True)
    home.execute(start, "operator", command_id=command)


def _move_to(home: Home, moment: datetime) -> None:
    clock = home.clock
    if not isinstance(clock, SimulatedClock):
        msg = "a log with a simulated clock is needed"
        raise TypeError(msg)
    clock.move_to(moment)


def run(
    place: Place, rounds: int, shape: Shape = county.ELEVEN_THOUSAND, others: int = OTHERS
) -> list[Line]:
    """What is overdue with a goal; reminders and escalations beside."""
    lines: list[Line] = []
    for scene in (OVERDUE, REMINDED, ESCALATED):
        sweeps = Sweeps(place, shape, scene, others)
        ways: dict[str, Contestant] = {
            "floor": sweeps.by_hand,
            "known": partial(sweeps.sweep, known=True),
        }
        if scene is OVERDUE:
            ways["read"] = partial(sweeps.sweep, known=False)
            ways["react"] = sweeps.reacted
            ways["agenda"] = sweeps.agenda
        lines += _lines(sweeps, scene, shape, in_turns(rounds, ways))
    return lines


def _lines(sweeps: Sweeps, scene: Scene, shape: Shape, took: dict[str, Rounds]) -> list[Line]:
    base = took["floor"]
    goal = GOAL if scene is OVERDUE else None
    found = f"found and asked for in {median(sweeps.finding) * 1000:.0f} ms"
    lines = []
    for key, at_most, name, what, note in (
        ("known", goal, "due, requests, decide_all", "found and decided", found),
        ("read", goal, "due, requests, decide_all", "the same, their tasks read first", found),
        ("react", None, "react in a Home", "the whole, durable, folded beside", ""),
        ("agenda", None, "Agenda.restore", "the agenda made anew from the boards", ""),
    ):
        if key not in took:
            continue
        measured = took[key]
        low, high = spread(measured, base)
        told = f"from {low:.2f} to {high:.2f} by round; {measured.cpu / base.cpu:.2f} in CPU"
        lines.append(
            Line(
                benchmark=NAME,
                what=f"{shape.tasks:,} {scene.what} among {sweeps.waiting:,}: {what}",
                value=measured.wall / base.wall,
                unit="× floor",
                goal=at_most,
                at_most=True,
                note=f"{told}; {note}" if note else told,
                contests=(contest(name, measured), contest("one bare commit", base)),
            )
        )
    return lines
