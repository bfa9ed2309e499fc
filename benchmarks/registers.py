"""Registers, rebuilt: reading, decoding, folding, storing against putting in the same rows bare."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import county, rebuild
from benchmarks.county import Shape
from benchmarks.history import Story
from benchmarks.measure import Rounds, Timing, in_turns, spread, timed
from benchmarks.places import Place
from benchmarks.report import Line, contest
from handheld.adapters.keyring import FileKeyring
from handheld.adapters.log import CommandLog, open_sqlite
from handheld.adapters.registers_store import StoredRegisters
from handheld.adapters.registers_tables import Operation, operations
from handheld.adapters.views_store import file_of_views
from handheld.application.ports import Log
from handheld.application.register_keeper import RegisterKeeper
from handheld_projections.register import Changes
from handheld_projections.register_rows import COLUMNS

NAME = "registers"
AFTERNOONS = Story(task_forces=2)

Transactions = list[list[Operation]]


class _Recording(StoredRegisters):
    """Keeps what it stores: what the floor is to put in."""

    def write(self, position: int, changes: Changes, *, after: int) -> None:
        self.stored: Transactions = getattr(self, "stored", [])
        self.stored.append(list(operations(changes)))
        super().write(position, changes, after=after)


class Registers:
    """One log, its registers made by the product and by hand."""

    def __init__(self, place: Place, shape: Shape, story: Story = AFTERNOONS) -> None:
        self._place = place
        template = place.template("history", lambda path: rebuild.tell(path, shape, story))
        self._app: CommandLog = open_sqlite(template / "log.db")
        self._log: Log = self._app.port
        self._keyring = FileKeyring(template / "keyring.db")
        self.events = self._log.end()
        self.register = self._log.read_kinds(0, ["tf"])[0][0] - 1
        """The position before the first start: divisions, people, plan."""
        self.rows: dict[str, int] = {}
        self.transactions: Transactions = []
        self.people: Transactions = []
        """Those up to the first start, apart from those after it."""
        with TemporaryDirectory(dir=place.root) as name:
            self._record(Path(name) / "views.db")

    def _record(self, path: Path) -> None:
        with closing(file_of_views(path, self._log)) as views:
            registers = _Recording(views, self._log)
            keeper = RegisterKeeper(self._log, registers, self._keyring)
            keeper.catch_up(self.register)
            self.people, registers.stored = registers.stored, []
            keeper.catch_up()
            self.transactions = registers.stored
            self.rows = self._count(registers)

    def _count(self, registers: StoredRegisters) -> dict[str, int]:
        return {table: sum(1 for _ in registers.rows(table)) for table in COLUMNS}

    @property
    def operations(self) -> int:
        """How many rows are put in or changed after the first start."""
        return sum(len(one.rows) for stored in self.transactions for one in stored)

    def close(self) -> None:
        """Close the log."""
        self._keyring.close()
        self._app.close()

    def rebuilt(self, *, whole: bool) -> Timing:
        """By the product: from the beginning, or from where the people are in the registers."""
        with (
            TemporaryDirectory(dir=self._place.root) as name,
            closing(file_of_views(Path(name) / "views.db", self._log)) as views,
        ):
            registers = StoredRegisters(views, self._log)
            keeper = RegisterKeeper(self._log, registers, self._keyring)
            if not whole:
                keeper.catch_up(self.register)
            timing = timed(keeper.catch_up)
            self._check(self._count(registers))
        return timing

    def by_hand(self, *, whole: bool) -> Timing:
        """The floor: the same rows into the same tables, in the same transactions."""
        with TemporaryDirectory(dir=self._place.root) as name:
            path = Path(name) / "views.db"
            with closing(file_of_views(path, self._log)) as views:
                StoredRegisters(views, self._log)
            with closing(_plain(path)) as db:
                if not whole:
                    _put(db, self.people)
                todo = [*self.people, *self.transactions] if whole else self.transactions
                timing = timed(lambda: _put(db, todo))
                counted = {
                    str(table): int(
                        db.execute(f"SELECT count(*) FROM register_{table}").fetchone()[0]
                    )
                    for table in COLUMNS
                }
            self._check(counted)
        return timing

    def _check(self, counted: dict[str, int]) -> None:
        if counted != self.rows:
            msg = f"there are {counted} rows, and there should be {self.rows}"
            raise RuntimeError(msg)


def _plain(path: Path) -> sqlite3.Connection:
    """A bare connection to the views, with the settings of the product's connections."""
    db = sqlite3.connect(path, isolation_level=None)
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "cache_size=-65536",
        "temp_store=MEMORY",
    ):
        db.execute(f"PRAGMA {pragma}")
    return db


def _put(db: sqlite3.Connection, transactions: Transactions) -> None:
    for stored in transactions:
        db.execute("BEGIN IMMEDIATE")
        for one in stored:
            db.executemany(one.statement, one.rows)
        db.execute("COMMIT")


def run(
    place: Place, rounds: int, shape: Shape = county.LONGYOU, story: Story = AFTERNOONS
) -> list[Line]:
    """Measure."""
    registers = Registers(place, shape, story)
    took = in_turns(
        rounds,
        {
            "floor": lambda: registers.by_hand(whole=False),
            "rebuilt": lambda: registers.rebuilt(whole=False),
            "whole floor": lambda: registers.by_hand(whole=True),
            "whole": lambda: registers.rebuilt(whole=True),
        },
    )
    registers.close()
    tasks = story.task_forces * shape.tasks
    count = registers.events - registers.register
    return [
        _line(
            f"registers of {tasks:,} tasks, {count:,} events, {registers.operations:,} rows put",
            took["floor"],
            took["rebuilt"],
            0.3,
            count,
        ),
        _line(
            "the same, with the names of all people opened",
            took["whole floor"],
            took["whole"],
            None,
            registers.events,
        ),
    ]


def _line(what: str, floor: Rounds, product: Rounds, goal: float | None, count: int) -> Line:
    low, high = spread(floor, product)
    return Line(
        benchmark=NAME,
        what=what,
        value=floor.wall / product.wall,
        unit="of the floor's rate",
        goal=goal,
        at_most=False,
        note=f"from {low:.2f} to {high:.2f} by round; {floor.cpu / product.cpu:.2f} in CPU; "
        f"{count / product.wall:,.0f} events/s",
        contests=(contest("RegisterKeeper", product), contest("bare executemany", floor)),
    )
