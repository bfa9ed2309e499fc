"""A start: decided, encoded, committed at FULL, against the same rows put in by hand."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from benchmarks import county, floor
from benchmarks.county import Shape
from benchmarks.desk import desk
from benchmarks.floor import Rows
from benchmarks.measure import Timing, in_turns, spread, timed
from benchmarks.places import Place, plain
from benchmarks.report import Line, contest
from handheld.adapters.log import open_sqlite
from handheld.application.ports import CommandKey, Decided, Log
from handheld.application.requests import Request
from handheld.bootstrap import Home
from handheld.domain.starting import StartFromPlan
from handheld_events.envelope import Meta
from handheld_events.ids import command_id

NAME = "start"


def request() -> Request:
    """The same command in every round: the same ids, the same rows."""
    at = county.OPENED + timedelta(hours=1)
    command = command_id(int(at.timestamp() * 1000), bytes(10))
    return Request(
        StartFromPlan(plan=county.PLAN, division=county.DISTRICT),
        Meta(actor="operator", command=command, occurred_at=at),
    )


class Starts:
    """One start in four ways, each on a copy of the same data directory."""

    def __init__(self, place: Place, shape: Shape) -> None:
        self._place = place
        self.shape = shape
        self._template = place.template("county", lambda path: county.settle(path, shape))
        self._end = floor.end_of(self._template)
        with place.copy(self._template) as path:
            with desk(path) as opened:
                opened.writer.execute(request())
            self.rows: Rows = floor.rows_after(path, self._end)
        self._expected = floor.fingerprint(self.rows)

    def by_hand(self) -> Timing:
        """The floor: `executemany` of rows that are there."""
        with self._place.copy(self._template) as path:
            db = plain(path)
            db.execute("SELECT max(position) FROM stored_events").fetchone()
            timing = timed(lambda: floor.write(db, self.rows))
            db.close()
            self._check(path)
        return timing

    def from_rows(self) -> Timing:
        """The product's commit alone, with everything decided and encoded."""
        line = self.rows.commands[0]
        key = CommandKey(line[1], line[0], line[2])
        new = [row[1:5] for row in self.rows.events]
        decided = Decided(key, "accepted", None, ((county.PLAN, 1),), new)
        with self._place.copy(self._template) as path:
            app = open_sqlite(path / "log.db")
            log: Log = app.port
            log.end()
            timing = timed(lambda: log.commit([decided], lambda: self.rows.events[0][5]))
            app.close()
            self._check(path)
        return timing

    def whole(self) -> Timing:
        """The whole command, with nothing beside it."""
        asked = request()
        with self._place.copy(self._template) as path:
            with desk(path) as opened:
                timing = timed(lambda: opened.writer.execute(asked))
            self._check(path)
        return timing

    def live(self) -> Timing:
        """The whole command in a running home, where the follower folds boards and indexes."""
        asked = request()
        with self._place.copy(self._template) as path:
            with Home(path) as home:
                home.organisation.caught_up()
                home.caught_up()
                timing = timed(lambda: home.writer.execute(asked))
            self._check(path)
        return timing

    def _check(self, path: Path) -> None:
        if floor.fingerprint(floor.rows_after(path, self._end)) != self._expected:
            msg = "a start did not write the rows that it should"
            raise RuntimeError(msg)


def run(place: Place, rounds: int, shape: Shape = county.ELEVEN_THOUSAND) -> list[Line]:
    """Measure."""
    starts = Starts(place, shape)
    took = in_turns(
        rounds,
        {
            "floor": starts.by_hand,
            "rows": starts.from_rows,
            "whole": starts.whole,
            "live": starts.live,
        },
    )
    base = took["floor"]
    lines = []
    for key, goal, name, what in (
        ("whole", 2.25, "Writer.execute", "decided, encoded, committed"),
        ("rows", 1.3, "Log.commit", "committed, from encoded rows"),
        ("live", None, "Writer.execute in a Home", "the whole, folded beside"),
    ):
        measured = took[key]
        low, high = spread(measured, base)
        lines.append(
            Line(
                benchmark=NAME,
                what=f"{shape.tasks:,} tasks: {what}",
                value=measured.wall / base.wall,
                unit="× floor",
                goal=goal,
                at_most=True,
                note=f"from {low:.2f} to {high:.2f} by round; {measured.cpu / base.cpu:.2f} in CPU",
                contests=(contest(name, measured), contest("executemany by hand", base)),
            )
        )
    return lines
