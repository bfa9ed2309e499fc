"""Several processes on one log: no fact is lost or doubled, and nobody needs the views."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import sleep
from typing import Any, NamedTuple

import psycopg
import pytest

from handheld.adapters.log import CommandLog
from handheld.adapters.postgres_schema import NEEDED, migrate, migrations_done
from tests.adapters.racing_child import opened
from tests.support_log import assert_whole, child, history, run_children
from tests.support_postgres import Postgres

PROCESSES = 4


class Place(NamedTuple):
    """Where a log is: in a file of the directory, or in a database."""

    directory: Path
    conninfo: str = ""
    schema: str = ""

    def open(self) -> CommandLog:
        return opened(*self)


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    if request.param == "sqlite":
        return Place(tmp_path)
    server = request.getfixturevalue("server")
    with server.log() as log:
        return Place(tmp_path, server.conninfo, log.env["POSTGRES_SCHEMA"])


def together(place: Place, *jobs: tuple[str, int]) -> list[Any]:
    """Run children that open the log at the same moment; gives what each found."""
    directory = place.directory
    commands: Sequence[Sequence[str]] = [
        child("tests.adapters.racing_child", *place, mode, f"p{n}", count)
        for n, (mode, count) in enumerate(jobs)
    ]
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(run_children, commands)
        while len(list(directory.glob("ready-*"))) < len(jobs) and not running.done():
            sleep(0.005)
        (directory / "go").touch()
        found = [json.loads(out) for out in running.result()]
    # The log alone: nobody made or needed a file of views.
    assert not (directory / "views.db").exists()
    return found


def test_processes_that_race_for_the_same_streams_lose_and_double_nothing(place: Place) -> None:
    commits = 50
    found = together(place, *[("race", commits)] * PROCESSES)
    with place.open() as app:
        assert_whole(app.port)
        log = history(app.port)
    assert len(log) == PROCESSES * commits * 3
    at = {position: (stream, version) for position, stream, version in log}
    for report in found:
        assert len(report["written"]) == commits
        for first, last, stream, version in report["written"]:
            # What it was told is there, whole and in one piece.
            assert last - first == 2
            assert at[first] == (stream, version)
            assert at[first + 1] == (stream, version + 1)
            assert at[last][0].startswith("tf-p")
    assert sum(report["conflicts"] for report in found) > 0, "they never met: this shows nothing"


def test_processes_with_streams_of_their_own_never_conflict(place: Place) -> None:
    commits = 40
    found = together(place, *[("own", commits)] * PROCESSES)
    with place.open() as app:
        assert_whole(app.port)
        assert len(history(app.port)) == sum(report["written"] for report in found)
    assert [report["written"] for report in found] == [commits * 20] * PROCESSES


def test_a_command_sent_by_several_processes_takes_effect_once(place: Place) -> None:
    commits = 60
    found = together(place, *[("same", commits)] * PROCESSES)
    with place.open() as app:
        assert len(history(app.port)) == commits
    assert sum(report["first"] for report in found) == commits


def test_a_follower_in_another_process_misses_nothing(place: Place) -> None:
    commits = 30
    jobs = [("race", commits)] * 2 + [("own", commits)] + [("follow", commits * (6 + 20))] * 2
    *_, one, two = together(place, *jobs)
    with place.open() as app:
        expected = [list(row) for row in history(app.port)]
    assert len(expected) == commits * 26
    assert one["seen"] == expected
    assert two["seen"] == expected


def test_processes_that_start_at_once_do_not_fail_over_the_tables(tmp_path: Path) -> None:
    for n in range(2):
        directory = tmp_path / str(n)
        directory.mkdir()
        found = together(Place(directory), *[("own", 1)] * 6)
        assert [report["written"] for report in found] == [20] * 6


def test_tables_that_several_processes_migrate_at_once_are_made_once(server: Postgres) -> None:
    def migrated(_: int) -> int:
        with psycopg.connect(server.conninfo, autocommit=True) as conn:
            return migrate(conn, "at_once")

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(migrated, range(8))) == [0] * 7 + [NEEDED]
    with psycopg.connect(server.conninfo) as conn:
        assert migrations_done(conn, "at_once") == NEEDED
        assert migrations_done(conn, "never") == 0
