"""The story: what happens in which order, told to whoever shows it."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from random import Random
from time import perf_counter
from typing import NamedTuple, Protocol

import msgspec

from handheld import data, synthetic
from handheld.adapters.clock import ClockSetting, SimulatedClock
from handheld.adapters.tables import read_divisions
from handheld.application.board_keeper import BoardKeeper
from handheld.application.importing import plan_divisions, plan_people
from handheld.application.requests import Receipt
from handheld.application.verifying import Check, verify
from handheld.bootstrap import Home, found_home
from handheld.demo.fleet import Deed, Phone, deeds
from handheld.domain.ending import CloseTaskForce, StandDown
from handheld.domain.errors import HandheldError, NotAllowed
from handheld.domain.plan import AdoptPlan
from handheld.domain.starting import Preview, StartFromPlan
from handheld_events.ids import command_id, plan_stream, task_force_id
from handheld_events.territory import within
from handheld_projections.organisation import Organisation
from handheld_projections.tier_board import TierBoard

SEED = 20210723
COUNTY = "330825"
VILLAGE = "330825101264"
"""希塘村, in 湖镇镇."""
START = datetime(2021, 7, 23, 7, 0, tzinfo=UTC)
"""15:00 in Longyou."""
SHOWN = (timedelta(), timedelta(hours=1), timedelta(hours=2))
"""When the boards are shown, after the start; and once more at the end."""
STAND_DOWN = timedelta(hours=5)
CLOSE = timedelta(hours=5, minutes=30)
TICK = timedelta(seconds=20)
"""What happens within so much simulated time is sent off together."""
GRIDS = 561
CONTACTS = 10_300


class Shown(NamedTuple):
    """A board as it was shown live, to be compared with the rebuilt one."""

    at: datetime
    board: TierBoard


class Teller(Protocol):
    """Shows the story. Every call comes in the order of the story."""

    def preparing(self, step: int, steps: int) -> None:
        """Divisions, people and the plan are put into the log, step by step."""
        ...

    def prepared(self, organisation: Organisation) -> None:
        """Divisions, people and the plan are in the log."""
        ...

    def about_to_start(self, seen: Preview) -> None:
        """The preview: who will be called."""
        ...

    def started(self, receipt: Receipt, tasks: int, seconds: float) -> None:
        """The start is durable; it took so many real seconds."""
        ...

    def time(self, now: datetime, deeds_done: int, deeds_all: int) -> None:
        """Simulated time goes on."""
        ...

    def boards(self, shown: Sequence[Shown]) -> None:
        """The boards of this instant: district, township, village, grid."""
        ...

    def rebuilding(self, position: int, end: int) -> None:
        """Everything is made again from the log."""
        ...

    def rebuilt(self, compared: Sequence[tuple[Shown, bool]], checks: Sequence[Check]) -> None:
        """Which boards are identical, and what else was compared."""
        ...


class Story:
    """Plays the typhoon afternoon on a new log in a directory."""

    def __init__(self, directory: Path, teller: Teller) -> None:
        found_home(directory, clock=ClockSetting(origin=START - timedelta(minutes=10)))
        self.home = Home(directory)
        if not isinstance(self.home.clock, SimulatedClock):
            self.home.close()
            raise HandheldError("demo.real_clock", path=str(directory))
        self._clock = self.home.clock
        self._clock.pace(0)  # the story moves it: on any machine it is the same, to the last fact
        self._teller = teller
        self._random = Random(SEED)
        self._shown: list[Shown] = []
        self.task_force = ""

    def play(self) -> bool:
        """From the empty log to the rebuilt one; whether all was identical."""
        organisation = self._prepare()
        phones = self._start(organisation)
        self._live(deeds(phones, SEED))
        self._end()
        return self._rebuild()

    # --- before -----------------------------------------------------------------------------------

    def _prepare(self) -> Organisation:
        home, tell = self.home, self._teller.preparing
        tell(0, 4)
        rows = read_divisions(data.divisions(COUNTY))
        self._do(plan_divisions(rows, self._organisation()).command, "operator")
        tell(1, 4)
        villages = [d for d in self._organisation().divisions.values() if len(d.code) == 12]
        grids = list(enumerate(synthetic.grids(villages, GRIDS, SEED), 1))
        self._do(plan_divisions(grids, self._organisation()).command, "operator")
        tell(2, 4)
        people = synthetic.people(self._organisation(), SEED, contacts=CONTACTS)
        self._do(plan_people(people, self._organisation(), home.keyring).command, "operator")
        tell(3, 4)
        self._do(self._plan(), "operator")
        tell(4, 4)
        organisation = self._organisation()
        self._teller.prepared(organisation)
        return organisation

    def _plan(self) -> AdoptPlan:
        return msgspec.json.decode(data.plan("typhoon").read_bytes(), type=AdoptPlan)

    def _start(self, organisation: Organisation) -> list[Phone]:
        self._clock.move_to(START)
        officer = organisation.holders("duty_officer", COUNTY)[0]
        command = StartFromPlan(plan=plan_stream(self._plan().plan), division=COUNTY)
        seen = self.home.preview(command)
        self._teller.about_to_start(seen)
        begun = perf_counter()
        request = self.home.request(
            command, officer, command_id=self._id(START), occurred_at=START, reported_at=START
        )
        receipt = self.home.writer.execute(request)
        tasks = sum(len(found.assignees) for _, found in seen.orders)
        self._teller.started(receipt, tasks, perf_counter() - begun)
        self.task_force = task_force_id(request.meta.command)
        self.home.caught_up()
        self._show(START)
        return self._phones(organisation)

    def _phones(self, organisation: Organisation) -> list[Phone]:
        tasks = self.home.boards.open_tasks(self.task_force)
        roles = {p.stream: p.posts[0].role for p in organisation.people.values() if p.posts}
        return [
            Phone(
                stream,
                known.person,
                roles[known.person],
                organisation.holders("township_official", known.division[:9])[0],
            )
            for stream, known in tasks.items()
        ]

    # --- the afternoon ----------------------------------------------------------------------------

    def _live(self, everything: list[Deed]) -> None:
        before = [deed for deed in everything if deed.second < STAND_DOWN.total_seconds()]
        width = TICK.total_seconds()
        due = [START + after for after in SHOWN if after]
        done = 0
        for tick, group in groupby(before, key=lambda deed: int(deed.second // width)):
            until = START + TICK * (tick + 1)
            while due and until > due[0]:
                self._clock.move_to(due[0])
                self.home.caught_up()
                self._show(due.pop(0))
            self._clock.move_to(until)
            done += self._send(list(group))
            self._teller.time(until, done, len(before))

    def _send(self, group: Sequence[Deed]) -> int:
        waiting: list[Future[Receipt]] = []
        for deed in group:
            at = START + timedelta(seconds=deed.second)
            request = self.home.request(
                deed.command, deed.actor, command_id=self._id(at), occurred_at=at, reported_at=at
            )
            waiting.append(self.home.writer.submit(request))
        for answer in waiting:
            answer.result()
        return len(group)

    def _end(self) -> None:
        officer = self._organisation().holders("district_commander", COUNTY)[0]
        self._clock.move_to(START + STAND_DOWN)
        self._do(StandDown(task_force=self.task_force, reason="台风远离，响应终止"), officer)
        self._clock.move_to(START + CLOSE)
        self._do(
            CloseTaskForce(task_force=self.task_force, outcome="无人员伤亡，隐患全部处置"),
            officer,
        )
        self.home.caught_up()
        self._show(START + CLOSE)

    # --- afterwards -------------------------------------------------------------------------------

    def _rebuild(self) -> bool:
        """Fold the log from its beginning, and hold each board against what was shown."""
        home = self.home
        home.boards.checkpoint()
        compared: list[tuple[Shown, bool]] = []
        fresh = BoardKeeper(home.log, None)
        end = home.log.end()
        for position, group in groupby(self._shown, key=lambda shown: shown.board.position):
            fresh.catch_up(position, lambda reached: self._teller.rebuilding(reached, end))
            for shown in group:
                again = fresh.tier_board(shown.board.division, task_force=self.task_force)
                past = home.boards.tier_board(
                    shown.board.division, task_force=self.task_force, at=position
                )
                compared.append((shown, again == shown.board == past))
        checks = verify(home.log, home.views, home.organisation, self._teller.rebuilding)
        self._teller.rebuilt(compared, checks)
        return all(same for _, same in compared) and all(check.same for check in checks)

    def _show(self, at: datetime) -> None:
        grid = min(
            code
            for code in self._organisation().divisions
            if len(code) == 15 and within(code, VILLAGE)
        )
        shown = [
            Shown(at, self.home.boards.tier_board(division, task_force=self.task_force))
            for division in (COUNTY, VILLAGE[:9], VILLAGE, grid)
        ]
        self._shown += shown
        self._teller.boards(shown)

    def _organisation(self) -> Organisation:
        return self.home.organisation.caught_up()[0]

    def _do(self, command: object, actor: str) -> Receipt:
        at = self._clock.now()
        receipt = self.home.execute(command, actor, command_id=self._id(at))
        if receipt.outcome != "accepted":
            raise NotAllowed(receipt.code or receipt.outcome)
        return receipt

    def _id(self, at: datetime) -> str:
        return command_id(int(at.timestamp() * 1000), self._random.randbytes(10))
