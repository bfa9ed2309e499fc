"""Sustained append: two million events, as group commits of starts and of single commands."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from statistics import median
from typing import NamedTuple

from benchmarks import county, floor
from benchmarks.county import Shape
from benchmarks.floor import Rows
from benchmarks.history import Commit, Story
from benchmarks.measure import Rounds, Timing, timed
from benchmarks.places import Place, plain
from benchmarks.progress import Progress
from benchmarks.rebuild import history_on
from benchmarks.report import Contest, Line, contest
from handheld.adapters.log import open_sqlite
from handheld.application.ports import Log
from handheld.application.writer import BATCH

NAME = "append"
STORY = Story(task_forces=36, left_open=2, reading=False, together=BATCH)
CHUNK = 16_384
"""Events at least between floor and product taking turns."""


class Chunk(NamedTuple):
    """What some consecutive commits took."""

    events: int
    floor: Timing
    product: Timing


def rows_of(commit: Commit, position: int) -> Rows:
    """The rows that a commit adds after a position."""
    events: list[floor.RawRow] = []
    commands: list[floor.RawRow] = []
    us = commit.recorded_us
    for key, outcome, code, _, new in commit.decisions:
        first = position + 1
        for stream, version, topic, state in new:
            position += 1
            events.append((position, stream, version, topic, state, us))
        commands.append((key.command, key.actor, key.body_hash, outcome, code, first, position, us))
    return Rows(events, commands)


def append(place: Place, shape: Shape, story: Story, chunk: int) -> list[Chunk]:
    """Write a story twice, in turns: by hand into one log, through the product into another."""
    template = place.template("county", lambda path: county.settle(path, shape))
    total = story.events(shape)
    progress = Progress("append", total)
    chunks: list[Chunk] = []
    with place.copy(template) as by_hand, place.copy(template) as ours:
        db = plain(by_hand)
        app = open_sqlite(ours / "log.db")
        log: Log = app.port
        position = begin = log.end()
        commits: list[Commit] = []
        waiting = 0
        for commit in history_on(log, story).commits():
            commits.append(commit)
            waiting += commit.events
            if waiting >= chunk:
                chunks.append(_take(commits, waiting, db, log, position, len(chunks) % 2 == 0))
                position += waiting
                progress(position - begin)
                commits, waiting = [], 0
        if commits:
            chunks.append(_take(commits, waiting, db, log, position, True))
            position += waiting
        progress.end()
        app.close()
        db.close()
        if not floor.alike(by_hand, ours):
            msg = "floor and product did not write the same log"
            raise RuntimeError(msg)
    if position - begin != total:
        msg = f"{position - begin:,} events were written, not {total:,}"
        raise RuntimeError(msg)
    return chunks


def _take(
    commits: Sequence[Commit],
    events: int,
    db: sqlite3.Connection,
    log: Log,
    position: int,
    floor_first: bool,
) -> Chunk:
    rows: list[Rows] = []
    for commit in commits:
        rows.append(rows_of(commit, position))
        position += commit.events

    def by_hand() -> None:
        for one in rows:
            floor.write(db, one)

    def ours() -> None:
        for commit in commits:
            log.commit(commit.decisions, commit.clock)

    if floor_first:
        below, above = timed(by_hand), timed(ours)
    else:
        above, below = timed(ours), timed(by_hand)
    return Chunk(events, below, above)


def run(
    place: Place,
    _rounds: int = 0,
    shape: Shape = county.ELEVEN_THOUSAND,
    story: Story = STORY,
    chunk: int = CHUNK,
) -> list[Line]:
    """Measure. The chunks are the rounds."""
    chunks = append(place, shape, story, chunk)
    quarter = max(len(chunks) // 4, 1)
    first, last = chunks[:quarter], chunks[-quarter:]
    floor_first, floor_last = _rate(first, "floor"), _rate(last, "floor")
    first_rate, last_rate = _rate(first, "product"), _rate(last, "product")
    events = sum(one.events for one in chunks)
    return [
        Line(
            benchmark=NAME,
            what=f"{events:,} events: the first quarter",
            value=first_rate / floor_first,
            unit="of the floor's rate",
            goal=0.8,
            at_most=False,
            note=f"{first_rate:,.0f} events/s; floor {floor_first:,.0f}; "
            f"by total time {_total(first, 'floor') / _total(first, 'product'):.2f}",
            contests=_contests(first),
        ),
        Line(
            benchmark=NAME,
            what=f"{events:,} events: the last quarter",
            value=last_rate / first_rate,
            unit="of the first's rate",
            goal=0.9,
            at_most=False,
            note=f"{last_rate:,.0f} events/s; by total time "
            f"{_pace(last) / _pace(first):.2f}; the floor itself {floor_last / floor_first:.2f}",
            contests=_contests(last),
        ),
        Line(
            benchmark=NAME,
            what=f"{events:,} events: the last quarter, against its floor",
            value=last_rate / floor_last,
            unit="of the floor's rate",
            goal=None,
            at_most=False,
        ),
    ]


def _timing(chunk: Chunk, who: str) -> Timing:
    return chunk.floor if who == "floor" else chunk.product


def _rate(chunks: Sequence[Chunk], who: str) -> float:
    """The median rate, in events a second."""
    return median(chunk.events / _timing(chunk, who).wall for chunk in chunks)


def _total(chunks: Sequence[Chunk], who: str) -> float:
    return sum(_timing(chunk, who).wall for chunk in chunks)


def _pace(chunks: Sequence[Chunk]) -> float:
    return sum(chunk.events for chunk in chunks) / _total(chunks, "product")


def _contests(chunks: Sequence[Chunk]) -> tuple[Contest, ...]:
    return (
        contest("Log.commit, a chunk", Rounds(tuple(chunk.product for chunk in chunks))),
        contest("executemany by hand, a chunk", Rounds(tuple(chunk.floor for chunk in chunks))),
    )
