"""Boards of a long log: the first one of a fresh process, and one as of any past instant."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random
from statistics import median
from typing import NamedTuple

import msgspec

from benchmarks import county
from benchmarks.county import Shape
from benchmarks.first_board import Shown
from benchmarks.history import Story
from benchmarks.measure import Timing, timed
from benchmarks.places import Place
from benchmarks.progress import Progress
from benchmarks.rebuild import history_on
from benchmarks.report import Contest, Line
from handheld.adapters.log import open_sqlite
from handheld.adapters.views_store import file_of_views
from handheld.application import organisation_keeper
from handheld.application.board_keeper import BoardKeeper
from handheld.application.index_keeper import IndexKeeper
from handheld.application.organisation_keeper import OrganisationKeeper
from handheld.application.ports import Log, StoredPart
from handheld_projections.tier_board import TierBoard

NAME = "boards"
STORY = Story(task_forces=36, left_open=2, reading=False, together=512)
BEHIND = 50_000
SETTLED_SECONDS = 3.0
INSTANTS = 40


class Age(NamedTuple):
    """Which views are old when the process starts."""

    name: str
    indexes: bool
    """Whether timelines and inboxes are as old as the boards; else they are at the log's end."""
    cold: bool = False
    """Whether the files are to be read from the disk again."""
    register: bool = False
    """Whether divisions and people have never been stored."""
    goal: bool = False


AGES = (
    Age("boards {behind:,} old", indexes=False, goal=True),
    Age("all views {behind:,} old", indexes=True, goal=True),
    Age("all views old, files not in memory", indexes=True, cold=True),
    Age("boards {behind:,} old, register never stored", indexes=False, register=True),
)


def tell(path: Path, shape: Shape, story: Story, behind: int) -> None:
    """A data directory with a long log, and beside it views as a server leaves them when killed."""
    county.settle(path, shape)
    app = open_sqlite(path / "log.db", synchronous="OFF")
    log: Log = app.port
    begin = log.end()
    progress = Progress("long log", story.events(shape))
    for commit in history_on(log, story).commits():
        log.commit(commit.decisions, commit.clock)
        progress(log.end() - begin)
    progress.end()
    end = log.end()
    views = file_of_views(path / "views.db", app.port)
    progress = Progress("its boards", end)
    boards = BoardKeeper(log, views)
    boards.catch_up(end - behind, progress)
    boards.checkpoint()
    progress.end()
    progress = Progress("its timelines and inboxes", end)
    IndexKeeper(log, views).catch_up(end - behind, progress)
    organisation, _ = OrganisationKeeper(log, None).caught_up()
    state = msgspec.msgpack.encode(organisation.snapshot())
    fold = organisation_keeper.FOLD
    views.checkpoint(fold, end - behind, [StoredPart("all", state)], after=views.cursor(fold))
    views.close()
    keep(path, indexes=True)
    views = file_of_views(path / "views.db", app.port)
    IndexKeeper(log, views).catch_up(progress=progress)
    progress.end()
    views.close()
    keep(path, indexes=False)
    app.close()


def kept(path: Path, *, indexes: bool) -> Path:
    """Where old views are kept, for as many runs as there are."""
    return path.with_name(f"{path.name}-{'all' if indexes else 'boards'}-old.db")


def keep(path: Path, *, indexes: bool) -> None:
    """Keep the views as they are now. They must be whole in one file."""
    if (path / "views.db-wal").exists():
        msg = "the views were not closed"
        raise RuntimeError(msg)
    shutil.copyfile(path / "views.db", kept(path, indexes=indexes))


def age(path: Path, old: Age) -> None:
    """Put old views in place."""
    for suffix in ("-wal", "-shm"):
        (path / f"views.db{suffix}").unlink(missing_ok=True)
    shutil.copyfile(kept(path, indexes=old.indexes), path / "views.db")
    if old.register:
        _forget_register(path / "views.db")
    handle = os.open(path / "views.db", os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)
    if old.cold:
        forget_files(path)


def _forget_register(views: Path) -> None:
    """As if divisions and people had never been stored."""
    db = sqlite3.connect(views, isolation_level=None)
    for table in ("cursors", "checkpoints", "parts"):
        db.execute(f"DELETE FROM {table} WHERE fold=?", (organisation_keeper.FOLD,))
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()


def forget_files(path: Path) -> None:
    """Let the system drop what it holds of the files in memory."""
    for file in path.iterdir():
        handle = os.open(file, os.O_RDONLY)
        os.fsync(handle)
        os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(handle)


def first_board(path: Path, settled: float) -> Shown:
    """Start a process that shows the district's board."""
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "benchmarks.first_board",
            str(path),
            county.DISTRICT,
            str(time.monotonic_ns()),
            str(settled),
        ],
        stdout=subprocess.PIPE,
        check=True,
    )
    return msgspec.json.decode(done.stdout, type=Shown)


