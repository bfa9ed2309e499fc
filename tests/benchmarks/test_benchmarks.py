"""Every benchmark runs, and its floor does the same work as the product. Nothing here is timed."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec
import pytest

from benchmarks import (
    county,
    floor,
    rebuild,
    report,
    singles,
    soak_append,
    soak_boards,
    start,
)
from benchmarks.county import TINY
from benchmarks.history import Story
from benchmarks.places import Place, plain
from benchmarks.report import Line

TALE = Story(task_forces=3, left_open=1, reading=False, together=50)


def goals(lines: list[Line]) -> list[float]:
    return [line.goal for line in lines if line.goal is not None]


@pytest.fixture
def here(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_start_is_measured_against_rows_put_in_by_hand(here: Place) -> None:
    lines = start.run(here, 1, TINY)
    assert goals(lines) == [2.25, 1.3]
    assert all(line.value > 0 for line in lines)


def test_start_by_hand_and_by_command_leave_the_same_rows(here: Place) -> None:
    starts = start.Starts(here, TINY)
    # the start, its three orders, one task a person: under one command
    assert len(starts.rows.events) == 4 + TINY.tasks
    assert len(starts.rows.commands) == 1
    # each looks at what it wrote, and raises where that is not the same
    starts.by_hand()
    starts.from_rows()
    starts.whole()
    starts.live()


def test_a_start_that_writes_something_else_is_noticed(here: Place) -> None:
    starts = start.Starts(here, TINY)
    changed = starts.rows.events[-1]
    starts.rows.events[-1] = (*changed[:4], changed[4] + b" ", changed[5])
    with pytest.raises(RuntimeError, match="rows that it should"):
        starts.by_hand()


def test_single_commands_are_measured_against_a_bare_committer(here: Place) -> None:
    lines = singles.run(here, 1, TINY)
    assert goals(lines) == [0.5, 0.5]


def test_every_caller_gets_an_acceptance_of_their_own_written(here: Place) -> None:
    measured = singles.Singles(here, TINY)
    assert len(measured.rows.commands) == TINY.tasks
    assert {row[3] for row in measured.rows.events} == {"task.accepted.v1"}
    assert len({row[1] for row in measured.rows.events}) == TINY.tasks
    measured.bare()
    measured.warm()


def test_rebuild_counts_what_it_folds(here: Place) -> None:
    rebuilds = rebuild.Rebuilds(here, TINY)
    rebuilds.counting()
    rebuilds.folding()
    rebuilds.close()
    assert rebuilds.board is not None
    assert rebuilds.board.count.closed == TINY.tasks
    assert rebuilds.counts["task.reported.v1"] == TINY.tasks
    assert goals(rebuild.run(here, 1, TINY)) == [0.5]


def test_floor_and_product_append_the_same_log(here: Place) -> None:
    chunks = soak_append.append(here, TINY, TALE, chunk=100)
    assert sum(chunk.events for chunk in chunks) == TALE.events(TINY)
    assert goals(soak_append.run(here, 0, TINY, TALE, chunk=100)) == [0.8, 0.9]


def test_logs_that_differ_in_one_row_are_not_alike(here: Place) -> None:
    template = here.template("county", lambda path: county.settle(path, TINY))
    other = here.root / "other"
    shutil.copytree(template, other)
    assert floor.alike(template, other)
    db = plain(other)
    db.execute("UPDATE stored_events SET state = state || ' ' WHERE position = 7")
    db.close()
    assert not floor.alike(template, other)


def test_boards_of_a_long_log_equal_a_fold_from_its_beginning(here: Place) -> None:
    lines = soak_boards.run(here, 1, TINY, TALE, behind=200, settled=0.0, instants=4)
    assert goals(lines) == [2.0, 2.0, 2.0, 2.0, 0.2, 0.2]


def test_a_goal_that_is_missed_is_told(tmp_path: Path) -> None:
    missed = Line(benchmark="x", what="y", value=0.4, unit="s", goal=0.5, at_most=False)
    reached = Line(benchmark="x", what="z", value=0.4, unit="s", goal=0.5, at_most=True)
    beside = Line(benchmark="x", what="w", value=9.0, unit="s", goal=None, at_most=True)
    text = report.table([missed, reached, beside]).splitlines()
    assert text[1].endswith("NOT MET")
    assert text[2].endswith("  met")
    assert text[3].endswith("(no goal)")
    file = tmp_path / "new" / "figures.json"
    report.write(file, [missed, reached, beside])
    assert report.read(file) == [missed, reached, beside]
    told = msgspec.json.decode(file.read_bytes())
    assert [line["met"] for line in told["lines"]] == [False, True, None]
