"""Many people answer at once: single commands, each awaited by a caller of its own, all durable."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

from benchmarks import county, floor, start
from benchmarks.committer import BareCommitter
from benchmarks.county import Shape
from benchmarks.desk import desk
from benchmarks.floor import Rows
from benchmarks.measure import Timing, in_turns, spread, timed
from benchmarks.places import Place, plain
from benchmarks.report import Line, contest
from handheld.application.requests import Request
from handheld.application.writer import Writer
from handheld.bootstrap import Home
from handheld.domain.task import Accept
from handheld_events.envelope import Meta
from handheld_events.ids import TaskIds, command_id, order_id

NAME = "singles"


def accepts(shape: Shape) -> list[Request]:
    """Everybody takes on their own task."""
    started = start.request().meta
    tasks: dict[str, str] = {}
    for role, index in (("village_team_leader", 0), ("grid_head", 1), ("household_contact", 2)):
        ids = TaskIds(order_id(started.command, index))
        tasks |= {who: ids.of(who) for who, post in county.posts(shape) if post.role == role}
    requests = []
    for number, (person, task) in enumerate(tasks.items()):
        at = started.occurred_at + timedelta(minutes=10, milliseconds=number)
        command = command_id(int(at.timestamp() * 1000), number.to_bytes(10))
        requests.append(
            Request(Accept(task=task), Meta(actor=person, command=command, occurred_at=at))
        )
    return requests


class Singles:
    """Everybody accepts, in four ways, each on a copy of the same data directory."""

    def __init__(self, place: Place, shape: Shape) -> None:
        self._place = place
        self._requests = accepts(shape)

        def make(path: Path) -> None:
            shutil.copytree(self._county, path)
            with Home(path) as home:
                home.writer.execute(start.request())
                home.caught_up()

        self._county = place.template("county", lambda path: county.settle(path, shape))
        self._template = place.template("started", make)
        self._end = floor.end_of(self._template)
        with place.copy(self._template) as path:
            with desk(path) as opened:
                self._answer(opened.writer)
            self.rows: Rows = floor.rows_after(path, self._end)
        self._expected = floor.fingerprint(self.rows)
        if len(self.rows.events) != len(self._requests):
            msg = f"{len(self.rows.events)} of {len(self._requests)} accepted"
            raise RuntimeError(msg)

    def bare(self) -> Timing:
        """The floor: the same rows through a queue and a thread."""
        rows = list(zip(self.rows.events, self.rows.commands, strict=True))
        with self._place.copy(self._template) as path:
            db = plain(path)
            db.execute("SELECT max(position) FROM stored_events").fetchone()
            committer = BareCommitter(partial(floor.write, db))
            timing = _all_at_once([partial(committer.submit, *row) for row in rows])
            committer.close()
            db.close()
            self._check(path)
        return timing

    def cold(self) -> Timing:
        """Through a writer that knows none of the tasks, with nothing beside it."""
        with self._place.copy(self._template) as path:
            with desk(path) as opened:
                timing = self._answer(opened.writer)
            self._check(path)
        return timing

    def warm(self) -> Timing:
        """Through the writer that has made the start, with nothing beside it."""
        with self._place.copy(self._county) as path:
            with desk(path) as opened:
                opened.writer.execute(start.request())
                timing = self._answer(opened.writer)
            self._check(path)
        return timing

    def live(self) -> Timing:
        """The same in a running home, where the follower folds boards and indexes."""
        with self._place.copy(self._county) as path:
            with Home(path) as home:
                home.writer.execute(start.request())
                home.caught_up()
                timing = self._answer(home.writer)
            self._check(path)
        return timing

    def _answer(self, writer: Writer) -> Timing:
        return _all_at_once([partial(writer.submit_soon, request) for request in self._requests])

    def _check(self, path: Path) -> None:
        if floor.fingerprint(floor.rows_after(path, self._end)) != self._expected:
            msg = "not every acceptance was written"
            raise RuntimeError(msg)


def _all_at_once(submits: list[Callable[[], Awaitable[object]]]) -> Timing:
    async def caller(submit: Callable[[], Awaitable[object]]) -> None:
        await submit()

    async def everybody() -> None:
        await asyncio.gather(*(caller(submit) for submit in submits))

    return timed(lambda: asyncio.run(everybody()))


def run(place: Place, rounds: int, shape: Shape = county.ELEVEN_THOUSAND) -> list[Line]:
    """Measure."""
    singles = Singles(place, shape)
    took = in_turns(
        rounds,
        {"floor": singles.bare, "warm": singles.warm, "cold": singles.cold, "live": singles.live},
    )
    base = took["floor"]
    lines = []
    for key, goal, what in (
        ("warm", 0.5, "after their start"),
        ("cold", 0.5, "in a new process"),
        ("live", None, "after their start, folded beside"),
    ):
        measured = took[key]
        low, high = spread(base, measured)
        lines.append(
            Line(
                benchmark=NAME,
                what=f"{shape.tasks:,} callers: {what}",
                value=base.wall / measured.wall,
                unit="of the floor's rate",
                goal=goal,
                at_most=False,
                note=f"from {low:.2f} to {high:.2f} by round; {base.cpu / measured.cpu:.2f} in CPU;"
                f" {shape.tasks / measured.wall:,.0f} commands/s",
                contests=(contest("Writer", measured), contest("bare queue and thread", base)),
            )
        )
    return lines