def first_boards(
    path: Path, rounds: int, behind: int, settled: float
) -> tuple[list[Line], TierBoard]:
    """The first board of a fresh process, in each condition in turns."""
    shown: dict[str, list[Shown]] = {one.name: [] for one in AGES}
    for number in range(rounds + 1):
        for one in AGES:
            age(path, one)
            seen = first_board(path, settled)
            if number:  # the first of each warms up
                shown[one.name].append(seen)
    board = shown[AGES[0].name][0].board
    if any(seen.board != board for all_seen in shown.values() for seen in all_seen):
        msg = "two fresh processes showed different boards"
        raise RuntimeError(msg)
    lines = []
    for one in AGES:
        lines += _lines(one, one.name.format(behind=behind), shown[one.name])
    return lines, board


def _lines(one: Age, name: str, shown: Sequence[Shown]) -> list[Line]:
    seconds = [seen.seconds for seen in shown]
    imports, opened = (median(getattr(s, part) for s in shown) for part in ("loaded", "opened"))
    peak, settled = median(s.peak for s in shown), median(s.settled for s in shown)
    ratio = median(seen.peak / seen.settled for seen in shown)
    return [
        Line(
            benchmark=NAME,
            what=f"first board, {name}",
            value=median(seconds),
            unit="s",
            goal=2.0 if one.goal else None,
            at_most=True,
            note=f"longest {max(seconds):.2f} s; imported after {imports:.2f} s, "
            f"open after {opened:.2f} s",
            contests=(Contest("fresh process", median(seconds), 0.0, tuple(seconds)),),
        ),
        Line(
            benchmark=NAME,
            what=f"peak memory, {name}",
            value=ratio,
            unit="× settled",
            goal=2.0 if one.goal else None,
            at_most=True,
            note=f"{peak / 1024:.0f} MB at most, {settled / 1024:.0f} MB settled",
        ),
    ]


class Instant(NamedTuple):
    """A past instant, and what was shown of it."""

    position: int
    took: Timing
    board: TierBoard


def past_boards(log: Log, keeper: BoardKeeper, instants: int) -> list[Instant]:
    """Boards of random recorded times over the whole log."""
    first, last = (log.read(position, 1)[0][5] for position in (0, log.end() - 1))
    random = Random(1600)
    taken: list[Instant] = []
    for _ in range(instants):
        us = random.randint(first, last)
        boards: list[TierBoard] = []

        def ask(us: int = us, boards: list[TierBoard] = boards) -> None:
            boards.append(keeper.tier_board(county.DISTRICT, at=log.position_at(us)))

        took = timed(ask)
        taken.append(Instant(boards[0].position, took, boards[0]))
    return taken


def run(
    place: Place,
    rounds: int,
    shape: Shape = county.ELEVEN_THOUSAND,
    story: Story = STORY,
    *,
    behind: int = BEHIND,
    settled: float = SETTLED_SECONDS,
    instants: int = INSTANTS,
) -> list[Line]:
    """Measure, and hold every board against a fold from the beginning of the log."""
    path = place.template("long", lambda new: tell(new, shape, story, behind))
    app = open_sqlite(path / "log.db")
    log: Log = app.port
    end = log.end()
    lines, board = first_boards(path, rounds, behind, settled)
    views = file_of_views(path / "views.db", app.port)
    keeper = BoardKeeper(log, views)
    keeper.catch_up()
    keeper.checkpoint()
    taken = past_boards(log, keeper, instants)
    views.close()
    progress = Progress("a fold from the beginning, to check every board", end)
    fold = BoardKeeper(log, None)
    for instant in sorted(taken, key=lambda one: one.position):
        fold.catch_up(instant.position, progress)
        if fold.tier_board(county.DISTRICT) != instant.board:
            msg = f"the board as of position {instant.position} is not what a fold gives"
            raise RuntimeError(msg)
    fold.catch_up(progress=progress)
    progress.end()
    if fold.tier_board(county.DISTRICT) != board:
        msg = "the first board is not what a fold gives"
        raise RuntimeError(msg)
    app.close()
    sizes = ", ".join(
        f"{name} {(path / name).stat().st_size / 1e6:,.0f} MB" for name in ("log.db", "views.db")
    )
    times = [instant.took.wall for instant in taken]
    cpu = median(instant.took.cpu for instant in taken)
    for what, value in (("median", median(times)), ("longest", max(times))):
        lines.append(
            Line(
                benchmark=NAME,
                what=f"a board as of {len(times)} past instants: {what}",
                value=value,
                unit="s",
                goal=0.2,
                at_most=True,
                note=f"{end:,} events; every board equal to a fold from the beginning; {sizes}",
                contests=(Contest("past board", median(times), cpu, tuple(times)),),
            )
        )
    return lines
